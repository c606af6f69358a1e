/// Puts a key's own text into a map: where it stood, or at the end of another one.
struct EntryPlacer {
    let frontMatter: FrontMatter
    let block: FrontMatterBlock

    var bytes: [UInt8] { frontMatter.document.bytes }
    var geometry: LineGeometry { LineGeometry(bytes: bytes, content: block.content) }

    /// The insertion of whole lines, or `nil` where the map or the text does not stand on lines
    /// of its own.
    ///
    /// - Parameters:
    ///   - missing: the keys between the map and the new one, of maps that are not there yet.
    ///   - returns: whether it goes back between its neighbours rather than to the end.
    func lines(
        _ entry: EntrySource, as key: Text, below missing: [Text], in map: Node, returns: Bool
    ) -> Splice? {
        guard entry.isLines, entry.syntax == block.syntax.rawValue, map.style == .block else {
            return nil
        }
        switch block.syntax {
        case .json: return nil
        case .toml:
            // A statement's meaning hangs on the header above it: only back to its own place.
            guard returns, missing.isEmpty, let offset = place(of: entry, in: map) else {
                return nil
            }
            return Splice(offset: offset, removed: [], inserted: entry.bytes)
        case .yaml: break
        }
        let entries = map.mapping?.entries ?? []
        let style = YAMLStyle(frontMatter)
        let scalars = YAMLScalarWriter(style: style)
        var column = entries.isEmpty ? 0 : geometry.column(map.range.lowerBound)
        let end =
            entries.isEmpty
            ? block.content.upperBound
            : frontMatter.ownedSpans(of: map).last?.whole.upperBound ?? block.content.upperBound
        let offset = returns ? place(of: entry, in: map) ?? end : end
        // The first entry of a list's item shares the line of its dash.
        guard entries.isEmpty || geometry.isFirstInLine(offset) else { return nil }
        let ending = geometry.lineEnding(before: offset) ?? style.lineEnding
        var inserted: [UInt8] = []
        for name in missing {
            inserted += [UInt8](repeating: ASCII.space, count: column)
            inserted += scalars.key(name, inFlow: false) + [ASCII.colon] + ending.bytes
            column += style.mapIndent
        }
        guard let lines = text(of: entry, as: key, at: column, style) else { return nil }
        let blanks = returns ? Array((entry.blanks ?? "").utf8) : []
        return Splice(offset: offset, removed: [], inserted: inserted + lines + blanks)
    }

    /// The lines below a key whose map is `{}` in its line: the braces go.
    func linesBelow(_ slot: Slot, _ entry: EntrySource, as key: Text) -> [Splice]? {
        let node = slot.node
        guard entry.isLines, block.syntax == .yaml, entry.syntax == block.syntax.rawValue,
            node.style == .flow, node.mapping?.entries.isEmpty ?? false, node.properties == nil,
            case .entry(let parent) = slot.place, slot.collection.style == .block,
            let colon = YAMLLayout(geometry: geometry).afterColon(parent),
            geometry.endsLine(node.range.upperBound)
        else { return nil }
        let style = YAMLStyle(frontMatter)
        let outer = geometry.column(parent.start)
        let column = entry.column > outer ? entry.column : outer + style.mapIndent
        guard let lines = text(of: entry, as: key, at: column, style) else { return nil }
        let next = geometry.nextLine(node.range.upperBound)
        return [
            Splice(replacing: colon..<node.range.upperBound, of: bytes, with: []),
            Splice(offset: next, removed: [], inserted: lines),
        ]
    }

    /// Where the text stood, by the neighbours that are still there.
    private func place(of entry: EntrySource, in map: Node) -> Int? {
        guard let mapping = map.mapping else { return nil }
        let spans = frontMatter.ownedSpans(of: map)
        let before = entry.previous.flatMap { mapping.position(of: Text($0)) }
        let after = entry.next.flatMap { mapping.position(of: Text($0)) }
        if let before {
            let start = spans[before].whole.upperBound
            // Behind the last key there may be blank lines that were above this one: below them
            // they are no part of its text, as they would be of a block scalar's with `+`.
            let limit =
                before + 1 < spans.count
                ? spans[before + 1].whole.lowerBound : geometry.endOfGap(from: start)
            guard entry.gapAfter > 0 || after != before + 1 else { return limit }
            return lineStart(entry.gapBefore, below: start, upTo: limit)
        }
        if let after {
            let limit = spans[after].whole.lowerBound
            let floor = after > 0 ? spans[after - 1].whole.upperBound : block.content.lowerBound
            let offset = max(limit - entry.gapAfter, floor)
            return offset == floor || bytes[offset - 1] == ASCII.newline ? offset : limit
        }
        if let first = spans.first { return first.whole.lowerBound }
        // The only key: of all, or below a table's header.
        let isRoot = map.range == frontMatter.root.range
        let start =
            isRoot ? block.content.lowerBound : geometry.nextLine(map.range.upperBound)
        return lineStart(entry.gapBefore, below: start, upTo: geometry.endOfGap(from: start))
    }

    /// The start of the line so many bytes below another; that one where no line starts there.
    private func lineStart(_ gap: Int, below start: Int, upTo limit: Int) -> Int {
        let offset = min(start + gap, limit)
        return offset == start || bytes[offset - 1] == ASCII.newline ? offset : start
    }

    /// The lines of an entry under a key at a column.
    func text(
        of entry: EntrySource, as key: Text, at column: Int, _ style: YAMLStyle
    ) -> [UInt8]? {
        var text = entry.bytes
        if entry.key != key.string {
            let name = YAMLScalarWriter(style: style).key(key, inFlow: false)
            text.replaceSubrange(entry.keyRange, with: name)
        }
        if !entry.startsLine {
            text = [UInt8](repeating: ASCII.space, count: entry.column) + text
        }
        return EntryPlacer.indented(text, by: column - entry.column)
    }

    /// Lines moved right or left; `nil` where one has too little white space before it.
    static func indented(_ text: [UInt8], by shift: Int) -> [UInt8]? {
        if shift == 0 { return text }
        var result: [UInt8] = []
        for line in TextLines.split(text[...]) {
            if line.allSatisfy(\.isWhiteSpace) {
                result += line
            } else if shift > 0 {
                result += [UInt8](repeating: ASCII.space, count: shift) + line
            } else {
                let blanks = line.prefix(while: { $0 == ASCII.space }).count
                let isComment = line.dropFirst(blanks).first == ASCII.hash
                guard blanks >= -shift || isComment else { return nil }
                result += line.dropFirst(min(blanks, -shift))
            }
        }
        return result
    }
}

extension EntrySource {
    /// The key's bytes in the text.
    var keyRange: Range<Int> { keyOffset..<(keyOffset + keyCount) }
    /// Whether there is only white space before the key in its line.
    var startsLine: Bool { keyOffset - leading.count == column }
}
