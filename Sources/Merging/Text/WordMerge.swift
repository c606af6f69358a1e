/// Merges a hunk that both sides changed, where they changed other words of it.
///
/// Words are compared, not letters. The merge counts only where it is plain to a reader: some
/// words that nobody changed lie between the changes of the two sides, they occur nowhere else
/// in the hunk, and no word is lost or doubled.
struct WordMerge {
    /// How many unchanged words must lie between changes of two sides.
    static let distance = 3
    /// Runs of fewer unchanged words than this, between two changes of one side, belong to them.
    static let shortestRun = 3

    let texts: Sides<[UInt8]>

    /// The merged hunk, or `nil` where it is left open.
    func pieces(_ hunk: Sides<Range<Int>>) -> [Piece]? {
        guard !hunk.base.isEmpty, !hunk.ours.isEmpty, !hunk.theirs.isEmpty else { return nil }
        let tokens = Sides(
            base: Tokens.tokens(in: texts.base, hunk.base),
            ours: Tokens.tokens(in: texts.ours, hunk.ours),
            theirs: Tokens.tokens(in: texts.theirs, hunk.theirs))
        var interner = Interner()
        let items = Sides(
            base: interner.numbers(of: tokens.base.map(\.range), in: texts.base),
            ours: interner.numbers(of: tokens.ours.map(\.range), in: texts.ours),
            theirs: interner.numbers(of: tokens.theirs.map(\.range), in: texts.theirs))
        let ours = joined(Difference.hunks(items.base, items.ours), tokens.base)
        let theirs = joined(Difference.hunks(items.base, items.theirs), tokens.base)
        guard areApart(ours, theirs, tokens.base, items) else { return nil }
        var pieces: [Piece] = []
        var merged: [Int] = []
        for part in ThreeWay.parts(items, ours: ours, theirs: theirs) {
            switch part {
            case .same(_, let range, _):
                pieces.append(Piece(.ours, bytes(range, tokens.ours, hunk.ours), .unchanged))
                merged += items.ours[range]
            case .ours(_, let range):
                pieces.append(Piece(.ours, bytes(range, tokens.ours, hunk.ours), .words))
                merged += items.ours[range]
            case .both(_, let range, _):
                pieces.append(Piece(.ours, bytes(range, tokens.ours, hunk.ours), .same))
                merged += items.ours[range]
            case .theirs(_, let range):
                pieces.append(Piece(.theirs, bytes(range, tokens.theirs, hunk.theirs), .words))
                merged += items.theirs[range]
            case .conflict: return nil
            }
        }
        var isSubstance = Set<Int>()
        for side in MergeSide.allCases {
            for (token, item) in zip(tokens[side], items[side])
            where token.kind == .word || token.kind == .mark { isSubstance.insert(item) }
        }
        let words = items.map { $0.filter(isSubstance.contains) }
        guard WordAccount.adds(up: words, merged: merged.filter(isSubstance.contains)) else {
            return nil
        }
        return pieces
    }

    private func bytes(_ range: Range<Int>, _ tokens: [Token], _ whole: Range<Int>) -> Range<Int> {
        tokens.map(\.range).bytes(range, of: whole)
    }

    /// The hunks with those put together that only a short run lies between.
    private func joined(_ hunks: [Hunk], _ base: [Token]) -> [Hunk] {
        var result: [Hunk] = []
        for hunk in hunks {
            if let last = result.last,
                words(base[last.old.upperBound..<hunk.old.lowerBound]) < WordMerge.shortestRun
            {
                result[result.count - 1] = Hunk(
                    old: last.old.lowerBound..<hunk.old.upperBound,
                    new: last.new.lowerBound..<hunk.new.upperBound)
            } else {
                result.append(hunk)
            }
        }
        return result
    }

    private func words(_ tokens: ArraySlice<Token>) -> Int { tokens.count { $0.kind == .word } }

    /// Whether enough lies between each change of ours and the changes of theirs next to it.
    private func areApart(
        _ ours: [Hunk], _ theirs: [Hunk], _ base: [Token], _ items: Sides<[Int]>
    ) -> Bool {
        let changes =
            (ours.map { (MergeSide.ours, $0) } + theirs.map { (MergeSide.theirs, $0) })
            .sorted {
                ($0.1.old.lowerBound, $0.1.old.upperBound) < (
                    $1.1.old.lowerBound, $1.1.old.upperBound
                )
            }
        for (left, right) in zip(changes, changes.dropFirst()) where left.0 != right.0 {
            if left.1.old == right.1.old,
                items[left.0][left.1.new] == items[right.0][right.1.new]
            {
                continue
            }
            guard left.1.old.upperBound < right.1.old.lowerBound else { return false }
            let gap = left.1.old.upperBound..<right.1.old.lowerBound
            guard words(base[gap]) >= WordMerge.distance, isUnique(gap, items) else { return false }
        }
        return true
    }

    /// Whether a run of the base occurs only once in each text.
    private func isUnique(_ run: Range<Int>, _ items: Sides<[Int]>) -> Bool {
        let run = items.base[run]
        return MergeSide.allCases.allSatisfy { side in
            let text = items[side]
            var count = 0
            var start = 0
            while start + run.count <= text.count {
                if text[start] == run.first, text[start..<(start + run.count)].elementsEqual(run) {
                    count += 1
                    if count > 1 { return false }
                }
                start += 1
            }
            return true
        }
    }
}
