import Documents

/// Merges front matter whose entries stand on lines of their own: puts each side's lines
/// together by what was decided about their keys.
struct OutlineMerge {
    /// Why it cannot be done by lines.
    struct Failure: Error {
        let reason: String
    }

    let texts: Sides<[UInt8]>
    let syntax: Syntax
    /// Whether lines may mean something only together with others, as YAML's anchors do.
    let hasReferences: Bool

    /// The lines of one level.
    ///
    /// - Parameter decision: about the map that the items are the entries of.
    func chunks(
        _ items: Sides<[Outline.Item]>, _ decision: Decision, at path: FieldPath
    ) throws(Failure) -> [Chunk] {
        let formerly = renames(decision)
        var chunks: [Chunk] = []
        var previous: Sides<Outline.Item?>?
        var isBelowBlank = false
        for slot in try OutlineOrder(texts: texts, items: items, formerly: formerly).slots() {
            switch slot {
            case .gap(let side, let item, let rule):
                // The blank lines of another side would become part of the value above; and
                // those around what is gone are one gap.
                if item.kind == .blank, isBelowBlank || previous.map(keepsBreaks) ?? false {
                    continue
                }
                previous = nil
                isBelowBlank = item.kind == .blank
                chunks.append(.merged([Piece(side, item.range, rule)]))
            case .entry(let entry):
                guard let keys = (entry.ours ?? entry.theirs ?? entry.base)?.keys else { continue }
                let name = formerly.first { $0.value == keys }?.key ?? keys
                let place = FieldPath(path.steps + name.map { .key($0) })
                let lines = try entryChunks(entry, decision.descendant(name), at: place)
                if !lines.isEmpty { (previous, isBelowBlank) = (entry, false) }
                chunks += lines
            }
        }
        return chunks
    }

    /// The old names by the new ones.
    private func renames(_ decision: Decision) -> [[Text]: [Text]] {
        guard case .map(let entries) = decision else { return [:] }
        var renames: [[Text]: [Text]] = [:]
        for entry in entries { if let old = entry.formerly { renames[[entry.key]] = [old] } }
        return renames
    }

    private func entryChunks(
        _ entry: Sides<Outline.Item?>, _ decision: Decision?, at path: FieldPath
    ) throws(Failure) -> [Chunk] {
        switch (entry.ours, entry.theirs) {
        case (nil, nil): return []
        case (let item?, nil), (nil, let item?):
            let side = entry.ours == nil ? MergeSide.theirs : .ours
            if case .conflict(let reason, _)? = decision { return [conflict(entry, reason, path)] }
            guard let base = entry.base else {
                return [.merged([Piece(side, item.range, side == .ours ? .ours : .theirs)])]
            }
            // A table's header may go while a key of it stays, in another table's words.
            if decision != nil, !item.isTable { return [conflict(entry, .deletedAndChanged, path)] }
            if decision != nil {
                throw Failure(reason: "\(path) is written in another way")
            }
            guard
                text(side, item.range).probableComments == text(.base, base.range).probableComments
            else { return [conflict(entry, .commentChanged, path)] }
            return []
        case (let ours?, let theirs?):
            guard let decision else {
                throw Failure(reason: "\(path) is written in another way")
            }
            return try both(entry, ours, theirs, decision, at: path)
        }
    }

    private func both(
        _ entry: Sides<Outline.Item?>, _ ours: Outline.Item, _ theirs: Outline.Item,
        _ decision: Decision, at path: FieldPath
    ) throws(Failure) -> [Chunk] {
        let mine = text(.ours, ours.range)
        let other = text(.theirs, theirs.range)
        if mine == other {
            let isUnchanged = entry.base.map { text(.base, $0.range) == mine } ?? false
            return [.merged([Piece(.ours, ours.range, isUnchanged ? .unchanged : .same)])]
        }
        if let base = entry.base {
            let before = text(.base, base.range)
            if before == mine { return [.merged([Piece(.theirs, theirs.range, .theirs)])] }
            if before == other { return [.merged([Piece(.ours, ours.range, .ours)])] }
        }
        if case .conflict(let reason, _) = decision { return [conflict(entry, reason, path)] }
        if case .map = decision, let ourItems = ours.children, let theirItems = theirs.children,
            let baseItems = entry.base.map({ $0.children ?? ($0.value.isEmpty ? [] : nil) }) ?? [],
            indentation(.ours, ours) == indentation(.theirs, theirs)
        {
            let items = Sides(base: baseItems, ours: ourItems, theirs: theirItems)
            guard let leading = settled(entry, \.leading), let head = settled(entry, \.head),
                let tail = settled(entry, \.tail)
            else { return [conflict(entry, .commentChanged, path)] }
            let below = try chunks(items, decision, at: path)
            if syntax == .yaml, decision.value(conflictsFor: .ours) == .map([]),
                !decision.hasConflict
            {
                // Between them both sides took out every key: a key with nothing below is null.
                guard let head = emptied(head) else {
                    return [conflict(entry, .deletedAndChanged, path)]
                }
                return [.merged([leading] + head)] + below + [.merged([tail])]
            }
            return [.merged([leading, head])] + below + [.merged([tail])]
        }
        return leaf(entry, ours, theirs, decision, at: path)
    }

