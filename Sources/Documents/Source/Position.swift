/// A place in a document, as editors and compilers name it.
public struct Position: Sendable, Hashable, CustomStringConvertible {
    /// Bytes from the start of the document, from 0.
    public let offset: Int
    /// The line, from 1. A line ends with `\n`.
    public let line: Int
    /// The column, from 1, counted in Unicode scalars; a byte order mark is not counted.
    public let column: Int

    /// Makes a position from its parts.
    public init(offset: Int, line: Int, column: Int) {
        self.offset = offset
        self.line = line
        self.column = column
    }

    /// `line:column`.
    public var description: String { "\(line):\(column)" }
}

/// Where each line of a document starts, to turn offsets into positions.
public struct LineIndex: Sendable {
    private let bytes: [UInt8]
    private let starts: [Int]

    /// Finds the lines in one pass over the bytes.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        bytes.withUnsafeBufferPointer { buffer in
            for offset in buffer.indices where buffer[offset] == ASCII.newline {
                starts.append(offset + 1)
            }
        }
        self.starts = starts
    }

    /// The position of an offset; one beyond the end is taken for the end.
    public func position(at offset: Int) -> Position {
        let offset = min(max(offset, 0), bytes.count)
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        var start = starts[low]
        if low == 0, bytes.starts(with: Document.byteOrderMark), offset >= 3 { start = 3 }
        let column = bytes[start..<offset].count { !$0.isContinuation }
        return Position(offset: offset, line: low + 1, column: column + 1)
    }
}
