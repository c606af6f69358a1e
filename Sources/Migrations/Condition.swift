public import Documents

/// What must be so in a document for a migration to concern it.
public enum Condition: Sendable {
    /// The key has this value.
    case equals(FieldPath, Value)
    /// The key is there.
    case exists(FieldPath)
    /// The key is not there.
    case missing(FieldPath)
    /// The key's text, or that of an item of its list, matches.
    case matches(FieldPath, Pattern)

    /// The key that it is about.
    var path: FieldPath {
        switch self {
        case .equals(let path, _), .exists(let path), .missing(let path), .matches(let path, _):
            path
        }
    }

    /// Whether it is so.
    func holds(in frontMatter: FrontMatter) -> Bool {
        let node = frontMatter.node(at: path)
        switch self {
        case .exists: return node != nil
        case .missing: return node == nil
        case .equals(_, let value): return node.map { $0.value.means(value) } ?? false
        case .matches(_, let pattern):
            guard let node else { return false }
            if let scalar = node.scalar { return pattern.matches(scalar.text.string) }
            return node.items?.contains {
                $0.scalar.map { pattern.matches($0.text.string) } ?? false
            } ?? false
        }
    }
}

extension Value {
    /// Whether both say the same, whatever the language: a date is a string in JSON.
    func means(_ other: Value) -> Bool {
        if self == other { return true }
        switch (self, other) {
        case (.scalar(let type, let text), .scalar(let otherType, let otherText)):
            let types: Set<ScalarType> = [type, otherType]
            return text == otherText && types == [.date, .string]
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.means($1) }
        default: return false
        }
    }

    /// The value for JSON, which has no dates: a string is one if it reads like one.
    var withoutDates: Value {
        switch self {
        case .scalar(.date, let text): .scalar(.string, text)
        case .list(let items): .list(items.map(\.withoutDates))
        case .map(let members):
            .map(
                members.map {
                    Member($0.key, $0.value.withoutDates, isComplex: $0.isComplex)
                })
        case .scalar, .alias, .tagged: self
        }
    }
}
