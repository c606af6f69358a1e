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

    /// How far words add up when this is carried out.
    var accounting: Accounting {
        switch self {
        case .kept, .conflict: .exact
        case .take(_, _, let rule), .made(_, let rule):
            switch rule {
            case .newest, .policy: .open
            case .set, .list: .words
            default: .exact
            }
        case .map(let entries): entries.compactMap { $0.decision?.accounting }.max() ?? .exact
        }
    }

    /// How far the words of the output are those of the base and both changes.
    enum Accounting: Int, Comparable {
        /// Every word and every mark.
        case exact
        /// Every word; a list may have more commas or dashes than both.
        case words
        /// A rule gave up a side's words.
        case open

        static func < (left: Accounting, right: Accounting) -> Bool {
            left.rawValue < right.rawValue
        }
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
