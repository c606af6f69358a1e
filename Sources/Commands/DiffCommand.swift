import ArgumentParser
import Git
import History

/// `docvc diff`
struct DiffCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show how a document changed.",
        discussion: """
            Without a revision: from HEAD to the disk. With one: from it to the disk. With two: \
            from the first to the second. A revision is a revision's id, or what Git takes for \
            a commit. The answer is a unified diff, which `git apply` takes.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Argument(help: .init("The version to start from.", valueName: "revision"))
    var from: String?

    @Argument(help: .init("The version to end at.", valueName: "revision"))
    var to: String?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        let document = try workspace.document(path)
        let difference = try workspace.difference(of: document, from: from, to: to)
        try context.output.json(
            DiffAnswer(path: document, from: from ?? "HEAD", to: to, diff: difference))
        if !context.output.isJSON && !context.output.isQuiet {
            try printDifference(difference, context.output)
        }
        return .done
    }

    private func printDifference(_ difference: [UInt8], _ output: Output) throws {
        guard output.isColored else { return try output.text(difference) }
        for line in difference.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        {
            let text = String(decoding: line, as: UTF8.self)
            switch text.first {
            case "+": try output.line(output.colored(text, .green))
            case "-": try output.line(output.colored(text, .red))
            case "@": try output.line(output.colored(text, .cyan))
            default: try output.line(text)
            }
        }
    }
}

/// `docvc.diff/1`
private struct DiffAnswer: Encodable {
    let schema = "docvc.diff/1"
    let path: String
    let from: String
    /// Nil for the disk.
    @Nullable var to: String?
    let changed: Bool
    let diff: String

    init(path: String, from: String, to: String?, diff: [UInt8]) {
        self.path = path
        self.from = from
        self.to = to
        changed = !diff.isEmpty
        self.diff = String(decoding: diff, as: UTF8.self)
    }
}
