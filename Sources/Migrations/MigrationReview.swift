public import Documents

/// What a reader of a migration would ask about, without any document.
extension Migration {
    /// Keys that are dropped while another is added that may be meant as its new name: one
    /// that was copied from it, or is spelled much like it.
    public var likelyRenames: [(position: Position, dropped: FieldPath, added: FieldPath)] {
        operations.flatMap { drop -> [(Position, FieldPath, FieldPath)] in
            guard case .drop(let dropped) = drop.kind else { return [] }
            return operations.compactMap { other in
                switch other.kind {
                case .copy(dropped, let added): (drop.position, dropped, added)
                case .setDefault(let added, _), .set(let added, _):
                    Migration.isLike(dropped, added) ? (drop.position, dropped, added) : nil
                default: nil
                }
            }
        }
    }

    private static func isLike(_ one: FieldPath, _ other: FieldPath) -> Bool {
        guard one != other, case .key(let left)? = one.steps.last,
            case .key(let right)? = other.steps.last
        else { return false }
        if left == right { return true }
        func bare(_ text: Text) -> String {
            String(text.string.lowercased().filter { $0 != "_" && $0 != "-" })
        }
        let (short, long) = (bare(left), bare(right))
        return short == long || !NearMiss.of(short, among: [long]).isEmpty
    }

    /// Maps of values in which a value becomes one that becomes another itself.
    public var chainedValues: [(position: Position, key: FieldPath)] {
        operations.compactMap { operation in
            guard case .map(let key, let values) = operation.kind else { return nil }
            let isChained = values.contains { value in
                values.contains { $0.old == value.new && $0.new != value.new }
            }
            return isChained ? (operation.position, key) : nil
        }
    }
}
