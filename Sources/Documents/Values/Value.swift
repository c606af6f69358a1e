/// A value without its place in a document: what two documents are compared by.
///
/// Numbers and dates are compared as they are written (`1.10` is not `1.1`), because a version
/// or a date that changes its spelling has changed. Nulls are equal in all spellings, and so
/// are booleans.
public indirect enum Value: Sendable, Hashable {
    /// A scalar's type and its text, without quotes and escapes.
    case scalar(ScalarType, Text)
    /// A sequence.
    case list([Value])
    /// A map, in the order of the document; a key that is there twice is here twice.
    case map([Member])
    /// A YAML alias, never expanded.
    case alias(Text)
    /// A value under a YAML tag that the core schema does not define.
    case tagged(Text, Value)

    /// A key and its value.
    public struct Member: Sendable, Hashable {
        /// The key; for a complex key its source text.
        public var key: Text
        /// Whether the key is a YAML collection or alias, which no path can name.
        public var isComplex: Bool
        /// The value.
        public var value: Value

        /// Makes a member.
        public init(_ key: Text, _ value: Value, isComplex: Bool = false) {
            self.key = key
            self.value = value
            self.isComplex = isComplex
        }
    }

    /// A string.
    public static func string(_ text: String) -> Value { .scalar(.string, Text(text)) }

    /// Equal in type and text, and maps in order too; see ``isEquivalent(to:)``.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.scalar(let leftType, let leftText), .scalar(let rightType, let rightText)):
            guard leftType == rightType else { return false }
            switch leftType {
            case .null: return true
            case .boolean: return isTrue(leftText) == isTrue(rightText)
            default: return leftText == rightText
            }
        case (.list(let left), .list(let right)): return left == right
        case (.map(let left), .map(let right)): return left == right
        case (.alias(let left), .alias(let right)): return left == right
        case (.tagged(let leftTag, let left), .tagged(let rightTag, let right)):
            return leftTag == rightTag && left == right
        default: return false
        }
    }

    /// Hashes in keeping with `==`.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .scalar(let type, let text):
            hasher.combine(type)
            switch type {
            case .null: break
            case .boolean: hasher.combine(Value.isTrue(text))
            default: hasher.combine(text)
            }
        case .list(let items): hasher.combine(items)
        case .map(let members): hasher.combine(members)
        case .alias(let name): hasher.combine(name)
        case .tagged(let tag, let value):
            hasher.combine(tag)
            hasher.combine(value)
        }
    }

    /// Whether both are equal when the order of keys in maps does not count.
    public func isEquivalent(to other: Value) -> Bool {
        switch (self, other) {
        case (.list(let left), .list(let right)):
            return left.count == right.count
                && zip(left, right).allSatisfy { $0.isEquivalent(to: $1) }
        case (.map(let left), .map(let right)):
            guard left.count == right.count else { return false }
            let sameOrder = zip(left, right).allSatisfy { $0.key == $1.key }
            let pairs =
                sameOrder
                ? zip(left, right)
                : zip(Value.sorted(left), Value.sorted(right))
            return pairs.allSatisfy {
                $0.key == $1.key && $0.isComplex == $1.isComplex
                    && $0.value.isEquivalent(to: $1.value)
            }
        case (.tagged(let leftTag, let left), .tagged(let rightTag, let right)):
            return leftTag == rightTag && left.isEquivalent(to: right)
        default: return self == other
        }
    }

    private static func sorted(_ members: [Member]) -> [Member] {
        // By position too, so that a key that is there twice keeps its order.
        members.enumerated().sorted {
            $0.element.key == $1.element.key
                ? $0.offset < $1.offset : $0.element.key < $1.element.key
        }.map(\.element)
    }

    private static func isTrue(_ text: Text) -> Bool {
        text.utf8.first?.lowercased == UInt8(ascii: "t")
    }
}
