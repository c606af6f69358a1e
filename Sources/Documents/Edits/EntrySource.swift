/// A key and its value as they stand in a document: their own bytes, the comments that belong
/// to them, and the neighbours between which they stand.
///
/// It is what ``Edit/insert(_:at:)`` puts back.
public struct EntrySource: Sendable, Hashable, Codable {
    /// The comment lines above, the key, the value and the comment behind it. In block style
    /// whole lines; in brackets from the key's first byte to the value's last.
    public let text: String
    /// The key, without quotes.
    public let key: String
    /// Where the key's bytes begin in the text, and how many they are.
    let keyOffset: Int
    let keyCount: Int
    /// Where the value's bytes begin, and how many they are.
    let valueOffset: Int
    let valueCount: Int
    /// The column of the key.
    let column: Int
    /// Whether the text is whole lines.
    let isLines: Bool
    /// The language that the text is in.
    let syntax: String
    /// The keys before and after it; nil at the ends of the map.
    let previous: String?
    let next: String?
    /// How many bytes stand between the key before and this one, and between this and the next;
    /// before the first key of all, from the start of the front matter.
    let gapBefore: Int
    let gapAfter: Int
    /// The blank lines below, where they go when it goes: above stands a block scalar with `+`,
    /// which would take them for its own.
    let blanks: String?

    var bytes: [UInt8] { Array(text.utf8) }
    /// Whether it is a TOML table with a header or dotted keys, so that its value encloses the
    /// key and cannot stand behind one.
    public var isTable: Bool { valueOffset < keyOffset + keyCount }
    /// The value's bytes.
    public var value: String {
        String(decoding: bytes[valueOffset..<(valueOffset + valueCount)], as: UTF8.self)
    }
    /// The comment behind the value, with the white space before it.
    var trailing: [UInt8] {
        guard isLines else { return [] }
        var rest = bytes[(valueOffset + valueCount)...]
        if let end = rest.firstIndex(where: \.isBreak) { rest = rest[..<end] }
        return rest.contains(ASCII.hash) ? Array(rest) : []
    }
    /// Whether the key and its value, with their comments, stand on more lines than one.
    public var hasLines: Bool { bytes.dropLast().contains(ASCII.newline) }
    /// Whether each comment of this one is one of the other's too.
    public func addsNoComment(to other: EntrySource) -> Bool {
        let known = other.bytes[...].probableComments
        return bytes[...].probableComments.allSatisfy(known.contains)
    }

    /// How many comments belong to the key: those above it and the one behind its value.
    public var outerComments: Int {
        leading.count { $0 == ASCII.newline } + (trailing.isEmpty ? 0 : 1)
    }

    /// The order of keys in which this one stands between its neighbours of then; `nil` where
    /// it does already, or none is there.
    public func order(of key: Text, among keys: [Text]) -> [Text]? {
        var rest = keys.filter { $0 != key }
        let index: Int
        if let before = previous.flatMap({ rest.firstIndex(of: Text($0)) }) {
            index = before + 1
        } else if let after = next.flatMap({ rest.firstIndex(of: Text($0)) }) {
            index = after
        } else if previous == nil {
            index = 0
        } else {
            return nil
        }
        rest.insert(key, at: index)
        return rest == keys ? nil : rest
    }

    /// The lines of the comments above.
    var leading: [UInt8] {
        guard isLines else { return [] }
        let start = bytes[..<keyOffset].lastIndex(of: ASCII.newline).map { $0 + 1 } ?? 0
        return Array(bytes[..<start])
    }
}

extension FrontMatter {
    /// The text of the key that a path names; `nil` where there is none, or it stands there
    /// twice, or its statements are apart (a TOML table that other tables interrupt).
    public func entrySource(at path: FieldPath) -> EntrySource? {
        guard let block, case .key(let key)? = path.steps.last, let parent = path.parent,
            let map = node(at: parent), let mapping = map.mapping,
            !mapping.duplicates.contains(key), let index = mapping.position(of: key)
        else { return nil }
        let spans = ownedSpans(of: map)
        let span = spans[index]
        let geometry = LineGeometry(bytes: document.bytes, content: block.content)
        let entry = mapping.entries[index]
        let top = parent.steps.isEmpty ? block.content.lowerBound : nil
        let previous = index > 0 ? spans[index - 1].whole.upperBound : top
        let next = index + 1 < spans.count ? spans[index + 1].whole.lowerBound : nil
        guard String(validating: document.bytes[span.whole], as: UTF8.self) != nil,
            previous ?? 0 <= span.whole.lowerBound, next ?? .max >= span.whole.upperBound,
            span.whole.contains(span.key) || span.key.isEmpty
        else { return nil }
        let start = span.whole.lowerBound
        let takesBlanks =
            index > 0 && block.syntax == .yaml && map.style == .block
            && mapping.entries[index - 1].value.keepsBreaks(document.bytes)
        let end = takesBlanks ? geometry.endOfBlanks(from: span.whole.upperBound) : nil
        return EntrySource(
            text: source(span.whole), key: key.string, keyOffset: span.key.lowerBound - start,
            keyCount: span.key.count, valueOffset: span.value.lowerBound - start,
            valueCount: span.value.count, column: geometry.column(entry.start),
            isLines: map.style == .block, syntax: block.syntax.rawValue,
            previous: index > 0 ? mapping.entries[index - 1].key.string : nil,
            next: next.map { _ in mapping.entries[index + 1].key.string },
            gapBefore: previous.map { start - $0 } ?? 0,
            gapAfter: next.map { max(0, $0 - (end ?? span.whole.upperBound)) } ?? 0,
            blanks: end.map { source(span.whole.upperBound..<$0) })
    }
}

extension Range<Int> {
    fileprivate func contains(_ other: Range<Int>) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}
