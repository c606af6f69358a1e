/// TOML 1.0's grammar of numbers.
enum TOMLNumber {
    /// Whether the text is an integer or a float, or `nil` when TOML knows no such number.
    static func type(of text: [UInt8]) -> ScalarType? {
        var rest = text[...]
        let isSigned = rest.first == ASCII.plus || rest.first == ASCII.dash
        if isSigned { rest = rest.dropFirst() }
        let word = String(decoding: rest, as: UTF8.self)
        if word == "inf" || word == "nan" { return .float }
        if !isSigned, word.hasPrefix("0x") { return digits(rest.dropFirst(2), \.isHexDigit) }
        if !isSigned, word.hasPrefix("0o") {
            return digits(rest.dropFirst(2)) { $0.isDigit && $0 < UInt8(ascii: "8") }
        }
        if !isSigned, word.hasPrefix("0b") {
            return digits(rest.dropFirst(2)) { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") }
        }
        let whole = take(&rest)
        guard digits(whole, \.isDigit) != nil,
            whole.count == 1 || whole.first != UInt8(ascii: "0")
        else { return nil }
        guard !rest.isEmpty else { return .integer }
        if rest.first == ASCII.dot {
            rest = rest.dropFirst()
            guard digits(take(&rest), \.isDigit) != nil else { return nil }
        }
        guard let mark = rest.first else { return .float }
        guard mark.lowercased == UInt8(ascii: "e") else { return nil }
        rest = rest.dropFirst()
        if rest.first == ASCII.plus || rest.first == ASCII.dash { rest = rest.dropFirst() }
        return digits(rest, \.isDigit) == nil ? nil : .float
    }

    private static func take(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let taken = rest.prefix { $0.isDigit || $0 == UInt8(ascii: "_") }
        rest = rest.dropFirst(taken.count)
        return taken
    }

    /// Digits, with single underscores between them.
    private static func digits(
        _ text: ArraySlice<UInt8>, _ isDigit: (UInt8) -> Bool
    ) -> ScalarType? {
        guard !text.isEmpty else { return nil }
        let groups = text.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        let isValid = groups.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
        return isValid ? .integer : nil
    }
}
