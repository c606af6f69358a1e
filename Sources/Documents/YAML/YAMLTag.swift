/// The tags of YAML's core schema.
enum YAMLTag {
    private static let prefix = "tag:yaml.org,2002:"

    /// Whether the tag only says what the core schema would know by itself.
    static func isCore(_ tag: Text) -> Bool { tag == "!" || type(of: tag) != nil || isKind(tag) }

    /// The scalar type that a tag stands for, or `nil`.
    static func type(of tag: Text) -> ScalarType? {
        guard tag.string.hasPrefix(prefix) else { return tag == "!" ? .string : nil }
        switch tag.string.dropFirst(prefix.count) {
        case "null": return .null
        case "bool": return .boolean
        case "int": return .integer
        case "float": return .float
        case "timestamp": return .date
        case "str": return .string
        default: return nil
        }
    }

    private static func isKind(_ tag: Text) -> Bool {
        tag.string == prefix + "map" || tag.string == prefix + "seq"
    }
}
