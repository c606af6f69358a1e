import ArgumentParser
import Git
import History

/// `docvc restore`
struct RestoreCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring a document back as a revision has it.",
        discussion: """
            The text is put on disk and not saved; with --save it is saved too. A text on disk \
            that HEAD does not have is not overwritten, unless --on-conflict overwrite says so: \
            then it is kept under a rescue id.

            A document with several names (hard links) is refused: writing it would part them.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Option(
        name: .shortAndLong,
        help: .init("The revision, or a commit: HEAD~2.", valueName: "revision"))
    var revision: String

    @Flag(name: .long, help: "Save it too.")
    var save = false

    @Option(
        name: .shortAndLong,
        help: .init("The commit message, with --save.", valueName: "text"))
    var message: String?

    @Option(
        name: .long, help: .init("On divergence: reject or overwrite.", valueName: "choice"))
    var onConflict: ConflictChoice = .reject

    @Flag(name: .long, help: "Do not run the hooks pre-commit and commit-msg, with --save.")
    var noVerify = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if onConflict == .reload {
            throw ValidationError("--on-conflict takes reject or overwrite here")
        }
        if !save && (message != nil || noVerify) {
            throw ValidationError("--message and --no-verify go with --save")
        }
    }

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        let document = try workspace.document(path)
        let output = context.output
        if save {
            var request = try workspace.restoration(
                of: document, from: revision, onConflict: onConflict)
            request.message = message ?? "Restore \(document) from \(revision)"
            request.runsHooks = !noVerify
            let report = try workspace.save(request)
            try answer(report, document, output, workspace.settings, isSaved: true)
            return .done
        }
        let report = try workspace.restore(document, from: revision, onConflict: onConflict)
        try answer(report, document, output, workspace.settings, isSaved: false)
        return .done
    }

    private func answer(
        _ report: SaveReport, _ path: String, _ output: Output, _ settings: Settings, isSaved: Bool
    ) throws {
        try output.tell(report.recovered)
        try output.tell(report.displaced)
        for warning in report.warnings { try output.warning(warning.text) }
        try output.json(
            RestoreAnswer(
                path: path, revision: revision,
                restored: report.commit != nil || !report.written.isEmpty,
                kept: report.displaced.map { SaveAnswer.Kept($0) },
                saved: isSaved ? SaveAnswer(report, settings) : nil))
        for path in report.written {
            let hint =
                isSaved ? "HEAD has the same text" : "to save it: docvc save \(Shell.quote(path))"
            try output.line("restored \(path) from \(revision); \(hint)")
        }
        try output.tellSaved(report)
    }
}

/// `docvc.restore/1`
private struct RestoreAnswer: Encodable {
    let schema = "docvc.restore/1"
    let path: String
    let revision: String
    /// Whether the disk's text changed.
    let restored: Bool
    let kept: [SaveAnswer.Kept]
    @Nullable var saved: SaveAnswer?
}
