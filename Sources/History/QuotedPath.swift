/// Paths on one line: as they are, or in quotes with C's escapes, as Git quotes them.
public enum QuotedPath {
    /// `path`, quoted where it holds control characters, quotes or backslashes, or starts or
    /// ends with a space.
    public static func quote(_ path: String) -> String {
        let isPlain = path.unicodeScalars.allSatisfy {
            $0.value >= 32 && $0.value != 127 && $0 != "\"" && $0 != "\\"
        }
        if isPlain && path.utf8.first != UInt8(ascii: " ") && path.utf8.last != UInt8(ascii: " ") {
            return path
        }
        var quoted = "\""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "\""): quoted += "\\\""
            case UInt8(ascii: "\\"): quoted += "\\\\"
            case UInt8(ascii: "\n"): quoted += "\\n"
            case UInt8(ascii: "\t"): quoted += "\\t"
            case 32..<127: quoted.unicodeScalars.append(UnicodeScalar(byte))
            default:
                quoted += "\\"
                for shift in [6, 3, 0] { quoted += String(byte >> UInt8(shift) & 7) }
            }
        }
        return quoted + "\""
    }

    /// What `quote` made `text` from; nil where it cannot have.
    public static func unquote(_ text: String) -> String? {
        let mark = UInt8(ascii: "\"")
        guard text.utf8.first == mark else { return text.isEmpty ? nil : text }
        guard text.utf8.count >= 2, text.utf8.last == mark else { return nil }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8.dropFirst().dropLast())[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            guard let next = rest.popFirst() else { return nil }
            switch next {
            case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(next)
            case UInt8(ascii: "0")...UInt8(ascii: "3"):
                guard rest.count >= 2,
                    let value = UInt8(
                        String(decoding: [next] + rest.prefix(2), as: UTF8.self), radix: 8)
                else { return nil }
                rest = rest.dropFirst(2)
                bytes.append(value)
            default: return nil
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
