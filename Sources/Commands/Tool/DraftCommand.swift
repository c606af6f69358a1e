import ArgumentParser
import Documents
import Git
import History
import Platform

/// A command that changes the draft of one document.
protocol DraftCommand: DocvcCommand {
    var path: String { get }
    var editing: EditOptions { get }
    /// Changes the draft of the document `path`.
    func change(_ path: String, in workspace: borrowing Workspace, _ context: Context) throws
        -> EditReport
}

extension DraftCommand {
    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        let document = try workspace.document(path)
        let report = try change(document, in: workspace, context)
        try context.answer(
            report, named: Self.configuration.commandName ?? "", workspace.settings)
        return .done
    }
}

/// A command that makes edits.
protocol EditingCommand: DraftCommand {
    /// The edits to make.
    func edits(in context: Context) throws -> [Edit]
}

extension EditingCommand {
    func change(
        _ path: String, in workspace: borrowing Workspace, _ context: Context
    ) throws -> EditReport {
        // Read before anything is locked.
        let edits = try edits(in: context)
        return try workspace.edit(path, edits, saving: editing.saving)
    }
}

extension Context {
    /// What was done to a draft, for people or as JSON.
    func answer(_ report: EditReport, named name: String, _ settings: Settings) throws {
        try output.tell(report.recovered)
        try output.tell(report.kept, dropped: report.droppedRedo)
        for warning in report.warnings { try output.warning(warning.text) }
        if let save = report.save { try output.tellNotices(save, besides: report.kept) }
        try output.json(
            DraftAnswer(
                schema: "docvc.\(name)/1", report,
                saved: report.save.map { SaveAnswer($0, settings) }))
        if report.replacements > 0, report.operation != nil {
            let count = report.replacements
            try output.line(
                "replaced \(count) occurrence\(count == 1 ? "" : "s") in \(report.path)")
        }
        if report.save?.commit == nil {
            try output.line(line(on: report, by: name))
        } else if name == "undo" || name == "redo", let operation = report.operation {
            // Which it was nobody said, as with an edit.
            try output.line("\(report.path): \(said(of: operation, by: name))")
        }
        if let save = report.save { try output.tellSaved(save) }
    }

    private func said(of operation: Operation, by name: String) -> String {
        (name == "undo" ? "undid " : "") + operation.intent
    }

    private func line(on report: EditReport, by name: String) -> String {
        let place = CommandPlace(self)
        let done: String
        if let operation = report.operation {
            done = said(of: operation, by: name)
        } else if name == "recover-apply" {
            done = "the draft is there again"
        } else {
            return "\(report.path): nothing to change"
        }
        let what = "\(report.path): \(done)"
        if report.isUnsaved {
            return what + "; unsaved, to save it: \(place.docvc("save", report.path))"
        }
        return what + "; nothing is left to save"
    }
}

extension Output {
    /// What no undo leads to any more, with its rescue ids: always said, `--quiet` or not.
    func tell(_ kept: [KeptText], dropped: Int = 0) throws {
        for text in kept {
            let what =
                dropped > 0
                ? "dropped \(dropped) undone operation\(dropped == 1 ? "" : "s") of \(text.path)"
                : "\(text.path): \(text.reason)"
            let show = docvc("recover show \(text.id)")
            try notice("\(what); kept as \(text.id); to read it: \(show)")
        }
    }
}

/// `docvc.set/1`, `docvc.unset/1`, `docvc.rename/1`, `docvc.front-matter/1`, `docvc.body/1`,
/// `docvc.restore/1`, `docvc.edit/1`, `docvc.undo/1`, `docvc.redo/1`
struct DraftAnswer: Encodable {
    struct Draft: Encodable {
        let blob: String
        let size: Int
    }

    let schema: String
    let path: String
    let session: String
    /// The operation that was made, undone or redone; nil where the draft is as it was.
    @Nullable var operation: OperationAnswer?
    let history: HistoryAnswer
    /// Nil where the draft is that there be no document.
    @Nullable var draft: Draft?
    /// Whether the draft holds what the disk does not.
    let unsaved: Bool
    let droppedRedo: Int
    /// How many occurrences of a text were replaced.
    let replacements: Int
    /// What no undo leads to any more.
    let kept: [KeptAnswer]
    let warnings: [String]
    @Nullable var saved: SaveAnswer?

    init(schema: String, _ report: EditReport, saved: SaveAnswer?) {
        self.schema = schema
        path = report.path
        session = report.session.text
        operation = report.operation.map { OperationAnswer($0) }
        history = HistoryAnswer(report.history)
        draft = report.blob.map { Draft(blob: $0.hex, size: report.size) }
        unsaved = report.isUnsaved
        droppedRedo = report.droppedRedo
        replacements = report.replacements
        kept = report.kept.map { KeptAnswer($0) }
        warnings = report.warnings.map(\.text)
        self.saved = saved
    }
}

/// An operation in JSON.
struct OperationAnswer: Encodable {
    let sequence: Int
    let kind: String
    let intent: String
    @Nullable var actor: String?
    let source: String
    let time: String

    init(_ operation: Operation) {
        sequence = operation.sequence
        kind = operation.kind.rawValue
        intent = operation.intent
        actor = operation.actor
        source = operation.source.rawValue
        time = operation.time.rfc3339
    }
}

/// How far undo and redo reach, in JSON.
struct HistoryAnswer: Encodable {
    let canUndo: Bool
    let canRedo: Bool
    let undoDepth: Int
    let redoDepth: Int
    let limit: Int

    init(_ history: EditHistory) {
        canUndo = history.canUndo
        canRedo = history.canRedo
        undoDepth = history.undoDepth
        redoDepth = history.redoDepth
        limit = history.limit
    }
}

/// A kept text in JSON.
struct KeptAnswer: Encodable {
    let rescue: String
    let reason: String
    let command: String

    init(_ kept: KeptText) {
        rescue = kept.id.text
        reason = kept.reason
        command = kept.command
    }
}
