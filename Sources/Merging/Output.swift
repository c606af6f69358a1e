import Documents

/// The bytes of a merge as they grow, with their account.
///
/// Gives back what ``NormalText`` took away: each line's ending, the byte order mark, and
/// whether the last line ends; each by the three-way rule.
struct Output {
    private let texts: Sides<NormalText>
    private let endings: LineEndings?
    private(set) var bytes: [UInt8] = []
    private(set) var account: [AccountEntry] = []
    private(set) var lineCount = 0

    init(texts: Sides<NormalText>) {
        self.texts = texts
        endings = LineEndings(texts)
        if merged(texts.map(\.hasByteOrderMark)) {
            add([0xEF, 0xBB, 0xBF], nil, 0..<0, .boolean)
        }
    }

    mutating func append(_ pieces: [Piece]) {
        for piece in pieces {
            switch piece.source {
            case .side(let side, let range): copy(range, of: side, piece.rule)
            case .made(let made):
                for line in LineBreaks.lines(in: made, 0..<made.count) {
                    var text = Array(made[line])
                    if text.last == LineBreaks.lineFeed {
                        lineCount += 1
                        if let endings {
                            text.removeLast()
                            text += endings.neighbor(of: bytes).bytes
                        }
                    }
                    add(text, nil, 0..<0, piece.rule)
                }
            }
        }
    }

    private mutating func copy(_ range: Range<Int>, of side: MergeSide, _ rule: MergeRule) {
        let text = texts[side]
        if endings == nil, text.isOriginal {
            lineCount += text.bytes[range].count { $0 == LineBreaks.lineFeed }
            add(text.bytes[range], side, range, rule)
            return
        }
        for line in LineBreaks.lines(in: text.bytes, range) {
            let ends = text.bytes[line.upperBound - 1] == LineBreaks.lineFeed
            let content = line.lowerBound..<(line.upperBound - (ends ? 1 : 0))
            let source = text.originalOffset(content.lowerBound)
            add(
                Array(text.bytes[content]), side, source..<(source + content.count), rule)
            guard ends else { continue }
            lineCount += 1
            let ending = endings?.ending(of: side, at: content.upperBound, after: bytes) ?? .lf
            let start = source + content.count
            let own = start..<min(start + ending.bytes.count, text.original.count)
            if text.original[own].elementsEqual(ending.bytes) {
                add(ending.bytes, side, own, rule)
            } else {
                add(ending.bytes, nil, 0..<0, .lineEnding)
            }
        }
    }

    /// Ends the last line, or leaves it open.
    mutating func finish(endsWithMarker: Bool) {
        let sides = texts.map { $0.hasFinalNewline }
        let base = sides.base ?? sides.ours ?? sides.theirs ?? true
        let wanted = merged(
            Sides(base: base, ours: sides.ours ?? base, theirs: sides.theirs ?? base))
        guard !wanted, !endsWithMarker, bytes.last == LineBreaks.lineFeed else { return }
        cut()
        if bytes.last == LineBreaks.carriageReturn, endings != nil { cut() }
    }

    private mutating func cut() {
        bytes.removeLast()
        guard let last = account.popLast() else { return }
        let output = last.output.dropLast()
        guard !output.isEmpty else { return }
        account.append(
            AccountEntry(
                output: output, side: last.side,
                source: last.source.isEmpty ? last.source : last.source.dropLast(),
                rule: last.rule))
    }

    private mutating func add(
        _ new: some Collection<UInt8>, _ side: MergeSide?, _ source: Range<Int>,
        _ rule: MergeRule
    ) {
        guard !new.isEmpty else { return }
        let output = bytes.count..<(bytes.count + new.count)
        bytes += new
        if let last = account.last, last.side == side, last.rule == rule,
            side == nil || last.source.upperBound == source.lowerBound
        {
            let whole = side == nil ? source : last.source.lowerBound..<source.upperBound
            account[account.count - 1] = AccountEntry(
                output: last.output.lowerBound..<output.upperBound, side: side, source: whole,
                rule: rule)
        } else {
            account.append(AccountEntry(output: output, side: side, source: source, rule: rule))
        }
    }

