/// A table while it is put together from statements all over the text.
final class TOMLTable {
    private enum Child {
        case value(Node)
        case table(TOMLTable)
        case array([TOMLTable])
    }

    private struct Slot {
        let segment: TOMLLayout.Segment
        let start: Int
        var child: Child
    }

    private var slots: [Slot] = []
    /// Only for tables that are too large to search.
    private var index: [Text: Int] = [:]
    private static let searchLimit = 8
    /// The first and the last byte of its statements.
    private var range: Range<Int>?

    /// Widens the table's range by a statement's.
    func cover(_ other: Range<Int>) {
        guard let range else {
            self.range = other
            return
        }
        self.range =
            min(range.lowerBound, other.lowerBound)..<max(range.upperBound, other.upperBound)
    }

    /// Puts a value under a dotted key.
    func set(_ segments: ArraySlice<TOMLLayout.Segment>, _ value: Node, from start: Int) {
        cover(start..<value.range.upperBound)
        guard let first = segments.first else { return }
        if segments.count > 1 {
            table(first, from: start).set(segments.dropFirst(), value, from: start)
        } else if position(of: first.text) == nil {
            append(first, .value(value), from: start)
        }
    }

    /// The table under a key; of an array of tables its last one.
    func table(_ segment: TOMLLayout.Segment, from start: Int) -> TOMLTable {
        if let position = position(of: segment.text) {
            switch slots[position].child {
            case .table(let table): return table
            case .array(let tables): if let last = tables.last { return last }
            case .value: break
            }
        }
        let table = TOMLTable()
        append(segment, .table(table), from: start)
        return table
    }

    /// Adds a table to the array of tables under a key.
    func addToArray(_ segment: TOMLLayout.Segment, from start: Int) -> TOMLTable {
        let table = TOMLTable()
        if let position = position(of: segment.text),
            case .array(var tables) = slots[position].child
        {
            // Nothing in the slot meanwhile, so that the array is not copied each time.
            slots[position].child = .array([])
            tables.append(table)
            slots[position].child = .array(tables)
        } else {
            append(segment, .array([table]), from: start)
        }
        return table
    }

    /// How many tables the array under a key has.
    func arrayCount(_ key: Text) -> Int? {
        guard let position = position(of: key), case .array(let tables) = slots[position].child
        else {
            return nil
        }
        return tables.count
    }

    private func append(_ segment: TOMLLayout.Segment, _ child: Child, from start: Int) {
        slots.append(Slot(segment: segment, start: start, child: child))
        if slots.count == Self.searchLimit + 1 {
            for (position, slot) in slots.enumerated() { index[slot.segment.text] = position }
        } else if slots.count > Self.searchLimit {
            index[segment.text] = slots.count - 1
        }
    }

    private func position(of key: Text) -> Int? {
        slots.count > Self.searchLimit
            ? index[key] : slots.firstIndex { $0.segment.text == key }
    }

    /// The entries, in the order in which the text first mentions them.
    func entries() -> [Mapping.Entry] {
        slots.map { slot in
            Mapping.Entry(
                key: slot.segment.text, keyRange: slot.segment.range, keyStyle: slot.segment.style,
                isComplex: false, start: slot.start, value: node(slot))
        }
    }

    /// The table as a node, with all that its subtables span.
    private func node(from start: Int) -> Node {
        let entries = entries()
        for entry in entries { cover(entry.start..<entry.end) }
        return Node(
            content: .mapping(Mapping(entries)), style: .block, range: range ?? start..<start,
            properties: nil)
    }

    private func node(_ slot: Slot) -> Node {
        switch slot.child {
        case .value(let node): return node
        case .table(let table): return table.node(from: slot.start)
        case .array(let tables):
            let items = tables.map { $0.node(from: slot.start) }
            let start = items.first?.range.lowerBound ?? slot.start
            let end = items.last?.range.upperBound ?? start
            return Node(
                content: .sequence(items), style: .block, range: start..<max(start, end),
                properties: nil)
        }
    }
}
