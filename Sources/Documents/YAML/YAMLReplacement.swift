/// Putting a value in the place of another.
extension YAMLSplicer {
    func replace(_ slot: Slot, with value: Value) throws(EditError) -> [Splice] {
        let node = slot.node
        let inFlow = slot.collection.style == .flow
        guard !inFlow else { return try replaceInFlow(slot, value) }
        guard let start = indicatorEnd(slot) else {
            throw .unsupported(
                slot.path, reason: "a key without ':' can be given no value",
                at: frontMatter.position(at: slot.node.outerStart))
        }
        let isBelow = node.outerStart > start && geometry.hasBreak(start..<node.outerStart)
        let new = try rendering(of: value, slot, isBelow: isBelow)
        switch new {
        case .inline(let bytes):
            if node.style == .block, isBelow { return foldUp(slot, start, bytes) }
            return [inlineSplice(node, start, bytes)]
        case .block(let header, let lines):
            let body = lines.flatMap { writer.style.lineEnding.bytes + $0 }
            let end = geometry.lineEnd(node.outerEnd)
            if node.style == .block {
                // In a line that its parent began, the first line's place is there already.
                guard isBelow else {
                    let first =
                        header.isEmpty
                        ? body.dropFirst(writer.style.lineEnding.bytes.count) : body[...]
                    return [splice(node.outerStart..<node.outerEnd, header + first)]
                }
                // One list or map for another: from below the key's line to the last line.
                let from = geometry.lineEnd(start)
                let to = endOfBlock(slot)
                return [splice(from..<to, body)]
            }
            let gap: [UInt8] = header.isEmpty ? [] : [ASCII.space] + header
            let from = node.range.isEmpty && node.properties == nil ? start : node.outerEnd
            return [splice(start..<from, gap)] + [splice(end..<end, body)]
        }
    }

    /// A value as bytes for the key's line, or for that and lines below it.
    private enum Rendering {
        case inline([UInt8])
        case block(header: [UInt8], lines: [[UInt8]])
    }

    private func indicatorEnd(_ slot: Slot) -> Int? {
        switch slot.place {
        case .entry(let entry): layout.afterColon(entry)
        case .item:
            slot.collection.items.map { layout.dash(slot.index, of: slot.collection, $0) + 1 }
        }
    }

    private func parentColumn(_ slot: Slot) -> Int { layout.column(slot.collection) }

    private func rendering(
        of value: Value, _ slot: Slot, isBelow: Bool
    ) throws(EditError) -> Rendering {
        let node = slot.node
        switch value {
        case .scalar(.string, let text):
            guard let block = blockScalar(text, slot, isBelow: isBelow) else { break }
            return block
        case .list(let items) where !items.isEmpty:
            if node.style == .flow || (writer.style.flowLists && node.style != .block) { break }
            if case .item = slot.place, node.style != .block { break }
            let indent =
                node.style == .block && (node.items != nil || !isBelow)
                ? layout.column(node) : parentColumn(slot) + listIndent(slot)
            return .block(header: [], lines: try lines(value, indent, isBelow, node))
        case .map(let members) where !members.isEmpty:
            if node.style == .flow { break }
            if case .item = slot.place, node.style != .block {
                let column = parentColumn(slot) + 2
                var lines = try writer.lines(value, indent: column)
                let first = Array(lines.removeFirst().dropFirst(column))
                return .block(header: first, lines: lines)
            }
            let indent =
                node.style == .block && (node.mapping != nil || !isBelow)
                ? layout.column(node) : parentColumn(slot) + writer.style.mapIndent
            return .block(header: [], lines: try lines(value, indent, isBelow, node))
        default: break
        }
        return .inline(try writer.inline(value, found: node, inFlow: false))
    }

    private func lines(
        _ value: Value, _ indent: Int, _ isBelow: Bool, _ node: Node
    ) throws(EditError) -> [[UInt8]] {
        var lines = try writer.lines(value, indent: indent)
        // In a line that its parent began, the indent is there already.
        if node.style == .block, !isBelow { lines[0] = Array(lines[0].dropFirst(indent)) }
        return lines
    }

    private func listIndent(_ slot: Slot) -> Int {
        if case .item = slot.place { return 2 }
        return writer.style.listIndent
    }

