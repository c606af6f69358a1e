/// Turns edits of YAML front matter into splices.
struct YAMLSplicer: FrontMatterSplicer {
    let frontMatter: FrontMatter
    let layout: YAMLLayout
    let writer: YAMLValueWriter
    let flow: FlowSplicer

    init(_ frontMatter: FrontMatter, _ block: FrontMatterBlock) {
        self.frontMatter = frontMatter
        let geometry = LineGeometry(bytes: frontMatter.document.bytes, content: block.content)
        layout = YAMLLayout(geometry: geometry)
        let style = YAMLStyle(frontMatter)
        writer = YAMLValueWriter(style)
        flow = FlowSplicer(geometry: geometry, lineEnding: style.lineEnding)
    }

    var geometry: LineGeometry { layout.geometry }
    private var bytes: [UInt8] { geometry.bytes }

    func splice(_ range: Range<Int>, _ inserted: [UInt8]) -> Splice {
        Splice(replacing: range, of: bytes, with: inserted)
    }

    /// Inserts lines, which end as the line before them does.
    private func insert(_ lines: [[UInt8]], at offset: Int) -> Splice {
        let ending = geometry.lineEnding(before: offset) ?? writer.style.lineEnding
        return splice(offset..<offset, lines.flatMap { $0 + ending.bytes })
    }

    func add(
        _ member: Value.Member, to map: Node, at path: FieldPath
    ) throws(EditError) -> [Splice] {
        let entries = map.mapping?.entries ?? []
        try refuseLong(member.key)
        if map.style == .flow {
            try refuseUnbracketed(map, path)
            let new =
                writer.scalars.key(member.key, inFlow: true) + [ASCII.colon, ASCII.space]
                + (try writer.inline(member.value, inFlow: true))
            return flow.add(
                new, to: map.range, parts: map.parts, emptyIndent: emptyIndent(map))
        }
        guard !entries.isEmpty else {
            // Only a root can be empty in block style: no key yet, maybe comments.
            let end = geometry.content.upperBound
            let lines = try writer.entry(member, indent: 0)
            return [insert(lines, at: end)]
        }
        let end = layout.lines(entries.count - 1, of: map, entries).upperBound
        let lines = try writer.entry(member, indent: layout.column(map))
        return [insert(lines, at: end)]
    }

    func add(_ item: Value, to list: Node, at path: FieldPath) throws(EditError) -> [Splice] {
        let items = list.items ?? []
        // In the style of the item before it; one in quotes may still take a number.
        let found = items.last.flatMap { $0.scalar == nil ? nil : $0 }
        if list.style == .flow {
            try refuseUnbracketed(list, path)
            let new = try writer.inline(item, found: found, inFlow: true)
            return flow.add(
                new, to: list.range, parts: list.parts, emptyIndent: emptyIndent(list))
        }
        let dash = layout.dash(items.count - 1, of: list, items)
        let gap = max(1, geometry.skipBlanks(dash + 1) - dash - 1)
        let lines = try writer.item(
            item, found: found, indent: layout.column(list),
            gap: geometry.endsLine(dash + 1) ? 1 : gap)
        let end = layout.lines(items.count - 1, of: list, items: items).upperBound
        return [insert(lines, at: end)]
    }

    func remove(_ slot: Slot) throws(EditError) -> [Splice] {
        let collection = slot.collection
        if collection.style == .flow {
            try refuseUnbracketed(collection, slot.path)
            return flow.remove(slot.index, from: collection.range, parts: collection.parts)
        }
        if collection.parts.count == 1 { return try removeOnly(slot) }
        var lines = blockLines(slot)
        if let before = previousValue(slot), before.keepsBreaks(bytes) {
            // The blank lines below would become part of the text above.
            lines = lines.lowerBound..<geometry.endOfBlanks(from: lines.upperBound)
        }
        guard !geometry.isFirstInLine(lines.lowerBound) else { return [splice(lines, [])] }
        // The first of a collection that begins in its parent's line: `- a: 1`, `- - a`.
        guard slot.index == 0 else {
            throw .unsupported(
                slot.path, reason: "does not begin a line of its own",
                at: frontMatter.position(at: lines.lowerBound))
        }
        let next = nextLines(slot)
        if geometry.isFirstInLine(next.start),
            next.lines.lowerBound == geometry.lineStart(next.start)
        {
            return [splice(lines.lowerBound..<next.start, [])]
        }
        // A comment comes first: it stays, below the parent's dash alone.
        var start = lines.lowerBound
        while start > geometry.lineStart(start), bytes[start - 1].isBlank { start -= 1 }
        return [splice(start..<geometry.lineEnd(slot.node.outerEnd), [])]
    }

