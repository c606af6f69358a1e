import Documents

/// Gives one entry another value in its own lines, with the edits that `set` makes.
struct EntryEdit {
    let syntax: Syntax
    let text: [UInt8]
    /// Whose text it is.
    var side = MergeSide.ours

    /// More items than this are not moved one by one: each costs a proof.
    private static let limit = 64

    /// An entry from its key on, with a new value, or `nil` where that would take a comment
    /// along or cannot be proven.
    ///
    /// - Parameter other: the other side's lines of it, from the key on, if its items are to be
    ///   spelt as they are there.
    func pieces(
        _ item: Outline.Item, _ value: Value, rule: MergeRule, like other: ArraySlice<UInt8>?
    ) -> [Piece]? {
        let fence = EntryEdit.fence(syntax)
        let lines = item.leading.upperBound..<item.range.upperBound
        let path = FieldPath(item.isTable ? [] : item.keys.map { .key($0) })
        guard !path.steps.isEmpty,
            let frontMatter = try? Document(fence + text[lines] + fence).readFrontMatter()
        else { return nil }
        let like = other.flatMap { try? Document(fence + $0 + fence).readFrontMatter() }
        let spelling = like.map { ItemSpelling(texts: [frontMatter, $0]) }
        guard let result = EntryEdit.apply(value, at: path, to: frontMatter, spelling: spelling)
        else { return nil }
        let shift = lines.lowerBound - fence.count
        var pieces: [Piece] = []
        var position = lines.lowerBound
        for splice in result.splices {
            guard splice.range.upperBound + shift <= lines.upperBound,
                splice.offset + shift >= position,
                !splice.removed.contains(UInt8(ascii: "#"))
            else { return nil }
            pieces.append(Piece(side, position..<(splice.offset + shift), .unchanged))
            if !splice.inserted.isEmpty { pieces.append(Piece(made: splice.inserted, rule)) }
            position = splice.range.upperBound + shift
        }
        pieces.append(Piece(side, position..<lines.upperBound, .unchanged))
        return pieces
    }

    /// Gives a path another value: with items as they are spelt elsewhere, where that is proven
    /// to read as it should.
    static func apply(
        _ value: Value, at path: FieldPath, to frontMatter: FrontMatter, spelling: ItemSpelling?,
        then more: [Edit] = [], remembering: [Document] = []
    ) -> EditResult? {
        guard let old = frontMatter.node(at: path)?.value else { return nil }
        for spelling in [spelling, nil] {
            let edits = edits(from: old, to: value, at: path, spelling: spelling) + more
            guard
                let result = try? Edit.apply(edits, to: frontMatter, remembering: remembering),
                let read = try? result.document.readFrontMatter(),
                read.node(at: path)?.value.means(value) ?? false
            else { continue }
            return result
        }
        return nil
    }

    /// The edits that make one value of another, as small as they can be.
    private static func edits(
        from old: Value, to new: Value, at path: FieldPath, spelling: ItemSpelling?
    ) -> [Edit] {
        switch (old, new) {
        case (.list(let old), .list(let new)) where !old.isEmpty && !new.isEmpty:
            return items(from: old, to: new, at: path, spelling: spelling)
        case (.map(let old), .map(let new)):
            let names = Set(new.map(\.key))
            return old.filter { !names.contains($0.key) }
                .map { .unset(path.appending(.key($0.key))) }
                + new.flatMap { member -> [Edit] in
                    let place = path.appending(.key(member.key))
                    guard let before = old.first(where: { $0.key == member.key })?.value else {
                        return [.set(place, .value(member.value))]
                    }
                    return before.means(member.value)
                        ? []
                        : edits(from: before, to: member.value, at: place, spelling: spelling)
                }
        default: return [.set(path, .value(new))]
        }
    }

    private static func items(
        from old: [Value], to new: [Value], at path: FieldPath, spelling: ItemSpelling?
    ) -> [Edit] {
        var values: [Value: Int] = [:]
        func number(_ value: Value) -> Int {
            if let number = values[value] { return number }
            values[value] = values.count
            return values.count - 1
        }
        func set(_ index: Int, to item: Value) -> Edit? {
            spelling?.source(of: item, at: path).map {
                .set(path.appending(.index(index)), .source($0))
            }
        }
        let hunks = Difference.hunks(old.map(number), new.map(number))
        // Items can be changed where they are, taken out anywhere, and put in at the end.
        guard
            hunks.allSatisfy({
                $0.new.count == $0.old.count || $0.new.isEmpty || $0.old.upperBound == old.count
            })
        else {
            let spelt = new.indices.filter { $0 >= old.count || old[$0] != new[$0] }
                .map { set($0, to: new[$0]) }
            guard let spelling, !spelling.mayHaveComments(at: path), !spelt.contains(nil),
                spelt.count <= EntryEdit.limit
            else {
                return [.set(path, .value(.list(new)))]
            }
            let gone = new.count..<max(new.count, old.count)
            return spelt.compactMap(\.self)
                + gone.reversed().map { .unset(path.appending(.index($0))) }
        }
        return hunks.reversed().flatMap { hunk -> [Edit] in
            guard hunk.new.count != hunk.old.count else {
                return zip(hunk.old, hunk.new).flatMap { before, after in
                    set(before, to: new[after]).map { [$0] }
                        ?? edits(
                            from: old[before], to: new[after],
                            at: path.appending(.index(before)), spelling: nil)
                }
            }
            return hunk.new.map { index in
                set(old.count + index - hunk.new.lowerBound, to: new[index])
                    ?? .append(path, .value(new[index]))
            } + hunk.old.reversed().map { .unset(path.appending(.index($0))) }
        }
    }

    /// The value of an entry's lines on their own.
    ///
    /// - Parameter depth: how many keys name it; TOML's dotted keys are several.
    static func value(of lines: [UInt8], syntax: Syntax, depth: Int) -> Value? {
        let fence = fence(syntax)
        let document = Document(fence + lines + fence)
        guard let frontMatter = try? document.readFrontMatter(), document.body.isEmpty,
            let root = frontMatter.root.mapping, root.entries.count == 1,
            root.duplicates.isEmpty
        else { return nil }
        var value = root.entries[0].value.value
        for _ in 1..<max(depth, 2) where depth > 1 {
            guard let only = value.members, only.count == 1 else { return nil }
            value = only[0].value
        }
        return value
    }

    static func fence(_ syntax: Syntax) -> [UInt8] {
        Array((syntax == .toml ? "+++\n" : "---\n").utf8)
    }
}
