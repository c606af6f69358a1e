/// Moving a key into a map of its own, and out of one that holds nothing else.
///
/// It stays where it is, with its comments and as it is written, where lines or names alone say
/// that it lies deeper or not; otherwise its value is written anew.
extension KeyEditPlanner {
    /// Into a map of its own: `title` becomes `title.text`.
    func nest(_ slot: Slot, to target: FieldPath) throws(EditError) -> EditPlan {
        let path = slot.path
        var keys: [Text] = []
        for step in target.steps.dropFirst(path.steps.count) {
            guard case .key(let key) = step else { throw .missing(target) }
            keys.append(key)
        }
        let new = keys.reversed().reduce(slot.node.value) { .map([.init($1, $0)]) }
        return try asWritten(
            [splicer.renest(slot, to: target), nestedLines(slot, keys), nestedSource(slot, keys)],
            or: { () throws(EditError) in try splicer.replace(slot, with: new) },
            .set(path, new), at: path)
    }

    /// Out of a map that holds nothing else: `title.text` becomes `title`.
    func hoist(_ slot: Slot, to outer: Slot) throws(EditError) -> EditPlan {
        let target = outer.path
        var chain = [outer.node]
        for step in slot.path.steps.dropFirst(target.steps.count) {
            guard let entries = chain.last?.mapping?.entries, entries.count == 1,
                case .key(let key) = step, entries[0].key == key
            else {
                throw .occupied(target, at: frontMatter.position(at: outer.node.outerStart))
            }
            chain.append(entries[0].value)
        }
        let maps = Array(chain.dropLast())
        return try asWritten(
            [
                splicer.renest(slot, to: target),
                hoistedLines(outer, maps, keepsComment: true),
                hoistedLines(outer, maps, keepsComment: false), hoistedSource(slot, outer),
            ],
            or: { () throws(EditError) in try splicer.replace(outer, with: slot.node.value) },
            .set(target, slot.node.value), at: target)
    }

    /// The first proposal that is proven, or else what writes the value anew.
    private func asWritten(
        _ proposals: [[Splice]?], or anew: () throws(EditError) -> [Splice],
        _ change: ValueChange, at path: FieldPath
    ) throws(EditError) -> EditPlan {
        let found = proposals.lazy.compactMap(\.self).first { splices in
            let proof = EditProof(before: frontMatter, splices: splices, changes: [change])
            return (try? proof.prove()) != nil
        }
        let splices: [Splice]
        if let found { splices = found } else { splices = try anew() }
        return EditPlan(splices: splices, changes: [change], touched: [touched(path)])
    }

    private func nestedLines(_ slot: Slot, _ keys: [Text]) -> [Splice]? {
        guard let block = frontMatter.block, let entry = frontMatter.entrySource(at: slot.path)
        else { return nil }
        let whole = frontMatter.ownedSpans(of: slot.collection)[slot.index].whole
        return EntryPlacer(frontMatter: frontMatter, block: block)
            .nested(entry, below: keys, at: whole.lowerBound).map { [$0] }
    }

    private func hoistedLines(
        _ outer: Slot, _ maps: [Node], keepsComment: Bool
    ) -> [Splice]? {
        guard let block = frontMatter.block, case .entry(let entry) = outer.place,
            outer.collection.style == .block
        else { return nil }
        return EntryPlacer(frontMatter: frontMatter, block: block)
            .hoisted(
                entry, maps, frontMatter.ownedSpans(of: outer.collection)[outer.index],
                keepsComment: keepsComment
            ).map { [$0] }
    }

    /// A value in brackets in braces of its own.
    private func nestedSource(_ slot: Slot, _ keys: [Text]) -> [Splice]? {
        let node = slot.node
        guard slot.collection.style == .flow, !node.range.isEmpty, node.style != .block else {
            return nil
        }
        let bytes = frontMatter.document.bytes
        let source = Array(bytes[node.outerStart..<node.outerEnd])
        let new = keys.reversed().reduce(source) { inner, key in
            let (name, mark, gap): ([UInt8], String, String) =
                switch resolver.syntax {
                case .json: (JSONWriter.string(key), ": ", "")
                case .toml: (TOMLWriter().key(key), " = ", " ")
                case .yaml:
                    (
                        YAMLScalarWriter(style: YAMLStyle(frontMatter)).key(key, inFlow: true),
                        ": ", " "
                    )
                }
            return Array("{\(gap)".utf8) + name + Array(mark.utf8) + inner
                + Array("\(gap)}".utf8)
        }
        return [Splice(replacing: node.outerStart..<node.outerEnd, of: bytes, with: new)]
    }

