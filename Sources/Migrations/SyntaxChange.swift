import Documents

/// Front matter in another language: the same values, and the comments that stand above keys.
struct SyntaxChange {
    /// The new front matter with its fences.
    struct Written {
        let bytes: [UInt8]
        /// How many lines have a comment that found no place.
        let lostComments: Int
    }

    private let frontMatter: FrontMatter
    private let block: FrontMatterBlock

    init(_ frontMatter: FrontMatter, _ block: FrontMatterBlock) {
        self.frontMatter = frontMatter
        self.block = block
    }

    /// The front matter in `syntax`.
    ///
    /// Comments go along above and behind keys of the root from YAML to TOML and back; others,
    /// and all where one side is JSON, find no place.
    func bytes(as syntax: Syntax) throws(EditError) -> Written {
        let ending =
            LineEnding(firstIn: frontMatter.document.bytes[block.content])
            ?? frontMatter.document.lineEnding
        var bytes = try FrontMatterWriter.bytes(frontMatter.value, as: syntax, lineEnding: ending)
        let all = commentLines(frontMatter)
        guard syntax != .json, block.syntax != .json, all > 0 else {
            return Written(bytes: bytes, lostComments: all)
        }
        let plain = Document(bytes)
        guard let read = try? plain.readFrontMatter() else {
            return Written(bytes: bytes, lostComments: all)
        }
        bytes = carried(to: read)
        let isSame = (try? Document(bytes).readFrontMatter().value) == read.value
        let result = isSame ? bytes : plain.bytes
        let kept = (try? Document(result).readFrontMatter()).map { commentLines($0) } ?? 0
        return Written(bytes: result, lostComments: max(0, all - kept))
    }

    /// The new front matter with the comments of the root's keys.
    private func carried(to new: FrontMatter) -> [UInt8] {
        let oldSpans = frontMatter.ownedSpans(of: frontMatter.root)
        let newSpans = new.ownedSpans(of: new.root)
        var splices: [Splice] = []
        for (entry, span) in zip(new.entries, newSpans) {
            guard let index = frontMatter.root.mapping?.position(of: entry.key) else { continue }
            let old = oldSpans[index]
            let leading = Array(frontMatter.document.bytes[old.leadingComments])
            if !leading.isEmpty {
                // A table's header has a blank line above it, which stays above the comment.
                splices.append(
                    Splice(offset: span.whole.lowerBound, removed: [], inserted: leading))
            }
            let trailing = Array(frontMatter.document.bytes[old.trailingComment])
            let isOneLine = !new.document.bytes[span.value].contains(UInt8(ascii: "\n"))
            if !trailing.isEmpty, isOneLine, entry.value.style != .block {
                splices.append(
                    Splice(
                        offset: span.value.upperBound, removed: [],
                        inserted: [UInt8(ascii: " ")] + trailing))
            }
        }
        return (try? splices.applied(to: new.document.bytes)) ?? new.document.bytes
    }

    /// How many lines of the front matter have a comment; close enough to tell that some are
    /// lost, as a `#` in a text over several lines counts too.
    private func commentLines(_ frontMatter: FrontMatter) -> Int {
        guard let block = frontMatter.block, block.syntax != .json else { return 0 }
        var spans: [Range<Int>] = []
        func visit(_ node: Node) {
            switch node.content {
            case .scalar, .alias: spans.append(node.range)
            case .sequence(let items): items.forEach(visit)
            case .mapping(let mapping):
                for entry in mapping.entries {
                    spans.append(entry.keyRange)
                    visit(entry.value)
                }
            }
        }
        visit(frontMatter.root)
        let bytes = frontMatter.document.bytes
        var count = 0
        var offset = block.content.lowerBound
        for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound })
            + [block.content.upperBound..<block.content.upperBound]
        {
            if offset < span.lowerBound {
                let gap = bytes[offset..<span.lowerBound]
                for line in gap.split(separator: UInt8(ascii: "\n"))
                where line.contains(UInt8(ascii: "#")) { count += 1 }
            }
            offset = max(offset, span.upperBound)
        }
        return count
    }
}
