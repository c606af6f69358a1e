/// A pattern that names paths, as in `.gitignore`.
///
/// `*` stands for any bytes but `/`, `?` for one character but `/`, `[a-z]` and `[!a-z]` for one
/// of a set, `\` takes what follows as it is. `**` as a whole step stands for any number of
/// folders, none included. A pattern with a `/` at its start or inside counts from the top; any
/// other matches at every depth. A pattern that ends with `/`, or that has no wildcard, names
/// everything in the folder of that name too.
///
/// Source: gitignore(5), "Pattern format". Other than there, a pattern with a wildcard names
/// files only, so that `docs/*` is what lies directly in `docs`.
public struct Glob: Sendable, Hashable {
    /// Why a text is not a pattern.
    public struct SyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
        /// The text.
        public let text: String
        /// What is wrong with it.
        public let description: String
    }

    /// What one or more bytes of a name must be.
    private enum Token: Sendable, Hashable {
        case byte(UInt8)
        /// Any character.
        case one
        /// Any bytes, none included.
        case many
        case set([ClosedRange<UInt8>], isNegated: Bool)
    }

    /// One step of a path.
    private enum Step: Sendable, Hashable {
        case folders
        case name([Token])
    }

    /// The pattern as it was written.
    public let text: String
    private let steps: [Step]
    /// Whether what lies in a folder of that name matches too.
    private let namesFolder: Bool
    /// Whether a file of that name matches.
    private let namesFile: Bool

    /// Reads a pattern.
    public init(parsing text: String) throws(SyntaxError) {
        func fail(_ reason: String) -> SyntaxError { SyntaxError(text: text, description: reason) }
        self.text = text
        var rest = Array(text.utf8)[...]
        guard !rest.isEmpty else { throw fail("the pattern is empty") }
        guard !rest.contains(0) else { throw fail("the pattern holds a NUL byte") }
        var isAnchored = rest.first == Glob.slash
        if isAnchored { rest.removeFirst() }
        let endsWithSlash = rest.last == Glob.slash
        if endsWithSlash { rest.removeLast() }
        guard !rest.isEmpty else { throw fail("the pattern names nothing") }
        let parts = rest.split(separator: Glob.slash, omittingEmptySubsequences: false)
        isAnchored = isAnchored || parts.count > 1
        var steps: [Step] = isAnchored ? [] : [.folders]
        var hasWildcard = false
        for part in parts {
            let name = String(decoding: part, as: UTF8.self)
            guard !part.isEmpty else { throw fail("two slashes follow each other") }
            guard name != ".", name != ".." else {
                throw fail("paths count from the work tree's top and have no '\(name)'")
            }
            if name == "**" {
                hasWildcard = true
                if steps.last != .folders { steps.append(.folders) }
                continue
            }
            let tokens = try Glob.tokens(part, fail)
            hasWildcard =
                hasWildcard
                || tokens.contains { if case .byte = $0 { false } else { true } }
            steps.append(.name(tokens))
        }
        // `docs/**` is everything below `docs`, but not `docs` itself.
        if parts.last?.elementsEqual("**".utf8) ?? false { steps.append(.name([.many])) }
        self.steps = steps
        namesFolder = endsWithSlash || !hasWildcard
        namesFile = !endsWithSlash
    }

    /// Whether the pattern names the file at a path, which is written with `/` and without one
    /// at its start.
    public func matches(_ path: String) -> Bool {
        var path = path
        return path.withUTF8 { bytes in
            if namesFile, matches(bytes[...]) { return true }
            guard namesFolder else { return false }
            return bytes.indices.contains {
                bytes[$0] == Glob.slash && matches(bytes[..<$0])
            }
        }
    }

    // MARK: Reading

    private static let slash = UInt8(ascii: "/")

    private static func tokens(
        _ part: ArraySlice<UInt8>, _ fail: (String) -> SyntaxError
    ) throws(SyntaxError) -> [Token] {
        var tokens: [Token] = []
        var rest = part
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"):
                if tokens.last != .many { tokens.append(.many) }
            case ASCII.question: tokens.append(.one)
            case ASCII.backslash:
                guard let next = rest.popFirst() else {
                    throw fail("nothing follows the last '\\'")
                }
                tokens.append(.byte(next))
            case ASCII.openBracket: tokens.append(try set(&rest, fail))
            case ASCII.openBrace, ASCII.closeBrace:
                throw fail("braces are not expanded: write a pattern for each, or '\\{'")
            default: tokens.append(.byte(byte))
            }
        }
        return tokens
    }

    /// What follows a `[`, up to its `]`.
    private static func set(
        _ rest: inout ArraySlice<UInt8>, _ fail: (String) -> SyntaxError
    ) throws(SyntaxError) -> Token {
        let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if isNegated { rest.removeFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        while let byte = rest.popFirst() {
            if byte == ASCII.closeBracket, !ranges.isEmpty {
                return .set(ranges, isNegated: isNegated)
            }
            var low = byte
            if byte == ASCII.backslash, let escaped = rest.popFirst() { low = escaped }
            guard low < 0x80 else { throw fail("only ASCII characters can stand in '[…]'") }
            guard rest.first == ASCII.dash, let high = rest.dropFirst().first,
                high != ASCII.closeBracket
            else {
                ranges.append(low...low)
                continue
            }
            rest = rest.dropFirst(2)
            guard low <= high, high < 0x80 else { throw fail("a range in '[…]' is out of order") }
            ranges.append(low...high)
        }
        throw fail("a '[' is never closed")
    }

    // MARK: Matching

    private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    /// Step by step; where a step does not fit, the last `**` takes one folder more.
    private func matches(_ path: Bytes) -> Bool {
        var index = 0
        var start = path.startIndex
        var retry: (index: Int, start: Int)?
        // One beyond the end when the last name is used up.
        while start <= path.endIndex {
            if index < steps.count {
                switch steps[index] {
                case .folders:
                    index += 1
                    retry = (index, start)
                    continue
                case .name(let tokens):
                    let end = Glob.nameEnd(path, start)
                    if Glob.fits(path[start..<end], tokens) {
                        index += 1
                        start = end + 1
                        continue
                    }
                }
            }
            guard let last = retry else { return false }
            start = Glob.nameEnd(path, last.start) + 1
            index = last.index
            retry = (index, start)
        }
        return index == steps.count
    }

    private static func nameEnd(_ path: Bytes, _ start: Int) -> Int {
        var end = start
        while end < path.endIndex, path[end] != slash { end += 1 }
        return end
    }

    /// Byte by byte; where a byte does not fit, the last `*` takes one more.
    private static func fits(_ name: Bytes, _ tokens: [Token]) -> Bool {
        var index = 0
        var offset = name.startIndex
        var retry: (index: Int, offset: Int)?
        while offset < name.endIndex || index < tokens.count {
            if index < tokens.count {
                if case .many = tokens[index] {
                    index += 1
                    retry = (index, offset)
                    continue
                }
                if let next = taken(by: tokens[index], of: name, at: offset) {
                    index += 1
                    offset = next
                    continue
                }
            }
            guard let last = retry, last.offset < name.endIndex else { return false }
            index = last.index
            offset = last.offset + 1
            retry = (index, offset)
        }
        return true
    }

    /// Where the bytes that a token takes end; nil where it does not fit.
    private static func taken(by token: Token, of name: Bytes, at offset: Int) -> Int? {
        guard offset < name.endIndex else { return nil }
        let byte = name[offset]
        var end = offset + 1
        switch token {
        case .byte(let wanted): return byte == wanted ? end : nil
        case .many: return offset
        case .one: break
        case .set(let ranges, let isNegated):
            guard ranges.contains(where: { $0.contains(byte) }) != isNegated else { return nil }
        }
        while end < name.endIndex, name[end].isContinuation { end += 1 }
        return end
    }
}

/// Patterns in order, of which the last that matches decides; one with a `!` before it leaves
/// out what it matches.
public struct GlobList: Sendable, Hashable {
    private struct Rule: Sendable, Hashable {
        let glob: Glob
        let leavesOut: Bool
    }

    private let rules: [Rule]

    /// The patterns as they were written.
    public var texts: [String] { rules.map { ($0.leavesOut ? "!" : "") + $0.glob.text } }

    /// Reads patterns.
    ///
    /// - Throws: the first that is not one.
    public init(parsing texts: [String]) throws(Glob.SyntaxError) {
        var rules: [Rule] = []
        for text in texts {
            let leavesOut = text.hasPrefix("!")
            rules.append(
                Rule(
                    glob: try Glob(parsing: leavesOut ? String(text.dropFirst()) : text),
                    leavesOut: leavesOut))
        }
        self.rules = rules
    }

    /// Whether the patterns name the file at a path.
    public func matches(_ path: String) -> Bool {
        for rule in rules.reversed() where rule.glob.matches(path) { return !rule.leavesOut }
        return false
    }
}
