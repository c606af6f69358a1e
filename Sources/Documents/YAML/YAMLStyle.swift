/// How a YAML text is written, where a new value could be written in several ways.
struct YAMLStyle {
    /// How lines end.
    var lineEnding: LineEnding
    /// The quotation marks of a string that needs some.
    var quotes = Node.Style.doubleQuoted
    /// Whether lists stand in brackets rather than on lines of their own.
    var flowLists = false
    /// How far a list's dashes are indented below their key.
    var listIndent = 2
    /// How far a map's keys are indented below their key.
    var mapIndent = 2

    /// Looks at what is there: the first list and map below a key, and most of the quotes.
    init(_ frontMatter: FrontMatter) {
        let document = frontMatter.document
        let content = frontMatter.block?.content ?? 0..<0
        lineEnding = LineEnding(firstIn: document.bytes[content]) ?? document.lineEnding
        let geometry = LineGeometry(bytes: document.bytes, content: content)
        var survey = Survey()
        survey.visit(frontMatter.root, geometry)
        if survey.singleQuoted > survey.doubleQuoted { quotes = .singleQuoted }
        flowLists = survey.flowLists ?? false
        listIndent = survey.listIndent ?? 2
        mapIndent = survey.mapIndent ?? 2
    }

    private struct Survey {
        var singleQuoted = 0
        var doubleQuoted = 0
        var flowLists: Bool?
        var listIndent: Int?
        var mapIndent: Int?

        /// Stops looking closer once everything is known, so that huge texts cost no more.
        private var isDone: Bool {
            singleQuoted + doubleQuoted >= 64 && flowLists != nil && mapIndent != nil
        }

        mutating func visit(_ node: Node, _ geometry: LineGeometry) {
            switch node.content {
            case .scalar:
                if node.style == .singleQuoted { singleQuoted += 1 }
                if node.style == .doubleQuoted { doubleQuoted += 1 }
            case .alias: break
            case .sequence(let items):
                for item in items where !isDone { visit(item, geometry) }
            case .mapping(let mapping):
                for entry in mapping.entries {
                    guard !isDone else { return }
                    note(entry, geometry)
                    visit(entry.value, geometry)
                }
            }
        }

        private mutating func note(_ entry: Mapping.Entry, _ geometry: LineGeometry) {
            let value = entry.value
            func indent() -> Int {
                geometry.column(value.range.lowerBound) - geometry.column(entry.start)
            }
            switch value.content {
            case .sequence(let items) where !items.isEmpty:
                if flowLists == nil { flowLists = value.style == .flow }
                if value.style == .block, listIndent == nil { listIndent = max(0, indent()) }
            case .mapping where value.style == .block:
                if mapIndent == nil { mapIndent = max(1, indent()) }
            default: break
            }
        }
    }
}
