/// Front matter cut into lines that belong together: what is merged or moved as one piece.
///
/// The items of one level tile their range: no byte is left out, and none is in two items.
package struct Outline: Sendable {
    /// What an item is.
    package enum Kind: Sendable, Hashable {
        /// Blank lines.
        case blank
        /// Comment lines that belong to no key.
        case comment
        /// A key with its value, or a TOML table with its pairs.
        case entry
    }

    /// Lines that belong together.
    package struct Item: Sendable {
        /// What it is.
        package let kind: Kind
        /// Its lines.
        package let range: Range<Int>
        /// The keys that the lines define, from the level's own map on; a TOML table's from the
        /// root. Empty when it is no entry.
        package let keys: [Text]
        /// Whether it is a TOML table: its header and pairs. Every other entry is one key.
        package let isTable: Bool
        /// The comment lines above; empty when there are none.
        package let leading: Range<Int>
        /// The value's bytes; for a map in block style, or a table, the lines of ``children``.
        package let value: Range<Int>
        /// The entries of a map in block style; `nil` for every other value.
        package let children: [Item]?

        /// From the key to the value.
        package var head: Range<Int> { leading.upperBound..<value.lowerBound }
        /// From the value to the end: the trailing comment and the line ending.
        package var tail: Range<Int> { value.upperBound..<range.upperBound }
    }

    /// The items of the root.
    package let items: [Item]
    /// Whether YAML anchors, aliases, merge keys or keys that no path names are there, so that
    /// lines may mean something only together with others.
    package let hasReferences: Bool
}

extension FrontMatter {
    /// The lines of the front matter, or `nil` when its entries do not stand on lines of their
    /// own: JSON, YAML in braces, arrays of TOML tables with other tables between them.
    package func outline() -> Outline? {
        guard let block else { return Outline(items: [], hasReferences: false) }
        let geometry = LineGeometry(bytes: document.bytes, content: block.content)
        let outliner = Outliner(frontMatter: self, geometry: geometry)
        let items: [Outline.Item]?
        switch block.syntax {
        case .json: items = nil
        case .yaml: items = outliner.items(of: root, in: block.content)
        case .toml: items = outliner.tables(in: block.content)
        }
        guard let items else { return nil }
        return Outline(items: items, hasReferences: root.holdsReferences)
    }
}

extension Node {
    /// Whether the node, or one in it, is an alias, or has an anchor or a key that no path names.
    fileprivate var holdsReferences: Bool {
        if properties?.anchor != nil { return true }
        switch content {
        case .alias: return true
        case .scalar: return false
        case .sequence(let items): return items.contains { $0.holdsReferences }
        case .mapping(let mapping):
            return mapping.entries.contains {
                $0.isComplex || $0.key == "<<" || $0.value.holdsReferences
            }
        }
    }
}

private struct Outliner {
    let frontMatter: FrontMatter
    let geometry: LineGeometry

    /// The items of a YAML map in block style, which tile `range`.
    func items(of map: Node, in range: Range<Int>) -> [Outline.Item]? {
        guard let mapping = map.mapping else { return nil }
        guard !mapping.entries.isEmpty else {
            // Braces with nothing in them are a value, not lines.
            return map.range.isEmpty ? gaps(in: range) : nil
        }
        guard map.style == .block, map.properties == nil else { return nil }
        var items: [Outline.Item] = []
        var position = range.lowerBound
        for (entry, span) in zip(mapping.entries, frontMatter.ownedSpans(of: map)) {
            guard span.whole.lowerBound >= position, span.whole.upperBound <= range.upperBound,
                isLineStart(span.whole.lowerBound), isLineStart(span.whole.upperBound),
                let gap = gaps(in: position..<span.whole.lowerBound)
            else { return nil }
            items += gap
            items.append(item(entry, span))
            position = span.whole.upperBound
        }
        guard let rest = gaps(in: position..<range.upperBound) else { return nil }
        return items + rest
    }

    private func item(_ entry: Mapping.Entry, _ span: OwnedSpan) -> Outline.Item {
        let below = geometry.nextLine(entry.keyRange.upperBound)..<span.whole.upperBound
        var children: [Outline.Item]?
        if entry.value.mapping?.entries.isEmpty == false, !below.isEmpty,
            below.lowerBound <= entry.value.outerStart
        {
            children = items(of: entry.value, in: below)
        }
        let value =
            children == nil
            ? max(entry.value.outerStart, entry.keyRange.upperBound)..<entry.end : below
        return Outline.Item(
            kind: .entry, range: span.whole, keys: [entry.key], isTable: false,
            leading: span.leadingComments, value: value, children: children)
    }

