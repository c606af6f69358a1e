/// Merges text line by line, and by words where both sides changed one paragraph.
struct LineMerge {
    /// What is merged.
    enum Mode {
        /// A body: aligned by its structure, and by words where that is allowed.
        case body(words: Bool)
        /// Any text, as Git does it.
        case text
    }

    let texts: Sides<[UInt8]>
    let mode: Mode
    /// What a conflict in these bytes of each side is about.
    let subject: (Sides<Range<Int>>) -> ConflictSubject

    /// The merge of a range of each text.
    func chunks(_ ranges: Sides<Range<Int>>) -> [Chunk] {
        let lines = Sides(
            base: BodyLines(texts.base, ranges.base), ours: BodyLines(texts.ours, ranges.ours),
            theirs: BodyLines(texts.theirs, ranges.theirs))
        var interner = Interner()
        let items = Sides(
            base: interner.numbers(of: lines.base.ranges, in: texts.base),
            ours: interner.numbers(of: lines.ours.ranges, in: texts.ours),
            theirs: interner.numbers(of: lines.theirs.ranges, in: texts.theirs))
        let parts = ThreeWay.parts(
            items, ours: hunks(items, lines, .ours), theirs: hunks(items, lines, .theirs))
        return parts.flatMap { chunks($0, lines, ranges) }
    }

    private func hunks(
        _ items: Sides<[Int]>, _ lines: Sides<BodyLines>, _ side: MergeSide
    ) -> [Hunk] {
        guard case .body = mode else { return Difference.hunks(items.base, items[side]) }
        return Difference.hunks(
            items.base, items[side],
            anchors: Anchors.anchors(items.base, lines.base, items[side], lines[side]))
    }

    private func chunks(
        _ part: ThreeWay.Part, _ lines: Sides<BodyLines>, _ ranges: Sides<Range<Int>>
    ) -> [Chunk] {
        func bytes(_ side: MergeSide, _ range: Range<Int>) -> Range<Int> {
            lines[side].ranges.bytes(range, of: ranges[side])
        }
        switch part {
        case .same(_, let ours, _): return [.merged([Piece(.ours, bytes(.ours, ours), .unchanged)])]
        case .ours(_, let ours): return [.merged([Piece(.ours, bytes(.ours, ours), .ours)])]
        case .theirs(_, let theirs):
            return [.merged([Piece(.theirs, bytes(.theirs, theirs), .theirs)])]
        case .both(_, let ours, _): return [.merged([Piece(.ours, bytes(.ours, ours), .same)])]
        case .conflict(let base, let ours, let theirs):
            let numbers = Sides(base: base, ours: ours, theirs: theirs)
            let hunk = Sides(
                base: bytes(.base, base), ours: bytes(.ours, ours), theirs: bytes(.theirs, theirs))
            if case .body(true) = mode, isProse(numbers, lines),
                let pieces = WordMerge(texts: texts).pieces(hunk)
            {
                return [.merged(pieces)]
            }
            let region = Region(
                subject: subject(hunk), reason: base.isEmpty ? .bothAdded : reason(hunk),
                sides: Sides(
                    base: [Piece(.base, hunk.base, .conflict)],
                    ours: [Piece(.ours, hunk.ours, .conflict)],
                    theirs: [Piece(.theirs, hunk.theirs, .conflict)]))
            return [.conflict(region)]
        }
    }

    private func reason(_ hunk: Sides<Range<Int>>) -> ConflictReason {
        hunk.ours.isEmpty || hunk.theirs.isEmpty ? .deletedAndChanged : .bothChanged
    }

    /// Whether no line is code: words of code mean nothing on their own.
    private func isProse(_ numbers: Sides<Range<Int>>, _ lines: Sides<BodyLines>) -> Bool {
        MergeSide.allCases.allSatisfy { side in
            lines[side].kinds[numbers[side]].allSatisfy { $0 != .code && $0 != .fence }
        }
    }
}

extension [Range<Int>] {
    /// The bytes of some lines; where there are none, the place where they would be.
    func bytes(_ lines: Range<Int>, of whole: Range<Int>) -> Range<Int> {
        guard lines.isEmpty else {
            return self[lines.lowerBound].lowerBound..<self[lines.upperBound - 1].upperBound
        }
        let place =
            lines.lowerBound < count ? self[lines.lowerBound].lowerBound : whole.upperBound
        return place..<place
    }
}
