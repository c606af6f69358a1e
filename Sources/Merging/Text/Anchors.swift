/// Pairs lines that are the same for certain, so that repeated ones do not pair wrongly.
///
/// Lines that occur once in both texts, as in Cohen's patience diff: headings and the first
/// lines of fenced blocks before all others, as they say where in the document a line is.
enum Anchors {
    static func anchors(
        _ old: [Int], _ oldKinds: [BodyLines.Kind], _ new: [Int]
    ) -> [(old: Int, new: Int)] {
        let structural = pairs(old, 0..<old.count, new, 0..<new.count) {
            oldKinds[$0] == .heading || oldKinds[$0] == .fence
        }
        var anchors: [(old: Int, new: Int)] = []
        var start = (old: 0, new: 0)
        for anchor in structural + [(old: old.count, new: new.count)] {
            anchors += pairs(old, start.old..<anchor.old, new, start.new..<anchor.new) {
                oldKinds[$0] != .blank
            }
            if anchor.old < old.count { anchors.append(anchor) }
            start = (anchor.old + 1, anchor.new + 1)
        }
        return anchors
    }

    /// Lines that occur once in each range, as many as keep their order.
    private static func pairs(
        _ old: [Int], _ oldRange: Range<Int>, _ new: [Int], _ newRange: Range<Int>,
        where isWanted: (Int) -> Bool
    ) -> [(old: Int, new: Int)] {
        guard !oldRange.isEmpty, !newRange.isEmpty else { return [] }
        var places: [Int: (old: Int, oldCount: Int, new: Int, newCount: Int)] = [:]
        for index in oldRange {
            places[old[index], default: (index, 0, 0, 0)].oldCount += 1
        }
        for index in newRange where places[new[index]] != nil {
            places[new[index], default: (0, 0, 0, 0)].new = index
            places[new[index], default: (0, 0, 0, 0)].newCount += 1
        }
        let unique = places.values.filter {
            $0.oldCount == 1 && $0.newCount == 1 && isWanted($0.old)
        }
        .sorted { $0.old < $1.old }
        return longestRising(unique.map { ($0.old, $0.new) })
    }

    /// The longest part of the pairs that rises on both sides (patience sorting).
    private static func longestRising(_ pairs: [(old: Int, new: Int)]) -> [(old: Int, new: Int)] {
        var ends: [Int] = []
        var previous = [Int](repeating: -1, count: pairs.count)
        for (index, pair) in pairs.enumerated() {
            var low = 0
            var high = ends.count
            while low < high {
                let middle = (low + high) / 2
                if pairs[ends[middle]].new < pair.new { low = middle + 1 } else { high = middle }
            }
            if low > 0 { previous[index] = ends[low - 1] }
            if low == ends.count { ends.append(index) } else { ends[low] = index }
        }
        var rising: [(old: Int, new: Int)] = []
        var index = ends.last ?? -1
        while index >= 0 {
            rising.append(pairs[index])
            index = previous[index]
        }
        return rising.reversed()
    }
}
