import Documents

/// Reading any bytes as a document: the parts tile it, and every place lies where it says.
enum FrontMatterTarget {
    static func check(_ input: [UInt8]) throws {
        let document = Document(input)
        try hold(
            document.body.upperBound == input.count
                && document.byteOrderMark.upperBound <= document.body.lowerBound,
            "the body does not end the document")
        var end = document.body.lowerBound
        for block in BodyBlock.blocks(of: document) {
            try hold(block.range.lowerBound >= end && !block.range.isEmpty, "blocks overlap")
            try hold(block.range.upperBound <= input.count, "a block ends behind the body")
            end = block.range.upperBound
        }
        try hold(DocumentDiff(from: document, to: document).isEmpty, "differs from itself")
        guard let frontMatter = try? document.readFrontMatter() else { return }
        try check(frontMatter.root, frontMatter, below: 0..<document.body.lowerBound)
        for path in frontMatter.paths {
            try hold(frontMatter.node(at: path) != nil, "the path \(path) leads nowhere")
            let read = try? FieldPath(parsing: path.description)
            try hold(path.steps.isEmpty || read == path, "the path \(path) is read as another")
        }
        if let outline = frontMatter.outline() { try check(outline.items) }
    }

    /// A node lies in the one above it.
    private static func check(
        _ node: Node, _ frontMatter: FrontMatter, below outer: Range<Int>
    ) throws {
        try hold(
            outer.lowerBound <= node.range.lowerBound && node.range.upperBound <= outer.upperBound,
            "a value lies outside its document")
        for span in frontMatter.ownedSpans(of: node) {
            try hold(
                span.whole.lowerBound <= span.value.lowerBound
                    && span.value.upperBound <= span.whole.upperBound, "a value is not its key's")
        }
        for child in (node.items ?? []) + (node.mapping?.entries.map(\.value) ?? []) {
            try check(child, frontMatter, below: outer)
        }
    }

    /// The items of a level tile it.
    private static func check(_ items: [Outline.Item]) throws {
        var end = items.first?.range.lowerBound
        for item in items {
            try hold(item.range.lowerBound == end, "an outline has a gap")
            end = item.range.upperBound
            if let children = item.children { try check(children) }
        }
    }
}
