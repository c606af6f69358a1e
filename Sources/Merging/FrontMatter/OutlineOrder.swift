import Documents

/// Puts the items of three outlines in one order.
///
/// One side's order is the frame: theirs if only they put keys in another order, else ours.
/// The other side's new items go after the nearest item before them that is still there; where
/// both added something in one place, ours comes first.
struct OutlineOrder {
    /// A place in the merged order.
    enum Slot {
        /// Blank lines, or a comment that belongs to no key.
        case gap(MergeSide, Outline.Item, MergeRule)
        /// A key, with its lines on each side that has it.
        case entry(Sides<Outline.Item?>)
    }

    private struct Place {
        let id: Int
        /// The item's position on each side that has it.
        var at: Sides<Int?>
    }

    private let texts: Sides<[UInt8]>
    private let items: Sides<[Outline.Item]>
    private let ids: Sides<[Int]>

    /// - Parameter formerly: the old names of keys, by the new ones.
    init(texts: Sides<[UInt8]>, items: Sides<[Outline.Item]>, formerly: [[Text]: [Text]]) {
        self.texts = texts
        self.items = items
        var interner = Interner()
        func numbers(_ side: MergeSide) -> [Int] {
            items[side].map { item in
                var name: [UInt8] = []
                switch item.kind {
                case .blank: name = [0]
                case .comment: name = [1] + texts[side][item.range]
                case .entry:
                    let keys = formerly[item.keys] ?? item.keys
                    name = [item.isTable ? 2 : 3] + keys.flatMap { $0.bytes + [0] }
                }
                return interner.number(of: name[...])
            }
        }
        ids = Sides(base: numbers(.base), ours: numbers(.ours), theirs: numbers(.theirs))
    }

    func slots() throws(OutlineMerge.Failure) -> [Slot] {
        let frame: MergeSide = !isReordered(.ours) && isReordered(.theirs) ? .theirs : .ours
        let other = frame.opposite
        var matches = Sides(base: [:], ours: gapMatches(.ours), theirs: gapMatches(.theirs))
        // A comment that the frame has elsewhere is there what the base has. One that only the
        // other side has elsewhere is removed and added, so that it moves.
        let moved = [frame, other].map { movedComments($0, matches[$0]) }
        matches[other].merge(moved[1].filter { matches[frame][$0.key] == nil }) { $1 }
        matches[frame].merge(moved[0]) { $1 }
        try refuseComments(matches)
        let positions = Sides(
            base: entries(.base), ours: entries(.ours), theirs: entries(.theirs))
        let bases = Dictionary(matches[frame].map { ($1, $0) }) { first, _ in first }
        var places: [Place] = []
        var placed = Set<Int>()
        for (index, id) in ids[frame].enumerated() {
            var place = Place(id: id, at: Sides(base: nil, ours: nil, theirs: nil))
            place.at[frame] = index
            if items[frame][index].kind == .entry {
                place.at.base = positions.base[id]
                place.at[other] = positions[other][id]
            } else if let base = bases[index] {
                place.at.base = base
                if let match = matches[other][base] {
                    place.at[other] = match
                } else if !isBeside(index, of: frame, positions) {
                    // A gap that the other side took out is gone.
                    continue
                }
            }
            if let index = place.at[other] { placed.insert(index) }
            places.append(place)
        }
        insert(from: other, into: &places, placed, matches[other], positions)
        return places.map(slot)
    }

    /// Whether a gap of the frame's is beside a key that only the frame has: there it stays.
    private func isBeside(
        _ index: Int, of frame: MergeSide, _ positions: Sides<[Int: Int]>
    ) -> Bool {
        guard items[frame][index].kind == .blank else { return false }
        return [index - 1, index + 1].contains { neighbor in
            guard items[frame].indices.contains(neighbor),
                items[frame][neighbor].kind == .entry
            else { return false }
            let id = ids[frame][neighbor]
            return positions.base[id] == nil && positions[frame.opposite][id] == nil
        }
    }

    /// Puts the other side's items that the frame has not into the order.
    private func insert(
        from other: MergeSide, into places: inout [Place], _ placed: Set<Int>,
        _ matches: [Int: Int], _ positions: Sides<[Int: Int]>
    ) {
        let known = Set(matches.values)
        var after = -1
        for (index, id) in ids[other].enumerated() {
            if placed.contains(index) {
                after = places.firstIndex { $0.at[other] == index } ?? after
                continue
            }
            let isEntry = items[other][index].kind == .entry
            // A gap that the frame took out stays out.
            if !isEntry, known.contains(index) { continue }
            var end = after + 1
            // What the frame added here comes first if it is ours; the same gap is not added
            // twice.
            var twin: Int?
            while end < places.count, isAdded(places[end], by: other.opposite),
                mayFollow(index, of: other, places[end])
            {
                if !isEntry, places[end].id == id, places[end].at[other] == nil { twin = end }
                end += 1
            }
            if let twin {
                places[twin].at[other] = index
                after = twin
                continue
            }
            if items[other][index].isTable {
                end = max(end, (places.lastIndex(where: isPair) ?? -1) + 1)
            } else if other == .ours {
                end = after + 1
            }
            if isEntry, !items[other][index].isTable {
                end = min(end, places.firstIndex(where: isTable) ?? places.count)
            }
            var place = Place(id: id, at: Sides(base: nil, ours: nil, theirs: nil))
            place.at[other] = index
            if isEntry { place.at.base = positions.base[id] }
            places.insert(place, at: end)
            after = end
        }
    }

