import Documents

/// A text as it is merged: lines end with `\n`, the last one too, and no byte order mark.
///
/// Line endings, byte order mark and final newline are merged on their own, so that they
/// never stand in the way of words.
struct NormalText {
    /// The text as it was given.
    let original: [UInt8]
    /// The text without carriage returns before line feeds.
    let bytes: [UInt8]
    let hasByteOrderMark: Bool
    /// Whether the last line ends; `nil` for an empty text, which has no say.
    let hasFinalNewline: Bool?
    /// Where lines start in ``bytes`` and in ``original``; `nil` where nothing was taken out.
    private let starts: (normal: [Int], original: [Int])?
    /// Whether each line ends with a carriage return and a line feed; empty where none does.
    let endsWithCarriageReturn: [Bool]

    init(_ original: [UInt8]) {
        self.original = original
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        hasByteOrderMark = original.starts(with: mark)
        let start = hasByteOrderMark ? 3 : 0
        hasFinalNewline = original.count > start ? original.last == LineBreaks.lineFeed : nil
        let hasCarriageReturns = original.contains(LineBreaks.carriageReturn)
        guard hasByteOrderMark || hasCarriageReturns || hasFinalNewline == false else {
            bytes = original
            starts = nil
            endsWithCarriageReturn = []
            return
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(original.count + 1)
        var starts: (normal: [Int], original: [Int]) = ([], [])
        var endings: [Bool] = []
        for line in LineBreaks.lines(in: original, start..<original.count) {
            starts.normal.append(bytes.count)
            starts.original.append(line.lowerBound)
            var text = original[line]
            let ends = text.last == LineBreaks.lineFeed
            if ends { text.removeLast() }
            let isCRLF = ends && text.last == LineBreaks.carriageReturn
            if isCRLF { text.removeLast() }
            bytes += text
            bytes.append(LineBreaks.lineFeed)
            endings.append(isCRLF)
        }
        self.bytes = bytes
        self.starts = starts
        endsWithCarriageReturn = endings.contains(true) ? endings : []
    }

    /// Whether nothing was taken out or put in.
    var isOriginal: Bool { starts == nil }

    /// How all lines end, or `nil` when they differ; a text of one line or none has no say.
    var uniformEnding: LineEnding? {
        guard !endsWithCarriageReturn.isEmpty else { return .lf }
        let ended = endsWithCarriageReturn.dropLast(hasFinalNewline == true ? 0 : 1)
        if ended.allSatisfy({ $0 }) { return .crlf }
        return ended.contains(true) ? nil : .lf
    }

    /// Where a place of ``bytes`` is in ``original``.
    func originalOffset(_ offset: Int) -> Int {
        guard let starts else { return offset }
        if offset >= bytes.count { return original.count }
        var low = 0
        var high = starts.normal.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts.normal[middle] <= offset { low = middle } else { high = middle }
        }
        guard !starts.normal.isEmpty else { return offset }
        return min(starts.original[low] + offset - starts.normal[low], original.count)
    }
}
