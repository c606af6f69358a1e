/// What readers of YAML 1.1 make of plain text that the core schema takes for a string.
///
/// Sources: the patterns of PyYAML's resolver, Ruby's `Psych::ScalarScanner` and go-yaml 2, which
/// all differ a little from the YAML 1.1 type repository; text that any of them takes for
/// something else counts.
enum OlderYAML {
    /// Whether a reader of YAML 1.1 takes this text for something else than a string.
    static func mistypes(_ text: Text) -> Bool {
        guard text.utf8.count <= 128 else { return false }
        let bytes = text.bytes
        guard let first = bytes.first else { return true }
        switch text.string.lowercased() {
        case "=", "<<", "y", "n", "yes", "no", "on", "off", "true", "false", "null": return true
        default: break
        }
        // A symbol of Ruby's: `:draft`.
        if first == ASCII.colon, bytes.count > 1 { return true }
        let isSigned = first == ASCII.plus || first == ASCII.dash
        // Separators within numbers: `1_000`, and in Ruby `1,000`.
        let number = bytes.dropFirst(isSigned ? 1 : 0).filter {
            $0 != UInt8(ascii: "_") && $0 != ASCII.comma
        }
        guard let lead = number.first, lead.isDigit || lead == ASCII.dot else { return false }
        return CoreSchema.isInteger(number) || CoreSchema.isFloat(number)
            || isBased(number) || isSexagesimal(number) || looksLikeDate(bytes)
    }

    /// `0b101`, and `0x1F` with a sign or separators. PyYAML fails on `0b_` and `0x_`, which it
    /// takes for numbers without digits.
    private static func isBased(_ number: [UInt8]) -> Bool {
        guard number.count >= 2, number[0] == UInt8(ascii: "0") else { return false }
        let digits = number[2...]
        return switch number[1] {
        case UInt8(ascii: "b"):
            digits.allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") }
        case UInt8(ascii: "x"): digits.allSatisfy(\.isHexDigit)
        default: false
        }
    }

    /// `12:30`, `1:02:03.5`: base 60, so 750 and 3723.5.
    private static func isSexagesimal(_ number: [UInt8]) -> Bool {
        let parts = number.split(separator: ASCII.colon, omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, !first.isEmpty,
            first.allSatisfy(\.isDigit)
        else { return false }
        return parts.dropFirst().enumerated().allSatisfy { index, part in
            let isLast = index == parts.count - 2
            let whole = part.prefix { $0.isDigit }
            guard whole.count == 1 || whole.count == 2 else { return false }
            let rest = part.dropFirst(whole.count)
            return rest.isEmpty
                || (isLast && rest.first == ASCII.dot && rest.dropFirst().allSatisfy(\.isDigit))
        }
    }

    /// `2024-13-45`: no date, but PyYAML fails on it.
    private static func looksLikeDate(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 8, bytes[..<4].allSatisfy(\.isDigit), bytes[4] == ASCII.dash else {
            return false
        }
        let month = bytes[5...].prefix { $0.isDigit }
        guard (1...2).contains(month.count) else { return false }
        let rest = bytes[(5 + month.count)...]
        guard rest.first == ASCII.dash else { return false }
        let day = rest.dropFirst().prefix { $0.isDigit }
        guard (1...2).contains(day.count) else { return false }
        guard let next = rest.dropFirst(1 + day.count).first else { return true }
        return next.isBlank || next.lowercased == UInt8(ascii: "t")
    }
}
