import Documents

/// What becomes of one value of the front matter.
indirect enum Decision {
    /// Both sides have the same; the bytes are those of the side that changed them.
    case kept(Value)
    /// One side's value.
    case take(MergeSide, Value, MergeRule)
    /// Each of the map's keys on its own.
    case map([Entry])
    /// A value put together from both sides'.
    case made(Value, MergeRule)
    /// The rules leave it open.
    case conflict(ConflictReason, Sides<Value?>)

    struct Entry {
        let key: Text
        /// `nil` when the key is gone.
        let decision: Decision?
        /// The key's name on the side that did not rename it.
        var formerly: Text?
    }

    /// The value; of conflicts that of a side, or of the other where that has none.
    func value(conflictsFor side: MergeSide) -> Value? {
        switch self {
        case .kept(let value), .take(_, let value, _), .made(let value, _): value
        case .map(let entries):
            .map(
                entries.compactMap { entry in
                    entry.decision?.value(conflictsFor: side).map { Value.Member(entry.key, $0) }
                })
        case .conflict(_, let sides): sides[side]
        }
    }

    /// Whether something below is left open.
    var hasConflict: Bool {
        switch self {
        case .kept, .take, .made: false
        case .map(let entries): entries.contains { $0.decision?.hasConflict ?? false }
        case .conflict: true
        }
    }

    /// Whether the rules explain it: what one side alone changed, or what both have in common.
    ///
    /// - Parameter values: what each side has here.
    func addsUp(_ values: Sides<Value?>) -> Bool {
        switch self {
        case .conflict: return true
        case .kept(let value):
            return [values.ours, values.theirs].allSatisfy { $0?.means(value) ?? false }
        case .take(let side, let value, let rule):
            return values[side].map { $0 == value } ?? false
                && (rule.givesUpWords || Decision.isUnchanged(values, by: side.opposite))
        case .made(let value, _): return Decision.addsUp(list: value, values)
        case .map(let entries):
            let moved = Set(entries.compactMap(\.formerly))
            return entries.allSatisfy { entry in
                let below = values.map { value in
                    value?[entry.key] ?? entry.formerly.flatMap { value?[$0] }
                }
                if let decision = entry.decision { return decision.addsUp(below) }
                return moved.contains(entry.key)
                    || [MergeSide.ours, .theirs].contains {
                        below[$0] == nil && Decision.isUnchanged(below, by: $0.opposite)
                    }
            }
        }
    }

    /// Whether a merge by lines does what was decided, in all that it does not leave open.
    ///
    /// - Parameters:
    ///   - decision: `nil` where the value is gone.
    ///   - ours: what is there with the conflicts settled for ours.
    ///   - theirs: the same for theirs. Where the two differ the lines leave it open.
    static func isCarriedOut(_ decision: Decision?, _ ours: Value?, _ theirs: Value?) -> Bool {
        if case .map(let entries)? = decision, case .map(let mine)? = ours,
            case .map(let other)? = theirs
        {
            let known = Set(entries.map(\.key))
            let values = [mine, other].map {
                Dictionary($0.map { ($0.key, $0.value) }) { $1 }
            }
            return (mine + other).allSatisfy { known.contains($0.key) }
                && entries.allSatisfy {
                    isCarriedOut($0.decision, values[0][$0.key], values[1][$0.key])
                }
        }
        guard let ours, let theirs else {
            guard ours == nil, theirs == nil else { return true }
            return decision == nil
        }
        guard ours.means(theirs) else { return true }
        switch decision {
        case .kept(let value), .take(_, let value, _): return ours.means(value)
        // As text the items of a set come in any order.
        case .made(let value, let rule):
            return rule == .set ? ours.isReordering(of: value) : ours.means(value)
        case .map: return decision?.value(conflictsFor: .ours)?.means(ours) ?? false
        case .conflict, nil: return false
        }
    }

    /// Whether a side has what the base has, or nothing any more.
    private static func isUnchanged(_ values: Sides<Value?>, by side: MergeSide) -> Bool {
        guard let value = values[side] else { return true }
        return values.base?.means(value) ?? false
    }

    /// Lists add up by their items, or where items were merged by the words in them.
    private static func addsUp(list merged: Value, _ values: Sides<Value?>) -> Bool {
        var numbers: [Value: Int] = [:]
        func items(_ value: Value?) -> [Int] {
            (value?.items ?? []).map { item in
                let next = numbers.count
                if let number = numbers[item] { return number }
                numbers[item] = next
                return next
            }
        }
        return WordAccount.adds(up: values.map(items), merged: items(merged))
            || WordAccount.adds(up: values.map { $0?.text ?? [] }, merged: merged.text)
    }

    /// The decision about a key of this map, or of what was taken whole.
    func child(_ key: Text) -> Decision? {
        switch self {
        case .map(let entries): entries.first { $0.key == key }?.decision
        case .kept(let value): value[key].map { .kept($0) }
        case .take(let side, let value, let rule): value[key].map { .take(side, $0, rule) }
        case .made(let value, let rule): value[key].map { .made($0, rule) }
        case .conflict: self
        }
    }
}
