/// Text for people that cannot command their terminal: names, messages and values come from the
/// repository, which is not to be trusted with that.
enum TerminalText {
    /// `text` with each control character written out, as in `\x1b`; new lines and tabs stay, and
    /// a carriage return at the end of a line.
    static func harmless(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.contains(where: isControl) else { return text }
        var result = String.UnicodeScalarView()
        for (index, scalar) in zip(scalars.indices, scalars) {
            let next = scalars.index(after: index)
            let endsLine = scalar == "\r" && next < scalars.endIndex && scalars[next] == "\n"
            if isControl(scalar), !endsLine {
                let hex = String(scalar.value, radix: 16)
                result += "\\x\(hex.count < 2 ? "0" : "")\(hex)".unicodeScalars
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// `text` as one line: new lines in it, which a name may hold, are written out too.
    static func line(_ text: String) -> String {
        let text = harmless(text)
        guard text.utf8.contains(where: { $0 == 10 || $0 == 13 }) else { return text }
        // Scalar by scalar: a carriage return and a new line are one character.
        return text.unicodeScalars.map {
            $0 == "\n" ? "\\x0a" : $0 == "\r" ? "\\x0d" : String($0)
        }.joined()
    }

    /// `text`, which is JSON, with each control character in its strings escaped.
    static func harmlessJSON(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if isControl(scalar) {
                let hex = String(scalar.value, radix: 16)
                result += "\\u\(String(repeating: "0", count: 4 - hex.count))\(hex)".utf8
            } else {
                result += Array(String(scalar).utf8)
            }
        }
        return result
    }

    /// C0 and C1 controls and DEL: a terminal obeys U+009B as it does ESC [.
    private static func isControl(_ scalar: UnicodeScalar) -> Bool {
        scalar.value < 32 && scalar != "\n" && scalar != "\t" || (127..<160).contains(scalar.value)
    }
}

/// A line with colors of docvc's own, which are the only sequences in it.
///
/// Colors are a type of their own and not characters in a string: a document that holds the same
/// characters gets no color by them.
struct ColoredText {
    enum Color: Int { case red = 31, green = 32, yellow = 33, cyan = 36 }

    /// The characters that a terminal gets.
    private(set) var escaped: String

    /// `text` without a color.
    init(_ text: String) { escaped = TerminalText.line(text) }

    /// `text` in `color`.
    init(_ text: String, _ color: Color) {
        escaped = "\u{1b}[\(color.rawValue)m\(TerminalText.line(text))\u{1b}[0m"
    }

    private init(escaped: String) { self.escaped = escaped }

    static func + (left: ColoredText, right: ColoredText) -> ColoredText {
        ColoredText(escaped: left.escaped + right.escaped)
    }

    static func + (left: ColoredText, right: String) -> ColoredText { left + ColoredText(right) }

    static func + (left: String, right: ColoredText) -> ColoredText { ColoredText(left) + right }
}

extension DefaultStringInterpolation {
    /// A string would lose the colors: texts are put together with `+`.
    @available(*, unavailable, message: "put colored texts together with +")
    mutating func appendInterpolation(_ text: ColoredText) {}
}
