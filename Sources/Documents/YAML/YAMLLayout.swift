/// Where YAML's entries and items begin and end, with the comments that belong to them.
struct YAMLLayout {
    let geometry: LineGeometry

    private var bytes: [UInt8] { geometry.bytes }

    /// The column of a block map's keys, or of a block list's dashes.
    func column(_ collection: Node) -> Int { geometry.column(collection.range.lowerBound) }

    /// Where a value could be put: after the `:` of an entry; `nil` when it has none.
    func afterColon(_ entry: Mapping.Entry) -> Int? {
        let start = entry.keyRange.upperBound
        return geometry.first(ASCII.colon, from: start, before: geometry.content.upperBound)
            .map { $0 + 1 }
    }

    /// The dash of a block list's item.
    func dash(_ index: Int, of list: Node, _ items: [Node]) -> Int {
        if index == 0 { return list.range.lowerBound }
        let column = column(list)
        let floor = items[index - 1].outerEnd
        var line = geometry.lineStart(items[index].outerStart)
        while line > floor {
            let offset = line + column
            if offset < geometry.content.upperBound, bytes[offset] == ASCII.dash,
                bytes[line..<offset].allSatisfy({ $0 == ASCII.space })
            {
                return offset
            }
            line = geometry.lineStart(line - 1)
        }
        return items[index].outerStart
    }

    /// The lines of a block entry or item: its own comment block above, its value, its
    /// trailing comment, and comments below that are indented more than it.
    ///
    /// - Parameters:
    ///   - start: where the entry's key or the item's dash stands.
    ///   - end: where its value ends.
    ///   - floor: where what is before it ends.
    /// - Returns: whole lines; from `start` when something else begins its line (`- a: 1`).
    func lines(start: Int, end: Int, floor: Int, column: Int) -> Range<Int> {
        let bottom = geometry.deeperComments(from: geometry.nextLine(end), column: column)
        guard geometry.isFirstInLine(start) else { return start..<bottom }
        let top = geometry.leadingComments(
            above: geometry.lineStart(start), floor: floor, column: column)
        return top..<bottom
    }

    /// The lines of a block map's entry.
    func lines(_ index: Int, of map: Node, _ entries: [Mapping.Entry]) -> Range<Int> {
        let entry = entries[index]
        let floor =
            index > 0
            ? geometry.nextLine(entries[index - 1].end) : floor(above: map)
        return lines(
            start: entry.start, end: max(entry.end, afterColon(entry) ?? 0), floor: floor,
            column: column(map))
    }

    /// The lines of a block list's item.
    func lines(_ index: Int, of list: Node, items: [Node]) -> Range<Int> {
        let start = dash(index, of: list, items)
        let floor =
            index > 0 ? geometry.nextLine(items[index - 1].outerEnd) : floor(above: list)
        return lines(
            start: start, end: max(items[index].outerEnd, start + 1), floor: floor,
            column: column(list))
    }

    /// Comments above a nested collection's first entry are its own down to the parent's line,
    /// which is never a comment; so only the content's start has to stop the search.
    private func floor(above collection: Node) -> Int {
        max(geometry.content.lowerBound, collection.properties?.range.upperBound ?? 0)
    }
}