    /// A value in the place of the braces that hold it.
    private func hoistedSource(_ slot: Slot, _ outer: Slot) -> [Splice]? {
        let node = slot.node
        guard outer.node.style == .flow, !node.range.isEmpty, node.style != .block else {
            return nil
        }
        let bytes = frontMatter.document.bytes
        let place = outer.node.outerStart..<outer.node.outerEnd
        return [
            Splice(
                replacing: place, of: bytes, with: Array(bytes[node.outerStart..<node.outerEnd]))
        ]
    }
}

extension EntryPlacer {
    /// The lines of an entry below a line with its key: the entry gets another name there.
    fileprivate func nested(_ entry: EntrySource, below keys: [Text], at start: Int) -> Splice? {
        guard block.syntax == .yaml, entry.isLines, let name = keys.last else { return nil }
        let style = YAMLStyle(frontMatter)
        let ending = geometry.lineEnding(before: start)?.bytes ?? style.lineEnding.bytes
        var column = entry.column
        var lines = entry.startsLine ? [UInt8](repeating: ASCII.space, count: column) : []
        lines += entry.bytes[entry.keyRange] + [ASCII.colon] + ending
        for key in keys.dropLast() {
            column += style.mapIndent
            lines += [UInt8](repeating: ASCII.space, count: column)
            lines += YAMLScalarWriter(style: style).key(key, inFlow: false) + [ASCII.colon] + ending
        }
        guard let inner = text(of: entry, as: name, at: column + style.mapIndent, style) else {
            return nil
        }
        return Splice(offset: start, removed: entry.bytes, inserted: lines + inner)
    }

    /// The lines of a map's only key in the map's place, under its name.
    ///
    /// - Parameters:
    ///   - maps: the map and those in it on the way to the key, each with one key.
    ///   - keepsComment: whether the comment behind the map's name goes behind the key, which has
    ///     to have none.
    fileprivate func hoisted(
        _ outer: Mapping.Entry, _ maps: [Node], _ span: OwnedSpan, keepsComment: Bool
    ) -> Splice? {
        let entries = [outer] + maps.compactMap { $0.mapping?.entries.first }
        guard block.syntax == .yaml, entries.count > 1, let inner = entries.last,
            maps.allSatisfy({ $0.style == .block && $0.properties == nil }),
            entries.allSatisfy({ $0.start == $0.keyRange.lowerBound }),
            entries.dropFirst().allSatisfy({ geometry.isFirstInLine($0.start) })
        else { return nil }
        // The comments between the lines of names, which go.
        var between: [UInt8] = []
        for (above, below) in zip(entries, entries.dropFirst()) {
            let next = geometry.nextLine(above.keyRange.upperBound)
            between += bytes[next..<max(next, geometry.lineStart(below.start))]
        }
        let column = geometry.column(inner.start)
        var lines = [UInt8](repeating: ASCII.space, count: column) + bytes[outer.keyRange]
        var rest = bytes[inner.keyRange.upperBound..<span.whole.upperBound]
        if keepsComment {
            let name = outer.keyRange.upperBound
            let line = bytes[name..<geometry.lineEnd(name)]
            guard let colon = line.firstIndex(of: ASCII.colon),
                line[(colon + 1)...].contains(ASCII.hash)
            else { return nil }
            let end = geometry.lineEnd(inner.keyRange.upperBound)
            guard !bytes[inner.keyRange.upperBound..<end].contains(ASCII.hash) else { return nil }
            lines += bytes[inner.keyRange.upperBound..<end] + line[(colon + 1)...]
            rest = bytes[end..<span.whole.upperBound]
        }
        lines += rest
        let shift = geometry.column(outer.start) - column
        guard let comments = EntryPlacer.indented(between, by: shift),
            var moved = EntryPlacer.indented(lines, by: shift)
        else { return nil }
        if geometry.isFirstInLine(outer.start) {
            moved = comments + moved
        } else {
            // Behind a dash there is no place for a comment above.
            guard comments.isEmpty else { return nil }
            moved.removeFirst(geometry.column(outer.start))
        }
        let start =
            geometry.isFirstInLine(outer.start) ? geometry.lineStart(outer.start) : outer.start
        return Splice(replacing: start..<span.whole.upperBound, of: bytes, with: moved)
    }
}
