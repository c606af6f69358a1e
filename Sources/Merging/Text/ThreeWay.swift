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

        /// The side that alone changed it.
        fileprivate var changedSide: MergeSide? {
            switch self {
            case .ours: .ours
            case .theirs: .theirs
            case .same, .both, .conflict: nil
            }
        }

        /// How much of each side it covers.
        fileprivate var counts: Sides<Int> {
            switch self {
            case .same(let base, let ours, let theirs), .both(let base, let ours, let theirs),
                .conflict(let base, let ours, let theirs):
                Sides(base: base.count, ours: ours.count, theirs: theirs.count)
            case .ours(let base, let ours):
                Sides(base: base.count, ours: ours.count, theirs: base.count)
            case .theirs(let base, let theirs):
                Sides(base: base.count, ours: base.count, theirs: theirs.count)
            }
        }

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

    /// The parts, with conflicts for those that put an element back which both sides took out of
    /// one place: one side moved what the other one deleted, or moved elsewhere, and diff3 would
    /// keep what was deleted, or every copy.
    ///
    /// - Parameter isDistinct: whether the base's element at a position can be known again.
    static func disputing(
        _ parts: [Part], of items: Sides<[Int]>, where isDistinct: (Int) -> Bool
    ) -> [Part] {
        let places = places(of: parts)
        func counts(_ side: MergeSide, in part: Int) -> [Int: Int] {
            items[side][places[part][side]].reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        var removed = Set<Int>()
        for (index, part) in parts.enumerated() {
            switch part {
            case .both, .conflict: break
            case .same, .ours, .theirs: continue
            }
            let (before, ours) = (counts(.base, in: index), counts(.ours, in: index))
            let theirs = counts(.theirs, in: index)
            for position in places[index].base where isDistinct(position) {
                let item = items.base[position]
                if max(ours[item] ?? 0, theirs[item] ?? 0) < before[item] ?? 0 {
                    removed.insert(item)
                }
            }
        }
        guard !removed.isEmpty else { return parts }
        var disputed = parts
        for side in [MergeSide.ours, .theirs] {
            // How many a side has put in on its own, and in which parts.
            var added: [Int: (count: Int, parts: [Int])] = [:]
            for (index, part) in parts.enumerated() where part.changedSide == side {
                var change = counts(side, in: index)
                change.merge(counts(.base, in: index).mapValues { -$0 }, uniquingKeysWith: +)
                for (item, count) in change where removed.contains(item) {
                    added[item, default: (0, [])].count += count
                    if count > 0 { added[item, default: (0, [])].parts.append(index) }
                }
            }
            for index in added.values.filter({ $0.count > 0 }).flatMap(\.parts) {
                let place = places[index]
                disputed[index] = .conflict(
                    base: place.base, ours: place.ours, theirs: place.theirs)
            }
        }
        return disputed
    }

    /// Where the parts are on each side: what a side did not change is as long there as in the
    /// base.
    private static func places(of parts: [Part]) -> [Sides<Range<Int>>] {
        var end = Sides(base: 0, ours: 0, theirs: 0)
        return parts.map { part in
            let counts = part.counts
            func next(_ side: MergeSide) -> Range<Int> { end[side]..<(end[side] + counts[side]) }
            let place = Sides(base: next(.base), ours: next(.ours), theirs: next(.theirs))
            end = place.map(\.upperBound)
            return place
        }
    }

    private static func before(_ left: Hunk, _ right: Hunk) -> Bool {
        (left.old.lowerBound, left.old.upperBound) < (right.old.lowerBound, right.old.upperBound)
    }
}
