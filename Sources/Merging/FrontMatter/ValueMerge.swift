import Documents

/// Merges values by the rules for front matter; knows nothing of bytes.
struct ValueMerge {
    let policy: MergePolicy
    let favor: MergeOptions.Favor?
    var renames: [(FieldPath, Text)] = []

    init(policy: MergePolicy, favor: MergeOptions.Favor?) {
        self.policy = policy
        self.favor = favor
    }

    /// What becomes of a value; `nil` when it is gone.
    mutating func merge(_ values: Sides<Value?>, at path: FieldPath) -> Decision? {
        switch (values.base, values.ours, values.theirs) {
        case (_, nil, nil): return nil
        case (let base, let ours?, let theirs?):
            return both(base, ours, theirs, at: path)
        case (nil, let value?, nil): return .take(.ours, value, .ours)
        case (nil, nil, let value?): return .take(.theirs, value, .theirs)
        case (let base?, let value?, nil), (let base?, nil, let value?):
            return base.means(value) ? nil : .conflict(.deletedAndChanged, values)
        }
    }

    private mutating func both(
        _ base: Value?, _ ours: Value, _ theirs: Value, at path: FieldPath
    ) -> Decision {
        if case .map(let ourMembers) = ours, case .map(let theirMembers) = theirs,
            base == nil || base?.members != nil || base?.isEmptyScalar == true
        {
            return .map(entries(base?.members ?? [], ourMembers, theirMembers, at: path))
        }
        if ours.means(theirs) { return .kept(ours) }
        if let base {
            if base.means(ours) { return .take(.theirs, theirs, .theirs) }
            if base.means(theirs) { return .take(.ours, ours, .ours) }
        }
        let values = Sides<Value?>(base: base, ours: ours, theirs: theirs)
        return chosen(values, ours, theirs, at: path)
            ?? list(base, ours, theirs, at: path)
            ?? .conflict(base == nil ? .bothAdded : .bothChanged, values)
    }

    // MARK: Maps

    private mutating func entries(
        _ base: [Value.Member], _ ours: [Value.Member], _ theirs: [Value.Member],
        at path: FieldPath
    ) -> [Decision.Entry] {
        let maps = Sides(base: Value.map(base), ours: Value.map(ours), theirs: Value.map(theirs))
        let renamed = Renames(maps: maps)
        var entries: [Decision.Entry] = []
        var seen = Set<Text>()
        for key in (ours + theirs + base).map(\.key) where seen.insert(key).inserted {
            let place = path.appending(.key(key))
            if let rename = renamed.to[key] {
                // The one side named it so, the other one changed it under its old name.
                let values = Sides(
                    base: maps.base[rename.from],
                    ours: maps.ours[rename.side == .ours ? key : rename.from],
                    theirs: maps.theirs[rename.side == .theirs ? key : rename.from])
                renames.append((path.appending(.key(rename.from)), key))
                entries.append(
                    .init(key: key, decision: merge(values, at: place), formerly: rename.from))
            } else if renamed.from.contains(key) {
                entries.append(.init(key: key, decision: nil))
            } else if renamed.clashes.contains(key) {
                let values = maps.map { $0[key] }
                entries.append(.init(key: key, decision: .conflict(.renamed, values)))
            } else {
                entries.append(
                    .init(key: key, decision: merge(maps.map { $0[key] }, at: place)))
            }
        }
        return entries
    }

    // MARK: Policy

    private func chosen(
        _ values: Sides<Value?>, _ ours: Value, _ theirs: Value, at path: FieldPath
    ) -> Decision? {
        switch policy.choice(for: path) {
        case .ours: return .take(.ours, ours, .policy("ours"))
        case .theirs: return .take(.theirs, theirs, .policy("theirs"))
        case .max, .min:
            guard let isGreater = Magnitude.isGreater(ours, than: theirs) else { return nil }
            let wantsMax = policy.choice(for: path) == .max
            let rule = MergeRule.policy(wantsMax ? "max" : "min")
            return isGreater == wantsMax ? .take(.ours, ours, rule) : .take(.theirs, theirs, rule)
        case .newest:
            guard case .scalar(let ourType, let ourText) = ours,
                case .scalar(let theirType, let theirText) = theirs, ourType == theirType,
                ourType == .date || ourType == .string, let left = Instant(ourText),
                let right = Instant(theirText), let isLater = left.isLater(than: right)
            else { return nil }
            return isLater ? .take(.ours, ours, .newest) : .take(.theirs, theirs, .newest)
        case .set, .union: return set(values.base, ours, theirs)
        case .hook, nil: return nil
        }
    }

