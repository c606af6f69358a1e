/// A place where two sequences differ: these elements of the one stand for those of the other.
struct Hunk: Equatable {
    /// In the base; empty for an insertion.
    var old: Range<Int>
    /// In the changed sequence; empty for a removal.
    var new: Range<Int>
}

/// The differences between two sequences of numbers.
enum Difference {
    /// The hunks, in order; between two of them at least one element is the same.
    ///
    /// - Parameter anchors: pairs of positions that are the same for certain, rising on both
    ///   sides; the parts between them are compared on their own.
    static func hunks(
        _ old: [Int], _ new: [Int], anchors: [(old: Int, new: Int)] = []
    ) -> [Hunk] {
        var oldChanged = [Bool](repeating: false, count: old.count + 1)
        var newChanged = [Bool](repeating: false, count: new.count + 1)
        let known = (old: Set(old), new: Set(new))
        var start = (old: 0, new: 0)
        for anchor in anchors + [(old: old.count, new: new.count)] {
            // What the other one has nowhere has changed for certain; the search goes without.
            let left = (start.old..<anchor.old).filter { known.new.contains(old[$0]) }
            let right = (start.new..<anchor.new).filter { known.old.contains(new[$0]) }
            for index in start.old..<anchor.old { oldChanged[index] = true }
            for index in start.new..<anchor.new { newChanged[index] = true }
            for index in left { oldChanged[index] = false }
            for index in right { newChanged[index] = false }
            var search = EditSearch(left.map { old[$0] }, right.map { new[$0] })
            search.compare(left.indices, right.indices)
            for index in search.removed { oldChanged[left[index]] = true }
            for index in search.inserted { newChanged[right[index]] = true }
            start = (anchor.old + 1, anchor.new + 1)
        }
        Compaction.compact(old, &oldChanged, beside: &newChanged)
        Compaction.compact(new, &newChanged, beside: &oldChanged)
        return hunks(oldChanged, newChanged)
    }

    private static func hunks(_ oldChanged: [Bool], _ newChanged: [Bool]) -> [Hunk] {
        var hunks: [Hunk] = []
        var old = 0
        var new = 0
        while old < oldChanged.count - 1 || new < newChanged.count - 1 {
            let start = (old, new)
            while oldChanged[old] { old += 1 }
            while newChanged[new] { new += 1 }
            if start != (old, new) { hunks.append(Hunk(old: start.0..<old, new: start.1..<new)) }
            old += 1
            new += 1
        }
        return hunks
    }
}

/// Finds a short list of removals and insertions between two sequences.
///
/// Myers, "An O(ND) Difference Algorithm and Its Variations" (1986), in its linear-space form:
/// paths from both ends meet in the middle. Past a bound of cost the path that came furthest
/// is taken, so that a pair of long sequences with nothing in common ends soon.
private struct EditSearch {
    private let old: [Int]
    private let new: [Int]
    var removed: [Int] = []
    var inserted: [Int] = []
    /// Furthest positions in `old` by diagonal, from the start and from the end.
    private var forward: [Int] = []
    private var backward: [Int] = []

    init(_ old: [Int], _ new: [Int]) {
        self.old = old
        self.new = new
    }

    mutating func compare(_ oldRange: Range<Int>, _ newRange: Range<Int>) {
        var (low, high) = (oldRange.lowerBound, oldRange.upperBound)
        var (newLow, newHigh) = (newRange.lowerBound, newRange.upperBound)
        while low < high, newLow < newHigh, old[low] == new[newLow] {
            low += 1
            newLow += 1
        }
        while low < high, newLow < newHigh, old[high - 1] == new[newHigh - 1] {
            high -= 1
            newHigh -= 1
        }
        if low == high {
            inserted += newLow..<newHigh
        } else if newLow == newHigh {
            removed += low..<high
        } else {
            let (middle, newMiddle) = split(low..<high, newLow..<newHigh)
            compare(low..<middle, newLow..<newMiddle)
            compare(middle..<high, newMiddle..<newHigh)
        }
    }

