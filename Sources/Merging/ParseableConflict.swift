import Documents

/// Conflicts in front matter that can still be read: our value stands, and the others are in
/// comments above it, which the check before a commit refuses.
public enum ParseableConflict {
    static let start = "# docvc-conflict: "
    static let end = "# docvc-conflict-end"

    /// Where such conflicts lie in `text`: from the start of the first line to the end of the
    /// last one's, our lines included, in order.
    public static func conflicts(in text: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var begin: Int?
        for line in LineBreaks.lines(in: text, 0..<text.count) {
            let content = text[line].drop(while: \.isBlank)
            if content.starts(with: start.utf8) {
                begin = line.lowerBound
            } else if content.starts(with: end.utf8), let start = begin {
                found.append(start..<line.upperBound)
                begin = nil
            }
        }
        return found
    }

    /// A conflict's lines: a header, base and theirs as comments, our lines, and an end.
    static func lines(
        _ subject: ConflictSubject, _ reason: ConflictReason, base: [UInt8], theirs: [UInt8]
    ) -> (before: [UInt8], after: [UInt8]) {
        var before = Array("\(start)\(subject.description) (\(reason.description))\n".utf8)
        for (name, text) in [("base", base), ("theirs", theirs)] {
            for line in LineBreaks.lines(in: text, 0..<text.count) {
                before += Array("# docvc-\(name): ".utf8) + text[line]
            }
        }
        return (before, Array("\(end)\n".utf8))
    }
}
