/// Tells lines of Markdown that may be code from lines of prose.
///
/// Follows the blocks of CommonMark 0.31 as far as they say where code is: fences, indented code
/// and HTML, in block quotes and list items too; and `$$` around formulas. What is in doubt is
/// code, for its words mean nothing on their own.
struct CodeLines {
    private enum Container {
        case quote
        /// A list's item, with how many columns its lines are indented by.
        case item(Int)
    }

    /// What the last line belongs to, in the innermost container.
    private enum Leaf {
        case none
        case paragraph
        case fence(Fence)
        case indented
        /// Ends at a blank line.
        case html
        /// Ends with the line that has this; a fence has a rule of its own.
        case until([UInt8])
    }

    private var containers: [Container] = []
    private var leaf = Leaf.none

    /// How many containers are told apart: each costs time in every line below.
    private static let containerLimit = 64

    /// Whether each of some lines, the first ones of a body, may be code.
    static func code(_ lines: [Range<Int>], of bytes: [UInt8]) -> [Bool] {
        var code = CodeLines()
        return lines.map { code.takes(bytes[$0]) }
    }

    private mutating func takes(_ line: ArraySlice<UInt8>) -> Bool {
        var cursor = LineCursor(line)
        var depth = containers.prefix { cursor.enter($0) }.count
        let isInside = depth == containers.count
        if isInside || isInFence(past: depth), let isCode = continues(cursor) { return isCode }
        var isParagraph = if case .paragraph = leaf { true } else { false }
        if cursor.isAtEnd || !isParagraph { close(to: depth) }
        if cursor.isAtEnd { return false }
        if isParagraph, isInside, cursor.isUnderline {
            leaf = .none
            return false
        }
        while cursor.indent < 4, !cursor.isThematicBreak,
            let container = cursor.open(interrupting: isParagraph && depth == containers.count)
        {
            close(to: depth)
            guard depth < CodeLines.containerLimit else { return true }
            containers.append(container)
            depth += 1
            isParagraph = false
        }
        if cursor.isAtEnd { return false }
        if let fence = Fence(openedBy: cursor.rest) {
            close(to: depth)
            leaf = .fence(fence)
            return true
        }
        if cursor.indent >= 4 {
            // What would be code is a paragraph's next line, where one is open.
            if !isParagraph { leaf = .indented }
            return !isParagraph
        }
        if cursor.isThematicBreak || cursor.rest.first == UInt8(ascii: "#") {
            close(to: depth)
            return false
        }
        if let opened = code(cursor.rest, in: isParagraph) {
            close(to: depth)
            leaf = opened
            return true
        }
        // A paragraph goes on in a line that lacks the marks of the containers around it.
        leaf = .paragraph
        return false
    }

    /// Whether a fence is open that goes on in a line outside of some containers: in a list's
    /// item it may be indented less than CommonMark asks for.
    private func isInFence(past depth: Int) -> Bool {
        guard case .fence = leaf else { return false }
        return containers[depth...].allSatisfy { if case .item = $0 { true } else { false } }
    }

    private mutating func close(to depth: Int) {
        containers.removeSubrange(depth...)
        leaf = .none
    }

    /// Whether a line of code that is open goes on, or ends, in a line; nil where none is open.
    private mutating func continues(_ cursor: LineCursor) -> Bool? {
        let isBlank = cursor.isAtEnd
        switch leaf {
        case .none, .paragraph: return nil
        case .fence(let fence):
            if fence.isClosed(by: cursor.rest) { leaf = .none }
        case .indented:
            guard isBlank || cursor.indent >= 4 else { return nil }
        case .html:
            guard !isBlank else { return nil }
            if let end = HTMLTag.openEnd(in: cursor.rest) { leaf = .until(end) }
        case .until(let end):
            if HTMLTag.lowercased(cursor.rest).firstRange(of: end) != nil { leaf = .none }
        }
        return true
    }

