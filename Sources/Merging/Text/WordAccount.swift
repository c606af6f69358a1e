/// Checks that a merge neither lost nor invented anything.
enum WordAccount {
    /// Whether every number occurs in the merge as often as the base, our change and their
    /// change together say; what both changed alike may count once or twice.
    static func adds(up items: Sides<[Int]>, merged: [Int]) -> Bool {
        var counts: [Int: (base: Int, ours: Int, theirs: Int, merged: Int)] = [:]
        for item in items.base { counts[item, default: (0, 0, 0, 0)].base += 1 }
        for item in items.ours { counts[item, default: (0, 0, 0, 0)].ours += 1 }
        for item in items.theirs { counts[item, default: (0, 0, 0, 0)].theirs += 1 }
        for item in merged { counts[item, default: (0, 0, 0, 0)].merged += 1 }
        return counts.values.allSatisfy { count in
            let ours = count.ours - count.base
            let theirs = count.theirs - count.base
            let merged = count.merged - count.base
            if ours > 0, theirs > 0 {
                return (max(ours, theirs)...(ours + theirs)).contains(merged)
            }
            if ours < 0, theirs < 0 {
                return ((ours + theirs)...min(ours, theirs)).contains(merged)
            }
            return merged == ours + theirs
        }
    }

    /// The same for the words of texts, and with `withMarks` their punctuation.
    static func adds(up texts: Sides<[UInt8]>, merged: [UInt8], withMarks: Bool = true) -> Bool {
        var interner = Interner()
        func words(_ bytes: [UInt8]) -> [Int] {
            Tokens.tokens(in: bytes, 0..<bytes.count)
                .filter { $0.kind == .word || withMarks && $0.kind == .mark }
                .map { interner.number(of: bytes[$0.range]) }
        }
        let sides = Sides(
            base: words(texts.base), ours: words(texts.ours), theirs: words(texts.theirs))
        return adds(up: sides, merged: words(merged))
    }
}
