import Documents

/// Merges front matter that has no lines to put together: JSON, braces, or two syntaxes.
///
/// One side's text stays, and the edits of the other side are made on it again.
struct SyntaxReplay {
    let texts: Sides<[UInt8]>
    let frontMatter: Sides<FrontMatter>
    /// The side whose text stays.
    let kept: MergeSide

    /// The front matter with the decided values, or `nil` where the edits cannot be made, or
    /// would leave out a comment of the other side's.
    func pieces(_ region: Range<Int>, _ decision: Decision) -> [Piece]? {
        let other = kept.opposite
        guard let value = decision.value(conflictsFor: .ours),
            comments(other) == comments(.base) || comments(other) == comments(kept)
        else { return nil }
        let old = frontMatter[kept].value
        var edits = EntryEdit.edits(from: old, to: value, at: FieldPath([]))
        if let order = order(old, value) { edits.append(.reorder(FieldPath([]), order)) }
        let document = Document(Array(texts[kept][region]))
        let theirs = Document(
            Array(texts[other][FrontMatterMerge.region(frontMatter[other].document)]))
        // What the other side wrote is taken as it is spelt there, where the syntax is the same.
        guard let result = try? Edit.apply(edits, to: document, remembering: [theirs]) else {
            return nil
        }
        var pieces: [Piece] = []
        var position = region.lowerBound
        for splice in result.splices {
            let start = splice.offset + region.lowerBound
            pieces.append(Piece(kept, position..<start, kept == .ours ? .ours : .theirs))
            if !splice.inserted.isEmpty { pieces.append(Piece(made: splice.inserted, .replayed)) }
            position = splice.range.upperBound + region.lowerBound
        }
        pieces.append(Piece(kept, position..<region.upperBound, kept == .ours ? .ours : .theirs))
        return pieces
    }

    /// The keys' order where new ones of the other side do not come last.
    private func order(_ old: Value, _ new: Value) -> [Text]? {
        let all = Set((new.members ?? []).map(\.key))
        var order = (old.members ?? []).map(\.key).filter(all.contains)
        let added = (new.members ?? []).map(\.key).filter { !order.contains($0) }
        let appended = order + added
        var previous: Text?
        for key in (frontMatter[kept.opposite].value.members ?? []).map(\.key) {
            if added.contains(key) {
                let place = previous.flatMap { order.firstIndex(of: $0) }
                order.insert(key, at: place.map { $0 + 1 } ?? order.count)
            }
            if order.contains(key) { previous = key }
        }
        return Set(order) == all && order != appended ? order : nil
    }

    /// The comments, as the lines that begin with one; JSON has none.
    private func comments(_ side: MergeSide) -> [[UInt8]] {
        guard let block = frontMatter[side].block, block.syntax != .json else { return [] }
        return LineBreaks.lines(in: texts[side], block.content).compactMap { line in
            let text = texts[side][line].drop(while: \.isBlank)
            return text.first == UInt8(ascii: "#") ? Array(text) : nil
        }
    }
}
