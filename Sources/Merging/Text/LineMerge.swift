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
        func perSide<Value>(_ make: (MergeSide) -> Value) -> Sides<Value> {
            Sides(base: make(.base), ours: make(.ours), theirs: make(.theirs))
        }
        let lines = perSide { LineBreaks.lines(in: texts[$0], ranges[$0]) }
        var interner = Interner()
        let items = perSide { interner.numbers(of: lines[$0], in: texts[$0]) }
        var parts: [ThreeWay.Part]
        if case .body = mode {
            let kinds = BodyLines(lines.base, of: texts.base).kinds
            func hunks(_ side: MergeSide) -> [Hunk] {
                Difference.hunks(
                    items.base, items[side],
                    anchors: Anchors.anchors(items.base, kinds, items[side]))
            }
            parts = ThreeWay.parts(items, ours: hunks(.ours), theirs: hunks(.theirs))
        } else {
            parts = ThreeWay.parts(items)
        }
        // A line without a word, blank or a fence, may be anywhere.
        parts = ThreeWay.disputing(parts, of: items) {
            texts.base[lines.base[$0]].contains(where: \.isWord)
        }
        // Most merges leave nothing open, and then no words are looked at.
        var isCode: Sides<[Bool]>?
        if case .body(words: true) = mode, parts.contains(where: \.isConflict) {
            isCode = perSide { CodeLines.code(lines[$0], of: texts[$0]) }
        }
        return parts.flatMap { chunks($0, lines, ranges, isCode) }
    }

    /// The merge of whole texts, where only what lies between the first difference and the last
    /// one is cut into lines.
    ///
    /// - Parameter margin: how many bytes beside the differences are looked at too, for changes
    ///   to be moved along repeated lines.
    func chunksBetweenEnds(margin: Int = 1 << 16) -> [Chunk] {
        let (base, ours, theirs) = (texts.base, texts.ours, texts.theirs)
        let shortest = min(base.count, ours.count, theirs.count)
        var start = 0
        while start < shortest, base[start] == ours[start], base[start] == theirs[start] {
            start += 1
        }
        start =
            ours[..<max(0, start - margin)].lastIndex(of: LineBreaks.lineFeed).map { $0 + 1 } ?? 0
        var count = 0
        while count < shortest - start,
            base[base.count - 1 - count] == ours[ours.count - 1 - count],
            base[base.count - 1 - count] == theirs[theirs.count - 1 - count]
        {
            count += 1
        }
        let rest = ours[(ours.count - max(0, count - margin))...]
        count = rest.firstIndex(of: LineBreaks.lineFeed).map { ours.count - 1 - $0 } ?? 0
        return [.merged([Piece(.ours, 0..<start, .unchanged)])]
            + chunks(texts.map { start..<($0.count - count) })
            + [.merged([Piece(.ours, (ours.count - count)..<ours.count, .unchanged)])]
    }

    /// - Parameter isCode: which lines may be code; nil where words are not merged.
    private func chunks(
        _ part: ThreeWay.Part, _ lines: Sides<[Range<Int>]>, _ ranges: Sides<Range<Int>>,
        _ isCode: Sides<[Bool]>?
    ) -> [Chunk] {
        func bytes(_ side: MergeSide, _ range: Range<Int>) -> Range<Int> {
            lines[side].bytes(range, of: ranges[side])
        }
        switch part {
        case .same(_, let ours, _): return [.merged([Piece(.ours, bytes(.ours, ours), .unchanged)])]
        case .ours(_, let ours): return [.merged([Piece(.ours, bytes(.ours, ours), .ours)])]
        case .theirs(_, let theirs):
            return [.merged([Piece(.theirs, bytes(.theirs, theirs), .theirs)])]
        case .both(_, let ours, _): return [.merged([Piece(.ours, bytes(.ours, ours), .same)])]
        case .conflict(let base, let ours, let theirs):
            let hunk = Sides(
                base: bytes(.base, base), ours: bytes(.ours, ours), theirs: bytes(.theirs, theirs))
            // Words of code mean nothing on their own; and what one side did not change is open
            // for what it did elsewhere, of which the words here know nothing.
            if let isCode, !isUnchanged(hunk),
                !(isCode.base[base] + isCode.ours[ours] + isCode.theirs[theirs]).contains(true),
                let pieces = WordMerge(texts: texts).pieces(hunk)
            {
                return [.merged(pieces)]
            }
            let region = Region(
                subject: subject(hunk), reason: reason(hunk),
                sides: Sides(
                    base: [Piece(.base, hunk.base, .conflict)],
                    ours: [Piece(.ours, hunk.ours, .conflict)],
                    theirs: [Piece(.theirs, hunk.theirs, .conflict)]))
            return [.conflict(region)]
        }
    }

    private func reason(_ hunk: Sides<Range<Int>>) -> ConflictReason {
        if isUnchanged(hunk) { return .deletedAndChanged }
        if hunk.base.isEmpty { return .bothAdded }
        return hunk.ours.isEmpty || hunk.theirs.isEmpty ? .deletedAndChanged : .bothChanged
    }

    private func isUnchanged(_ hunk: Sides<Range<Int>>) -> Bool {
        let base = texts.base[hunk.base]
        return texts.ours[hunk.ours] == base || texts.theirs[hunk.theirs] == base
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
