/// Giving a key a value as an earlier text of the document writes it.
///
/// What comes out are proposals: ``EditProof`` decides, as always.
extension KeyEditPlanner {
    /// The plans that take a value's bytes from the memory, the best one first; none when no
    /// earlier text has that value at that path.
    func remembered(_ path: FieldPath, _ new: NewValue, in memory: SpellingMemory) -> [EditPlan] {
        guard let target = try? target(path, new) else { return [] }
        var plans: [EditPlan] = []
        var number = 0
        while let earlier = memory.planner(number) {
            number += 1
            guard earlier.frontMatter.block?.syntax == frontMatter.block?.syntax,
                let old = earlier.slot(at: target.path), isAskedFor(old, by: target, new)
            else { continue }
            let proposals =
                target.slot.map { replacements($0, like: old, in: earlier) }
                ?? additions(like: old, in: earlier, replacing: [])
            plans += proposals.map {
                EditPlan(
                    splices: $0, changes: [.set(target.path, old.node.value)],
                    touched: [touched(target.path)])
            }
        }
        return plans
    }

    /// Whether an earlier value is the one to be set.
    ///
    /// How many line breaks end a text in a block is for its header to say, so text that is
    /// given without a type may be taken for a string with as many as there were.
    private func isAskedFor(_ old: Slot, by target: Target, _ new: NewValue) -> Bool {
        if old.node.value.isEquivalent(to: target.value) { return true }
        guard case .guess = new, case .scalar(.string, _) = target.value else { return false }
        return old.node.style != .plain
            && (try? resolver.resolve(new, found: old.node)) == old.node.value
    }

    /// Puts the bytes of an earlier entry or item in the place of those that are there.
    private func replacements(
        _ slot: Slot, like old: Slot, in earlier: KeyEditPlanner
    ) -> [[Splice]] {
        let here = SlotBytes(slot, frontMatter)
        let there = SlotBytes(old, earlier.frontMatter)
        if here.isTable || there.isTable {
            // A TOML table and a plain value of one name stand in different places.
            guard let removal = try? splicer.remove(slot) else { return [] }
            return additions(like: old, in: earlier, replacing: removal)
        }
        guard slot.collection.style == old.collection.style else { return [] }
        let isInline = here.isInline && there.isInline
        guard isInline || slot.collection.style == .block else { return [] }
        var range = isInline ? here.inline : here.lines
        let source = isInline ? there.inline : there.lines
        let left = there.blankLines(in: source) - here.blankLines(in: range)
        // Blank lines between items stay when the items go.
        if !isInline { range = here.extended(range, byBlankLines: left, leaving: there) }
        guard there.comments(in: source).includes(here.comments(in: range)) else { return [] }
        let bytes = Array(earlier.frontMatter.document.bytes[source])
        return [[Splice(replacing: range, of: frontMatter.document.bytes, with: bytes)]]
    }

    /// Puts an earlier entry where it stood, with its comments: what its removal there would
    /// take away is given back here.
    ///
    /// - Parameter removal: what has to go here first.
    private func additions(
        like old: Slot, in earlier: KeyEditPlanner, replacing removal: [Splice]
    ) -> [[Splice]] {
        guard case .entry = old.place, let block = frontMatter.block,
            let earlierBlock = earlier.frontMatter.block,
            let taken = try? earlier.splicer.remove(old),
            let without = try? taken.applied(to: earlier.frontMatter.document.bytes),
            let rest = try? removal.applied(to: frontMatter.document.bytes)
        else { return [] }
        let gone = Comments(inLinesOf: removal.flatMap(\.removed))
        let given = Comments(inLinesOf: taken.flatMap(\.removed))
        guard given.includes(gone) else { return [] }
        let alignment = LineAlignment(
            from: without[earlierBlock.content.shortened(by: taken)],
            to: rest[block.content.shortened(by: removal)])
        // A comment that stayed when its key went would be there twice.
        guard !given.meets(Comments(inLinesOf: Array(alignment.unmatched.joined()))) else {
            return []
        }
        let proposals = LineAlignment.Side.allCases.compactMap { side -> [Splice]? in
            var moved: [Splice] = []
            for splice in taken.inverted() {
                guard let offset = alignment.offset(of: splice.offset, by: side) else { return nil }
                moved.append(
                    Splice(offset: offset, removed: splice.removed, inserted: splice.inserted))
            }
            guard (try? moved.applied(to: rest)) != nil else { return nil }
            return removal.followed(by: moved, on: frontMatter.document.bytes)
        }
        return proposals.count == 2 && proposals[0] == proposals[1] ? [proposals[0]] : proposals
    }
}

/// The bytes that writing an entry's or an item's value is about.
private struct SlotBytes {
    let slot: Slot
    let frontMatter: FrontMatter
    private let layout: YAMLLayout
    private let isYAML: Bool

