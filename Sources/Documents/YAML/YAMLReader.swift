/// Reads YAML front matter into a tree.
enum YAMLReader {
    static func read(
        _ document: Document, _ block: FrontMatterBlock
    ) throws(ParseError) -> FrontMatter {
        let parsed = try parse(document.bytes, block.content) { document.position(at: $0) }
        guard let root = parsed.root else {
            let empty = Node(
                content: .mapping(Mapping([])), style: .block,
                range: block.content.lowerBound..<block.content.lowerBound, properties: nil)
            return FrontMatter(document, block, root: empty)
        }
        guard root.mapping != nil else {
            throw ParseError(
                .notAMap, "the front matter is not a map of keys to values",
                at: document.position(at: root.outerStart))
        }
        return FrontMatter(document, block, root: root, usedAnchors: parsed.usedAnchors)
    }

    struct Parsed {
        /// `nil` when there is nothing, or nothing but a plain null.
        let root: Node?
        let usedAnchors: Set<Text>
    }

    /// Parses one YAML document in a range of bytes.
    static func parse(
        _ bytes: [UInt8], _ content: Range<Int>, position: (Int) -> Position
    ) throws(ParseError) -> Parsed {
        var builder = YAMLTreeBuilder(bytes: bytes, content: content)
        do {
            try bytes[content].withUnsafeBufferPointer {
                (input) throws(YAMLTreeBuilder.Failure) -> Void in
                guard var events = YAMLEvents(content: bytes[content], input: input) else {
                    throw YAMLTreeBuilder.Failure(.syntax, "out of memory", at: content.lowerBound)
                }
                try builder.build(&events)
            }
        } catch {
            throw ParseError(error.reason, error.message, at: position(error.offset))
        }
        let root = builder.root
        let isNothing =
            root?.scalar.map { $0.type == .null && $0.text.isEmpty } ?? (root == nil)
        let hasProperties = root?.properties != nil
        return Parsed(
            root: isNothing && !hasProperties ? nil : root, usedAnchors: builder.usedAnchors)
    }
}
