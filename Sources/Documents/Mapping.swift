/// The keys and values of a map, in the order of the document.
public struct Mapping: Sendable {
    /// A key and its value, with their places.
    public struct Entry: Sendable {
        /// The key's text; for a complex key its source.
        public let key: Text
        /// The key's bytes, quotes included.
        public let keyRange: Range<Int>
        /// How the key is written.
        public let keyStyle: Node.Style
        /// Whether the key is a YAML collection or alias, or has an anchor or a tag, so that
        /// no path can name it.
        public let isComplex: Bool
        /// Where the entry starts: at the key, or at the `?` of an explicit YAML key.
        public let start: Int
        /// The value.
        public let value: Node

        /// Where the entry ends, trailing comment and line ending not included.
        public var end: Int { max(value.outerEnd, keyRange.upperBound) }
    }

    /// The entries; a key that is there twice is here twice.
    public let entries: [Entry]
    /// Only for maps that are too large to search.
    private let index: [Text: Int]?
    /// The keys that more than one entry has.
    public let duplicates: Set<Text>

    init(_ entries: [Entry]) {
        self.entries = entries
        var duplicates = Set<Text>()
        if entries.count > 8 {
            var index = [Text: Int](minimumCapacity: entries.count)
            for (position, entry) in entries.enumerated() where !entry.isComplex {
                if index.updateValue(position, forKey: entry.key) != nil {
                    duplicates.insert(entry.key)
                }
            }
            self.index = index
        } else {
            for (position, entry) in entries.enumerated() where !entry.isComplex {
                if entries[..<position].contains(where: { $0.key == entry.key && !$0.isComplex }) {
                    duplicates.insert(entry.key)
                }
            }
            index = nil
        }
        self.duplicates = duplicates
    }

    /// The position of a key's entry, of its last one when it is there twice, or `nil`.
    public func position(of key: Text) -> Int? {
        if let index { return index[key] }
        return entries.lastIndex { $0.key == key && !$0.isComplex }
    }

    /// A key's entry, its last one when it is there twice, or `nil`.
    public subscript(key: Text) -> Entry? { position(of: key).map { entries[$0] } }
}
