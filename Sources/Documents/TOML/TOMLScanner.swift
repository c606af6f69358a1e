/// Splits TOML that toml++ has accepted into statements, values and their places.
///
/// toml++ knows types, texts and places of values, but no order, no comments and no dotted
/// keys; this scanner adds them. Both must agree on where every value stands.
struct TOMLScanner {
    struct Failure: Error {
        let reason: ParseError.Reason
        let message: String
        let offset: Int
    }

    private let bytes: [UInt8]
    private let end: Int
    private var offset: Int
    private var depth = 0
    private var values: ArraySlice<TOMLValues.Found>

    init(_ bytes: [UInt8], _ content: Range<Int>, values: [TOMLValues.Found]) {
        self.bytes = bytes
        offset = content.lowerBound
        end = content.upperBound
        self.values = values[...]
    }

    mutating func scan() throws(Failure) -> TOMLLayout {
        var statements: [TOMLLayout.Statement] = []
        var header: Int?
        while true {
            skip(newlines: true)
            guard let byte = next else { break }
            let start = offset
            if byte == ASCII.openBracket {
                let isArray = offset + 1 < end && bytes[offset + 1] == ASCII.openBracket
                offset += isArray ? 2 : 1
                let segments = try key()
                offset += isArray ? 2 : 1
                header = statements.count
                statements.append(
                    .init(
                        kind: isArray ? .arrayTable : .table, segments: segments, header: nil,
                        range: start..<min(offset, end), value: nil))
            } else {
                let segments = try key()
                guard next == ASCII.equals else { throw disagreement() }
                offset += 1
                skip(newlines: false)
                let value = try value()
                statements.append(
                    .init(
                        kind: .pair, segments: segments, header: header,
                        range: start..<value.range.upperBound, value: value))
            }
        }
        guard values.isEmpty else { throw disagreement() }
        return TOMLLayout(statements: statements)
    }

    private var next: UInt8? { offset < end ? bytes[offset] : nil }

    private func disagreement() -> Failure {
        Failure(
            reason: .syntax, message: "toml++ and docvc read this TOML differently",
            offset: min(offset, end))
    }

    /// Passes white space and comments.
    private mutating func skip(newlines: Bool) {
        while let byte = next {
            if byte.isBlank || (newlines && byte.isBreak) {
                offset += 1
            } else if newlines, byte == ASCII.hash {
                while let byte = next, byte != ASCII.newline {
                    _ = byte
                    offset += 1
                }
            } else {
                return
            }
        }
    }

    /// A key with its dots; stops at what follows it and its white space.
    private mutating func key() throws(Failure) -> [TOMLLayout.Segment] {
        var segments: [TOMLLayout.Segment] = []
        while true {
            skip(newlines: false)
            let start = offset
            guard let byte = next else { throw disagreement() }
            if byte == ASCII.doubleQuote || byte == ASCII.singleQuote {
                let text = try quotedKey(byte)
                segments.append(
                    .init(
                        text: text, range: start..<offset,
                        style: byte == ASCII.doubleQuote ? .doubleQuoted : .singleQuoted))
            } else {
                while let byte = next, TOMLKey.isBare(byte) { offset += 1 }
                guard offset > start else { throw disagreement() }
                segments.append(
                    .init(
                        text: Text(utf8: bytes[start..<offset]), range: start..<offset,
                        style: .plain))
            }
            guard segments.count <= FrontMatter.depthLimit else {
                throw Failure(reason: .tooDeep, message: "a key has too many parts", offset: start)
            }
            skip(newlines: false)
            guard next == ASCII.dot else { return segments }
            offset += 1
        }
    }

    private mutating func quotedKey(_ quote: UInt8) throws(Failure) -> Text {
        offset += 1
        let start = offset
        while let byte = next, byte != quote {
            offset += byte == ASCII.backslash && quote == ASCII.doubleQuote ? 2 : 1
        }
        guard offset < end else { throw disagreement() }
        defer { offset += 1 }
        let raw = bytes[start..<offset]
        return quote == ASCII.doubleQuote ? TOMLKey.unescape(raw) : Text(utf8: raw)
    }

    private mutating func value() throws(Failure) -> Node {
        guard let found = values.popFirst(), found.start == offset else {
            throw disagreement()
        }
        guard let type = found.type else {
            depth += 1
            defer { depth -= 1 }
            guard depth <= FrontMatter.depthLimit else {
                throw Failure(
                    reason: .tooDeep,
                    message: "values are nested deeper than \(FrontMatter.depthLimit)",
                    offset: offset)
            }
            return next == ASCII.openBracket ? try array() : try inlineTable()
        }
        let start = offset
        let style = try scalarEnd(type)
        let text = found.text ?? Text(utf8: bytes[start..<offset])
        return Node(
            content: .scalar(.init(type: type, text: text)), style: style, range: start..<offset,
            properties: nil)
    }

    /// Passes a scalar and says how it is written.
    private mutating func scalarEnd(_ type: ScalarType) throws(Failure) -> Node.Style {
        guard type == .string, let quote = next else {
            let start = offset
            while let byte = next, !byte.isBreak, byte != ASCII.comma, byte != ASCII.hash,
                byte != ASCII.closeBracket, byte != ASCII.closeBrace
            { offset += 1 }
            while offset > start, bytes[offset - 1].isBlank { offset -= 1 }
            return .plain
        }
        let escapes = quote == ASCII.doubleQuote
        let isMultiline =
            offset + 2 < end && bytes[offset + 1] == quote && bytes[offset + 2] == quote
        offset += isMultiline ? 3 : 1
        while let byte = next {
            if byte == ASCII.backslash, escapes {
                offset += 2
            } else if byte != quote {
                offset += 1
            } else if !isMultiline {
                offset += 1
                return escapes ? .doubleQuoted : .singleQuoted
            } else {
                let run = bytes[offset..<end].prefix { $0 == quote }.count
                offset += run
                if run >= 3 { return .literal }
            }
        }
        throw disagreement()
    }

    private mutating func array() throws(Failure) -> Node {
        let start = offset
        offset += 1
        var items: [Node] = []
        while true {
            skip(newlines: true)
            if next == ASCII.closeBracket { break }
            if next == ASCII.comma {
                offset += 1
                continue
            }
            items.append(try value())
        }
        offset += 1
        return Node(
            content: .sequence(items), style: .flow, range: start..<offset, properties: nil)
    }

    private mutating func inlineTable() throws(Failure) -> Node {
        let start = offset
        offset += 1
        let table = TOMLTable()
        while true {
            skip(newlines: true)
            if next == ASCII.closeBrace { break }
            if next == ASCII.comma {
                offset += 1
                continue
            }
            let segments = try key()
            guard next == ASCII.equals else { throw disagreement() }
            offset += 1
            skip(newlines: false)
            let value = try value()
            guard let first = segments.first else { throw disagreement() }
            table.set(segments[...], value, from: first.range.lowerBound)
        }
        offset += 1
        return Node(
            content: .mapping(Mapping(table.entries())), style: .flow, range: start..<offset,
            properties: nil)
    }
}
