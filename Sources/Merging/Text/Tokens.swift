/// A word, a mark, or what is between them.
struct Token {
    enum Kind {
        /// Letters, digits, `_`, and everything beyond ASCII.
        case word
        /// A single punctuation character.
        case mark
        /// Spaces and tabs.
        case blank
        /// A line feed.
        case lineFeed
    }

    let kind: Kind
    let range: Range<Int>
}

/// Cuts text into words, marks and white space.
enum Tokens {
    static func tokens(in bytes: [UInt8], _ range: Range<Int>) -> [Token] {
        var tokens: [Token] = []
        var offset = range.lowerBound
        while offset < range.upperBound {
            let start = offset
            let byte = bytes[offset]
            offset += 1
            let kind: Token.Kind
            if byte.isWord {
                while offset < range.upperBound, bytes[offset].isWord,
                    (bytes[offset] >= 0x80) == (byte >= 0x80)
                { offset += 1 }
                kind = .word
            } else if byte.isBlank {
                while offset < range.upperBound, bytes[offset].isBlank { offset += 1 }
                kind = .blank
            } else {
                kind = byte == LineBreaks.lineFeed ? .lineFeed : .mark
            }
            tokens.append(Token(kind: kind, range: start..<offset))
        }
        return tokens
    }
}
