/// Turns edits of TOML front matter into splices.
struct TOMLSplicer: FrontMatterSplicer {
    private let frontMatter: FrontMatter
    private let geometry: LineGeometry
    private let statements: [TOMLLayout.Statement]
    private let flow: FlowSplicer
    private let writer = TOMLWriter()

    init(_ frontMatter: FrontMatter, _ block: FrontMatterBlock) {
        self.frontMatter = frontMatter
        let bytes = frontMatter.document.bytes
        geometry = LineGeometry(bytes: bytes, content: block.content)
        statements = frontMatter.layout?.statements ?? []
        flow = FlowSplicer(
            geometry: geometry,
            lineEnding: LineEnding(firstIn: bytes[block.content])
                ?? frontMatter.document.lineEnding)
    }

    private var bytes: [UInt8] { geometry.bytes }
    private var newline: [UInt8] { flow.lineEnding.bytes }

    private func splice(_ range: Range<Int>, _ inserted: [UInt8]) -> Splice {
        Splice(replacing: range, of: bytes, with: inserted)
    }

    /// Inserts a line, which ends as the line before it does.
    private func insert(_ line: [UInt8], at offset: Int) -> Splice {
        let ending = geometry.lineEnding(before: offset) ?? flow.lineEnding
        return splice(offset..<offset, line + ending.bytes)
    }

    func replace(_ slot: Slot, with value: Value) throws(EditError) -> [Splice] {
        let node = slot.node
        guard node.style == .block else {
            let found = node.scalar?.type == .string ? bytes[node.range] : nil
            return [splice(node.range, try writer.inline(value, found: found))]
        }
        // A table stands in several lines; the value that replaces it becomes a key above.
        guard case .entry(let entry) = slot.place, let parent = slot.path.parent,
            slot.collection.style == .block
        else { throw unsupported(slot, "an item of an array of tables is not set as a whole") }
        if let table = try table(slot, value) { return table }
        let removed = try remove(slot)
        let added = try add(.init(entry.key, value), to: slot.collection, at: parent)
        // The new key may belong where the table was; it goes before what is removed there.
        let moved = added.map { splice in
            let gap = removed.first { $0.range.contains(splice.offset) }
            return Splice(
                offset: gap?.offset ?? splice.offset, removed: [], inserted: splice.inserted)
        }
        return (moved + removed).sorted { $0.offset < $1.offset }
    }

    /// A map in the place of a table, below its comments and declared as it is: by a header or
    /// by dotted keys.
    private func table(_ slot: Slot, _ value: Value) throws(EditError) -> [Splice]? {
        guard case .map(let members) = value, !members.isEmpty, slot.path.hasOnlyKeys,
            let first = statements.first(where: { slot.path.contains($0.path) })
        else { return nil }
        var removed = try remove(slot)
        let start = geometry.lineStart(first.range.lowerBound)
        guard let run = removed.first, run.range.contains(start) else { return nil }
        let indent = bytes[start..<first.range.lowerBound]
        var table: [UInt8] = []
        if first.kind == .pair {
            let above = first.header.map { statements[$0].path.steps.count } ?? 0
            for member in members {
                let key = slot.path.steps.dropFirst(above) + [.key(member.key)]
                table += indent + dottedKey(key) + [ASCII.space, ASCII.equals, ASCII.space]
                table += try writer.inline(member.value) + newline
            }
        } else {
            let header = indent + [ASCII.openBracket] + dottedKey(slot.path.steps)
            table = try lines(header + [ASCII.closeBracket], members)
        }
        removed[0] = splice(start..<run.range.upperBound, table)
        return removed
    }

