import Documents

/// Gives one entry another value in its own lines, with the edits that `set` makes.
struct EntryEdit {
    let syntax: Syntax
    let text: [UInt8]
    /// Whose text it is.
    var side = MergeSide.ours

    /// An entry from its key on, with a new value, or `nil` where that would take a comment
    /// along or cannot be proven.
    func pieces(_ item: Outline.Item, _ value: Value, rule: MergeRule) -> [Piece]? {
        let fence = EntryEdit.fence(syntax)
        let lines = item.leading.upperBound..<item.range.upperBound
        let document = Document(fence + text[lines] + fence)
        let path = FieldPath(item.isTable ? [] : item.keys.map { .key($0) })
        guard !path.steps.isEmpty, let frontMatter = try? document.readFrontMatter(),
            let old = frontMatter.node(at: path)?.value,
            let result = try? Edit.apply(
                EntryEdit.edits(from: old, to: value, at: path), to: document)
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

    /// The edits that make one value of another, as small as they can be.
    static func edits(from old: Value, to new: Value, at path: FieldPath) -> [Edit] {
        switch (old, new) {
        case (.list(let old), .list(let new)) where !old.isEmpty && !new.isEmpty:
            var values: [Value: Int] = [:]
            func number(_ value: Value) -> Int {
                if let number = values[value] { return number }
                values[value] = values.count
                return values.count - 1
            }
            let hunks = Difference.hunks(old.map(number), new.map(number))
            // Items can be changed where they are, taken out anywhere, and put in at the end.
            guard
                hunks.allSatisfy({
                    $0.new.count == $0.old.count || $0.new.isEmpty
                        || $0.old.upperBound == old.count
                })
            else { return [.set(path, .value(.list(new)))] }
            return hunks.reversed().flatMap { hunk in
                guard hunk.new.count != hunk.old.count else {
                    return zip(hunk.old, hunk.new).flatMap {
                        edits(from: old[$0], to: new[$1], at: path.appending(.index($0)))
                    }
                }
                return hunk.new.map { Edit.append(path, .value(new[$0])) }
                    + hunk.old.reversed().map { Edit.unset(path.appending(.index($0))) }
            }
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
                        ? [] : edits(from: before, to: member.value, at: place)
                }
        default: return [.set(path, .value(new))]
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
