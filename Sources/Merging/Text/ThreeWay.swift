/// Merges three sequences of numbers: diff3.
///
/// Khanna, Kunal, Pierce, "A Formal Investigation of Diff3" (2007); like Git, changes of both
/// sides that touch are one conflict, for then their order is anyone's guess.
enum ThreeWay {
    /// A part of the merge, with the ranges it covers.
    enum Part: Equatable {
        /// The same on all sides.
        case same(base: Range<Int>, ours: Range<Int>, theirs: Range<Int>)
        /// Only ours changed.
        case ours(base: Range<Int>, Range<Int>)
        /// Only theirs changed.
        case theirs(base: Range<Int>, Range<Int>)
        /// Both changed to the same.
        case both(base: Range<Int>, ours: Range<Int>, theirs: Range<Int>)
        /// Both changed, differently.
        case conflict(base: Range<Int>, ours: Range<Int>, theirs: Range<Int>)

        var isConflict: Bool { if case .conflict = self { true } else { false } }
    }

    static func parts(_ items: Sides<[Int]>) -> [Part] {
        parts(
            items, ours: Difference.hunks(items.base, items.ours),
            theirs: Difference.hunks(items.base, items.theirs))
    }

    /// The parts for given differences from the base.
    ///
    /// - Parameter apart: how many unchanged elements must lie between changes of two sides.
    static func parts(
        _ items: Sides<[Int]>, ours ourHunks: [Hunk], theirs theirHunks: [Hunk], apart: Int = 1
    ) -> [Part] {
        var parts: [Part] = []
        var ours = ourHunks[...]
        var theirs = theirHunks[...]
        var position = (base: 0, ours: 0, theirs: 0)

        func same(upTo base: Int) {
            guard base > position.base else { return }
            let count = base - position.base
            parts.append(
                .same(
                    base: position.base..<base, ours: position.ours..<(position.ours + count),
                    theirs: position.theirs..<(position.theirs + count)))
            position = (base, position.ours + count, position.theirs + count)
        }

        while let first = [ours.first, theirs.first].compactMap({ $0 }).min(by: before) {
            same(upTo: first.old.lowerBound)
            var end = first.old.lowerBound
            var taken = (ours: 0, theirs: 0)
            // How far each side's text runs ahead of the base's.
            var shift = (ours: 0, theirs: 0)
            var reach = (ours: Int.min, theirs: Int.min)
            while true {
                if let next = ours.first,
                    next.old.lowerBound - apart < reach.theirs
                        || (taken.ours == 0 && taken.theirs == 0 && next == first)
                        || next.old.lowerBound < end
                {
                    end = max(end, next.old.upperBound)
                    reach.ours = next.old.upperBound
                    shift.ours += next.new.count - next.old.count
                    taken.ours += 1
                    ours.removeFirst()
                } else if let next = theirs.first,
                    next.old.lowerBound - apart < reach.ours
                        || (taken.ours == 0 && taken.theirs == 0)
                        || next.old.lowerBound < end
                {
                    end = max(end, next.old.upperBound)
                    reach.theirs = next.old.upperBound
                    shift.theirs += next.new.count - next.old.count
                    taken.theirs += 1
                    theirs.removeFirst()
                } else {
                    break
                }
            }
            let base = position.base..<end
            let mine = position.ours..<(position.ours + base.count + shift.ours)
            let other = position.theirs..<(position.theirs + base.count + shift.theirs)
            if taken.theirs == 0 {
                parts.append(.ours(base: base, mine))
            } else if taken.ours == 0 {
                parts.append(.theirs(base: base, other))
            } else if items.ours[mine] == items.theirs[other] {
                parts.append(.both(base: base, ours: mine, theirs: other))
            } else {
                parts.append(.conflict(base: base, ours: mine, theirs: other))
            }
            position = (end, mine.upperBound, other.upperBound)
        }
        same(upTo: items.base.count)
        return parts
    }

    private static func before(_ left: Hunk, _ right: Hunk) -> Bool {
        (left.old.lowerBound, left.old.upperBound) < (right.old.lowerBound, right.old.upperBound)
    }
}