    func add(
        _ member: Value.Member, to map: Node, at path: FieldPath
    ) throws(EditError) -> [Splice] {
        let key = writer.key(member.key)
        let equals: [UInt8] = [ASCII.space, ASCII.equals, ASCII.space]
        if map.style == .flow {
            let new = key + equals + (try writer.inline(member.value))
            let isPadded = map.parts.isEmpty
            return flow.add(
                isPadded ? [ASCII.space] + new + [ASCII.space] : new, to: map.range,
                parts: map.parts, emptyIndent: [])
        }
        if case .map(let members) = member.value, !members.isEmpty, path.hasOnlyKeys {
            return [try section(path.appending(.key(member.key)), members)]
        }
        let value = try writer.inline(member.value)
        let pair: [UInt8] = key + equals + value
        // After the last pair of the same table.
        if let last = lastPair(under: path) {
            let end = geometry.nextLine(last.range.upperBound)
            let indent = bytes[geometry.lineStart(last.range.lowerBound)..<last.range.lowerBound]
            return [insert(Array(indent) + pair, at: end)]
        }
        if path.steps.isEmpty {
            let start = geometry.content.lowerBound
            return [insert(pair, at: start)]
        }
        if let header = statements.first(where: { $0.kind != .pair && $0.path == path }) {
            let end = geometry.nextLine(header.range.upperBound)
            return [insert(pair, at: end)]
        }
        // The table is there only as part of dotted keys, so the new key is one too.
        if let last = statements.last(where: { declares($0, path) }) {
            let above = last.header.map { statements[$0].path.steps.count } ?? 0
            let dotted = Array(path.steps.dropFirst(above)) + [FieldPath.Step.key(member.key)]
            let end = geometry.nextLine(last.range.upperBound)
            return [insert(dottedKey(dotted) + equals + value, at: end)]
        }
        guard path.hasOnlyKeys else {
            throw .unsupported(
                path, reason: "a table that only its subtables declare gets no key",
                at: frontMatter.position(at: map.range.lowerBound))
        }
        return [try section(path, [member])]
    }

    private func lastPair(under path: FieldPath) -> TOMLLayout.Statement? {
        statements.last { statement in
            guard statement.kind == .pair else { return false }
            guard let header = statement.header else { return path.steps.isEmpty }
            return statements[header].path == path
        }
    }

    /// Whether a pair's dotted key declares a table.
    private func declares(_ statement: TOMLLayout.Statement, _ path: FieldPath) -> Bool {
        guard statement.kind == .pair, path.contains(statement.path) else { return false }
        return statement.header.map { statements[$0].path.contains(path) } ?? true
    }

    private func dottedKey(_ steps: some Sequence<FieldPath.Step>) -> [UInt8] {
        var dotted: [UInt8] = []
        for case .key(let key) in steps {
            dotted += (dotted.isEmpty ? [] : [ASCII.dot]) + writer.key(key)
        }
        return dotted
    }

    /// A new `[table]` at the end.
    private func section(
        _ path: FieldPath, _ members: [Value.Member]
    ) throws(EditError) -> Splice {
        let end = geometry.content.upperBound
        let header = [ASCII.openBracket] + dottedKey(path.steps) + [ASCII.closeBracket]
        return splice(end..<end, gapBefore(end) + (try lines(header, members)))
    }

    private func lines(
        _ header: [UInt8], _ members: [Value.Member]
    ) throws(EditError) -> [UInt8] {
        var lines = header + newline
        for member in members {
            lines += writer.key(member.key) + [ASCII.space, ASCII.equals, ASCII.space]
            lines += try writer.inline(member.value) + newline
        }
        return lines
    }

    /// A blank line before a new table, unless there is one or nothing.
    private func gapBefore(_ offset: Int) -> [UInt8] {
        guard offset > geometry.content.lowerBound else { return [] }
        let line = geometry.lineStart(offset - 1)
        return geometry.lineEnd(geometry.skipBlanks(line)) == geometry.skipBlanks(line)
            ? [] : newline
    }

    func add(_ item: Value, to list: Node, at path: FieldPath) throws(EditError) -> [Splice] {
        if list.style == .flow {
            let found = list.items?.last.flatMap {
                $0.scalar?.type == .string ? bytes[$0.range] : nil
            }
            return flow.add(
                try writer.inline(item, found: found), to: list.range, parts: list.parts,
                emptyIndent: emptyIndent(list))
        }
        guard case .map(let members) = item, path.hasOnlyKeys else {
            throw .unsupported(
                path, reason: "an array of tables gets only tables",
                at: frontMatter.position(at: list.range.lowerBound))
        }
        let end = geometry.nextLine(list.range.upperBound)
        let bracket = [ASCII.openBracket, ASCII.openBracket]
        let header =
            bracket + dottedKey(path.steps) + [ASCII.closeBracket, ASCII.closeBracket]
        return [splice(end..<end, gapBefore(end) + (try lines(header, members)))]
    }

    private func emptyIndent(_ list: Node) -> [UInt8] {
        let close = list.range.upperBound - 1
        return bytes[geometry.lineStart(close)..<close].filter(\.isBlank)
            + [ASCII.space, ASCII.space]
    }

