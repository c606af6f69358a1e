import Testing

@testable import Merging

@Suite struct LineMergeTests {
    /// What is left out at the ends of large texts changes nothing in between.
    @Test(arguments: [
        ("a\nb\nc\nd\n", "a\nB\nc\nd\n", "a\nb\nc\nD\n"), ("a\nb\nc\n", "a\nx\nc\n", "a\ny\nc\n"),
        ("a\nb\n", "a\nb\n", "a\nb\n"), ("", "a\n", "b\n"), ("ab\n", "aab\n", "abb\n"),
        ("a\na\na\n", "a\na\n", "a\na\na\na\n"), ("a\n", "", "a\na\n"), ("a", "ab", "b"),
        ("x\na\ny\n", "x\n1\na\ny\n", "x\na\n2\ny\n"),
    ])
    func whatIsEqualAtTheEndsIsLeftOut(_ base: String, _ ours: String, _ theirs: String) {
        let texts = Sides(
            base: Array(base.utf8), ours: Array(ours.utf8), theirs: Array(theirs.utf8))
        let merge = LineMerge(texts: texts, mode: .text, subject: { _ in .document })
        let whole = merge.chunks(texts.map { 0..<$0.count })
        for margin in [0, 1, 2, 100] {
            let chunks = merge.chunksBetweenEnds(margin: margin)
            #expect(chunks.hasConflict == whole.hasConflict)
            for side in [MergeSide.ours, .theirs] {
                #expect(
                    chunks.bytes(settledFor: side, in: texts)
                        == whole.bytes(settledFor: side, in: texts))
            }
        }
    }
}
