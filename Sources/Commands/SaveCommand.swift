public import ArgumentParser
import Git
public import History
import Platform

/// `docvc save`
struct SaveCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Put drafts on disk and commit them, durably, all or none.",
        discussion: """
            A document without a draft is saved as it is on disk. Without a path: every \
            document with a draft. The commit holds these documents and nothing else, whatever \
            is staged. Its message carries revision and actor in trailers; the note under \
            refs/notes/docvc says more. When save has exited 0, document and commit survive a \
            power cut. `docvc undo` reaches back across a save.

            A symbolic link stands for its target. A document with hard links is saved where it \
            lies; a draft would part them, and is refused. A document that is gone is saved as \
            deleted with --deleted.

            The hooks pre-commit, prepare-commit-msg, commit-msg and post-commit run as for \
            `git commit -o`, and commit.gpgSign is honoured.

            If another program has changed a document since its draft was begun, or does so \
            while it is saved, nothing is saved: exit 2 says what happened. --on-conflict \
            merge merges the draft with the other text by key and block, and saves it where \
            that leaves no conflict; hook lets the program in docvc.mergeHook do so; overwrite \
            saves over the other text, and keeps it under a rescue id; reload saves \
            nothing, keeps the draft under a rescue id, and makes the disk's text the draft.
            """)

    @Argument(help: .init("The documents.", valueName: "path"))
    var paths: [String] = []

    @Option(
        name: [.customShort("m", allowingJoined: true), .long],
        parsing: .unconditionalSingleValue,
        help: .init("The commit message; several are paragraphs.", valueName: "text"))
    var message: [String] = []

    @Flag(name: .long, help: "Also every Markdown document that is new or changed on disk.")
    var all = false

    @Flag(name: .long, help: "Save documents that are gone from the disk as deleted.")
    var deleted = false

    @Option(
        name: .long,
        help: .init("What to do about a divergence.", valueName: "choice"))
    var onConflict: ConflictChoice = .reject

    @Flag(name: .long, help: "Do not run the hooks pre-commit and commit-msg.")
    var noVerify = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        var documents: [String] = []
        for path in paths { documents.append(try workspace.document(path)) }
        if all {
            for status in try workspace.status(of: []) {
                if status.state == .missing && !deleted {
                    try context.output.warning(
                        "left out \(status.path), which is gone from the disk; to save its"
                            + " deletion too: \(context.output.docvc("save --all --deleted"))")
                } else {
                    documents.append(status.path)
                }
            }
        } else if paths.isEmpty {
            documents = try workspace.draftedDocuments()
        }
        if paths.isEmpty { try leaveOutReplaced(&documents, in: workspace, context.output) }
        if documents.isEmpty {
            try context.output.line(
                all
                    ? "nothing to save"
                    : "no drafts to save; to save what changed on disk: "
                        + context.output.docvc("save --all"))
            try context.output.json(SaveAnswer(SaveReport(), workspace.settings))
            return .done
        }
        var request = SaveRequest(documents)
        request.message = message.isEmpty ? nil : message.joined(separator: "\n\n")
        request.onConflict = onConflict
        request.savesDeletions = deleted
        request.runsHooks = !noVerify
        let report = try workspace.save(request)
        try context.output.answer(report, workspace.settings)
        return .done
    }

    /// Leaves out the documents whose drafts have no place any more, which nobody named.
    private func leaveOutReplaced(
        _ documents: inout [String], in workspace: borrowing Workspace, _ output: Output
    ) throws {
        let drafts = Set(try workspace.draftedDocuments())
        let replaced = try workspace.replacedDocuments(among: documents.filter(drafts.contains))
        for path in documents where replaced.contains(path) {
            try output.warning(
                "left out the draft of \(path), in whose place something else lies: "
                    + output.docvc("recover list"))
        }
        documents.removeAll(where: replaced.contains)
    }
}

extension ConflictChoice: ExpressibleByArgument {}

extension Output {
    /// What a save did, for people or as JSON.
    func answer(_ report: SaveReport, _ settings: Settings) throws {
        try tell(report.recovered)
        try tellNotices(report)
        try json(SaveAnswer(report, settings))
        for path in report.written { try line("wrote \(path); HEAD has the same text") }
        try tellSaved(report)
    }

