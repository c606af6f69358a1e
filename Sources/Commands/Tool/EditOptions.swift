import ArgumentParser
import Documents
import Git
import History
import Platform

/// What every editing command takes.
struct EditOptions: ParsableArguments {
    @Flag(name: .long, help: "Save the document too.")
    var save = false

    @Option(
        name: [.customShort("m", allowingJoined: true), .long], parsing: .singleValue,
        help: .init(
            "The commit message, with --save; several are paragraphs.", valueName: "text"))
    var message: [String] = []

    @Option(
        name: .long,
        help: .init(
            "If the document changes meanwhile: reject, overwrite or reload.", valueName: "choice"))
    var onConflict: ConflictChoice = .reject

    @Flag(name: .long, help: "Do not run the hooks pre-commit and commit-msg, with --save.")
    var noVerify = false

    func validate() throws {
        if !save && (!message.isEmpty || noVerify) {
            throw ValidationError("--message and --no-verify go with --save")
        }
    }

    /// The request to make `edits` of the document `path`.
    func request(_ path: String, _ edits: [Edit]) -> EditRequest {
        var request = EditRequest(path, edits)
        request.onConflict = onConflict
        request.isSaved = save
        request.message = message.isEmpty ? nil : message.joined(separator: "\n\n")
        request.runsHooks = !noVerify
        return request
    }
}

/// A command that edits one document.
protocol EditingCommand: DocvcCommand {
    var path: String { get }
    var editing: EditOptions { get }
    /// The edits to make; read before anything is locked.
    func edits(in context: Context) throws -> [Edit]
}

extension EditingCommand {
    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        let document = try workspace.document(path)
        let request = editing.request(document, try edits(in: context))
        let report = try workspace.edit(request)
        try context.answer(
            report, to: request, named: Self.configuration.commandName ?? "", workspace.settings)
        return .done
    }
}

extension Context {
    /// What an edit did, for people or as JSON.
    fileprivate func answer(
        _ report: EditReport, to request: EditRequest, named name: String, _ settings: Settings
    ) throws {
        try output.tell(report.save.recovered)
        try output.tell(report.save.displaced)
        for warning in report.save.warnings { try output.warning(warning.text) }
        try output.json(
            EditAnswer(
                schema: "docvc.\(name)/1", report,
                saved: request.isSaved ? SaveAnswer(report.save, settings) : nil))
        if report.replacements > 0, report.operation != nil {
            let count = report.replacements
            try output.line(
                "replaced \(count) occurrence\(count == 1 ? "" : "s") in \(report.path)")
        }
        if let operation = report.operation, report.save.commit == nil {
            let hint =
                request.isSaved
                ? "HEAD has the same text"
                : "to save it: \(CommandPlace(self).docvc("save", report.path))"
            try output.line("\(report.path): \(operation.intent); \(hint)")
        }
        try output.tellSaved(report.save)
    }
}

/// `docvc.set/1`, `docvc.unset/1`, `docvc.rename/1`, `docvc.front-matter/1`, `docvc.body/1`
private struct EditAnswer: Encodable {
    struct Operation: Encodable {
        let kind: String
        let intent: String
        @Nullable var actor: String?
        let source: String
        let time: String
    }

    struct Draft: Encodable {
        let blob: String
        let size: Int
    }

    let schema: String
    let path: String
    /// Nil where the document is as it was.
    @Nullable var operation: Operation?
    /// The document on disk now.
    let draft: Draft
    /// How many occurrences of a text were replaced.
    let replacements: Int
    let kept: [SaveAnswer.Kept]
    @Nullable var saved: SaveAnswer?

    init(schema: String, _ report: EditReport, saved: SaveAnswer?) {
        self.schema = schema
        path = report.path
        operation = report.operation.map {
            Operation(
                kind: $0.kind, intent: $0.intent, actor: $0.actor?.text,
                source: $0.source.rawValue, time: $0.time.rfc3339)
        }
        draft = Draft(blob: report.blob.hex, size: report.size)
        replacements = report.replacements
        kept = report.save.displaced.map { SaveAnswer.Kept($0) }
        self.saved = saved
    }
}
