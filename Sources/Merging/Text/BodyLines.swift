/// What Markdown makes of a text's lines, as far as it says which of two texts' lines belong together.
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

    let kinds: [Kind]

    init(_ lines: [Range<Int>], of bytes: [UInt8]) {
        var kinds: [Kind] = []
        kinds.reserveCapacity(lines.count)
        var open: Fence?
        for range in lines {
            let line = bytes[range].drop { $0 == 0x20 }
            if let fence = open {
                let closes = fence.isClosed(by: line)
                kinds.append(closes ? .fence : .code)
                if closes { open = nil }
            } else if let fence = Fence(openedBy: line) {
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
}
