import Platform

/// A line of a `.gitignore` that names paths.
///
/// Source: gitignore(5), "Pattern format", and dir.c.
struct IgnorePattern {
    /// Whether it takes paths out again.
    let isNegated: Bool
    private let namesFoldersOnly: Bool
    /// Whether it counts from its file's folder; otherwise it names something at every depth.
    private let isAnchored: Bool
    /// What the path or name starts with.
    private let prefix: ArraySlice<UInt8>
    /// What the rest matches; nil where there is to be none.
    private let wildcards: WildMatch?

    /// Reads a line without its end; nil where it names nothing.
    init?(_ line: ArraySlice<UInt8>, ignoringCase: Bool) {
        guard line.first != UInt8(ascii: "#") else { return nil }
        // To Git a line is a string of C.
        var text = IgnorePattern.withoutTrailingSpaces(line.prefix { $0 != 0 })
        isNegated = text.first == UInt8(ascii: "!")
        if isNegated { text.removeFirst() }
        namesFoldersOnly = text.last == UInt8(ascii: "/")
        if namesFoldersOnly { text.removeLast() }
        isAnchored = text.contains(UInt8(ascii: "/"))
        if text.first == UInt8(ascii: "/") { text.removeFirst() }
        guard !text.isEmpty else { return nil }
        let literal = text.prefix { !"*?[\\".utf8.contains($0) }
        prefix = ignoringCase ? literal.map(\.lowercased)[...] : literal
        let rest = text[literal.endIndex...]
        if rest.isEmpty {
            wildcards = nil
        } else {
            // That `**` counts as one at the start behind a literal too is Git's own way.
            guard let match = WildMatch(rest, ignoringCase: ignoringCase) else { return nil }
            wildcards = match
        }
    }

    /// What Git drops at a line's end: spaces without a `\` before them.
    private static func withoutTrailingSpaces(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var end = line.startIndex
        var index = line.startIndex
        while index < line.endIndex {
            if line[index] == UInt8(ascii: "\\") {
                index += 1
                // A `\` at the end keeps all.
                guard index < line.endIndex else { return line }
                end = index + 1
            } else if line[index] != UInt8(ascii: " ") {
                end = index + 1
            }
            index += 1
        }
        return line[..<end]
    }

    /// Whether it names `path`, which counts from the pattern's folder.
    func matches(_ path: ArraySlice<UInt8>, isFolder: Bool) -> Bool {
        if namesFoldersOnly && !isFolder { return false }
        var subject = path
        if !isAnchored, let slash = path.lastIndex(of: UInt8(ascii: "/")) {
            subject = path[(slash + 1)...]
        }
        guard subject.starts(with: prefix) else { return false }
        let rest = subject.dropFirst(prefix.count)
        return wildcards?.matches(rest) ?? rest.isEmpty
    }
}