    /// The HTML or formula that a line opens, or `nil`; `.none` where it ends in the same line.
    private func code(_ text: ArraySlice<UInt8>, in paragraph: Bool) -> Leaf? {
        if HTMLTag.opensBlock(text, interrupting: paragraph) {
            return HTMLTag.openEnd(in: text).map { .until($0) }
                ?? (HTMLTag.isDeclaration(text) ? Leaf.none : .html)
        }
        let mark = Array("$$".utf8)
        let formula = text.trimmedEnd
        guard formula.starts(with: mark) || formula.suffix(2) == mark[...] else { return nil }
        return formula.ranges(of: mark).count % 2 == 0 ? Leaf.none : .until(mark)
    }

    /// Reads a line from its start on, by columns: a tab ends at a multiple of four.
    private struct LineCursor {
        private let line: ArraySlice<UInt8>
        private var offset: Int
        private var column = 0
        /// The column of the byte at `offset`; a tab may have been read in part.
        private var start = 0
        /// From where on the line holds one mark alone, over and over, and white space.
        private let marks: Int

        init(_ line: ArraySlice<UInt8>) {
            self.line = line
            offset = line.startIndex
            let isSpace = { (byte: UInt8) in byte.isBlank || byte == LineBreaks.lineFeed }
            let mark = line.last { !isSpace($0) }
            marks = line.lastIndex { !isSpace($0) && $0 != mark }.map { $0 + 1 } ?? line.startIndex
        }

        private var text: (offset: Int, column: Int) {
            var (offset, column) = (offset, start)
            while offset < line.endIndex, line[offset] == 0x20 || line[offset] == 0x09 {
                column += line[offset] == 0x09 ? 4 - column % 4 : 1
                offset += 1
            }
            return (offset, column)
        }

        /// What follows the white space.
        var rest: ArraySlice<UInt8> { line[text.offset...] }

        var indent: Int { max(0, text.column - column) }

        var isAtEnd: Bool { rest.trimmedEnd.isEmpty }

        /// Whether this ends a heading's text.
        var isUnderline: Bool {
            let text = rest.trimmedEnd
            guard indent < 4, let mark = text.first, mark == 0x3D || mark == 0x2D else {
                return false
            }
            return text.allSatisfy { $0 == mark }
        }

        var isThematicBreak: Bool {
            let rest = rest
            guard rest.startIndex >= marks, let mark = rest.first, "-_*".utf8.contains(mark)
            else { return false }
            return rest.lazy.filter { $0 == mark }.prefix(3).count == 3
        }

        /// Goes into a container that is open, where the line is in it.
        mutating func enter(_ container: Container) -> Bool {
            switch container {
            case .quote: return indent < 4 && quote()
            case .item(let width):
                guard isAtEnd || indent >= width else { return false }
                skip(min(width, indent))
                return true
            }
        }

        /// Goes into a container that begins here.
        ///
        /// - Parameter interrupting: whether a paragraph would end for it: an item without text,
        ///   or one with a number other than 1, is the paragraph's text then.
        mutating func open(interrupting: Bool) -> Container? {
            if quote() { return .quote }
            let text = rest
            let digits = text.prefix { $0 >= 0x30 && $0 <= 0x39 }
            let mark = text.dropFirst(digits.count).first
            let isMarked =
                digits.isEmpty
                ? mark.map { "-+*".utf8.contains($0) } ?? false
                : digits.count <= 9 && (mark == UInt8(ascii: ".") || mark == UInt8(ascii: ")"))
            guard isMarked else { return nil }
            let after = text.dropFirst(digits.count + 1)
            guard after.first.map({ $0.isBlank || $0 == LineBreaks.lineFeed }) ?? true else {
                return nil
            }
            let isEmpty = after.trimmedEnd.isEmpty
            if interrupting, isEmpty || !digits.isEmpty && !digits.elementsEqual([0x31]) {
                return nil
            }
            let width = indent + digits.count + 1
            skip(indent)
            advance(digits.count + 1)
            // An item that begins with code is one column wider than its mark.
            let gap = isEmpty || indent > 4 ? 1 : indent
            skip(gap)
            return .item(width + gap)
        }

        private mutating func quote() -> Bool {
            guard rest.first == UInt8(ascii: ">") else { return false }
            skip(indent)
            advance(1)
            skip(min(1, indent))
            return true
        }

