/// Merges bodies by their structure, or by lines alone where only that leaves nothing open.
struct BodyMerge {
    let texts: Sides<[UInt8]>
    /// Whether words of a paragraph that both sides changed are merged.
    let words: Bool

    /// The merge of these ranges of the texts.
    func chunks(_ bodies: Sides<Range<Int>>) -> [Chunk] {
        let structured = merge(.body(words: words), bodies)
        guard structured.hasConflict else { return structured }
        // A heading that one side moved past what the other one changed pairs with itself and
        // leaves all in between open; lines pair the text that stayed.
        let plain = merge(.text, bodies)
        return !plain.hasConflict && addsUp(plain, bodies) ? plain : structured
    }

    /// Whether a merge without conflicts neither lost nor invented a word or a mark.
    func addsUp(_ chunks: [Chunk], _ bodies: Sides<Range<Int>>) -> Bool {
        WordAccount.adds(
            up: Sides(
                base: Array(texts.base[bodies.base]), ours: Array(texts.ours[bodies.ours]),
                theirs: Array(texts.theirs[bodies.theirs])),
            merged: chunks.bytes(settledFor: .ours, in: texts))
    }

    private func merge(_ mode: LineMerge.Mode, _ bodies: Sides<Range<Int>>) -> [Chunk] {
        LineMerge(texts: texts, mode: mode, subject: { _ in .body }).chunks(bodies)
    }
}
