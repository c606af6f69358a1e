/// Cuts bytes into lines.
enum LineBreaks {
    /// The lines in a range, each with its line feed; the last may have none.
    static func lines(in bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        bytes.withUnsafeBufferPointer { buffer in
            var start = range.lowerBound
            for offset in range where buffer[offset] == lineFeed {
                lines.append(start..<(offset + 1))
                start = offset + 1
            }
            if start < range.upperBound { lines.append(start..<range.upperBound) }
        }
        return lines
    }

    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
}

extension UInt8 {
    /// Whether this is a space, a tab or a carriage return.
    var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D }

    /// Whether this is part of a word: a letter, a digit, `_`, or a byte beyond ASCII.
    var isWord: Bool {
        self >= 0x80 || self == 0x5F || (self >= 0x30 && self <= 0x39)
            || (self >= 0x41 && self <= 0x5A) || (self >= 0x61 && self <= 0x7A)
    }
}