    /// What a save kept, `told` of which is told already, and what went wrong after it.
    func tellNotices(_ report: SaveReport, besides told: [KeptText] = []) throws {
        try tell(report.displaced)
        let known = Set(told.map(\.id))
        try tell(report.keptHistory.filter { !known.contains($0.id) })
        for warning in report.warnings { try self.warning(warning.text) }
    }

    /// The texts that gave way, with their rescue ids: always said, `--quiet` or not.
    func tell(_ displaced: [SaveReport.Displaced]) throws {
        for text in displaced {
            try notice(
                "kept the displaced text of \(text.path) as \(text.kept.id); to read it:"
                    + " \(text.kept.command)")
        }
    }

    /// The documents that were saved, and those that were not.
    func tellSaved(_ report: SaveReport) throws {
        if !report.left.isEmpty {
            try line(
                "nothing was saved; the draft is now as on disk: \(report.left.joined(separator: ", "))"
            )
        }
        for path in report.merged { try line("merged \(path) with what others wrote") }
        if let revision = report.revision, let commit = report.commit {
            let names = report.saved.prefix(3).map {
                ($0.blob == nil ? "deletion of " : "") + $0.path
            }
            let more = report.saved.count > 3 ? " and \(report.saved.count - 3) more" : ""
            try line(
                "saved \(names.joined(separator: ", "))\(more) as "
                    + colored(revision.id.description, .green) + " (commit \(commit.short))")
        }
        switch report.unchanged.count {
        case 0: break
        case 1...3: try line("unchanged: \(report.unchanged.joined(separator: ", "))")
        default: try line("unchanged: \(report.unchanged.count) documents")
        }
    }
}

extension SaveWarning {
    /// The warning in words.
    var text: String {
        func reason(_ error: HistoryError) -> String {
            // Of the errors that a save is refused by, these come when it is done.
            ErrorWriter().report(error).reason.replacing("; nothing was changed", with: "")
        }
        switch self {
        case .bookkeeping(let error):
            return "done; the next command goes on with the rest: \(reason(error))"
        case .pruning(let error):
            return "saved, but old kept texts are still there: \(reason(error))"
        case .postCommit(let error):
            return "saved, but \(reason(.repository(error)))"
        case .checkpoint(let error):
            return "no checkpoint could be taken: \(reason(error))"
        case .damagedJournal(let session, let kept):
            let place = kept.map { "; it is kept as \($0)" } ?? ""
            return "the journal of session \(session) was damaged\(place)"
        }
    }
}

/// `docvc.save/1`
struct SaveAnswer: Encodable {
    struct Saved: Encodable {
        let path: String
        let revision: String
        let commit: String
        @Nullable var blob: String?
        @Nullable var previous: String?
        let actor: String
        let source: String
        /// How many operations it holds.
        let operations: Int
    }

    struct Kept: Encodable {
        let path: String
        let choice: String
        let rescue: String
        let command: String

        init(_ displaced: SaveReport.Displaced) {
            path = displaced.path
            choice = displaced.choice.rawValue
            rescue = displaced.kept.id.text
            command = displaced.kept.command
        }
    }

    let schema = "docvc.save/1"
    let saved: [Saved]
    let unchanged: [String]
    /// The documents whose draft gave way to what is on disk; nothing was saved.
    let left: [String]
    let kept: [Kept]
    /// The documents whose draft was merged with what others wrote.
    let merged: [String]
    let warnings: [String]

    init(_ report: SaveReport, _ settings: Settings) {
        let (revision, commit) = (report.revision, report.commit)
        saved = report.saved.map { document in
            Saved(
                path: document.path, revision: revision?.id.description ?? "",
                commit: commit?.hex ?? "", blob: document.blob?.hex,
                previous: document.previous?.description, actor: revision?.actor ?? "",
                source: revision?.source ?? "", operations: document.operations.count)
        }
        unchanged = report.unchanged
        left = report.left
        merged = report.merged
        kept = report.displaced.map { Kept($0) }
        warnings = report.warnings.map(\.text)
    }
}