    /// The line of a map's key with an empty map behind it, or `nil` where it cannot be told
    /// where the key ends.
    private func emptied(_ head: Piece) -> [Piece]? {
        guard case .side(let side, let range) = head.source,
            let read = try? Document(
                EntryEdit.fence(syntax) + texts[side][range] + EntryEdit.fence(syntax)
            ).readFrontMatter(), let key = read.root.mapping?.entries.first?.keyRange
        else { return nil }
        let end = key.upperBound - EntryEdit.fence(syntax).count + range.lowerBound
        guard let colon = texts[side][end..<range.upperBound].firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return [
            Piece(side, range.lowerBound..<(colon + 1), head.rule),
            Piece(made: Array(" {}".utf8), .replayed),
            Piece(side, (colon + 1)..<range.upperBound, head.rule),
        ]
    }

    /// Whether blank lines below an entry belong to its value on a side: it ends with a block
    /// scalar that keeps its breaks (`+`).
    private func keepsBreaks(_ entry: Sides<Outline.Item?>) -> Bool {
        syntax == .yaml
            && [MergeSide.ours, .theirs].contains { side in
                guard let item = entry[side] else { return false }
                let lines = Array(text(side, item.leading.upperBound..<item.range.upperBound))
                guard lines.contains(UInt8(ascii: "+")) else { return false }
                func value(_ lines: [UInt8]) -> Value? {
                    EntryEdit.value(of: lines, syntax: syntax, depth: item.keys.count)
                }
                return value(lines) != value(lines + [LineBreaks.lineFeed])
            }
    }

    /// An entry whose value is merged as one.
    private func leaf(
        _ entry: Sides<Outline.Item?>, _ ours: Outline.Item, _ theirs: Outline.Item,
        _ decision: Decision, at path: FieldPath
    ) -> [Chunk] {
        guard !decision.hasConflict, let value = decision.value(conflictsFor: .ours) else {
            return [conflict(entry, entry.base == nil ? .bothAdded : .bothChanged, path)]
        }
        let ranges = Sides(base: entry.base?.range ?? 0..<0, ours: ours.range, theirs: theirs.range)
        let isMade: Bool
        var side = MergeSide.ours
        var rule = MergeRule.same
        switch decision {
        case .made, .map: isMade = true
        case .take(let taken, _, let reason): (isMade, side, rule) = (false, taken, reason)
        case .kept, .conflict:
            isMade = false
            if let base = entry.base, text(.ours, ours.core) == text(.base, base.core) {
                (side, rule) = (.theirs, .theirs)
            } else if let base = entry.base, text(.theirs, theirs.core) == text(.base, base.core) {
                rule = .ours
            } else {
                rule = .style
            }
        }
        if case .made(_, .set) = decision {
        } else if entry.base != nil,
            let lines = lineMerge(ranges, value, depth: ours.keys.count)
        {
            return lines
        }
        guard !hasReferences || !isMade else { return [conflict(entry, .bothChanged, path)] }
        guard let leading = settled(entry, \.leading), let tail = settled(entry, \.tail) else {
            return [conflict(entry, .commentChanged, path)]
        }
        if isMade {
            let rule: MergeRule = if case .made(_, let rule) = decision { rule } else { .replayed }
            for side in textOrder(entry) where keepsComments(of: side, entry) {
                guard let item = entry[side], tail.bytes(in: texts) == text(side, item.tail),
                    let lines = EntryEdit(syntax: syntax, text: texts[side], side: side)
                        .pieces(
                            item, value, rule: rule,
                            like: rule == .set ? nil : otherLines(than: side, entry))
                else { continue }
                return [.merged([leading] + lines)]
            }
            return [conflict(entry, .layout, path)]
        }
        // The other side changed nothing but the spelling, or a comment in the value.
        guard keepsComments(of: side, entry) else {
            return [conflict(entry, .commentChanged, path)]
        }
        guard let item = entry[side] else { return [conflict(entry, .layout, path)] }
        if ours.keys != theirs.keys, let base = entry.base {
            // The key's new name, and the value that the other side gave it.
            let named = ours.keys == base.keys ? MergeSide.theirs : .ours
            if named != side, let name = entry[named] {
                let core = [Piece(named, name.head, .rename), Piece(side, item.value, .rename)]
                return [.merged([leading] + core + [tail])]
            }
        }
        return [.merged([leading, Piece(side, item.core, rule), tail])]
    }

