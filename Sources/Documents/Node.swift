/// A value in a document: what it is, how it is written, and where.
public struct Node: Sendable {
    /// What a node holds.
    public enum Content: Sendable {
        /// A single value.
        case scalar(Scalar)
        /// A list's items, in order.
        case sequence([Node])
        /// Keys and their values.
        case mapping(Mapping)
        /// A YAML alias (`*name`), never expanded.
        case alias(Text)
    }

    /// A scalar's type and text.
    public struct Scalar: Sendable, Hashable {
        /// What the text stands for.
        public let type: ScalarType
        /// The text without quotes, escapes and folding.
        public let text: Text
    }

    /// How a value is written.
    public enum Style: Sendable, Hashable {
        /// Without quotes.
        case plain
        /// `'…'`; in TOML a literal string.
        case singleQuoted
        /// `"…"`; in TOML a basic string.
        case doubleQuoted
        /// YAML's `|`; in TOML a multi-line string.
        case literal
        /// YAML's `>`.
        case folded
        /// Brackets or braces.
        case flow
        /// YAML's indented lines; TOML's `[table]`, `[[array]]` and dotted keys.
        case block
    }

    /// A YAML anchor and tag before a value.
    public struct Properties: Sendable, Hashable {
        /// The name after `&`.
        public var anchor: Text?
        /// The tag, resolved by libyaml (`tag:yaml.org,2002:str` for `!!str`).
        public var tag: Text?
        /// Their bytes, with what is between them.
        public var range: Range<Int>
    }

    /// What the node holds.
    public let content: Content
    /// How it is written.
    public let style: Style
    /// Its bytes in the document: quotes, brackets and a block scalar's header included,
    /// anchor, tag and the last line's ending not. Empty where a value would stand.
    ///
    /// For a TOML table it runs from its first to its last byte and may enclose bytes that
    /// belong to other tables.
    public let range: Range<Int>
    /// Its anchor and tag, if it has any.
    public var properties: Properties? { boxed.first }
    /// At most one: most nodes have none, and an empty array takes a seventh of the space.
    private let boxed: [Properties]

    init(content: Content, style: Style, range: Range<Int>, properties: Properties?) {
        self.content = content
        self.style = style
        self.range = range
        boxed = properties.map { [$0] } ?? []
    }

    /// The scalar, if this is one.
    public var scalar: Scalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The items, if this is a list.
    public var items: [Node]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    /// The map, if this is one.
    public var mapping: Mapping? {
        if case .mapping(let mapping) = content { mapping } else { nil }
    }

    /// Where the node starts with its anchor and tag.
    var outerStart: Int {
        guard let properties else { return range.lowerBound }
        return min(properties.range.lowerBound, range.lowerBound)
    }

    /// Where the node ends, its anchor and tag included when the value itself is empty.
    var outerEnd: Int {
        guard let properties else { return range.upperBound }
        return max(properties.range.upperBound, range.upperBound)
    }

    /// The value without its place.
    public var value: Value {
        let value: Value
        switch content {
        case .scalar(let scalar): value = .scalar(scalar.type, scalar.text)
        case .sequence(let items): value = .list(items.map(\.value))
        case .mapping(let mapping):
            value = .map(
                mapping.entries.map {
                    Value.Member($0.key, $0.value.value, isComplex: $0.isComplex)
                })
        case .alias(let name): value = .alias(name)
        }
        guard let tag = properties?.tag, !YAMLTag.isCore(tag) else { return value }
        return .tagged(tag, value)
    }
}
