/// The lines by which Git marks a conflict in a text.
///
/// A conflict is an ordered triple: a line of seven `<`, one of seven `=`, one of seven `>`;
/// between the first two there may be one of seven `|` (the base, in the diff3 style). Any of
/// them alone is text: `=======` underlines a heading of Markdown's.
public enum ConflictMarkers {
    /// How many characters a marker has unless `conflict-marker-size` says otherwise.
    public static let size = 7

    /// Where the conflicts in `text` lie: from the start of the first marker's line to the end
    /// of the last one's, in order.
    public static func conflicts(in text: [UInt8], size: Int = size) -> [Range<Int>] {
        // Most texts have none, and a look for a run costs less than one at each line.
        guard hasRun(of: UInt8(ascii: "<"), size, in: text) else { return [] }
        var found: [Range<Int>] = []
        var start: Int?
        var isPastMiddle = false
        var offset = 0
        while offset < text.count {
            let lineFeed = text[offset...].firstIndex(of: UInt8(ascii: "\n"))
            let next = lineFeed.map { $0 + 1 } ?? text.count
            switch marker(text[offset..<(lineFeed ?? text.count)], size) {
            case UInt8(ascii: "<"):
                start = offset
                isPastMiddle = false
            case UInt8(ascii: "="):
                isPastMiddle = start != nil
            case UInt8(ascii: ">"):
                if let begin = start, isPastMiddle { found.append(begin..<next) }
                start = nil
                isPastMiddle = false
            default:
                break
            }
            offset = next
        }
        return found
    }

    /// The sizes of the markers of which `text` holds conflicts; which of them are meant so, and
    /// are not an example in the text, its attributes say.
    public static func sizes(in text: [UInt8]) -> Set<Int> {
        var sizes: Set<Int> = []
        var offset = 0
        while offset < text.count {
            let run = text[offset...].prefix { $0 == UInt8(ascii: "<") }
            if !run.isEmpty { sizes.insert(run.count) }
            guard let lineFeed = text[run.endIndex...].firstIndex(of: UInt8(ascii: "\n")) else {
                break
            }
            offset = lineFeed + 1
        }
        return sizes.filter { !conflicts(in: text, size: $0).isEmpty }
    }

    /// Whether `count` of the same byte stand in a row; looks at one byte of `count`.
    private static func hasRun(of byte: UInt8, _ count: Int, in text: [UInt8]) -> Bool {
        guard count > 0 else { return true }
        return text.withUnsafeBufferPointer { text in
            var place = count - 1
            while place < text.count {
                if text[place] == byte {
                    let before = text[..<place].reversed().prefix { $0 == byte }.count
                    let after = text[place...].prefix { $0 == byte }.count
                    if before + after >= count { return true }
                }
                place += count
            }
            return false
        }
    }

    /// The character that `line` marks with; nil where it is no marker.
    ///
    /// A label follows the outer markers after a space; the middle one stands alone.
    private static func marker(_ line: ArraySlice<UInt8>, _ size: Int) -> UInt8? {
        guard let first = line.first, "<=>".utf8.contains(first), line.count >= size,
            line.prefix(size).allSatisfy({ $0 == first })
        else { return nil }
        var rest = line.dropFirst(size)
        if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        if rest.isEmpty { return first }
        return first != UInt8(ascii: "=") && rest.first == UInt8(ascii: " ") ? first : nil
    }
}
