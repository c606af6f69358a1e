/// The bytes of a key or an item: its own, and those of the comments that belong to it.
///
/// The comment lines directly above a key belong to it, down to a blank line, and so does the
/// comment in its last line. In block style the spans of a collection never overlap, and what
/// is between them are blank lines and comments that stand alone.
public struct OwnedSpan: Sendable, Hashable {
    /// The comment lines above, line endings included; empty when there are none.
    public let leadingComments: Range<Int>
    /// The key, quotes included; empty for an item.
    public let key: Range<Int>
    /// The value, anchor and tag included; empty when there is none.
    public let value: Range<Int>
    /// The comment after the value in its last line, from the `#`; empty when there is none.
    public let trailingComment: Range<Int>
    /// Everything, in whole lines; of an item or entry in brackets, or of one that begins in
    /// another's line (`- a: 1`), from its first byte.
    public let whole: Range<Int>
}

extension FrontMatter {
    /// The spans of a map's entries or a list's items, in order.
    ///
    /// A TOML table that is declared in several places has one span from its first to its last
    /// statement, in which other tables' statements may stand.
    public func ownedSpans(of collection: Node) -> [OwnedSpan] {
        guard let block else { return [] }
        let geometry = LineGeometry(bytes: document.bytes, content: block.content)
        let layout = YAMLLayout(geometry: geometry)
        switch collection.content {
        case .mapping(let mapping):
            return mapping.entries.indices.map { index in
                let entry = mapping.entries[index]
                let whole = whole(index, of: collection, layout) {
                    apart(layout.lines(index, of: collection, mapping.entries), index, mapping)
                }
                return span(whole, entry.start, entry.keyRange, entry.value, geometry)
            }
        case .sequence(let items):
            return items.indices.map { index in
                let whole = whole(index, of: collection, layout) {
                    layout.lines(index, of: collection, items: items)
                }
                let start = items[index].outerStart
                return span(whole, start, start..<start, items[index], geometry)
            }
        case .scalar, .alias: return []
        }
    }

    /// Lines without what belongs to the entries beside: YAML lets a carriage return alone end
    /// a line, which is none for anybody else.
    private func apart(_ lines: Range<Int>, _ index: Int, _ mapping: Mapping) -> Range<Int> {
        let entries = mapping.entries
        let start = index > 0 ? max(lines.lowerBound, entries[index - 1].end) : lines.lowerBound
        let end =
            index + 1 < entries.count
            ? min(lines.upperBound, entries[index + 1].start) : lines.upperBound
        return min(start, end)..<end
    }

    private func whole(
        _ index: Int, of collection: Node, _ layout: YAMLLayout, inYAML: () -> Range<Int>
    ) -> Range<Int> {
        guard collection.style == .block else { return collection.part(index) }
        guard block?.syntax == .toml else { return inYAML() }
        let geometry = layout.geometry
        let part = collection.part(index)
        let floor =
            index > 0
            ? geometry.nextLine(collection.part(index - 1).upperBound)
            : geometry.content.lowerBound
        let top = geometry.leadingComments(
            above: geometry.lineStart(part.lowerBound), floor: floor,
            column: geometry.column(part.lowerBound))
        return top..<geometry.nextLine(part.upperBound)
    }

    private func span(
        _ whole: Range<Int>, _ start: Int, _ key: Range<Int>, _ value: Node,
        _ geometry: LineGeometry
    ) -> OwnedSpan {
        let outer = value.outerStart..<value.outerEnd
        let line = max(whole.lowerBound, geometry.lineStart(start))
        let comment = geometry.trailingComment(max(outer.upperBound, key.upperBound))
        return OwnedSpan(
            leadingComments: whole.lowerBound..<max(whole.lowerBound, line), key: key,
            value: outer, trailingComment: comment ?? outer.upperBound..<outer.upperBound,
            whole: whole)
    }
}

extension Node {
    /// The bytes of one entry or item.
    fileprivate func part(_ index: Int) -> Range<Int> {
        switch content {
        case .sequence(let items): items[index].outerStart..<items[index].outerEnd
        case .mapping(let mapping): mapping.entries[index].start..<mapping.entries[index].end
        case .scalar, .alias: range
        }
    }
}