    /// A literal or folded scalar, where one stood or where the text has several lines.
    private func blockScalar(_ text: Text, _ slot: Slot, isBelow: Bool) -> Rendering? {
        let node = slot.node
        let isBlock = node.style == .literal || node.style == .folded
        let isNew = node.style == .plain && text.utf8.contains(ASCII.newline)
        guard isBlock || (isNew && !isBelow) else { return nil }
        var indent = parentColumn(slot) + writer.style.mapIndent
        var keepsBreaks = false
        var comment: [UInt8] = []
        if isBlock {
            let header = node.range.lowerBound..<geometry.lineEnd(node.range.lowerBound)
            keepsBreaks = geometry.bytes[header].prefix { !$0.isWhiteSpace }.contains(ASCII.plus)
            indent = contentIndent(node) ?? indent
            let mark = geometry.bytes[header].firstIndex { $0.isBlank } ?? header.upperBound
            comment = Array(geometry.bytes[mark..<header.upperBound])
        }
        guard
            let block = writer.scalars.block(
                text, folded: node.style == .folded, indent: indent, keepsBreaks: keepsBreaks)
        else { return nil }
        if isBlock {
            // In place, with the header's comment; the lines replace the old lines.
            let body = block.lines.flatMap { writer.style.lineEnding.bytes + $0 }
            return .inline(block.header + comment + body)
        }
        return .block(header: block.header, lines: block.lines)
    }

    private func contentIndent(_ node: Node) -> Int? {
        var line = geometry.nextLine(node.range.lowerBound)
        while line < node.range.upperBound {
            let text = geometry.skipBlanks(line)
            if text < node.range.upperBound, !geometry.bytes[text].isBreak { return text - line }
            line = geometry.nextLine(line)
        }
        return nil
    }

    private func inlineSplice(_ node: Node, _ start: Int, _ bytes: [UInt8]) -> Splice {
        if node.range.isEmpty, node.properties == nil {
            return splice(start..<start, bytes.isEmpty ? [] : [ASCII.space] + bytes)
        }
        // Nothing at all: the space after the indicator goes too.
        if bytes.isEmpty { return splice(start..<node.outerEnd, []) }
        let isBlockScalar = node.style == .literal || node.style == .folded
        guard isBlockScalar, !bytes.contains(ASCII.newline) else {
            return splice(node.outerStart..<node.outerEnd, bytes)
        }
        let header = geometry.bytes[
            node.range.lowerBound..<geometry.lineEnd(node.range.lowerBound)]
        let comment = header.firstIndex { $0.isBlank }.map { Array(header[$0...]) } ?? []
        return splice(node.outerStart..<node.outerEnd, bytes + comment)
    }

    /// Replaces the lines of a list or map by a value in the key's line.
    private func foldUp(_ slot: Slot, _ start: Int, _ bytes: [UInt8]) -> [Splice] {
        let end = geometry.lineEnd(start)
        let anchored = slot.node.properties.map { start..<$0.range.upperBound } ?? start..<start
        return [
            splice(anchored, bytes.isEmpty ? [] : [ASCII.space] + bytes),
            splice(end..<endOfBlock(slot), []),
        ]
    }

    /// The end of a block value's last line, its line ending not included, with the comments
    /// below that are indented like it.
    private func endOfBlock(_ slot: Slot) -> Int {
        let next = geometry.deeperComments(
            from: geometry.nextLine(slot.node.outerEnd), column: parentColumn(slot))
        return geometry.lineEnd(geometry.lineStart(max(next - 1, slot.node.outerEnd)))
    }

    private func replaceInFlow(_ slot: Slot, _ value: Value) throws(EditError) -> [Splice] {
        let node = slot.node
        let bytes = try writer.inline(value, found: node, inFlow: true)
        guard node.range.isEmpty, node.properties == nil else {
            return [splice(node.outerStart..<node.outerEnd, bytes)]
        }
        guard case .entry(let entry) = slot.place else {
            return [splice(node.range, bytes)]
        }
        let key = entry.keyRange.upperBound
        if let colon = layout.afterColon(entry), colon <= max(node.range.upperBound, key + 1) {
            return [splice(colon..<colon, [ASCII.space] + bytes)]
        }
        return [splice(key..<key, [ASCII.colon, ASCII.space] + bytes)]
    }
}
