extension FrontMatter {
    /// The comments in a range, each from its `#` to the end of its line, in order.
    ///
    /// - Parameter node: the value whose keys and scalars may hold `#` in the range.
    package func comments(in range: Range<Int>, around node: Node) -> [Range<Int>] {
        guard let block else { return [] }
        let geometry = LineGeometry(bytes: document.bytes, content: block.content)
        let texts = node.texts(geometry, isYAML: block.syntax == .yaml)
        var comments: [Range<Int>] = []
        var offset = range.lowerBound
        for text in texts + [range.upperBound..<range.upperBound] {
            while offset < min(text.lowerBound, range.upperBound) {
                guard document.bytes[offset] == ASCII.hash else {
                    offset += 1
                    continue
                }
                let end = geometry.lineEnd(offset)
                comments.append(offset..<end)
                offset = end
            }
            offset = max(offset, text.upperBound)
        }
        return comments
    }
}

extension Node {
    /// The bytes of the keys, scalars, anchors and tags in a value, in order; `#` in them
    /// begins no comment.
    fileprivate func texts(_ geometry: LineGeometry, isYAML: Bool) -> [Range<Int>] {
        var texts: [Range<Int>] = []
        gather(&texts, geometry, isYAML)
        // A TOML table may be declared in pieces, with others between them.
        return isYAML ? texts : texts.sorted { $0.lowerBound < $1.lowerBound }
    }

    private func gather(_ texts: inout [Range<Int>], _ geometry: LineGeometry, _ isYAML: Bool) {
        if let properties { texts.append(properties.range) }
        switch content {
        case .alias: texts.append(range)
        case .scalar:
            // The line of a block scalar's header may end with a comment.
            let isBlock = isYAML && (style == .literal || style == .folded)
            let start =
                isBlock
                ? min(range.upperBound, geometry.nextLine(range.lowerBound)) : range.lowerBound
            texts.append(start..<range.upperBound)
        case .sequence(let items):
            for item in items { item.gather(&texts, geometry, isYAML) }
        case .mapping(let mapping):
            for entry in mapping.entries {
                texts.append(entry.keyRange)
                entry.value.gather(&texts, geometry, isYAML)
            }
        }
    }
}

extension ArraySlice<UInt8> {
    /// What may be comments, as far as that can be told without reading the values: in each line
    /// what is behind the first `#` that begins it or follows white space.
    package var probableComments: [ArraySlice<UInt8>] {
        TextLines.split(self).compactMap { line in
            let start = line.indices.first { index in
                line[index] == ASCII.hash && (index == line.startIndex || line[index - 1].isBlank)
            }
            return start.map { line[$0...].prefix { !$0.isBreak } }
        }
    }
}
