import Commands
import Documents
import Platform
import SystemPackage
import Testing
import TestSupport

/// `set` and `unset` on real documents, through the command: only the bytes of the key change.
@Suite struct RealDocumentEditTests {
    /// Every so manyth document, to keep the test short; the module's own tests take all.
    private static let step = 20

    private static let names: [String] = {
        let all = ((try? FileSystem().names(in: Project.documents)) ?? []).sorted()
        return stride(from: 0, to: all.count, by: step).map { all[$0] }
    }()

    @Test(.enabled(if: !names.isEmpty, "the real documents are not beside this checkout"))
    func onlyTheBytesOfTheKeyChange() throws {
        let repository = try TemporaryRepository()
        var edits = 0
        var refused = 0
        for name in RealDocumentEditTests.names {
            let bytes = try FileSystem().read(Project.documents.appending(name))
            try repository.write(name, bytes)
            guard let before = try? Document(bytes).readFrontMatter() else { continue }
            for entry in before.entries where entry.value.scalar != nil && !entry.isComplex {
                let key = FieldPath(key: entry.key).description
                for arguments in [["set", name, "\(key)=docvc-was-here"], ["unset", name, key]] {
                    let status = run(arguments, repository)
                    let after = try FileSystem().read(repository.folder.appending(name))
                    if status == 2 {
                        refused += 1
                        #expect(after == bytes, "\(arguments) was refused")
                        continue
                    }
                    #expect(status == 0, "\(arguments)")
                    edits += 1
                    expectOnly(entry, of: bytes, to: after, "\(arguments)")
                    try repository.write(name, bytes)
                }
            }
        }
        print("real documents: \(edits) edits of one key each, \(refused) refused")
        #expect(edits > 50)
        #expect(refused * 20 < edits)
    }

    /// What lies between the bytes that both texts begin and end with belongs to the key: to
    /// its lines and the comment above them.
    private func expectOnly(
        _ entry: Mapping.Entry, of before: [UInt8], to after: [UInt8], _ what: String
    ) {
        let newline = UInt8(ascii: "\n")
        let line = before[..<entry.start].lastIndex(of: newline).map { $0 + 1 } ?? 0
        let last = before[entry.end...].firstIndex(of: newline).map { $0 + 1 } ?? before.count
        let prefix = zip(before, after).prefix { $0 == $1 }.count
        let suffix = zip(before.reversed(), after.reversed()).prefix { $0 == $1 }.count
        let above = before[min(prefix, line)..<line].split(separator: newline)
        let belongs = above.allSatisfy {
            $0.drop { $0 == UInt8(ascii: " ") }.first == UInt8(ascii: "#")
        }
        #expect(belongs, "\(what) changes what precedes")
        #expect(before.count - suffix <= last, "\(what) changes what follows")
        // Equal bytes on both sides of a removed line leave its place open, not its length.
        let first = min(prefix, line)
        #expect(before.count - after.count <= last - first, "\(what) removes too much")
    }

    private func run(_ arguments: [String], _ repository: TemporaryRepository) -> Int32 {
        CommandLineTool.run(
            arguments, in: repository.world(), output: Output { _, _ in })
    }
}
