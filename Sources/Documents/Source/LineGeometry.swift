/// Lines, indents and comments in a range of a document's bytes.
struct LineGeometry {
    let bytes: [UInt8]
    /// What may be looked at; front matter's content.
    let content: Range<Int>

    /// Where the line of an offset starts.
    func lineStart(_ offset: Int) -> Int {
        var offset = offset
        while offset > content.lowerBound, bytes[offset - 1] != ASCII.newline { offset -= 1 }
        return offset
    }

    /// Where the line of an offset ends, its line ending not included.
    func lineEnd(_ offset: Int) -> Int {
        var end = offset
        while end < content.upperBound, bytes[end] != ASCII.newline { end += 1 }
        if end < content.upperBound, end > offset, bytes[end - 1] == ASCII.carriageReturn {
            end -= 1
        }
        return end
    }

    /// Where the line after that of an offset starts.
    func nextLine(_ offset: Int) -> Int {
        var offset = offset
        while offset < content.upperBound, bytes[offset] != ASCII.newline { offset += 1 }
        return min(offset + 1, content.upperBound)
    }

    /// How the line before an offset ends, or `nil` when there is none.
    func lineEnding(before offset: Int) -> LineEnding? {
        guard offset > content.lowerBound, bytes[offset - 1] == ASCII.newline else { return nil }
        return LineEnding(firstIn: bytes[max(content.lowerBound, offset - 2)..<offset])
    }

    /// Where `byte` stands at or after an offset with nothing but white space and comments
    /// before it, or `nil` when something else comes first.
    func first(_ byte: UInt8, from start: Int, before end: Int) -> Int? {
        var offset = start
        while offset < end {
            if bytes[offset] == byte { return offset }
            if bytes[offset] == ASCII.hash {
                offset = lineEnd(offset)
            } else if bytes[offset].isWhiteSpace {
                offset += 1
            } else {
                return nil
            }
        }
        return nil
    }

    /// How many bytes there are before an offset in its line.
    func column(_ offset: Int) -> Int { offset - lineStart(offset) }

    /// Whether there is only white space before an offset in its line.
    func isFirstInLine(_ offset: Int) -> Bool {
        bytes[lineStart(offset)..<offset].allSatisfy(\.isBlank)
    }

    /// Whether a line break lies in a range.
    func hasBreak(_ range: Range<Int>) -> Bool { bytes[range].contains(ASCII.newline) }

    /// The first offset from here that does not hold a space or a tab.
    func skipBlanks(_ offset: Int) -> Int {
        var offset = offset
        while offset < content.upperBound, bytes[offset].isBlank { offset += 1 }
        return offset
    }

    /// Whether a line holds nothing but white space.
    func isBlankLine(_ start: Int) -> Bool {
        let offset = skipBlanks(start)
        return offset >= content.upperBound || bytes[offset].isBreak
    }

    /// Where the blank lines from a line on end.
    func endOfBlanks(from line: Int) -> Int {
        var line = line
        while line < content.upperBound, isBlankLine(line) { line = nextLine(line) }
        return line
    }

    /// Where the blank lines and comments from a line on end.
    func endOfGap(from line: Int) -> Int {
        var line = line
        while line < content.upperBound, isBlankLine(line) || commentColumn(line: line) != nil {
            line = nextLine(line)
        }
        return line
    }

    /// The column of the `#` of a line that holds nothing but a comment, or `nil`.
    func commentColumn(line start: Int) -> Int? {
        let offset = skipBlanks(start)
        guard offset < content.upperBound, bytes[offset] == ASCII.hash else { return nil }
        return offset - start
    }

    /// Where the comment lines directly above a line start, down to a floor.
    ///
    /// A blank line ends the block, and so does a comment that is indented more than `column`:
    /// it belongs to what is above it.
    func leadingComments(above line: Int, floor: Int, column: Int) -> Int {
        var top = line
        while top > floor {
            let previous = lineStart(top - 1)
            guard previous >= floor, let indent = commentColumn(line: previous), indent <= column
            else { break }
            top = previous
        }
        return top
    }

    /// Where the comment lines directly below, indented more than `column`, end.
    func deeperComments(from line: Int, column: Int) -> Int {
        var line = line
        while line < content.upperBound, let indent = commentColumn(line: line), indent > column {
            line = nextLine(line)
        }
        return line
    }

    /// The `#` of a comment in the rest of a line, if there is nothing else but white space.
    func trailingComment(_ offset: Int) -> Range<Int>? {
        let start = skipBlanks(offset)
        guard start < content.upperBound, bytes[start] == ASCII.hash else { return nil }
        return start..<lineEnd(start)
    }

    /// Whether the rest of a line is white space, or a comment.
    func endsLine(_ offset: Int) -> Bool {
        let start = skipBlanks(offset)
        return start >= content.upperBound || bytes[start].isBreak || bytes[start] == ASCII.hash
    }
}
