/// Which lines of one text are which lines of another, to find a place again.
struct LineAlignment {
    /// Which line tells where a place between two lines is.
    enum Side: CaseIterable {
        case above, below
    }

    /// Above this product of lines the difference in the middle is not searched.
    private static let searchLimit = 1_000_000

    private let old: [ArraySlice<UInt8>]
    private let new: [ArraySlice<UInt8>]
    private let oldRange: Range<Int>
    private let newRange: Range<Int>
    /// For each line of the old text the line of the new one.
    private var matches: [Int?]

    init(from oldText: ArraySlice<UInt8>, to newText: ArraySlice<UInt8>) {
        old = TextLines.split(oldText)
        new = TextLines.split(newText)
        oldRange = oldText.indices
        newRange = newText.indices
        matches = [Int?](repeating: nil, count: old.count)
        let shorter = min(old.count, new.count)
        var start = 0
        while start < shorter, old[start] == new[start] { start += 1 }
        var end = 0
        while end < shorter - start, old[old.count - 1 - end] == new[new.count - 1 - end] {
            end += 1
        }
        for line in 0..<start { matches[line] = line }
        for line in 0..<end { matches[old.count - 1 - line] = new.count - 1 - line }
        search(start..<(old.count - end), start..<(new.count - end))
    }

    private mutating func search(_ left: Range<Int>, _ right: Range<Int>) {
        guard left.count * right.count <= Self.searchLimit else { return }
        var removed = Set<Int>()
        var inserted = Set<Int>()
        for change in new[right].difference(from: old[left]) {
            switch change {
            case .remove(let offset, _, _): removed.insert(left.lowerBound + offset)
            case .insert(let offset, _, _): inserted.insert(right.lowerBound + offset)
            }
        }
        let kept = zip(
            left.filter { !removed.contains($0) }, right.filter { !inserted.contains($0) })
        for (from, to) in kept { matches[from] = to }
    }

    /// The lines that only the new text has.
    var unmatched: [ArraySlice<UInt8>] {
        let matched = Set(matches.compactMap { $0 })
        return new.indices.filter { !matched.contains($0) }.map { new[$0] }
    }

    /// Where an offset of the old text is in the new one, or `nil` when its line is not there.
    func offset(of offset: Int, by side: Side) -> Int? {
        let next = old.firstIndex { $0.endIndex > offset } ?? old.count
        let start = next < old.count ? old[next].startIndex : oldRange.upperBound
        guard offset == start else {
            return matches[next].map { new[$0].startIndex + offset - start }
        }
        switch side {
        case .above:
            guard next > 0 else { return newRange.lowerBound }
            return matches[next - 1].map { new[$0].endIndex }
        case .below:
            guard next < old.count else { return newRange.upperBound }
            return matches[next].map { new[$0].startIndex }
        }
    }
}
