/// JSON's grammar of numbers.
enum JSONNumber {
    /// Whether the text is a whole number or another one, or `nil` when JSON knows no such number.
    static func type(of text: [UInt8]) -> ScalarType? {
        var rest = text[...]
        if rest.first == ASCII.dash { rest = rest.dropFirst() }
        let whole = rest.prefix(while: \.isDigit)
        guard let first = whole.first, whole.count == 1 || first != UInt8(ascii: "0") else {
            return nil
        }
        rest = rest.dropFirst(whole.count)
        guard !rest.isEmpty else { return .integer }
        if rest.first == ASCII.dot {
            let fraction = rest.dropFirst().prefix(while: \.isDigit)
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard let mark = rest.first else { return .float }
        guard mark.lowercased == UInt8(ascii: "e") else { return nil }
        rest = rest.dropFirst()
        if rest.first == ASCII.plus || rest.first == ASCII.dash { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(\.isDigit) ? .float : nil
    }
}