    func remove(_ slot: Slot) throws(EditError) -> [Splice] {
        if slot.collection.style == .flow {
            guard slot.node.style != .block else { throw unsupported(slot, dottedInBraces) }
            return flow.remove(
                slot.index, from: slot.collection.range, parts: slot.collection.parts)
        }
        let mentions = statements.indices.filter { slot.path.contains(statements[$0].path) }
        guard let first = mentions.first, slot.path.contains(statements[first].path) else {
            throw unsupported(slot, dottedInBraces)
        }
        return runs(mentions).map { run in
            let top = statements[run.lowerBound].range.lowerBound
            let column = geometry.column(top)
            let floor =
                run.lowerBound > 0
                ? geometry.nextLine(statements[run.lowerBound - 1].range.upperBound)
                : geometry.content.lowerBound
            let start = geometry.leadingComments(
                above: geometry.lineStart(top), floor: floor, column: column)
            return splice(
                start..<geometry.nextLine(statements[run.upperBound].range.upperBound), [])
        }
    }

    private let dottedInBraces = "a dotted key in braces is not edited"

    /// Statements that follow each other, together with what is between them.
    private func runs(_ indices: [Int]) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for index in indices {
            if let last = runs.last, last.upperBound == index - 1 {
                runs[runs.count - 1] = last.lowerBound...index
            } else {
                runs.append(index...index)
            }
        }
        return runs
    }

    func rename(_ slot: Slot, to key: Text) throws(EditError) -> [Splice] {
        guard case .entry(let entry) = slot.place else { return [] }
        if slot.collection.style == .flow {
            guard slot.node.style != .block else { throw unsupported(slot, dottedInBraces) }
            return [splice(entry.keyRange, writer.key(key, found: entry.keyStyle))]
        }
        let depth = slot.path.steps.count { if case .key = $0 { true } else { false } } - 1
        return statements.compactMap { statement in
            guard slot.path.contains(statement.path) else { return nil }
            let above = statement.header.map { statements[$0].segments.count } ?? 0
            guard statement.segments.indices.contains(depth - above) else { return nil }
            let segment = statement.segments[depth - above]
            return splice(segment.range, writer.key(key, found: segment.style))
        }
    }

    /// A table's headers say where it is, so another path is another name in them.
    func readdress(_ slot: Slot, to path: FieldPath) -> [Splice]? {
        guard slot.node.style == .block, slot.path.hasOnlyKeys, path.hasOnlyKeys else { return nil }
        let depth = slot.path.steps.count
        var splices: [Splice] = []
        for statement in statements where slot.path.contains(statement.path) {
            if statement.kind == .pair {
                guard let header = statement.header, slot.path.contains(statements[header].path)
                else { return nil }
            } else {
                let segments = statement.segments[..<depth]
                guard let first = segments.first, let last = segments.last else { return nil }
                splices.append(
                    splice(
                        first.range.lowerBound..<last.range.upperBound, dottedKey(path.steps)))
            }
        }
        return splices.isEmpty ? nil : splices
    }

    /// A table gets another name; of a pair the name is dotted as deep as it lies:
    /// `title = "T"` and `title.text = "T"`.
    func renest(_ slot: Slot, to path: FieldPath) -> [Splice]? {
        if slot.node.style == .block { return readdress(slot, to: path) }
        guard slot.collection.style == .block, slot.path.hasOnlyKeys, path.hasOnlyKeys,
            let pair = statements.first(where: { $0.kind == .pair && $0.path == slot.path }),
            let last = pair.segments.last
        else { return nil }
        let end = last.range.upperBound
        let more = path.steps.dropFirst(slot.path.steps.count)
        if !more.isEmpty { return [splice(end..<end, [ASCII.dot] + dottedKey(more))] }
        // The name above is there to be left, and not the header's.
        let left = pair.segments.count - (slot.path.steps.count - path.steps.count)
        guard left > 0 else { return nil }
        return [splice(pair.segments[left - 1].range.upperBound..<end, [])]
    }

    private func unsupported(_ slot: Slot, _ reason: String) -> EditError {
        .unsupported(
            slot.path, reason: reason, at: frontMatter.position(at: slot.node.range.lowerBound))
    }
}

extension FieldPath {
    /// Whether no step goes into a list.
    fileprivate var hasOnlyKeys: Bool {
        steps.allSatisfy { if case .key = $0 { true } else { false } }
    }
}
