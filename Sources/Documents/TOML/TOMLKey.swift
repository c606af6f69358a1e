/// TOML's keys.
enum TOMLKey {
    /// Whether a byte may stand in a key without quotes.
    static func isBare(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || byte == ASCII.dash || byte == UInt8(ascii: "_")
    }

    /// The text of a basic string's content.
    static func unescape(_ raw: ArraySlice<UInt8>) -> Text {
        guard raw.contains(ASCII.backslash) else { return Text(utf8: raw) }
        var text: [UInt8] = []
        var rest = raw
        while let byte = rest.popFirst() {
            guard byte == ASCII.backslash, let mark = rest.popFirst() else {
                text.append(byte)
                continue
            }
            switch mark {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "t"): text.append(ASCII.tab)
            case UInt8(ascii: "n"): text.append(ASCII.newline)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "r"): text.append(ASCII.carriageReturn)
            case UInt8(ascii: "u"), UInt8(ascii: "U"):
                let digits = rest.prefix(mark == UInt8(ascii: "u") ? 4 : 8)
                rest = rest.dropFirst(digits.count)
                let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
                let scalar = code.flatMap { Unicode.Scalar($0) } ?? "\u{FFFD}"
                text += Array(String(Character(scalar)).utf8)
            default: text.append(mark)
            }
        }
        return Text(utf8: text)
    }
}
