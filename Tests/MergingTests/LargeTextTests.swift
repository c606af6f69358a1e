import Merging
import Testing

/// Texts that are too large to be merged as documents.
@Suite struct LargeTextTests {
    private static let body = [UInt8](repeating: UInt8(ascii: "x"), count: 9 << 20)

    private func merge(_ base: String, _ ours: String, _ theirs: String) -> MergeResult {
        let texts = [base, ours, theirs].map { Array("---\n\($0)---\n".utf8) + Self.body }
        return DocumentMerge().merge(base: texts[0], ours: texts[1], theirs: texts[2])
    }

    @Test func aKeyThatBothAddIsAConflict() {
        let result = merge(
            "a: 1\nb: 1\nc: 1\n", "n: 1\na: 1\nb: 1\nc: 1\n", "a: 1\nb: 1\nc: 1\nn: 2\n")
        #expect(result.conflicts.map(\.reason) == [.duplicateKey])
    }

    @Test func linesApartMerge() {
        let result = merge("a: 1\nb: 1\nc: 1\n", "a: 2\nb: 1\nc: 1\n", "a: 1\nb: 1\nc: 2\n")
        #expect(result.isClean)
        #expect(result.bytes.starts(with: Array("---\na: 2\nb: 1\nc: 2\n---\n".utf8)))
    }
}
