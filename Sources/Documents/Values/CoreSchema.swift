/// YAML 1.2's core schema (section 10.3.2).
enum CoreSchema {
    /// The type of a plain scalar.
    static func type(of text: Text) -> ScalarType {
        // Long text is never anything else; this also bounds the work on a huge scalar.
        guard text.utf8.count <= 128 else { return .string }
        let bytes = text.bytes
        guard let first = bytes.first else { return .null }
        switch first {
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"):
            return ["~", "null", "Null", "NULL"].contains(text.string) ? .null : .string
        case UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"):
            return isBoolean(text) ? .boolean : .string
        case UInt8(ascii: "0")...UInt8(ascii: "9"), ASCII.plus, ASCII.dash, ASCII.dot:
            if isInteger(bytes) { return .integer }
            if isFloat(bytes) { return .float }
            return DateText.isDate(bytes) ? .date : .string
        default:
            return .string
        }
    }

    static func isBoolean(_ text: Text) -> Bool {
        ["true", "True", "TRUE", "false", "False", "FALSE"].contains(text.string)
    }

    /// `[-+]?[0-9]+`, `0o[0-7]+` or `0x[0-9a-fA-F]+`.
    static func isInteger(_ bytes: [UInt8]) -> Bool {
        if bytes.count > 2, bytes[0] == UInt8(ascii: "0") {
            let digits = bytes[2...]
            if bytes[1] == UInt8(ascii: "x") { return digits.allSatisfy(\.isHexDigit) }
            if bytes[1] == UInt8(ascii: "o") {
                return digits.allSatisfy { $0.isDigit && $0 < UInt8(ascii: "8") }
            }
        }
        let digits = withoutSign(bytes)
        return !digits.isEmpty && digits.allSatisfy(\.isDigit)
    }

    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, `.inf` or `.nan`.
    static func isFloat(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        if [".nan", ".NaN", ".NAN"].contains(text) { return true }
        let unsigned = withoutSign(bytes)
        if [".inf", ".Inf", ".INF"].contains(String(decoding: unsigned, as: UTF8.self)) {
            return true
        }
        var rest = unsigned
        let whole = rest.prefix(while: \.isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction = 0
        if rest.first == ASCII.dot {
            rest = rest.dropFirst()
            fraction = rest.prefix(while: \.isDigit).count
            rest = rest.dropFirst(fraction)
        }
        guard whole.count + fraction > 0 else { return false }
        guard let mark = rest.first else { return true }
        guard mark.lowercased == UInt8(ascii: "e") else { return false }
        rest = rest.dropFirst()
        if rest.first == ASCII.plus || rest.first == ASCII.dash { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(\.isDigit)
    }

    private static func withoutSign(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.first == ASCII.plus || bytes.first == ASCII.dash ? bytes.dropFirst() : bytes[...]
    }
}