    /// Whether an item can come after a new one of the other side: after a TOML table no pair
    /// can, for it would belong to the table.
    private func mayFollow(_ index: Int, of side: MergeSide, _ place: Place) -> Bool {
        guard let other = place.at[side.opposite] else { return true }
        return items[side][index].isTable || !items[side.opposite][other].isTable
    }

    /// Whether a place holds a key and its value, which have to stand before any TOML table.
    private func isPair(_ place: Place) -> Bool { holdsEntry(place, isTable: false) }

    private func isTable(_ place: Place) -> Bool { holdsEntry(place, isTable: true) }

    private func holdsEntry(_ place: Place, isTable: Bool) -> Bool {
        [MergeSide.ours, .theirs].contains { side in
            place.at[side].map {
                items[side][$0].kind == .entry && items[side][$0].isTable == isTable
            } ?? false
        }
    }

    private func isAdded(_ place: Place, by side: MergeSide) -> Bool {
        place.at.base == nil && place.at[side] != nil && place.at[side.opposite] == nil
    }

    private func slot(_ place: Place) -> Slot {
        func item(_ side: MergeSide) -> Outline.Item? { place.at[side].map { items[side][$0] } }
        let all = Sides(base: item(.base), ours: item(.ours), theirs: item(.theirs))
        guard let first = all.ours ?? all.theirs, first.kind != .entry else { return .entry(all) }
        guard let ours = all.ours else { return .gap(.theirs, first, .theirs) }
        // A gap of ours that theirs took out stands here for a new key's sake.
        guard let base = all.base, let theirs = all.theirs else {
            return .gap(.ours, ours, all.theirs == nil ? .ours : .same)
        }
        // Blank lines may differ in number.
        let isOurs = texts.ours[ours.range] != texts.base[base.range]
        if isOurs { return .gap(.ours, ours, .ours) }
        let isTheirs = texts.theirs[theirs.range] != texts.base[base.range]
        return isTheirs ? .gap(.theirs, theirs, .theirs) : .gap(.ours, ours, .unchanged)
    }

    private func entries(_ side: MergeSide) -> [Int: Int] {
        var positions: [Int: Int] = [:]
        for (index, id) in ids[side].enumerated() where items[side][index].kind == .entry {
            positions[id] = index
        }
        return positions
    }

    /// Whether a side put keys of the base in another order.
    private func isReordered(_ side: MergeSide) -> Bool {
        let base = entries(.base)
        let own = entries(side)
        let kept = ids.base.enumerated().filter {
            items.base[$0.offset].kind == .entry && own[$0.element] != nil
        }.map(\.element)
        let here = ids[side].enumerated().filter {
            items[side][$0.offset].kind == .entry && base[$0.element] != nil
        }.map(\.element)
        return kept != here
    }

    /// Where a side has the base's gaps, by position.
    private func gapMatches(_ side: MergeSide) -> [Int: Int] {
        var matches: [Int: Int] = [:]
        var position = (base: 0, side: 0)
        func match(upTo end: Int) {
            while position.base < end {
                if items.base[position.base].kind != .entry {
                    matches[position.base] = position.side
                }
                position.base += 1
                position.side += 1
            }
        }
        for hunk in Difference.hunks(ids.base, ids[side]) {
            match(upTo: hunk.old.lowerBound)
            position = (hunk.old.upperBound, hunk.new.upperBound)
        }
        match(upTo: ids.base.count)
        return matches
    }

    /// Where a side has comments of the base that it put in another place.
    private func movedComments(_ side: MergeSide, _ matches: [Int: Int]) -> [Int: Int] {
        // A comment that is there twice is not known again.
        func places(_ side: MergeSide) -> [Int: Int] {
            let comments = ids[side].indices.filter { items[side][$0].kind == .comment }
            return Dictionary(comments.map { (ids[side][$0], [$0]) }, uniquingKeysWith: +)
                .compactMapValues { $0.count == 1 ? $0[0] : nil }
        }
        let own = places(side)
        let known = Set(matches.values)
        var moved: [Int: Int] = [:]
        for (id, index) in places(.base) where matches[index] == nil {
            if let place = own[id], !known.contains(place) { moved[index] = place }
        }
        return moved
    }

    /// Refuses a comment that belongs to no key and that both sides changed: which of the new
    /// ones stands for it is anyone's guess.
    private func refuseComments(_ matches: Sides<[Int: Int]>) throws(OutlineMerge.Failure) {
        for (index, item) in items.base.enumerated() where item.kind == .comment {
            guard matches.ours[index] == nil, matches.theirs[index] == nil else { continue }
            func comments(_ side: MergeSide) -> Set<Int> {
                let known = Set(ids.base)
                return Set(
                    zip(items[side], ids[side]).filter {
                        $0.0.kind == .comment && !known.contains($0.1)
                    }.map(\.1))
            }
            guard comments(.ours) == comments(.theirs) else {
                throw OutlineMerge.Failure(reason: "both sides changed a comment")
            }
        }
    }
}
