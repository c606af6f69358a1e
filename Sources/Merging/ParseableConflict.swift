import Documents

/// Conflicts in front matter that can still be read: our value stands, and the others are in
/// comments above it, which the check before a commit refuses.
public enum ParseableConflict {
    static let start = "# docvc-conflict: "
    static let base = "# docvc-base: "
    static let theirs = "# docvc-theirs: "
    static let end = "# docvc-conflict-end"

    /// Where such conflicts lie in `text`: from the start of the first line to the end of the
    /// last one's, our lines included, in order.
    public static func conflicts(in text: [UInt8]) -> [Range<Int>] {
        // Most texts have none, and a search costs less than a look at each line.
        guard hasStart(text) else { return [] }
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

    private static func hasStart(_ text: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { text in
            text.indices.contains {
                text[$0] == UInt8(ascii: "#") && text[$0...].starts(with: start.utf8)
            }
        }
    }

    /// What a conflict consists of.
    struct Parts {
        var subject: String
        var base: [UInt8] = []
        var ours: [UInt8] = []
        var theirs: [UInt8] = []
    }

    /// Takes a conflict apart, without carriage returns.
    static func parts(_ text: [UInt8], _ range: Range<Int>) -> Parts? {
        var parts: Parts?
        for line in LineBreaks.lines(in: text, range) {
            let bytes = text[line].filter { $0 != LineBreaks.carriageReturn }
            let content = bytes.drop(while: \.isBlank)
            if content.starts(with: start.utf8) {
                let header = String(decoding: content.dropFirst(start.utf8.count), as: UTF8.self)
                guard let end = header.lastIndex(of: "(") else { return nil }
                parts = Parts(subject: String(header[..<end].dropLast()))
            } else if content.starts(with: base.utf8) {
                parts?.base += content.dropFirst(base.utf8.count)
            } else if content.starts(with: theirs.utf8) {
                parts?.theirs += content.dropFirst(theirs.utf8.count)
            } else if !content.starts(with: end.utf8) {
                parts?.ours += bytes
            }
        }
        return parts
    }

    /// A conflict's lines: a header, base and theirs as comments, our lines, and an end.
    static func lines(
        _ subject: ConflictSubject, _ reason: ConflictReason, base: [UInt8], theirs: [UInt8]
    ) -> (before: [UInt8], after: [UInt8]) {
        var before = Array("\(start)\(subject.description) (\(reason.description))\n".utf8)
        for (prefix, text) in [(Self.base, base), (Self.theirs, theirs)] {
            for line in LineBreaks.lines(in: text, 0..<text.count) {
                before += Array(prefix.utf8) + text[line]
            }
        }
        return (before, Array("\(end)\n".utf8))
    }
}
