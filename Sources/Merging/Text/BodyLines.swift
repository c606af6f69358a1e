/// The lines of a text, with what Markdown makes of them.
struct BodyLines {
    /// What kind of line it is, as far as a merge cares.
    enum Kind {
        case text
        case blank
        /// An ATX heading.
        case heading
        /// The first or the last line of a fenced block.
        case fence
        /// A line in a fenced block.
        case code
    }

    let ranges: [Range<Int>]
    let kinds: [Kind]

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        ranges = LineBreaks.lines(in: bytes, range)
        var kinds: [Kind] = []
        kinds.reserveCapacity(ranges.count)
        var open: (mark: UInt8, count: Int)?
        for range in ranges {
            let line = bytes[range].drop { $0 == 0x20 }
            if let fence = open {
                let run = line.prefix { $0 == fence.mark }.count
                let closes =
                    run >= fence.count
                    && line.dropFirst(run).allSatisfy { $0.isBlank || $0 == LineBreaks.lineFeed }
                kinds.append(closes ? .fence : .code)
                if closes { open = nil }
            } else if let fence = BodyLines.openingFence(line) {
                open = fence
                kinds.append(.fence)
            } else if line.allSatisfy({ $0.isBlank || $0 == LineBreaks.lineFeed }) {
                kinds.append(.blank)
            } else {
                kinds.append(line.first == UInt8(ascii: "#") ? .heading : .text)
            }
        }
        self.kinds = kinds
    }

    /// CommonMark 0.31, section 4.5.
    private static func openingFence(_ line: ArraySlice<UInt8>) -> (mark: UInt8, count: Int)? {
        guard let mark = line.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else {
            return nil
        }
        let count = line.prefix { $0 == mark }.count
        guard count >= 3 else { return nil }
        // An info string with a backtick makes it inline code.
        if mark == UInt8(ascii: "`"), line.dropFirst(count).contains(mark) { return nil }
        return (mark, count)
    }
}
