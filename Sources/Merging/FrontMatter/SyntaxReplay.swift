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
        let document = Document(Array(texts[kept][region]))
        let theirs = Document(
            Array(texts[other][FrontMatterMerge.region(frontMatter[other].document)]))
        guard let own = try? document.readFrontMatter() else { return nil }
        // What the other side wrote is taken as it is spelt there, where the syntax is the same.
        var spelling: ItemSpelling?
        if own.block?.syntax == frontMatter[other].block?.syntax {
            spelling = ItemSpelling(texts: [own, frontMatter[other]]) { path in
                if case .made(_, .set)? = decision.descendant(path.keys) { true } else { false }
            }
        }
        func apply(_ more: [Edit]) -> EditResult? {
            EntryEdit.apply(
                value, at: FieldPath([]), to: own, spelling: spelling, then: more,
                remembering: [theirs])
        }
        // TOML has no pair behind a table; there new keys come last.
        let orders = orders(frontMatter.map(\.value), value, at: FieldPath([]))
        guard let result = apply(orders) ?? (orders.isEmpty ? nil : apply([])) else { return nil }
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

    /// The order of maps whose new keys do not all come last: each after the one that it follows
    /// on the other side, and there ours before theirs.
    private func orders(_ values: Sides<Value>, _ new: Value, at path: FieldPath) -> [Edit] {
        guard let members = new.members, let own = values[kept].members,
            let others = values[kept.opposite].members
        else { return [] }
        let all = Set(members.map(\.key))
        let known = Set(own.map(\.key))
        let elsewhere = Set(((values.base.members ?? []) + others).map(\.key))
        var order = own.map(\.key).filter(all.contains)
        let appended = order + members.map(\.key).filter { !known.contains($0) }
        var place = 0
        for key in others.map(\.key) where all.contains(key) {
            if let index = order.firstIndex(of: key) {
                place = index + 1
                continue
            }
            while kept == .ours, place < order.count, !elsewhere.contains(order[place]) {
                place += 1
            }
            order.insert(key, at: place)
            place += 1
        }
        let below = own.flatMap { member -> [Edit] in
            let key = member.key
            guard let ours = values.ours[key], let theirs = values.theirs[key],
                let new = new[key]
            else { return [] }
            return orders(
                Sides(base: values.base[key] ?? .map([]), ours: ours, theirs: theirs), new,
                at: path.appending(.key(key)))
        }
        return (Set(order) == all && order != appended ? [.reorder(path, order)] : []) + below
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
