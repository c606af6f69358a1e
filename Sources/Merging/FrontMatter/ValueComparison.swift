package import Documents

extension Value {
    /// Whether a merge takes both for the same value: equal, the same integer, or the same
    /// instant at the same precision; the order of a map's keys does not count.
    package func means(_ other: Value) -> Bool {
        if self == other { return true }
        switch (self, other) {
        case (.scalar(.integer, let left), .scalar(.integer, let right)):
            guard let left = Magnitude.integer(left) else { return false }
            return left == Magnitude.integer(right)
        case (.scalar(.date, let left), .scalar(.date, let right)):
            guard let left = Instant(left), let right = Instant(right) else { return false }
            return left.isSame(as: right)
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.means($1) }
        case (.map(let left), .map(let right)):
            guard left.count == right.count else { return false }
            let others = Dictionary(right.map { ($0.key, $0.value) }) { first, _ in first }
            return Set(left.map(\.key)).count == left.count
                && left.allSatisfy { others[$0.key]?.means($0.value) ?? false }
        case (.tagged(let leftTag, let left), .tagged(let rightTag, let right)):
            return leftTag == rightTag && left.means(right)
        default: return false
        }
    }

    /// Whether both are the same but for the order of keys and items.
    func isReordering(of other: Value) -> Bool { Unordered(self) == Unordered(other) }

    /// How many keys there are in it, at any depth.
    var keyCount: Int {
        switch self {
        case .scalar, .alias: 0
        case .list(let items): items.reduce(0) { $0 + $1.keyCount }
        case .map(let members): members.reduce(0) { $0 + 1 + $1.value.keyCount }
        case .tagged(_, let value): value.keyCount
        }
    }

    var members: [Member]? { if case .map(let members) = self { members } else { nil } }

    var items: [Value]? { if case .list(let items) = self { items } else { nil } }

    var isScalar: Bool { if case .scalar = self { true } else { false } }

    /// Whether it says enough to be known again under another name.
    var isDistinctive: Bool {
        switch self {
        case .scalar(let type, let text): type != .null && type != .boolean && !text.isEmpty
        case .list(let items): !items.isEmpty
        case .map(let members): !members.isEmpty
        case .alias: false
        case .tagged(_, let value): value.isDistinctive
        }
    }

    /// The keys and scalars, a line each.
    var text: [UInt8] {
        switch self {
        case .scalar(_, let text), .alias(let text): text.bytes + [LineBreaks.lineFeed]
        case .list(let items): items.flatMap(\.text)
        case .map(let members):
            members.flatMap { $0.key.bytes + [LineBreaks.lineFeed] + $0.value.text }
        case .tagged(let tag, let value): tag.bytes + value.text
        }
    }

    /// The value of a map's key; of one that is there twice the last.
    subscript(key: Text) -> Value? { members?.last { $0.key == key }?.value }
}
