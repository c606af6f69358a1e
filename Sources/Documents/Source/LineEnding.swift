/// How a line ends.
public enum LineEnding: Sendable, Hashable {
    /// `\n`.
    case lf
    /// `\r\n`.
    case crlf

    /// The bytes of this ending.
    public var bytes: [UInt8] {
        switch self {
        case .lf: [ASCII.newline]
        case .crlf: [ASCII.carriageReturn, ASCII.newline]
        }
    }

    /// The ending of the first line in these bytes, or `nil` when none of them ends.
    public init?(firstIn bytes: ArraySlice<UInt8>) {
        guard let newline = bytes.firstIndex(of: ASCII.newline) else { return nil }
        let isCRLF = newline > bytes.startIndex && bytes[newline - 1] == ASCII.carriageReturn
        self = isCRLF ? .crlf : .lf
    }
}
