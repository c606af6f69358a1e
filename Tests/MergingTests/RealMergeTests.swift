import Documents
import FoundationEssentials
import Merging
import Testing

/// Real merges, beside this project where somebody put them; they are not part of it.
@Suite struct RealMergeTests {
    static let folders: [URL] = ["keypairs", "merges"].flatMap { part -> [URL] in
        let root = MergeCase.folder.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "../shared/data/\(part)").resolvingSymlinksInPath()
        return ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).sorted()
            .map { root.appending(path: $0) }
    }

    @Test(.enabled(if: !folders.isEmpty, "no real merges beside the project"))
    func keepWhatEveryMergeKeeps() throws {
        for folder in RealMergeTests.folders {
            func text(_ name: String) throws -> [UInt8] {
                Array(try Data(contentsOf: folder.appending(path: name)))
            }
            let (base, ours, theirs) = (
                try text("base.md"), try text("ours.md"), try text("theirs.md")
            )
            let merge = DocumentMerge()
            let result = merge.merge(base: base, ours: ours, theirs: theirs)
            let name: Comment = "\(folder.lastPathComponent)"
            expectSound(result, base: base, ours: ours, theirs: theirs, name)
            let swapped = merge.merge(base: base, ours: theirs, theirs: ours)
            #expect(result.isClean == swapped.isClean, name)
            guard result.isClean, let values = try? Document(result.bytes).readFrontMatter().value,
                let others = try? Document(swapped.bytes).readFrontMatter().value
            else { continue }
            #expect(result.bytes == swapped.bytes || isReordering(values, others), name)
            #expect(
                Document(result.bytes).bodyBytes == Document(swapped.bytes).bodyBytes, name)
        }
    }
}