    // MARK: Lists

    /// `O − (B∖T) + (T∖B)`, in ours' order.
    private func set(_ base: Value?, _ ours: Value, _ theirs: Value) -> Decision? {
        guard let ourItems = ours.items, let theirItems = theirs.items,
            let baseItems = base.map({ $0.items ?? ($0.isEmptyScalar ? [] : nil) }) ?? [],
            (ourItems + theirItems + baseItems).allSatisfy(\.isScalar)
        else { return nil }
        let before = Set(baseItems)
        let inTheirs = Set(theirItems)
        let kept = ourItems.filter { !before.contains($0) || inTheirs.contains($0) }
        let inOurs = Set(ourItems)
        let added = theirItems.filter { !before.contains($0) && !inOurs.contains($0) }
        return .made(.list(kept + added), .set)
    }

    private mutating func list(
        _ base: Value?, _ ours: Value, _ theirs: Value, at path: FieldPath
    ) -> Decision? {
        guard let ourItems = ours.items, let theirItems = theirs.items,
            let baseItems = base?.items
        else { return favor == .union ? set(base ?? .list([]), ours, theirs) : nil }
        if let id = policy.lists[path.description] {
            return byID(Text(id), baseItems, ourItems, theirItems, at: path)
        }
        if let items = inOrder(baseItems, ourItems, theirItems) {
            return .made(.list(items), .list)
        }
        return favor == .union ? set(base, ours, theirs) : nil
    }

    /// diff3 on items; `nil` where both sides changed one place.
    private func inOrder(_ base: [Value], _ ours: [Value], _ theirs: [Value]) -> [Value]? {
        var numbers: [Value: Int] = [:]
        func number(_ item: Value) -> Int {
            let next = numbers.count
            return numbers[item, default: next] == next
                ? {
                    numbers[item] = next; return next
                }() : numbers[item, default: next]
        }
        let items = Sides(
            base: base.map(number), ours: ours.map(number), theirs: theirs.map(number))
        var merged: [Value] = []
        for part in ThreeWay.parts(items) {
            switch part {
            case .same(_, let range, _): merged += ours[range]
            case .ours(_, let range), .both(_, let range, _): merged += ours[range]
            case .theirs(_, let range): merged += theirs[range]
            case .conflict: return nil
            }
        }
        // An item that one side moved and the other one removed would come back.
        return WordAccount.adds(up: items.map { $0 }, merged: merged.map(number)) ? merged : nil
    }

    /// A list of maps as a map by each item's id, in ours' order, or in theirs if only they
    /// changed it; new items of the other side after the one they follow there.
    private mutating func byID(
        _ id: Text, _ base: [Value], _ ours: [Value], _ theirs: [Value], at path: FieldPath
    ) -> Decision? {
        func index(_ items: [Value]) -> [Value: Value]? {
            var index: [Value: Value] = [:]
            for item in items {
                guard let key = item[id], key.isScalar, index.updateValue(item, forKey: key) == nil
                else { return nil }
            }
            return index
        }
        guard let baseIndex = index(base), let ourIndex = index(ours),
            let theirIndex = index(theirs)
        else { return nil }
        let ids = Sides(base: base, ours: ours, theirs: theirs).map { $0.compactMap { $0[id] } }
        let indices = Sides(base: baseIndex, ours: ourIndex, theirs: theirIndex)
        func isReordered(_ side: MergeSide) -> Bool {
            ids.base.filter { indices[side][$0] != nil }
                != ids[side].filter { baseIndex[$0] != nil }
        }
        let frame: MergeSide = !isReordered(.ours) && isReordered(.theirs) ? .theirs : .ours
        var order = ids[frame]
        var place = 0
        for key in ids[frame.opposite] {
            if let known = order.firstIndex(of: key) {
                place = known + 1
                continue
            }
            // Of what both added in one place ours comes first.
            while frame == .ours, place < order.count, baseIndex[order[place]] == nil,
                theirIndex[order[place]] == nil
            { place += 1 }
            order.insert(key, at: place)
            place += 1
        }
        var merged: [Value] = []
        for key in order {
            let values = Sides(base: baseIndex[key], ours: ourIndex[key], theirs: theirIndex[key])
            guard let decision = merge(values, at: path) else { continue }
            guard !decision.hasConflict, let value = decision.value(conflictsFor: .ours) else {
                return nil
            }
            merged.append(value)
        }
        return .made(.list(merged), .list)
    }
}

extension Value {
    /// Whether nothing stands there: YAML's null.
    var isEmptyScalar: Bool { if case .scalar(.null, _) = self { true } else { false } }
}
