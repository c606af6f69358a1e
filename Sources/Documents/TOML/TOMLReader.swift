/// Reads TOML front matter into a tree.
enum TOMLReader {
    static func read(
        _ document: Document, _ block: FrontMatterBlock
    ) throws(ParseError) -> FrontMatter {
        let content = block.content
        if let deep = tooManyDots(document.bytes, content) {
            throw ParseError(.tooDeep, "a key has too many parts", at: document.position(at: deep))
        }
        var layout: TOMLLayout
        do {
            let values = try TOMLValues.read(document.bytes, content)
            layout = try scan(document.bytes, content, values)
        } catch let failure as TOMLValues.Failure {
            throw error(failure, document, content)
        } catch let failure as TOMLScanner.Failure {
            throw ParseError(
                failure.reason, failure.message, at: document.position(at: failure.offset))
        } catch {
            throw ParseError(.syntax, "\(error)", at: document.position(at: content.lowerBound))
        }
        let root = assemble(&layout)
        let node = Node(
            content: .mapping(Mapping(root.entries())), style: .block, range: content,
            properties: nil)
        return FrontMatter(document, block, root: node, layout: layout)
    }

    private static func scan(
        _ bytes: [UInt8], _ content: Range<Int>, _ values: [TOMLValues.Found]
    ) throws(TOMLScanner.Failure) -> TOMLLayout {
        var scanner = TOMLScanner(bytes, content, values: values)
        return try scanner.scan()
    }

    private static func error(
        _ failure: TOMLValues.Failure, _ document: Document, _ content: Range<Int>
    ) -> ParseError {
        if let invalid = UTF8Check.firstInvalid(in: document.bytes[content]) {
            return ParseError(.encoding, "not valid UTF-8", at: document.position(at: invalid))
        }
        return ParseError(.syntax, failure.message, at: document.position(at: failure.offset))
    }

    /// toml++ nests one table in another for each part of a dotted key, and frees them by
    /// recursion; a line that could hold too many parts is refused before it is parsed.
    private static func tooManyDots(_ bytes: [UInt8], _ content: Range<Int>) -> Int? {
        var dots = 0
        for offset in content {
            switch bytes[offset] {
            case ASCII.newline, ASCII.equals: dots = 0
            case ASCII.dot:
                dots += 1
                if dots > FrontMatter.depthLimit { return offset }
            case let byte where TOMLKey.isBare(byte) || byte.isBlank: break
            case ASCII.doubleQuote, ASCII.singleQuote, ASCII.openBracket: break
            default: dots = 0
            }
        }
        return nil
    }

    /// Puts the statements into one tree of tables, and finds what each one defines.
    private static func assemble(_ layout: inout TOMLLayout) -> TOMLTable {
        let root = TOMLTable()
        var table = root
        var prefix: [FieldPath.Step] = []
        for index in layout.statements.indices {
            let statement = layout.statements[index]
            if statement.kind == .pair, let value = statement.value {
                table.set(statement.segments[...], value, from: statement.range.lowerBound)
                layout.statements[index].path = FieldPath(
                    prefix + statement.segments.map { .key($0.text) })
                continue
            }
            (table, prefix) = open(statement, in: root)
            layout.statements[index].path = FieldPath(prefix)
            table.cover(statement.range)
        }
        return root
    }

    /// The table that a header opens, and its path with positions in arrays.
    private static func open(
        _ statement: TOMLLayout.Statement, in root: TOMLTable
    ) -> (TOMLTable, [FieldPath.Step]) {
        var table = root
        var path: [FieldPath.Step] = []
        for (index, segment) in statement.segments.enumerated() {
            path.append(.key(segment.text))
            if index == statement.segments.count - 1, statement.kind == .arrayTable {
                path.append(.index(table.arrayCount(segment.text) ?? 0))
                table = table.addToArray(segment, from: statement.range.lowerBound)
                break
            }
            let count = table.arrayCount(segment.text)
            table = table.table(segment, from: statement.range.lowerBound)
            if let count { path.append(.index(count - 1)) }
        }
        return (table, path)
    }
}
