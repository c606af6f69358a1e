/// Reads JSON front matter (RFC 8259) into a tree, keeping every value's place.
struct JSONReader {
    private struct Failure: Error {
        let reason: ParseError.Reason
        let message: String
        let offset: Int
    }

    private let bytes: [UInt8]
    private let end: Int
    private var offset: Int
    private var depth = 0

    static func read(
        _ document: Document, _ block: FrontMatterBlock
    ) throws(ParseError) -> FrontMatter {
        let content = block.content
        if document.bytes[content].allSatisfy({ $0.isWhiteSpace }) {
            let empty = Node(
                content: .mapping(Mapping([])), style: .flow,
                range: content.lowerBound..<content.lowerBound, properties: nil)
            return FrontMatter(document, block, root: empty)
        }
        let root = try parse(document.bytes, content) { document.position(at: $0) }
        guard root.mapping != nil else {
            throw ParseError(
                .notAMap, "the front matter is not a JSON object",
                at: document.position(at: root.range.lowerBound))
        }
        return FrontMatter(document, block, root: root)
    }

    /// Parses one JSON value in a range of bytes, with white space around it.
    static func parse(
        _ bytes: [UInt8], _ content: Range<Int>, position: (Int) -> Position
    ) throws(ParseError) -> Node {
        if let invalid = UTF8Check.firstInvalid(in: bytes[content]) {
            throw ParseError(.encoding, "not valid UTF-8", at: position(invalid))
        }
        var reader = JSONReader(bytes, content)
        do {
            return try reader.document()
        } catch {
            throw ParseError(error.reason, error.message, at: position(error.offset))
        }
    }

    private init(_ bytes: [UInt8], _ content: Range<Int>) {
        self.bytes = bytes
        end = content.upperBound
        offset = content.lowerBound
    }

    private func fail(_ message: String) -> Failure {
        Failure(reason: .syntax, message: message, offset: offset)
    }

    private var next: UInt8? { offset < end ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte.isWhiteSpace { offset += 1 }
    }

    private mutating func document() throws(Failure) -> Node {
        skipSpace()
        let node = try value()
        skipSpace()
        guard offset == end else { throw fail("unexpected text after the JSON value") }
        return node
    }

    private mutating func value() throws(Failure) -> Node {
        guard let byte = next else { throw fail("a JSON value is missing") }
        switch byte {
        case ASCII.openBrace: return try object()
        case ASCII.openBracket: return try array()
        case ASCII.doubleQuote:
            let start = offset
            let text = try string()
            return node(.string, text, .doubleQuoted, start)
        default: return try bareValue()
        }
    }

    private func node(
        _ type: ScalarType, _ text: Text, _ style: Node.Style, _ start: Int
    ) -> Node {
        Node(
            content: .scalar(.init(type: type, text: text)), style: style, range: start..<offset,
            properties: nil)
    }

    private mutating func enter() throws(Failure) {
        guard depth < FrontMatter.depthLimit else {
            throw Failure(
                reason: .tooDeep,
                message: "values are nested deeper than \(FrontMatter.depthLimit)", offset: offset)
        }
        depth += 1
        offset += 1
        skipSpace()
    }

    private mutating func object() throws(Failure) -> Node {
        let start = offset
        try enter()
        var entries: [Mapping.Entry] = []
        while next != ASCII.closeBrace {
            let keyStart = offset
            guard next == ASCII.doubleQuote else { throw fail("expected a key in quotes") }
            let key = try string()
            let keyRange = keyStart..<offset
            skipSpace()
            guard next == ASCII.colon else { throw fail("expected ':' after a key") }
            offset += 1
            skipSpace()
            let value = try value()
            entries.append(
                Mapping.Entry(
                    key: key, keyRange: keyRange, keyStyle: .doubleQuoted, isComplex: false,
                    start: keyStart, value: value))
            guard try separator(ASCII.closeBrace) else { break }
        }
        offset += 1
        depth -= 1
        return Node(
            content: .mapping(Mapping(entries)), style: .flow, range: start..<offset,
            properties: nil)
    }

    private mutating func array() throws(Failure) -> Node {
        let start = offset
        try enter()
        var items: [Node] = []
        while next != ASCII.closeBracket {
            items.append(try value())
            guard try separator(ASCII.closeBracket) else { break }
        }
        offset += 1
        depth -= 1
        return Node(
            content: .sequence(items), style: .flow, range: start..<offset, properties: nil)
    }

    /// Passes the comma after an item; false when the collection closes instead.
    private mutating func separator(_ close: UInt8) throws(Failure) -> Bool {
        skipSpace()
        if next == close { return false }
        guard next == ASCII.comma else {
            throw fail("expected ',' or '\(Character(Unicode.Scalar(close)))'")
        }
        offset += 1
        skipSpace()
        if next == close { throw fail("JSON allows no comma after the last item") }
        return true
    }

    private mutating func bareValue() throws(Failure) -> Node {
        let start = offset
        while let byte = next,
            byte.isLetter || byte.isDigit || byte == ASCII.plus
                || byte == ASCII.dash || byte == ASCII.dot
        { offset += 1 }
        let word = Array(bytes[start..<offset])
        let text = Text(utf8: word)
        switch text {
        case "null": return node(.null, text, .plain, start)
        case "true", "false": return node(.boolean, text, .plain, start)
        default: break
        }
        guard let type = JSONNumber.type(of: word) else {
            offset = start
            throw fail("not a JSON value")
        }
        return node(type, text, .plain, start)
    }

    private mutating func string() throws(Failure) -> Text {
        offset += 1
        var run = offset
        var text: [UInt8] = []
        while let byte = next {
            if byte == ASCII.doubleQuote {
                defer { offset += 1 }
                if text.isEmpty { return Text(utf8: bytes[run..<offset]) }
                text += bytes[run..<offset]
                return Text(utf8: text)
            }
            guard byte >= 0x20 else { throw fail("a control character in a JSON string") }
            guard byte == ASCII.backslash else {
                offset += 1
                continue
            }
            text += bytes[run..<offset]
            try escape(into: &text)
            run = offset
        }
        throw fail("a JSON string is never closed")
    }

    private mutating func escape(into text: inout [UInt8]) throws(Failure) {
        offset += 1
        guard let byte = next else { throw fail("a JSON string is never closed") }
        offset += 1
        switch byte {
        case ASCII.doubleQuote, ASCII.backslash, UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(ASCII.newline)
        case UInt8(ascii: "r"): text.append(ASCII.carriageReturn)
        case UInt8(ascii: "t"): text.append(ASCII.tab)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                guard offset + 1 < end, bytes[offset] == ASCII.backslash,
                    bytes[offset + 1] == UInt8(ascii: "u")
                else { throw fail("half of a surrogate pair") }
                offset += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else {
                    throw fail("half of a surrogate pair")
                }
                code = 0x10000 + (code - 0xD800) * 0x400 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fail("half of a surrogate pair") }
            text += Array(String(Character(scalar)).utf8)
        default: throw fail("not an escape sequence of JSON")
        }
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        guard offset + 4 <= end, bytes[offset..<(offset + 4)].allSatisfy(\.isHexDigit),
            let code = UInt32(
                String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self), radix: 16)
        else { throw fail("expected four hexadecimal digits") }
        offset += 4
        return code
    }
}