    private func previousValue(_ slot: Slot) -> Node? {
        guard slot.index > 0 else { return nil }
        if let items = slot.collection.items { return items[slot.index - 1] }
        return slot.collection.mapping?.entries[slot.index - 1].value
    }

    private func blockLines(_ slot: Slot) -> Range<Int> {
        if let items = slot.collection.items {
            return layout.lines(slot.index, of: slot.collection, items: items)
        }
        return layout.lines(
            slot.index, of: slot.collection, slot.collection.mapping?.entries ?? [])
    }

    private func nextLines(_ slot: Slot) -> (lines: Range<Int>, start: Int) {
        if let items = slot.collection.items {
            return (
                layout.lines(slot.index + 1, of: slot.collection, items: items),
                layout.dash(slot.index + 1, of: slot.collection, items)
            )
        }
        let entries = slot.collection.mapping?.entries ?? []
        return (
            layout.lines(slot.index + 1, of: slot.collection, entries),
            entries[slot.index + 1].start
        )
    }

    /// Removes the only entry or item: what is left is `{}` or `[]`, or an empty root.
    private func removeOnly(_ slot: Slot) throws(EditError) -> [Splice] {
        let collection = slot.collection
        let lines = blockLines(slot)
        let empty: [UInt8] =
            collection.items == nil
            ? [ASCII.openBrace, ASCII.closeBrace] : [ASCII.openBracket, ASCII.closeBracket]
        if slot.path.steps.count == 1 { return [splice(lines, [])] }
        if collection.properties != nil || !geometry.isFirstInLine(lines.lowerBound) {
            return [splice(collection.range, empty)]
        }
        guard let parent = slot.path.parent, let end = indicatorEnd(of: parent) else {
            throw .unsupported(
                slot.path, reason: "the last one of its collection, which cannot be emptied here",
                at: frontMatter.position(at: collection.range.lowerBound))
        }
        return [splice(end..<end, [ASCII.space] + empty), splice(lines, [])]
    }

    /// Where the `:` or `-` before a value ends.
    private func indicatorEnd(of path: FieldPath) -> Int? {
        guard case .index(let index)? = path.steps.last else {
            return frontMatter.entry(at: path).flatMap { layout.afterColon($0) }
        }
        guard let list = path.parent.flatMap({ frontMatter.node(at: $0) }) else { return nil }
        return list.items.map { layout.dash(index, of: list, $0) + 1 }
    }

    func rename(_ slot: Slot, to key: Text) throws(EditError) -> [Splice] {
        guard case .entry(let entry) = slot.place else { return [] }
        try refuseLong(key)
        let bytes = writer.scalars.key(
            key, found: entry.keyStyle, inFlow: slot.collection.style == .flow)
        return [splice(entry.keyRange, bytes)]
    }

    /// A key without `?` ends within 1024 characters (YAML 1.2, section 7.4).
    private func refuseLong(_ key: Text) throws(EditError) {
        guard writer.scalars.key(key, inFlow: true).count > 1000 else { return }
        throw .invalidValue(key.string, reason: "is longer than a key of YAML may be")
    }

    /// How to indent the first line in an empty collection whose bracket is below.
    private func emptyIndent(_ collection: Node) -> [UInt8] {
        let close = collection.range.upperBound - 1
        let line = geometry.lineStart(close)
        return bytes[line..<close].filter(\.isBlank)
            + [UInt8](repeating: ASCII.space, count: writer.style.mapIndent)
    }

    /// A pair in a flow list without braces (`[a: b]`) has no place for another.
    private func refuseUnbracketed(_ collection: Node, _ path: FieldPath) throws(EditError) {
        let first = bytes[collection.range.lowerBound]
        guard first != ASCII.openBrace, first != ASCII.openBracket else { return }
        throw .unsupported(
            path, reason: "a pair in a list, without braces, holds this one key only",
            at: frontMatter.position(at: collection.range.lowerBound))
    }
}

extension Node {
    /// Whether the value ends with a block scalar that owns the blank lines below it (`+`).
    func keepsBreaks(_ bytes: [UInt8]) -> Bool {
        switch content {
        case .sequence(let items): return items.last?.keepsBreaks(bytes) ?? false
        case .mapping(let mapping):
            return mapping.entries.last?.value.keepsBreaks(bytes) ?? false
        case .alias: return false
        case .scalar:
            guard style == .literal || style == .folded else { return false }
            return bytes[range].prefix { !$0.isWhiteSpace }.contains(ASCII.plus)
        }
    }
}
