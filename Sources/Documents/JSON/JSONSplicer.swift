/// Turns edits of JSON front matter into splices.
struct JSONSplicer: FrontMatterSplicer {
    private let bytes: [UInt8]
    private let content: Range<Int>
    private let flow: FlowSplicer

    init(_ frontMatter: FrontMatter, _ block: FrontMatterBlock) {
        let document = frontMatter.document
        bytes = document.bytes
        content = block.content
        let ending = LineEnding(firstIn: bytes[block.content]) ?? document.lineEnding
        flow = FlowSplicer(
            geometry: LineGeometry(bytes: bytes, content: block.content), lineEnding: ending)
    }

    private func splice(_ range: Range<Int>, _ inserted: [UInt8]) -> Splice {
        Splice(replacing: range, of: bytes, with: inserted)
    }

    func replace(_ slot: Slot, with value: Value) throws(EditError) -> [Splice] {
        [splice(slot.node.range, try JSONWriter.inline(value))]
    }

    func add(
        _ member: Value.Member, to map: Node, at path: FieldPath
    ) throws(EditError) -> [Splice] {
        let value = try JSONWriter.inline(member.value)
        let new = JSONWriter.string(member.key) + colon(map) + value
        guard !map.range.isEmpty else {
            // Nothing between `---json` and its closing fence yet.
            let object = [ASCII.openBrace, ASCII.space] + new + [ASCII.space, ASCII.closeBrace]
            let end = content.upperBound
            return [splice(end..<end, object + flow.lineEnding.bytes)]
        }
        return flow.add(new, to: map.range, parts: map.parts, emptyIndent: emptyIndent(map))
    }

    func add(_ item: Value, to list: Node, at path: FieldPath) throws(EditError) -> [Splice] {
        flow.add(
            try JSONWriter.inline(item), to: list.range, parts: list.parts,
            emptyIndent: emptyIndent(list))
    }

    func remove(_ slot: Slot) throws(EditError) -> [Splice] {
        flow.remove(slot.index, from: slot.collection.range, parts: slot.collection.parts)
    }

    func rename(_ slot: Slot, to key: Text) throws(EditError) -> [Splice] {
        guard case .entry(let entry) = slot.place else { return [] }
        return [splice(entry.keyRange, JSONWriter.string(key))]
    }

    /// What stands between a key and its value: as the map's last entry has it.
    private func colon(_ map: Node) -> [UInt8] {
        guard let last = map.mapping?.entries.last else { return [ASCII.colon, ASCII.space] }
        let gap = bytes[last.keyRange.upperBound..<last.value.range.lowerBound]
        return gap.contains(where: \.isBreak) ? [ASCII.colon, ASCII.space] : Array(gap)
    }

    private func emptyIndent(_ collection: Node) -> [UInt8] {
        let close = collection.range.upperBound - 1
        let line = flow.geometry.lineStart(close)
        return bytes[line..<close].filter(\.isBlank) + [ASCII.space, ASCII.space]
    }
}
