import Documents

/// What takes back one thing that a migration did to a document.
enum UndoStep: Sendable, Hashable, Codable {
    /// A key went from `from`, where it had this text, to `to`, below so many maps that were made
    /// for it. Where one of the two lies in the other, the text is that of the outer one.
    case moved(from: String, to: String, maps: Int, old: EntrySource?, value: String?)
    /// A key without a value, which had this text, got a map for a key below it.
    case filled(key: String, source: String)
    /// A key that was not there got this value, below so many maps that were made for it.
    case added(key: String, value: String, maps: Int)
    /// A key that had this text, which was read as `before`, got another value.
    case changed(
        key: String, value: String, old: EntrySource?, source: String, before: String?)
    /// A key was removed; its text was read as `value`.
    case removed(key: String, old: EntrySource, value: String?)
    /// A map's keys stood in this order.
    case reordered(map: String, keys: [String])
    /// The front matter had this text.
    case rewritten(frontMatter: String, value: String)

    /// The key that it is about, as people write it.
    var key: String {
        switch self {
        case .moved(_, let key, _, _, _), .filled(let key, _), .added(let key, _, _),
            .changed(let key, _, _, _, _), .removed(let key, _, _), .reordered(let key, _):
            key
        case .rewritten: ""
        }
    }
}

extension Value {
    /// A text that only an equal value has, to compare with later.
    var fingerprint: String {
        switch self {
        case .scalar(.null, _): "null"
        case .scalar(.boolean, let text): "boolean:\(text.string.lowercased())"
        case .scalar(let type, let text): "\(type.rawValue):\(text.string)"
        case .list(let items):
            "[" + items.map { "\($0.fingerprint.utf8.count):\($0.fingerprint)" }.joined() + "]"
        case .map(let members):
            "{"
                + members.map {
                    let value = $0.value.fingerprint
                    return "\($0.key.utf8.count):\($0.key)=\(value.utf8.count):\(value)"
                }.joined() + "}"
        case .alias(let name): "*\(name)"
        case .tagged(let tag, let value): "!\(tag) \(value.fingerprint)"
        }
    }
}
