/// Adds to and removes from collections in brackets, in YAML, JSON and TOML alike.
struct FlowSplicer {
    let geometry: LineGeometry
    let lineEnding: LineEnding

    private var bytes: [UInt8] { geometry.bytes }

    /// Adds an item or entry, already written, after the last one.
    ///
    /// - Parameters:
    ///   - collection: the collection's bytes, brackets included.
    ///   - parts: the bytes of its items or entries.
    ///   - emptyIndent: how to indent the first line in brackets that stand on two lines.
    func add(
        _ new: [UInt8], to collection: Range<Int>, parts: [Range<Int>], emptyIndent: [UInt8]
    ) -> [Splice] {
        let close = collection.upperBound - 1
        guard let last = parts.last else {
            let inside = (collection.lowerBound + 1)..<close
            if bytes[inside].allSatisfy(\.isBlank) { return [splice(inside, new)] }
            guard geometry.isFirstInLine(close) else { return [splice(close..<close, new)] }
            let line = geometry.lineStart(close)
            return [splice(line..<line, emptyIndent + new + lineEnding.bytes)]
        }
        let comma = comma(after: last.upperBound, before: close)
        let end = comma.map { $0 + 1 } ?? last.upperBound
        let closing: [UInt8] = comma == nil ? [] : [ASCII.comma]
        guard geometry.isFirstInLine(last.lowerBound) else {
            if comma != nil { return [splice(end..<end, [ASCII.space] + new + closing)] }
            return [splice(end..<end, separator(parts) + new)]
        }
        let indent = bytes[geometry.lineStart(last.lowerBound)..<last.lowerBound]
        let ending = geometry.lineEnding(before: geometry.lineStart(last.lowerBound)) ?? lineEnding
        let line = ending.bytes + indent + new + closing
        let opening: [UInt8] = comma == nil ? [ASCII.comma] : []
        guard geometry.endsLine(end) else { return [splice(end..<end, opening + line)] }
        let lineEnd = geometry.lineEnd(end)
        if lineEnd == end || comma != nil { return [splice(lineEnd..<lineEnd, opening + line)] }
        return [splice(end..<end, opening), splice(lineEnd..<lineEnd, line)]
    }

    /// Removes an item or entry with its comma, and its comments when it has lines of its own.
    func remove(_ index: Int, from collection: Range<Int>, parts: [Range<Int>]) -> [Splice] {
        let close = collection.upperBound - 1
        let part = parts[index]
        let comma = comma(after: part.upperBound, before: close)
        let end = comma.map { $0 + 1 } ?? part.upperBound
        let before = index > 0 ? parts[index - 1].upperBound : collection.lowerBound + 1
        if geometry.isFirstInLine(part.lowerBound), geometry.endsLine(end) {
            let top = geometry.leadingComments(
                above: geometry.lineStart(part.lowerBound), floor: geometry.nextLine(before),
                column: geometry.column(part.lowerBound))
            let lines = splice(top..<geometry.nextLine(end), [])
            guard comma == nil, index > 0, let stray = self.comma(after: before, before: close)
            else { return [lines] }
            return [splice(stray..<(stray + 1), []), lines]
        }
        if parts.count == 1 {
            let inside = (collection.lowerBound + 1)..<close
            return [splice(hasComment(inside) ? part.lowerBound..<end : inside, [])]
        }
        if index < parts.count - 1 {
            return [splice(part.lowerBound..<parts[index + 1].lowerBound, [])]
        }
        guard hasComment(before..<part.lowerBound),
            let stray = self.comma(after: before, before: close)
        else { return [splice(before..<part.upperBound, [])] }
        return [splice(stray..<(stray + 1), []), splice(part.lowerBound..<end, [])]
    }

    /// What stands between the last two items, when it is only a comma and white space.
    private func separator(_ parts: [Range<Int>]) -> [UInt8] {
        guard parts.count > 1 else { return [ASCII.comma, ASCII.space] }
        let gap = bytes[parts[parts.count - 2].upperBound..<parts[parts.count - 1].lowerBound]
        guard gap.contains(ASCII.comma),
            gap.allSatisfy({ $0.isWhiteSpace || $0 == ASCII.comma })
        else { return [ASCII.comma, ASCII.space] }
        return Array(gap)
    }

    private func hasComment(_ range: Range<Int>) -> Bool { bytes[range].contains(ASCII.hash) }

    private func comma(after offset: Int, before close: Int) -> Int? {
        geometry.first(ASCII.comma, from: offset, before: close)
    }

    private func splice(_ range: Range<Int>, _ inserted: [UInt8]) -> Splice {
        Splice(replacing: range, of: bytes, with: inserted)
    }
}

extension Node {
    /// The bytes of a collection's items or entries.
    var parts: [Range<Int>] {
        switch content {
        case .sequence(let items): items.map { $0.outerStart..<$0.outerEnd }
        case .mapping(let mapping): mapping.entries.map { $0.start..<$0.end }
        case .scalar, .alias: []
        }
    }
}
