import ArgumentParser
import Documents
import History

/// `docvc get`
struct GetCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print a value of a document's front matter.",
        discussion: """
            A scalar is printed plainly, a list or a map as JSON; without a key all front \
            matter. A key is title, seo.title, tags[0] or "a.b". The draft is read where \
            something is unsaved, otherwise the disk. A key that is not there is exit 1.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Argument(help: .init("The key.", valueName: "key"))
    var key: String?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let field = try key.map { try KeyArgument.path($0) } ?? FieldPath([])
        let workspace = try context.workspace()
        let document = try workspace.document(path)
        let bytes = try workspace.draft(document)
        let frontMatter: FrontMatter
        do throws(ParseError) {
            frontMatter = try Document(bytes).readFrontMatter()
        } catch {
            throw CommandError.unreadableFrontMatter(
                path: document, error, open: try? workspace.resolve(document, []))
        }
        guard let node = frontMatter.node(at: field) else {
            throw CommandError.noKey(
                path: document, field, near: frontMatter.nearMisses(to: field))
        }
        let output = context.output
        if output.isJSON {
            let position = frontMatter.position(at: node.range.lowerBound)
            try output.json(
                GetAnswer(
                    path: document, key: key.map { _ in field.description },
                    value: ValueAnswer(node.value), type: node.value.typeName,
                    line: position.line, column: position.column))
        } else if !output.isQuiet {
            try output.text(Array((plain(node.value) + "\n").utf8))
        }
        return .done
    }

    /// A scalar's text, without quotes; anything else as JSON.
    private func plain(_ value: Value) -> String {
        switch value {
        case .scalar(.null, _): "null"
        case .scalar(_, let text): text.string
        case .alias(let name): "*" + name.string
        case .tagged(_, let value): plain(value)
        case .list, .map: value.jsonText
        }
    }
}

/// `docvc.get/1`
private struct GetAnswer: Encodable {
    let schema = "docvc.get/1"
    let path: String
    /// Nil for all front matter.
    @Nullable var key: String?
    let value: ValueAnswer
    let type: String
    let line: Int
    let column: Int
}
