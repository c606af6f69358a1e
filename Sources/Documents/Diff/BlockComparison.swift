/// Pairs the blocks of two bodies.
enum BlockComparison {
    /// Above this product of blocks the difference in the middle is not searched: all of it
    /// counts as changed. It bounds the work on two bodies that have nothing in common.
    private static let searchLimit = 4_000_000

    static func changes(
        from old: [BodyBlock], to new: [BodyBlock]
    ) -> [DocumentDiff.BlockChange] {
        var start = 0
        while start < min(old.count, new.count), old[start] == new[start] { start += 1 }
        var end = 0
        while end < min(old.count, new.count) - start,
            old[old.count - 1 - end] == new[new.count - 1 - end]
        { end += 1 }
        let oldMiddle = Array(old[start..<(old.count - end)])
        let newMiddle = Array(new[start..<(new.count - end)])
        guard oldMiddle.count * newMiddle.count <= searchLimit else {
            return paired(oldMiddle[...], newMiddle[...])
        }
        return search(oldMiddle, newMiddle)
    }

    private static func search(
        _ old: [BodyBlock], _ new: [BodyBlock]
    ) -> [DocumentDiff.BlockChange] {
        var removed = Set<Int>()
        var inserted = Set<Int>()
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var changes: [DocumentDiff.BlockChange] = []
        var left = 0
        var right = 0
        while left < old.count || right < new.count {
            let oldStart = left
            let newStart = right
            while removed.contains(left) { left += 1 }
            while inserted.contains(right) { right += 1 }
            changes += paired(old[oldStart..<left], new[newStart..<right])
            // Past the pair that is the same on both sides.
            left += 1
            right += 1
        }
        return changes
    }

    /// Blocks in one place, first with first.
    private static func paired(
        _ old: ArraySlice<BodyBlock>, _ new: ArraySlice<BodyBlock>
    ) -> [DocumentDiff.BlockChange] {
        zip(old, new).map { .changed(from: $0, to: $1) }
            + old.dropFirst(new.count).map { .removed($0) }
            + new.dropFirst(old.count).map { .added($0) }
    }
}
