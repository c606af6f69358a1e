/// YAML 1.2's core schema (section 10.3.2), and what older readers make of the same text.
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

    /// Whether a reader of YAML 1.1 takes this plain text for something else than a string.
    ///
    /// Sources: the YAML 1.1 type repository (bool, int, float, merge, value) and what PyYAML
    /// and Ruby's Psych resolve. Only for text that the core schema takes for a string.
    static func isMistypedByOlderReaders(_ text: Text) -> Bool {
        guard text.utf8.count <= 128 else { return false }
        let bytes = text.bytes
        guard let first = bytes.first else { return true }
        if ["=", "<<"].contains(text.string) { return true }
        if ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(
            String(decoding: bytes.map(\.lowercased), as: UTF8.self))
        {
            return true
        }
        guard first.isDigit || first == ASCII.plus || first == ASCII.dash || first == ASCII.dot
        else { return false }
        // Sexagesimals (`12:30`), separators (`1_000`), binary and old octal numbers: anything
        // made of a number's characters alone. Quoting one too many does no harm.
        let numeric = bytes.allSatisfy {
            $0.isHexDigit || $0 == ASCII.colon || $0 == UInt8(ascii: "_") || $0 == ASCII.dot
                || $0 == ASCII.plus || $0 == ASCII.dash || $0 == ASCII.comma
                || $0 == UInt8(ascii: "x") || $0 == UInt8(ascii: "o")
        }
        return numeric && bytes.contains(where: \.isDigit)
    }

    private static func withoutSign(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.first == ASCII.plus || bytes.first == ASCII.dash ? bytes.dropFirst() : bytes[...]
    }
}
