import Documents

/// A value without the order of its keys and items, so that a hash finds what it equals: two are
/// equal where a merge takes their values for the same but for order.
indirect enum Unordered: Hashable {
    case integer(Int)
    case instant(Instant)
    case scalar(ScalarType, Text)
    case alias(Text)
    /// How often each item is there.
    case list([Unordered: Int])
    case map([Text: Unordered], count: Int)
    case tagged(Text, Unordered)

    init(_ value: Value) {
        switch value {
        case .scalar(.integer, let text):
            self = Magnitude.integer(text).map { .integer($0) } ?? .scalar(.integer, text)
        case .scalar(.date, let text):
            self = Instant(text).map { .instant($0) } ?? .scalar(.date, text)
        case .scalar(let type, let text): self = .scalar(type, text)
        case .alias(let name): self = .alias(name)
        case .list(let items):
            self = .list(items.reduce(into: [:]) { $0[Unordered($1), default: 0] += 1 })
        case .map(let members):
            self = .map(
                Dictionary(members.map { ($0.key, Unordered($0.value)) }) { first, _ in first },
                count: members.count)
        case .tagged(let tag, let value): self = .tagged(tag, Unordered(value))
        }
    }
}
