/// Finds the fences of front matter, without parsing what is between them.
struct FenceScanner {
    enum Result {
        case none
        case unclosed(Range<Int>)
        case block(FrontMatterBlock)
    }

    let bytes: [UInt8]
    let start: Int

    func scan() -> Result {
        var line = start
        while line < bytes.count {
            let text = trimmedLine(at: line)
            if !text.isEmpty { break }
            line = nextLine(after: line)
        }
        guard line < bytes.count else { return .none }
        switch bytes[line] {
        case ASCII.dash: return scanDashes(opening: line)
        case ASCII.plus:
            guard isFence(at: line, ASCII.plus) else { return .none }
            return scanFenced(opening: line, .toml, .pluses) { isFence(at: $0, ASCII.plus) }
        case ASCII.openBrace: return scanBraces(at: line)
        default: return .none
        }
    }

    private func scanDashes(opening line: Int) -> Result {
        if isFence(at: line, ASCII.dash) {
            return scanFenced(opening: line, .yaml, .dashes) {
                isFence(at: $0, ASCII.dash) || isFence(at: $0, ASCII.dot)
            }
        }
        guard let syntax = namedSyntax(at: line) else { return .none }
        return scanFenced(opening: line, syntax, .named) {
            isFence(at: $0, ASCII.dash) || (syntax == .yaml && isFence(at: $0, ASCII.dot))
        }
    }

    private func scanFenced(
        opening: Int, _ syntax: Syntax, _ fence: FrontMatterBlock.Fence,
        closes: (Int) -> Bool
    ) -> Result {
        let contentStart = nextLine(after: opening)
        var line = contentStart
        while line < bytes.count {
            if closes(line) {
                return .block(
                    FrontMatterBlock(
                        syntax: syntax, fence: fence, opening: opening..<contentStart,
                        content: contentStart..<line, closing: line..<nextLine(after: line)))
            }
            line = nextLine(after: line)
        }
        // `---` above a blank line, and nothing that closes it, is a thematic break.
        if fence == .dashes, trimmedLine(at: contentStart).isEmpty { return .none }
        return .unclosed(opening..<contentStart)
    }

    /// A JSON object at the start of the document, up to the brace that closes it.
    ///
    /// Hugo takes any leading `{`. Templates and attribute lists start with one too (`{{ … }}`,
    /// `{% … %}`, `{: .note}`), so a member's quotation mark or `}` must follow.
    private func scanBraces(at open: Int) -> Result {
        var offset = open + 1
        while offset < bytes.count, bytes[offset].isWhiteSpace { offset += 1 }
        guard offset < bytes.count,
            bytes[offset] == ASCII.doubleQuote || bytes[offset] == ASCII.closeBrace
        else { return .none }
        var depth = 1
        var inString = false
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if inString {
                if byte == ASCII.backslash { offset += 1 }
                if byte == ASCII.doubleQuote { inString = false }
                continue
            }
            if byte == ASCII.doubleQuote { inString = true }
            if byte == ASCII.openBrace { depth += 1 }
            if byte == ASCII.closeBrace { depth -= 1 }
            guard depth == 0 else { continue }
            guard trimmedLine(at: offset).isEmpty else { return .none }
            return .block(
                FrontMatterBlock(
                    syntax: .json, fence: .braces, opening: open..<open,
                    content: open..<offset, closing: offset..<nextLine(after: offset)))
        }
        return .unclosed(open..<(open + 1))
    }

    /// Whether a line is three times this byte, and white space.
    private func isFence(at line: Int, _ byte: UInt8) -> Bool {
        guard line + 3 <= bytes.count, bytes[line] == byte, bytes[line + 1] == byte,
            bytes[line + 2] == byte
        else { return false }
        var offset = line + 3
        while offset < bytes.count, bytes[offset] != ASCII.newline {
            guard bytes[offset].isWhiteSpace else { return false }
            offset += 1
        }
        return true
    }

    private func namedSyntax(at line: Int) -> Syntax? {
        let text = trimmedLine(at: line)
        guard text.count <= 16, text.starts(with: [ASCII.dash, ASCII.dash, ASCII.dash]) else {
            return nil
        }
        let name = text.dropFirst(3).drop { $0.isBlank }
        switch String(decoding: name.map(\.lowercased), as: UTF8.self) {
        case "yaml", "yml": return .yaml
        case "toml": return .toml
        case "json": return .json
        default: return nil
        }
    }

    private func trimmedLine(at start: Int) -> ArraySlice<UInt8> {
        var end = start
        while end < bytes.count, bytes[end] != ASCII.newline { end += 1 }
        while end > start, bytes[end - 1].isWhiteSpace { end -= 1 }
        return bytes[start..<end]
    }

    private func nextLine(after offset: Int) -> Int {
        var offset = offset
        while offset < bytes.count, bytes[offset] != ASCII.newline { offset += 1 }
        return min(offset + 1, bytes.count)
    }
}
