/// What is different between two documents, by key and by block of the body.
public struct DocumentDiff: Sendable, Hashable {
    /// A difference in the front matter.
    public enum KeyChange: Sendable, Hashable {
        /// Only the new document has the key.
        case added(FieldPath, Value)
        /// Only the old document has the key.
        case removed(FieldPath, Value)
        /// Both have the key, with different values; lists are compared as a whole.
        case changed(FieldPath, from: Value, to: Value)
        /// One key is gone, and another in the same map has its value, which no other key has.
        case renamed(FieldPath, to: Text, Value)
        /// A map's keys that both have stand in another order; the new order.
        case reordered(FieldPath, [Text])
    }

    /// A difference in the comments that belong to a key, or that stand alone in a map.
    public struct CommentChange: Sendable, Hashable {
        /// The key, which both documents have; without steps for what stands alone at the root.
        public let path: FieldPath
        /// The old comments, a line each and from the `#`; `nil` when there were none.
        public let from: Text?
        /// The new comments.
        public let to: Text?
    }

    /// A difference in the body.
    public enum BlockChange: Sendable, Hashable {
        /// A block that only the new body has.
        case added(BodyBlock)
        /// A block that only the old body has.
        case removed(BodyBlock)
        /// A block that stands in another's place.
        case changed(from: BodyBlock, to: BodyBlock)
    }

    /// The differences by key; empty when the front matter could only be compared as text.
    public let keys: [KeyChange]
    /// The differences in comments, at keys that both documents have; a comment in a list belongs
    /// to the list's key.
    public let comments: [CommentChange]
    /// Whether the front matter differs, but that of at least one document cannot be read.
    public let isFrontMatterUnreadable: Bool
    /// The differences by block.
    public let body: [BlockChange]

    /// Whether there is no difference in values, comments and blocks; bytes may still differ.
    public var isEmpty: Bool {
        keys.isEmpty && comments.isEmpty && body.isEmpty && !isFrontMatterUnreadable
    }

    /// Compares two documents.
    public init(from old: Document, to new: Document) {
        if let before = try? old.readFrontMatter(), let after = try? new.readFrontMatter() {
            var comparison = KeyComparison()
            comparison.compare(before.value, after.value, at: FieldPath([]))
            keys = comparison.changes
            comments = CommentComparison.changes(from: before, to: after)
            isFrontMatterUnreadable = false
        } else {
            keys = []
            comments = []
            isFrontMatterUnreadable =
                old.bytes[..<old.body.lowerBound] != new.bytes[..<new.body.lowerBound]
        }
        body = BlockComparison.changes(
            from: BodyBlock.blocks(of: old), to: BodyBlock.blocks(of: new))
    }
}

/// Compares maps key by key.
private struct KeyComparison {
    var changes: [DocumentDiff.KeyChange] = []

    mutating func compare(_ old: Value, _ new: Value, at path: FieldPath) {
        if case .map(let old) = old, case .map(let new) = new {
            compare(old, new, at: path)
        } else if old != new {
            changes.append(.changed(path, from: old, to: new))
        }
    }

    private mutating func compare(
        _ old: [Value.Member], _ new: [Value.Member], at path: FieldPath
    ) {
        // Of a key that is there twice the last counts, as readers take it.
        let before = Dictionary(old.map { ($0.key, $0.value) }) { $1 }
        let after = Dictionary(new.map { ($0.key, $0.value) }) { $1 }
        var gone: [Value: [Text]] = [:]
        var arrived: [Value: [Text]] = [:]
        for (key, value) in before where after[key] == nil { gone[value, default: []].append(key) }
        for (key, value) in after where before[key] == nil {
            arrived[value, default: []].append(key)
        }
        let kept = Set(before.filter { after[$0.key] != nil }.map(\.value))
        var renamed: [Text: Text] = [:]
        for (value, keys) in gone where keys.count == 1 && !kept.contains(value) {
            if let names = arrived[value], names.count == 1 { renamed[keys[0]] = names[0] }
        }
        let newNames = Set(renamed.values)
        for member in unique(old) {
            let place = path.appending(.key(member.key))
            if let value = after[member.key] {
                compare(before[member.key] ?? member.value, value, at: place)
            } else if let name = renamed[member.key] {
                changes.append(.renamed(place, to: name, member.value))
            } else {
                changes.append(.removed(place, before[member.key] ?? member.value))
            }
        }
        for member in unique(new) where before[member.key] == nil && !newNames.contains(member.key)
        {
            changes.append(.added(path.appending(.key(member.key)), member.value))
        }
        let oldOrder = unique(old).map(\.key).filter { after[$0] != nil }
        let newOrder = unique(new).map(\.key).filter { before[$0] != nil }
        if oldOrder != newOrder { changes.append(.reordered(path, newOrder)) }
    }

    private func unique(_ members: [Value.Member]) -> [Value.Member] {
        var seen = Set<Text>()
        return members.filter { seen.insert($0.key).inserted }
    }
}
