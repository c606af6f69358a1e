import ArgumentParser
import Documents
import Git
import History

/// `docvc diff`
struct DiffCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show how a document changed, by key and by block.",
        discussion: """
            Without a revision: from HEAD to the draft, which is the document on disk where \
            nothing is unsaved. With one: from it to the draft. With two: from the first to the \
            second. A revision is a revision's id, or what Git takes for a commit.

            With --disk: from the document on disk to the draft, which is what a save would \
            write.

            Keys of the front matter are compared by value and by their comments, and the body \
            by paragraph, heading and fenced block. With --text, and where the front matter \
            cannot be read or only its spelling changed, the answer is a unified diff, which \
            `git apply` takes.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Argument(help: .init("The version to start from.", valueName: "revision"))
    var from: String?

    @Argument(help: .init("The version to end at.", valueName: "revision"))
    var to: String?

    @Flag(name: .long, help: "Show a unified diff of the text.")
    var text = false

    @Flag(name: .long, help: "From the document on disk to the draft.")
    var disk = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if disk && from != nil { throw ValidationError("--disk takes no revision") }
    }

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        let document = try workspace.document(path)
        let versions =
            disk
            ? (before: try workspace.textOnDisk(document), after: try workspace.draft(document))
            : try workspace.versions(of: document, from: from, to: to)
        let patch = try Patch.text(
            from: versions.before, named: document, to: versions.after, named: document)
        let difference = SemanticDifference(versions.before, versions.after)
        let output = context.output
        try output.json(
            DiffAnswer(
                path: document, from: disk ? "disk" : from ?? "HEAD", to: to, diff: patch,
                difference: difference))
        if output.isJSON || output.isQuiet || patch.isEmpty { return .done }
        if let difference, !difference.diff.isEmpty, !text {
            try difference.print(document, to: output)
        } else {
            if !text { try output.line(reason(difference)) }
            try print(patch, to: output)
        }
        return .done
    }

    /// Why the text is shown where nobody asked for it.
    private func reason(_ difference: SemanticDifference?) -> String {
        difference == nil
            ? "the front matter cannot be compared by key; as text:"
            : "all keys, comments and blocks are equal; as text:"
    }

    private func print(_ patch: [UInt8], to output: Output) throws {
        guard output.isColored else { return try output.text(patch) }
        for line in patch.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
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
    /// Nil for the draft.
    @Nullable var to: String?
    let changed: Bool
    let diff: String
    /// The differences by key; nil where they could not be compared.
    @Nullable var keys: [SemanticDifference.KeyAnswer]?
    /// The differences in the comments of keys; nil where they could not be compared.
    @Nullable var comments: [SemanticDifference.CommentAnswer]?
    /// The differences by block of the body; nil where they could not be compared.
    @Nullable var body: [SemanticDifference.BlockAnswer]?

    init(
        path: String, from: String, to: String?, diff: [UInt8], difference: SemanticDifference?
    ) {
        self.path = path
        self.from = from
        self.to = to
        changed = !diff.isEmpty
        self.diff = String(decoding: diff, as: UTF8.self)
        keys = difference?.keyAnswers
        comments = difference?.commentAnswers
        body = difference?.blockAnswers
    }
}
