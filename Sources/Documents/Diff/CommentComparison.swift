/// Compares the comments that belong to each key.
struct CommentComparison {
    /// The changes at keys that both documents have, in the order of the new one.
    static func changes(
        from old: FrontMatter, to new: FrontMatter
    ) -> [DocumentDiff.CommentChange] {
        let before = OwnedComments(old)
        let after = OwnedComments(new)
        return after.paths.compactMap { path in
            guard before.known.contains(path), before.text(path) != after.text(path) else {
                return nil
            }
            return DocumentDiff.CommentChange(
                path: path, from: before.text(path), to: after.text(path))
        }
    }
}

/// The comments of front matter by the innermost key that each belongs to; one that stands
/// alone belongs to the map around it. What is in a list belongs to the list's key.
private struct OwnedComments {
    /// Every key's path, the root's first.
    private(set) var paths: [FieldPath] = []
    private(set) var known: Set<FieldPath> = []
    private var texts: [FieldPath: [Text]] = [:]

    init(_ frontMatter: FrontMatter) {
        var spans: [(range: Range<Int>, path: FieldPath)] = []
        func visit(_ node: Node, _ path: FieldPath) {
            if known.insert(path).inserted { paths.append(path) }
            guard let mapping = node.mapping else { return }
            for (entry, span) in zip(mapping.entries, frontMatter.ownedSpans(of: node))
            where !entry.isComplex && !mapping.duplicates.contains(entry.key) {
                let child = path.appending(.key(entry.key))
                spans.append((span.whole, child))
                visit(entry.value, child)
            }
        }
        let bytes = frontMatter.document.bytes
        let content = frontMatter.block?.content ?? 0..<0
        // Without any comment there is nothing to find, and JSON has none.
        let mayHold = frontMatter.block?.syntax != .json && bytes[content].contains(ASCII.hash)
        visit(frontMatter.root, FieldPath([]))
        guard mayHold else { return }
        spans.sort {
            ($0.range.lowerBound, -$0.range.upperBound)
                < ($1.range.lowerBound, -$1.range.upperBound)
        }
        var next = spans[...]
        var open: [(range: Range<Int>, path: FieldPath)] = []
        for comment in frontMatter.comments(in: content, around: frontMatter.root) {
            while let span = next.first, span.range.lowerBound <= comment.lowerBound {
                open.append(span)
                next = next.dropFirst()
            }
            while let last = open.last, last.range.upperBound <= comment.lowerBound {
                open.removeLast()
            }
            let blanks = bytes[comment].reversed().prefix(while: \.isWhiteSpace).count
            texts[open.last?.path ?? FieldPath([]), default: []]
                .append(Text(utf8: bytes[comment].dropLast(blanks)))
        }
    }

    /// A key's comments, a line each, or `nil` when it has none.
    func text(_ path: FieldPath) -> Text? {
        texts[path].map { Text($0.map(\.string).joined(separator: "\n")) }
    }
}
