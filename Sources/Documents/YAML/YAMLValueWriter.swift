/// Writes whole values, in brackets or on lines.
struct YAMLValueWriter {
    let style: YAMLStyle
    let scalars: YAMLScalarWriter

    init(_ style: YAMLStyle) {
        self.style = style
        scalars = YAMLScalarWriter(style: style)
    }

    /// A value in one line.
    func inline(
        _ value: Value, found: Node? = nil, inFlow: Bool
    ) throws(EditError) -> [UInt8] {
        switch value {
        case .scalar(.null, let text):
            // Nothing at all can stand for null only outside brackets.
            return text.isEmpty && inFlow ? Array("null".utf8) : text.bytes
        case .scalar(let type, let text):
            return try scalars.inline(type, text, found: found, inFlow: inFlow)
        case .list(let items):
            var bytes: [UInt8] = [ASCII.openBracket]
            for (index, item) in items.enumerated() {
                if index > 0 { bytes += [ASCII.comma, ASCII.space] }
                bytes += try inline(item, inFlow: true)
            }
            return bytes + [ASCII.closeBracket]
        case .map(let members):
            var bytes: [UInt8] = [ASCII.openBrace]
            for (index, member) in members.enumerated() {
                if index > 0 { bytes += [ASCII.comma, ASCII.space] }
                bytes += try key(member, inFlow: true) + [ASCII.colon, ASCII.space]
                bytes += try inline(member.value, inFlow: true)
            }
            return bytes + [ASCII.closeBrace]
        case .alias(let name): return [UInt8(ascii: "*")] + name.bytes
        case .tagged(let tag, _):
            throw .invalidValue(tag.string, reason: "is a tag, which is put in only as source")
        }
    }

    /// A map's or a list's lines, each with its indent; a scalar's only line.
    func lines(_ value: Value, indent: Int) throws(EditError) -> [[UInt8]] {
        let space = [UInt8](repeating: ASCII.space, count: indent)
        switch value {
        case .map(let members) where !members.isEmpty:
            var lines: [[UInt8]] = []
            for member in members { lines += try entry(member, indent: indent) }
            return lines
        case .list(let items) where !items.isEmpty:
            var lines: [[UInt8]] = []
            for item in items { lines += try self.item(item, indent: indent) }
            return lines
        default: return [space + (try inline(value, inFlow: false))]
        }
    }

    /// A key and its value, on lines; the first has the indent too.
    func entry(_ member: Value.Member, indent: Int) throws(EditError) -> [[UInt8]] {
        let space = [UInt8](repeating: ASCII.space, count: indent)
        let name = space + (try key(member, inFlow: false)) + [ASCII.colon]
        switch member.value {
        case .map(let members) where !members.isEmpty:
            return [name] + (try lines(member.value, indent: indent + style.mapIndent))
        case .list(let items) where !items.isEmpty && !style.flowLists:
            return [name] + (try lines(member.value, indent: indent + style.listIndent))
        case .scalar(.string, let text) where text.utf8.contains(ASCII.newline):
            if let block = scalars.block(
                text, folded: false, indent: indent + style.mapIndent, keepsBreaks: false)
            {
                return [name + [ASCII.space] + block.header] + block.lines
            }
        default: break
        }
        let value = try inline(member.value, inFlow: false)
        return [value.isEmpty ? name : name + [ASCII.space] + value]
    }

    /// A list's item, on lines; the first has the indent and the dash too.
    func item(
        _ value: Value, found: Node? = nil, indent: Int, gap: Int = 1
    ) throws(EditError) -> [[UInt8]] {
        let space = [UInt8](repeating: ASCII.space, count: indent)
        let dash = space + [ASCII.dash] + [UInt8](repeating: ASCII.space, count: gap)
        if case .map(let members) = value, !members.isEmpty {
            var lines = try self.lines(value, indent: indent + 1 + gap)
            lines[0] = dash + lines[0].dropFirst(indent + 1 + gap)
            return lines
        }
        let bytes = try inline(value, found: found, inFlow: false)
        return [bytes.isEmpty ? dash.dropLast(gap) : dash + bytes]
    }

    private func key(_ member: Value.Member, inFlow: Bool) throws(EditError) -> [UInt8] {
        guard !member.isComplex else {
            throw .invalidValue(member.key.string, reason: "is not a key that can be written")
        }
        return scalars.key(member.key, inFlow: inFlow)
    }
}
