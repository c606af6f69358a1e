/// Names a value in front matter: `title`, `seo.title`, `tags[0]`, `"a.b".c`.
public struct FieldPath: Sendable, Hashable, CustomStringConvertible {
    /// One step down.
    public enum Step: Sendable, Hashable {
        /// Into a map, by key.
        case key(Text)
        /// Into a list, by position from 0.
        case index(Int)
    }

    /// Why a text is not a path.
    public struct SyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
        /// The text.
        public let text: String
        /// What is wrong with it.
        public let description: String
    }

    /// The steps from the root.
    public let steps: [Step]

    /// Makes a path of steps.
    public init(_ steps: [Step]) { self.steps = steps }

    /// Makes a path of one key, whatever characters are in it.
    public init(key: Text) { steps = [.key(key)] }

    /// Reads a path as people write it.
    ///
    /// Keys are separated by dots; `[n]` is the n-th item of a list, from 0; a key with a dot,
    /// a bracket or a quotation mark in it stands in double quotes, where `\"` and `\\` stand
    /// for `"` and `\`.
    public init(parsing text: String) throws(SyntaxError) {
        func fail(_ reason: String) -> SyntaxError { SyntaxError(text: text, description: reason) }
        var steps: [Step] = []
        var rest = Array(text.utf8)[...]
        var wantsKey = true
        while wantsKey || !rest.isEmpty {
            if !wantsKey, rest.first == ASCII.openBracket || rest.first == ASCII.dot {
                let isIndex = rest.removeFirst() == ASCII.openBracket
                guard isIndex else {
                    wantsKey = true
                    continue
                }
                let digits = rest.prefix { $0 != ASCII.closeBracket }
                guard digits.count < rest.count, digits.allSatisfy(\.isDigit),
                    let number = Int(String(decoding: digits, as: UTF8.self))
                else { throw fail("expected a number and ']' after '['") }
                rest = rest.dropFirst(digits.count + 1)
                steps.append(.index(number))
                continue
            }
            guard wantsKey else { throw fail("expected '.' or '[' after a key") }
            let key: [UInt8]
            if rest.first == ASCII.doubleQuote {
                guard let quoted = FieldPath.takeQuoted(&rest) else {
                    throw fail("a quotation mark is never closed")
                }
                key = quoted
            } else {
                key = Array(rest.prefix { $0 != ASCII.dot && $0 != ASCII.openBracket })
                rest = rest.dropFirst(key.count)
                guard !key.isEmpty else { throw fail("a key is missing") }
            }
            steps.append(.key(Text(utf8: key)))
            wantsKey = false
        }
        self.steps = steps
    }

    private static func takeQuoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var key: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            if byte == ASCII.doubleQuote { return key }
            if byte == ASCII.backslash, rest.first == ASCII.doubleQuote || rest.first == byte,
                let escaped = rest.popFirst()
            {
                key.append(escaped)
            } else {
                key.append(byte)
            }
        }
        return nil
    }

    /// The path with one more step.
    public func appending(_ step: Step) -> FieldPath { FieldPath(steps + [step]) }

    /// The path without its last step, or `nil` for the root.
    public var parent: FieldPath? { steps.isEmpty ? nil : FieldPath(steps.dropLast()) }

    /// Whether the other path is this one or below it.
    public func contains(_ other: FieldPath) -> Bool { other.steps.starts(with: steps) }

    /// The path as ``init(parsing:)`` reads it.
    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .index(let number): text += "[\(number)]"
            case .key(let key):
                if !text.isEmpty { text += "." }
                let special = key.utf8.contains {
                    $0 == ASCII.dot || $0 == ASCII.openBracket || $0 == ASCII.doubleQuote
                }
                guard special || key.isEmpty else {
                    text += key.string
                    continue
                }
                text += "\""
                for scalar in key.string.unicodeScalars {
                    if scalar == "\"" || scalar == "\\" { text += "\\" }
                    text.unicodeScalars.append(scalar)
                }
                text += "\""
            }
        }
        return text
    }
}
