/// Checks that a merge neither lost nor invented anything.
enum WordAccount {
    /// Whether every number, none of them negative and none large, occurs in the merge as often
    /// as the base, our change and their change together say; what both changed alike may count
    /// once or twice.
    static func adds(up items: Sides<[Int]>, merged: [Int]) -> Bool {
        let size =
            1
            + [items.base, items.ours, items.theirs, merged].reduce(-1) {
                max($0, $1.max() ?? -1)
            }
        func counts(_ items: [Int]) -> [Int] {
            var counts = [Int](repeating: 0, count: size)
            for item in items { counts[item] += 1 }
            return counts
        }
        let (before, after) = (items.map(counts), counts(merged))
        return (0..<size).allSatisfy { number in
            let ours = before.ours[number] - before.base[number]
            let theirs = before.theirs[number] - before.base[number]
            let merged = after[number] - before.base[number]
            if ours > 0, theirs > 0 {
                return (max(ours, theirs)...(ours + theirs)).contains(merged)
            }
            if ours < 0, theirs < 0 {
                return ((ours + theirs)...min(ours, theirs)).contains(merged)
            }
            return merged == ours + theirs
        }
    }

    /// The same for the words of texts, and their punctuation.
    static func adds(up texts: Sides<[UInt8]>, merged: [UInt8]) -> Bool {
        var interner = Interner()
        func words(_ bytes: [UInt8]) -> [Int] {
            Tokens.tokens(in: bytes, 0..<bytes.count)
                .filter { $0.kind == .word || $0.kind == .mark }
                .map { interner.number(of: bytes[$0.range]) }
        }
        let sides = Sides(
            base: words(texts.base), ours: words(texts.ours), theirs: words(texts.theirs))
        return adds(up: sides, merged: words(merged))
    }
}