    /// A point on a short path, where the problem can be cut in two.
    private mutating func split(_ a: Range<Int>, _ b: Range<Int>) -> (Int, Int) {
        // Diagonal k = x - y, counted from the ranges' starts, at index k + offset.
        let offset = b.count + 1
        let size = a.count + b.count + 3
        if forward.count < size {
            forward = [Int](repeating: 0, count: size)
            backward = [Int](repeating: 0, count: size)
        }
        let delta = a.count - b.count
        let bound = max(256, Int(Double(size).squareRoot()))
        var cost = 0
        while true {
            var best = (sum: -1, x: 0, y: 0)
            for k in diagonals(around: 0, cost, a, b) {
                var x = unreached
                if cost == 0 { x = 0 }
                if k > -cost, k > -b.count { x = max(x, step(forward[offset + k - 1] + 1, a)) }
                if k < cost, k < a.count, forward[offset + k + 1] - k <= b.count {
                    x = max(x, forward[offset + k + 1])
                }
                if x >= 0 {
                    while x < a.count, x - k < b.count,
                        old[a.lowerBound + x] == new[b.lowerBound + x - k]
                    { x += 1 }
                    if 2 * x - k > best.sum { best = (2 * x - k, x, x - k) }
                    if delta & 1 != 0, abs(k - delta) < cost, backward[offset + k] >= 0,
                        x >= backward[offset + k]
                    {
                        return (a.lowerBound + x, b.lowerBound + x - k)
                    }
                }
                forward[offset + k] = x
            }
            for k in diagonals(around: delta, cost, a, b) {
                var x = Int.max
                if cost == 0 { x = a.count }
                if k < delta + cost, k < a.count, backward[offset + k + 1] > 0 {
                    x = min(x, backward[offset + k + 1] - 1)
                }
                if k > delta - cost, k > -b.count, backward[offset + k - 1] >= k,
                    backward[offset + k - 1] >= 0
                {
                    x = min(x, backward[offset + k - 1])
                }
                if x < Int.max {
                    while x > 0, x - k > 0,
                        old[a.lowerBound + x - 1] == new[b.lowerBound + x - k - 1]
                    { x -= 1 }
                    if delta & 1 == 0, abs(k) <= cost, forward[offset + k] >= x {
                        return (a.lowerBound + x, b.lowerBound + x - k)
                    }
                }
                backward[offset + k] = x == Int.max ? unreached : x
            }
            cost += 1
            if cost > bound, best.sum > 0 {
                return (a.lowerBound + best.x, b.lowerBound + best.y)
            }
        }
    }

    /// What stands for a diagonal that no path has come to; smaller than any step makes good.
    private var unreached: Int { -1 << 40 }

    private func step(_ x: Int, _ a: Range<Int>) -> Int { x <= a.count ? x : unreached }

    /// The diagonals that paths of this cost end on, inside the rectangle.
    private func diagonals(
        around middle: Int, _ cost: Int, _ a: Range<Int>, _ b: Range<Int>
    ) -> StrideThrough<Int> {
        var low = middle - cost
        var high = middle + cost
        if low < -b.count { low += (-b.count - low + 1) / 2 * 2 }
        if high > a.count { high -= (high - a.count + 1) / 2 * 2 }
        return stride(from: low, through: high, by: 2)
    }
}

/// Moves hunks along repeated elements to where they meet the other side's, or as far down as
/// they go: the choice that Git makes (`xdl_change_compact`), so that hunks of two diffs with
/// one base lie in the same place when they mean the same.
private enum Compaction {
    /// A run of changed elements between two unchanged ones; it may be empty.
    private struct Group {
        var start = 0
        var end = 0

        init(_ changed: [Bool]) { while changed[end] { end += 1 } }

        mutating func next(_ changed: [Bool]) -> Bool {
            guard end < changed.count - 1 else { return false }
            start = end + 1
            end = start
            while changed[end] { end += 1 }
            return true
        }

        mutating func previous(_ changed: [Bool]) {
            guard start > 0 else { return }
            end = start - 1
            start = end
            while start > 0, changed[start - 1] { start -= 1 }
        }

        mutating func slideDown(_ items: [Int], _ changed: inout [Bool]) -> Bool {
            guard end < items.count, items[start] == items[end] else { return false }
            changed[start] = false
            changed[end] = true
            start += 1
            end += 1
            while changed[end] { end += 1 }
            return true
        }

        mutating func slideUp(_ items: [Int], _ changed: inout [Bool]) -> Bool {
            guard start > 0, items[start - 1] == items[end - 1] else { return false }
            start -= 1
            end -= 1
            changed[start] = true
            changed[end] = false
            while start > 0, changed[start - 1] { start -= 1 }
            return true
        }
    }

    static func compact(_ items: [Int], _ changed: inout [Bool], beside other: inout [Bool]) {
        var group = Group(changed)
        var beside = Group(other)
        while true {
            if group.start < group.end {
                slide(&group, &beside, items, &changed, other)
            }
            guard group.next(changed) else { return }
            _ = beside.next(other)
        }
    }

    private static func slide(
        _ group: inout Group, _ beside: inout Group, _ items: [Int], _ changed: inout [Bool],
        _ other: [Bool]
    ) {
        var size: Int
        var earliest: Int
        var meets: Bool
        repeat {
            size = group.end - group.start
            while group.slideUp(items, &changed) { beside.previous(other) }
            earliest = group.end
            meets = beside.start < beside.end
            while group.slideDown(items, &changed) {
                _ = beside.next(other)
                if beside.start < beside.end { meets = true }
            }
        } while size != group.end - group.start
        guard group.end != earliest, meets else { return }
        while beside.start == beside.end, group.slideUp(items, &changed) { beside.previous(other) }
    }
}