    init(_ slot: Slot, _ frontMatter: FrontMatter) {
        self.slot = slot
        self.frontMatter = frontMatter
        let content = frontMatter.block?.content ?? 0..<0
        layout = YAMLLayout(
            geometry: LineGeometry(bytes: frontMatter.document.bytes, content: content))
        isYAML = frontMatter.block?.syntax == .yaml
    }

    /// Whether the value is a TOML table, or an array of them.
    var isTable: Bool { !isYAML && slot.node.style == .block }

    /// Whether the value ends where its last byte is, so that a comment may follow.
    var isInline: Bool {
        switch slot.node.style {
        case .block: false
        case .literal, .folded: !isYAML
        case .plain, .singleQuoted, .doubleQuoted, .flow: true
        }
    }

    /// From the key's end, or the item's dash, to the value's end.
    var inline: Range<Int> { start..<max(start, end) }

    /// From the key's end, or the item's dash, to the end of the last line that is its own.
    var lines: Range<Int> {
        let lines: Range<Int>
        switch slot.collection.content {
        case .mapping(let mapping):
            lines = layout.lines(slot.index, of: slot.collection, mapping.entries)
        case .sequence(let items):
            lines = layout.lines(slot.index, of: slot.collection, items: items)
        case .scalar, .alias: return inline
        }
        let geometry = layout.geometry
        let last = geometry.lineStart(max(start, lines.upperBound - 1))
        return start..<max(start, geometry.lineEnd(last))
    }

    private var start: Int {
        switch slot.place {
        case .entry(let entry): return entry.keyRange.upperBound
        case .item(let node):
            guard isYAML, slot.collection.style == .block, let items = slot.collection.items else {
                return node.outerStart
            }
            return layout.dash(slot.index, of: slot.collection, items) + 1
        }
    }

    private var end: Int {
        switch slot.place {
        case .entry(let entry):
            return max(entry.end, isYAML ? layout.afterColon(entry) ?? 0 : 0)
        case .item(let node): return node.outerEnd
        }
    }

    func blankLines(in range: Range<Int>) -> Int {
        TextLines.split(frontMatter.document.bytes[range]).count { $0.allSatisfy(\.isWhiteSpace) }
    }

    /// Lines with so many blank lines below them as there are more of than in an earlier text,
    /// up to a limit.
    func extended(
        _ range: Range<Int>, byBlankLines limit: Int, leaving earlier: SlotBytes
    ) -> Range<Int> {
        let excess = blankLinesBelow - earlier.blankLinesBelow
        guard excess > 0, excess <= limit else { return range }
        var end = range.upperBound
        for _ in 0..<excess { end = layout.geometry.nextLine(end) }
        return range.lowerBound..<layout.geometry.lineEnd(end)
    }

    private var blankLinesBelow: Int {
        var count = 0
        var line = layout.geometry.nextLine(lines.upperBound)
        while line < layout.geometry.content.upperBound, layout.geometry.isBlankLine(line) {
            count += 1
            line = layout.geometry.nextLine(line)
        }
        return count
    }

    /// The comments in a part of these bytes.
    func comments(in range: Range<Int>) -> Comments {
        Comments(
            frontMatter.comments(in: range, around: slot.node).map {
                frontMatter.document.bytes[$0]
            })
    }
}

/// Comments by their text, each as often as it is there.
private struct Comments {
    private var counts: [ArraySlice<UInt8>: Int] = [:]

    init(_ comments: [ArraySlice<UInt8>]) {
        for comment in comments { add(comment) }
    }

    /// The comments that stand in lines of their own.
    init(inLinesOf bytes: [UInt8]) {
        for line in TextLines.split(bytes[...]) {
            let text = line.drop(while: \.isBlank)
            if text.first == ASCII.hash { add(text) }
        }
    }

    private mutating func add(_ comment: ArraySlice<UInt8>) {
        let blanks = comment.reversed().prefix(while: \.isWhiteSpace).count
        counts[comment.dropLast(blanks), default: 0] += 1
    }

    /// Whether every comment of the other text is among these.
    func includes(_ other: Comments) -> Bool {
        other.counts.allSatisfy { counts[$0.key, default: 0] >= $0.value }
    }

    /// Whether the other text has any of these.
    func meets(_ other: Comments) -> Bool {
        counts.keys.contains { other.counts[$0] != nil }
    }
}

extension Range<Int> {
    /// The range of a text without what splices in it take away.
    fileprivate func shortened(by removal: [Splice]) -> Range<Int> {
        lowerBound..<(upperBound
            + removal.reduce(0) { $0 + $1.inserted.count - $1.removed.count })
    }
}