    /// Blank lines and comments, or `nil` when there is something else in the range.
    private func gaps(in range: Range<Int>) -> [Outline.Item]? {
        var items: [Outline.Item] = []
        var line = range.lowerBound
        while line < range.upperBound {
            let isBlank = geometry.isBlankLine(line)
            guard isBlank || geometry.commentColumn(line: line) != nil else { return nil }
            let start = line
            while line < range.upperBound, geometry.isBlankLine(line) == isBlank,
                isBlank || geometry.commentColumn(line: line) != nil
            { line = min(geometry.nextLine(line), range.upperBound) }
            items.append(
                Outline.Item(
                    kind: isBlank ? .blank : .comment, range: start..<line, keys: [],
                    isTable: false, leading: start..<start, value: start..<line, children: nil))
        }
        return items
    }

    private func isLineStart(_ offset: Int) -> Bool {
        offset <= geometry.content.lowerBound || offset >= geometry.content.upperBound
            || geometry.bytes[offset - 1] == ASCII.newline
    }

    /// The items of a TOML text: pairs, then tables, each with its pairs; all tables of one
    /// array are one item.
    func tables(in range: Range<Int>) -> [Outline.Item]? {
        guard let statements = frontMatter.layout?.statements else { return nil }
        var items: [Outline.Item] = []
        var position = range.lowerBound
        var index = 0
        var arrays = Set<[Text]>()
        while index < statements.count {
            let first = statements[index]
            let start = top(of: first, floor: position)
            guard let gap = gaps(in: position..<start.lowerBound) else { return nil }
            items += gap
            var end = index + 1
            switch first.kind {
            case .pair: break
            case .table:
                guard !first.path.hasIndex else { return nil }
                while end < statements.count, statements[end].kind == .pair { end += 1 }
            case .arrayTable:
                let keys = first.path.keys
                guard first.path.steps.count == keys.count + 1, arrays.insert(keys).inserted else {
                    return nil
                }
                while end < statements.count, statements[end].path.keys.starts(with: keys) {
                    end += 1
                }
            }
            guard let item = item(statements[index..<end], leading: start) else { return nil }
            items.append(item)
            position = item.range.upperBound
            index = end
        }
        guard let rest = gaps(in: position..<range.upperBound) else { return nil }
        return items + rest
    }

    /// The comment lines above a statement.
    private func top(of statement: TOMLLayout.Statement, floor: Int) -> Range<Int> {
        let line = geometry.lineStart(statement.range.lowerBound)
        let top = geometry.leadingComments(
            above: line, floor: floor, column: geometry.column(statement.range.lowerBound))
        return top..<line
    }

    private func item(
        _ statements: ArraySlice<TOMLLayout.Statement>, leading: Range<Int>
    ) -> Outline.Item? {
        guard let first = statements.first, let last = statements.last else { return nil }
        let end = geometry.nextLine(last.range.upperBound)
        let whole = leading.lowerBound..<end
        if first.kind == .pair {
            guard let value = first.value else { return nil }
            return Outline.Item(
                kind: .entry, range: whole, keys: first.segments.map(\.text), isTable: false,
                leading: leading, value: value.range, children: nil)
        }
        let body = geometry.nextLine(first.range.upperBound)..<end
        var children: [Outline.Item]?
        if first.kind == .table {
            var pairs: [Outline.Item] = []
            var position = body.lowerBound
            for statement in statements.dropFirst() {
                let start = top(of: statement, floor: position)
                guard let gap = gaps(in: position..<start.lowerBound),
                    let pair = item([statement], leading: start)
                else { return nil }
                pairs += gap + [pair]
                position = pair.range.upperBound
            }
            children = pairs
        }
        return Outline.Item(
            kind: .entry, range: whole, keys: first.path.keys, isTable: true, leading: leading,
            value: body, children: children)
    }
}

extension FieldPath {
    fileprivate var keys: [Text] {
        steps.compactMap { if case .key(let key) = $0 { key } else { nil } }
    }

    fileprivate var hasIndex: Bool {
        steps.contains { if case .index = $0 { true } else { false } }
    }
}