    private func merged(_ values: Sides<Bool>) -> Bool {
        values.winner.map { values[$0] } ?? values.ours
    }
}

/// How the lines of the output end, where not all sides use line feeds alone.
private struct LineEndings {
    private let texts: Sides<NormalText>
    /// The ending of all lines, where every side has one only.
    private let uniform: LineEnding?
    /// Of sides with mixed endings: which line of each is which of the base.
    private let starts: Sides<[Int]>
    private let baseLines: Sides<[Int: Int]>

    init?(_ texts: Sides<NormalText>) {
        guard MergeSide.allCases.contains(where: { !texts[$0].endsWithCarriageReturn.isEmpty })
        else { return nil }
        self.texts = texts
        // A side of one line or none has no say.
        let said = texts.map { $0.bytes.isEmpty ? nil : $0.uniformEnding }
        if let base = texts.base.bytes.isEmpty ? (said.ours ?? said.theirs) : said.base,
            let ours = texts.ours.bytes.isEmpty ? base : said.ours,
            let theirs = texts.theirs.bytes.isEmpty ? base : said.theirs
        {
            uniform = base == ours ? theirs : ours
            starts = texts.map { _ in [] }
            baseLines = texts.map { _ in [:] }
            return
        }
        uniform = nil
        var interner = Interner()
        let lines = texts.map { LineBreaks.lines(in: $0.bytes, 0..<$0.bytes.count) }
        starts = lines.map { $0.map(\.upperBound) }
        let items = Sides(
            base: interner.numbers(of: lines.base, in: texts.base.bytes),
            ours: interner.numbers(of: lines.ours, in: texts.ours.bytes),
            theirs: interner.numbers(of: lines.theirs, in: texts.theirs.bytes))
        func matches(_ side: MergeSide) -> [Int: Int] {
            var matches: [Int: Int] = [:]
            var position = (base: 0, side: 0)
            for hunk in Difference.hunks(items.base, items[side])
                + [Hunk(old: items.base.count..<items.base.count, new: 0..<0)]
            {
                while position.base < hunk.old.lowerBound {
                    matches[position.side] = position.base
                    position = (position.base + 1, position.side + 1)
                }
                position = (hunk.old.upperBound, hunk.new.upperBound)
            }
            return matches
        }
        baseLines = Sides(base: [:], ours: matches(.ours), theirs: matches(.theirs))
    }

    /// The ending of a side's line in the output.
    func ending(of side: MergeSide, at end: Int, after output: [UInt8]) -> LineEnding {
        if let uniform { return uniform }
        guard let line = lineNumber(side, end) else { return neighbor(of: output) }
        let base = side == .base ? line : baseLines[side][line]
        guard let base else { return neighbor(of: output) }
        let before = own(.base, base)
        for other in [MergeSide.ours, .theirs] {
            guard
                let number = other == side
                    ? line : baseLines[other].first(where: { $0.value == base })?.key
            else { continue }
            let ending = own(other, number)
            if ending != before { return ending }
        }
        return before
    }

    /// The ending of the line before, for lines that no side has.
    func neighbor(of output: [UInt8]) -> LineEnding {
        if let uniform { return uniform }
        guard let last = output.lastIndex(of: LineBreaks.lineFeed) else {
            return own(.ours, 0)
        }
        return last > 0 && output[last - 1] == LineBreaks.carriageReturn ? .crlf : .lf
    }

    private func own(_ side: MergeSide, _ line: Int) -> LineEnding {
        let endings = texts[side].endsWithCarriageReturn
        return endings.indices.contains(line) && endings[line] ? .crlf : .lf
    }

    private func lineNumber(_ side: MergeSide, _ end: Int) -> Int? {
        var low = 0
        var high = starts[side].count
        while low < high {
            let middle = (low + high) / 2
            if starts[side][middle] < end + 1 { low = middle + 1 } else { high = middle }
        }
        return low < starts[side].count ? low : nil
    }
}
