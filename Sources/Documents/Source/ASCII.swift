/// The ASCII bytes that the readers and writers look for, by name.
enum ASCII {
    static let tab = UInt8(ascii: "\t")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")
    static let doubleQuote = UInt8(ascii: "\"")
    static let singleQuote = UInt8(ascii: "'")
    static let hash = UInt8(ascii: "#")
    static let comma = UInt8(ascii: ",")
    static let dash = UInt8(ascii: "-")
    static let plus = UInt8(ascii: "+")
    static let dot = UInt8(ascii: ".")
    static let colon = UInt8(ascii: ":")
    static let equals = UInt8(ascii: "=")
    static let question = UInt8(ascii: "?")
    static let backslash = UInt8(ascii: "\\")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
}

extension UInt8 {
    /// Whether this is a space or a tab.
    var isBlank: Bool { self == ASCII.space || self == ASCII.tab }

    /// Whether this byte ends or helps to end a line.
    var isBreak: Bool { self == ASCII.newline || self == ASCII.carriageReturn }

    /// Whether this is a space, a tab or a line break.
    var isWhiteSpace: Bool { isBlank || isBreak }

    /// Whether this is one of the digits 0 to 9.
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    /// Whether this is one of the hexadecimal digits.
    var isHexDigit: Bool {
        isDigit || (self >= 0x41 && self <= 0x46) || (self >= 0x61 && self <= 0x66)
    }

    /// Whether this is an ASCII letter.
    var isLetter: Bool {
        (self >= 0x41 && self <= 0x5A) || (self >= 0x61 && self <= 0x7A)
    }

    /// The lower-case form of an ASCII letter, or the byte itself.
    var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self + 0x20 : self }

    /// Whether this is the second or a later byte of a character in UTF-8.
    var isContinuation: Bool { self & 0xC0 == 0x80 }
}
