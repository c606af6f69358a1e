import Documents
import FoundationEssentials
import Merging
import Testing

/// One folder of `Fixtures/merge`: three versions, and what they are to merge to.
struct MergeCase: CustomTestStringConvertible, Sendable {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/merge")

    static let all: [MergeCase] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
        .map { MergeCase(name: $0) }

    let name: String
    var testDescription: String { name }

    func text(_ part: String) throws -> [UInt8] {
        Array(try Data(contentsOf: MergeCase.folder.appending(path: "\(name)/\(part)")))
    }

    func has(_ part: String) -> Bool {
        FileManager.default.fileExists(
            atPath: MergeCase.folder.appending(path: "\(name)/\(part)").path)
    }

    func merge(swapped: Bool = false) throws -> MergeResult {
        var options = MergeOptions()
        if has("policy.yaml") { options.policy = try MergePolicy(file: text("policy.yaml")) }
        let ours = try text(swapped ? "theirs.md" : "ours.md")
        let theirs = try text(swapped ? "ours.md" : "theirs.md")
        return try DocumentMerge(options).merge(base: text("base.md"), ours: ours, theirs: theirs)
    }
}

@Suite struct FixtureTests {
    @Test func thereAreCases() { #expect(MergeCase.all.count > 50) }

    @Test(arguments: MergeCase.all) func mergesAsExpected(_ one: MergeCase) throws {
        let result = try one.merge()
        if !one.has("expected.md"), ProcessInfo.processInfo.environment["DOCVC_RECORD"] == "1" {
            try Data(result.bytes).write(
                to: MergeCase.folder.appending(path: "\(one.name)/expected.md"))
            Issue.record("recorded \(one.name); read it")
        }
        let expected = try one.text("expected.md")
        #expect(
            result.bytes == expected,
            "\(one.name): \(String(decoding: result.bytes, as: UTF8.self))")
        #expect(
            result.isClean == ConflictMarkers.conflicts(in: expected).isEmpty
                || one.has("policy.yaml") || one.name == "markers-in-a-side")
        expectSound(
            result, base: try one.text("base.md"), ours: try one.text("ours.md"),
            theirs: try one.text("theirs.md"), "\(one.name)")
        // A known shortcoming says what would be right; once it is, the case has to say so.
        if one.has("ideal.md") {
            #expect(result.bytes != (try one.text("ideal.md")), "\(one.name) is mended")
        }
    }

    @Test(arguments: MergeCase.all) func swappedSidesGiveEqualValues(_ one: MergeCase) throws {
        let result = try one.merge()
        let swapped = try one.merge(swapped: true)
        // A policy may prefer a side.
        if one.name == "policy-keys" { return }
        #expect(result.isClean == swapped.isClean)
        guard result.isClean, let values = try? Document(result.bytes).readFrontMatter().value,
            let others = try? Document(swapped.bytes).readFrontMatter().value
        else { return }
        #expect(result.bytes == swapped.bytes || isReordering(values, others))
        #expect(Document(result.bytes).bodyBytes == Document(swapped.bytes).bodyBytes)
    }

    /// A front matter that could be read can be read again once its conflicts are settled for it.
    @Test(arguments: MergeCase.all) func conflictsCanBeSettledForASide(_ one: MergeCase) throws {
        let merged = try one.merge().bytes
        for (index, name) in ["ours.md", "theirs.md"].enumerated() {
            let text = try one.text(name)
            guard ConflictMarkers.conflicts(in: text).isEmpty,
                let own = try? Document(text).readFrontMatter()
            else { continue }
            let settled = Document(settled(merged, part: index))
            let read = try? settled.readFrontMatter()
            #expect(read != nil, "\(one.name): \(name)")
            #expect(
                read?.root.mapping?.duplicates.isSubset(of: own.root.mapping?.duplicates ?? [])
                    ?? false, "\(one.name): \(name)")
        }
    }

    /// A merged text with the first or the second part of each conflict.
    private func settled(_ merged: [UInt8], part wanted: Int) -> [UInt8] {
        var part: Int?
        return merged.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .filter { line in
                switch String(decoding: line.prefix(7), as: UTF8.self) {
                case "<<<<<<<": part = 0
                case "=======" where part != nil: part = 1
                case ">>>>>>>": part = nil
                default: return part == nil || part == wanted
                }
                return false
            }.joined(separator: [UInt8(ascii: "\n")]).map { $0 }
    }
}
