/// Which characters may stand where in YAML text.
enum YAMLCharacters {
    /// Whether a character may stand unescaped in one line of any style.
    ///
    /// Stricter than the specification where libyaml is (it ends lines at NEL, LS and PS), and
    /// for what cannot be seen.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
            0x10000...0x10FFFF:
            true
        default: false
        }
    }

    /// Whether text is only printable characters and, if allowed, tabs or newlines.
    static func isPrintable(_ text: Text, tabs: Bool, newlines: Bool) -> Bool {
        text.string.unicodeScalars.allSatisfy {
            isPrintable($0) || (tabs && $0 == "\t") || (newlines && $0 == "\n")
        }
    }

    /// Whether text can be a plain scalar in one line, whatever its type then.
    static func canBePlain(_ text: Text, inFlow: Bool, asKey: Bool = false) -> Bool {
        let bytes = text.bytes
        guard let first = bytes.first, let last = bytes.last, !first.isBlank, !last.isBlank,
            isPrintable(text, tabs: false, newlines: false)
        else { return false }
        switch first {
        case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "*"),
            UInt8(ascii: "!"), UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "'"),
            UInt8(ascii: "\""), UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
            return false
        case ASCII.dash, ASCII.question, ASCII.colon:
            guard bytes.count > 1, !bytes[1].isBlank, !inFlow || first == ASCII.dash else {
                return false
            }
            // A document marker, were it to stand at the start of a line.
            if bytes.starts(with: [ASCII.dash, ASCII.dash, ASCII.dash]) { return false }
        case ASCII.dot where bytes.starts(with: [ASCII.dot, ASCII.dot, ASCII.dot]): return false
        default: break
        }
        guard last != ASCII.colon else { return false }
        for (offset, byte) in bytes.enumerated() {
            if byte == ASCII.colon, bytes[offset + 1].isBlank { return false }
            if byte == ASCII.hash, bytes[offset - 1].isBlank { return false }
            guard inFlow else { continue }
            switch byte {
            case ASCII.comma, ASCII.openBracket, ASCII.closeBracket, ASCII.openBrace,
                ASCII.closeBrace, ASCII.question:
                return false
            case ASCII.colon where [ASCII.comma, ASCII.closeBracket].contains(bytes[offset + 1]):
                return false
            default: break
            }
        }
        return true
    }
}
