/// Writes JSON values.
enum JSONWriter {
    /// A value in one line.
    static func inline(_ value: Value) throws(EditError) -> [UInt8] {
        switch value {
        case .scalar(let type, let text): return try scalar(type, text)
        case .list(let items):
            var bytes: [UInt8] = [ASCII.openBracket]
            for (index, item) in items.enumerated() {
                if index > 0 { bytes += [ASCII.comma, ASCII.space] }
                bytes += try inline(item)
            }
            return bytes + [ASCII.closeBracket]
        case .map(let members):
            var bytes: [UInt8] = [ASCII.openBrace]
            for (index, member) in members.enumerated() {
                if index > 0 { bytes += [ASCII.comma, ASCII.space] }
                bytes += string(member.key) + [ASCII.colon, ASCII.space]
                bytes += try inline(member.value)
            }
            return bytes + [ASCII.closeBrace]
        case .alias, .tagged:
            throw .invalidValue("\(value)", reason: "cannot be written as JSON")
        }
    }

    private static func scalar(_ type: ScalarType, _ text: Text) throws(EditError) -> [UInt8] {
        switch type {
        case .null: return Array("null".utf8)
        case .boolean: return text.bytes.map(\.lowercased)
        case .string, .date: return string(text)
        case .integer, .float:
            guard JSONNumber.type(of: text.bytes) != nil else {
                throw .invalidValue(text.string, reason: "cannot be written as a JSON number")
            }
            return text.bytes
        }
    }

    /// A string in quotes, with no more escapes than needed.
    static func string(_ text: Text) -> [UInt8] {
        var bytes: [UInt8] = [ASCII.doubleQuote]
        for byte in text.utf8 {
            switch byte {
            case ASCII.doubleQuote, ASCII.backslash: bytes += [ASCII.backslash, byte]
            case ASCII.newline: bytes += Array("\\n".utf8)
            case ASCII.carriageReturn: bytes += Array("\\r".utf8)
            case ASCII.tab: bytes += Array("\\t".utf8)
            case 0..<0x20:
                let hex = String(byte, radix: 16)
                bytes += Array(("\\u" + String(repeating: "0", count: 4 - hex.count) + hex).utf8)
            default: bytes.append(byte)
            }
        }
        return bytes + [ASCII.doubleQuote]
    }
}