    /// The lines of an entry merged as lines, where that comes out as it was decided.
    private func lineMerge(
        _ ranges: Sides<Range<Int>>, _ value: Value, depth: Int
    ) -> [Chunk]? {
        let chunks = LineMerge(texts: texts, mode: .text, subject: { _ in .frontMatter }).chunks(
            ranges)
        guard !chunks.hasConflict else { return nil }
        let bytes = chunks.bytes(settledFor: .ours, in: texts)
        guard EntryEdit.value(of: bytes, syntax: syntax, depth: depth)?.means(value) ?? false
        else { return nil }
        return chunks
    }

    /// The sides by whose text is to hold a value made of both: ours, but theirs if only they
    /// indented it anew.
    private func textOrder(_ entry: Sides<Outline.Item?>) -> [MergeSide] {
        let columns = Sides(
            base: indentation(.base, entry.base), ours: indentation(.ours, entry.ours),
            theirs: indentation(.theirs, entry.theirs))
        return columns.winner == .theirs ? [.theirs, .ours] : [.ours, .theirs]
    }

    /// The column of a map's keys where it counts: lines of two columns make no map together.
    private func indentation(_ side: MergeSide, _ item: Outline.Item?) -> Int? {
        guard syntax == .yaml, let key = item?.children?.first(where: { $0.kind == .entry }) else {
            return nil
        }
        return texts[side][key.leading.upperBound...].prefix(while: \.isBlank).count
    }

    // MARK: Parts

    /// A part of an entry by the three-way rule; `nil` when both sides changed it.
    private func settled(
        _ entry: Sides<Outline.Item?>, _ part: KeyPath<Outline.Item, Range<Int>>
    ) -> Piece? {
        guard let ours = entry.ours?[keyPath: part], let theirs = entry.theirs?[keyPath: part]
        else { return nil }
        let mine = text(.ours, ours)
        let other = text(.theirs, theirs)
        if mine == other { return Piece(.ours, ours, .unchanged) }
        if let base = entry.base?[keyPath: part] {
            let before = text(.base, base)
            if before == other { return Piece(.ours, ours, .ours) }
            if before == mine { return Piece(.theirs, theirs, .theirs) }
        } else {
            if other.allSatisfy({ $0.isBlank || $0 == LineBreaks.lineFeed }) {
                return Piece(.ours, ours, .ours)
            }
            if mine.allSatisfy({ $0.isBlank || $0 == LineBreaks.lineFeed }) {
                return Piece(.theirs, theirs, .theirs)
            }
        }
        return nil
    }

    private func conflict(
        _ entry: Sides<Outline.Item?>, _ reason: ConflictReason, _ path: FieldPath
    ) -> Chunk {
        func pieces(_ side: MergeSide) -> [Piece] {
            entry[side].map { [Piece(side, $0.range, .conflict)] } ?? []
        }
        return .conflict(
            Region(
                subject: .key(path), reason: reason,
                sides: Sides(
                    base: pieces(.base), ours: pieces(.ours), theirs: pieces(.theirs))))
    }

    /// An entry as the side other than one has it, from the key on, if the key has one name.
    private func otherLines(
        than side: MergeSide, _ entry: Sides<Outline.Item?>
    ) -> ArraySlice<UInt8>? {
        guard let other = entry[side.opposite], other.keys == entry[side]?.keys else { return nil }
        return text(side.opposite, other.leading.upperBound..<other.range.upperBound)
    }

    private func text(_ side: MergeSide, _ range: Range<Int>) -> ArraySlice<UInt8> {
        texts[side][range]
    }

    /// Whether a side's value has the comments that the merge has to have: the other side
    /// changed none.
    private func keepsComments(of side: MergeSide, _ entry: Sides<Outline.Item?>) -> Bool {
        let other = comments(side.opposite, entry)
        return other == comments(.base, entry) || other == comments(side, entry)
    }

    private func comments(
        _ side: MergeSide, _ entry: Sides<Outline.Item?>
    ) -> [ArraySlice<UInt8>] {
        entry[side].map { text(side, $0.core).probableComments } ?? []
    }
}

extension Outline.Item {
    /// From the key to the end of the value.
    var core: Range<Int> { leading.upperBound..<value.upperBound }
}

extension Decision {
    /// The decision about a key below, by its name in each map on the way.
    func descendant(_ keys: [Text]) -> Decision? {
        var decision: Decision? = self
        for key in keys { decision = decision?.child(key) }
        return decision
    }
}