        /// Goes on by columns of white space.
        private mutating func skip(_ columns: Int) {
            column += columns
            while offset < line.endIndex, line[offset] == 0x20 || line[offset] == 0x09 {
                let next = start + (line[offset] == 0x09 ? 4 - start % 4 : 1)
                guard next <= column else { return }
                start = next
                offset += 1
            }
        }

        private mutating func advance(_ count: Int) {
            offset += count
            start += count
            column = start
        }
    }
}

/// A fence of code: CommonMark 0.31, section 4.5.
struct Fence {
    private let mark: UInt8
    private let count: Int

    /// The fence that a line opens, or `nil`; white space before it is not looked at.
    init?(openedBy line: ArraySlice<UInt8>) {
        guard let mark = line.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else {
            return nil
        }
        let count = line.prefix { $0 == mark }.count
        guard count >= 3 else { return nil }
        // An info string with a backtick makes it inline code.
        if mark == UInt8(ascii: "`"), line.dropFirst(count).contains(mark) { return nil }
        self.mark = mark
        self.count = count
    }

    /// Whether a line closes it.
    func isClosed(by line: ArraySlice<UInt8>) -> Bool {
        let run = line.prefix { $0 == mark }.count
        return run >= count && line.dropFirst(run).trimmedEnd.isEmpty
    }
}

/// HTML that stands on lines of its own: CommonMark 0.31, section 4.6, and what looks like it.
private enum HTMLTag {
    /// Elements whose text is as it stands, blank lines too.
    private static let verbatim = ["pre", "script", "style", "textarea"]
    /// Elements that a paragraph may begin with.
    private static let phrasing: Set<String> = [
        "a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em", "font",
        "i", "img", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong",
        "sub", "sup", "time", "tt", "u", "var", "wbr",
    ]
    /// What is neither element nor text, with what ends it.
    private static let declarations = [
        ("<!--", "-->"), ("<?", "?>"), ("<![cdata[", "]]>"), ("<!", ">"),
    ]

    static func lowercased(_ text: ArraySlice<UInt8>) -> [UInt8] {
        text.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
    }

    static func isDeclaration(_ text: ArraySlice<UInt8>) -> Bool {
        text.starts(with: "<!".utf8) || text.starts(with: "<?".utf8)
    }

    /// Whether a block of HTML begins with a line.
    static func opensBlock(_ text: ArraySlice<UInt8>, interrupting: Bool) -> Bool {
        guard text.first == UInt8(ascii: "<") else { return false }
        if isDeclaration(text) { return true }
        var tag = text.dropFirst()
        if tag.first == UInt8(ascii: "/") { tag.removeFirst() }
        let name = tag.prefix { $0.isWord || $0 == 0x2D || $0 == 0x2E }
        guard let first = name.first, first.isWord else { return false }
        // An address in angle brackets is text.
        if let after = tag.dropFirst(name.count).first, ":@+".utf8.contains(after) { return false }
        if !phrasing.contains(String(decoding: lowercased(name), as: UTF8.self)) { return true }
        return !interrupting && text.trimmedEnd.last == UInt8(ascii: ">")
    }

    /// What ends the element or declaration that a line leaves open past blank lines.
    static func openEnd(in text: ArraySlice<UInt8>) -> [UInt8]? {
        let line = lowercased(text)
        for (start, end) in declarations where line.starts(with: start.utf8) {
            let rest = line.dropFirst(start.utf8.count)
            return rest.firstRange(of: Array(end.utf8)) == nil ? Array(end.utf8) : nil
        }
        for name in verbatim {
            let starts = line.ranges(of: Array("<\(name)".utf8))
            let end = Array("</\(name)".utf8)
            if let last = starts.last(where: { line[$0.upperBound...].first?.isWord != true }),
                line[last.upperBound...].firstRange(of: end) == nil
            {
                return end
            }
        }
        return nil
    }
}

extension ArraySlice<UInt8> {
    /// Without white space at its end.
    fileprivate var trimmedEnd: ArraySlice<UInt8> {
        var text = self
        while let last = text.last, last.isBlank || last == LineBreaks.lineFeed {
            text.removeLast()
        }
        return text
    }
}
