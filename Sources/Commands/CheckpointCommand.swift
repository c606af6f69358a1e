import ArgumentParser
import Git
import History

/// `docvc checkpoint`
struct CheckpointCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Keep unsaved work on a hidden ref, apart from docvc's own files.",
        discussion: """
            refs/docvc/checkpoints/<session> names a tree with the draft, what it was made of \
            and its history: enough to bring the session back when all of .git/docvc is gone. \
            No log shows it, no plain push takes it along, and `git gc` keeps it. The next save \
            removes it.

            Editing commands, `docvc watch` and `docvc edit` take checkpoints by themselves: \
            docvc.checkpoint.interval, .bytes and .operations say when. Without a path: every \
            document with unsaved work.
            """)

    @Argument(help: .init("The documents.", valueName: "path"))
    var paths: [String] = []

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        var documents: [String] = []
        for path in paths { documents.append(try workspace.document(path)) }
        if paths.isEmpty { documents = try workspace.draftedDocuments() }
        var reports: [CheckpointReport] = []
        for document in documents { reports.append(try workspace.checkpoint(document)) }
        let output = context.output
        try output.json(CheckpointAnswer(reports))
        if reports.isEmpty { try output.line("nothing is unsaved") }
        for report in reports {
            switch (report.tree, report.isNew) {
            case (nil, _): try output.line("\(report.path): nothing is unsaved")
            case (_, false): try output.line("\(report.path): the last checkpoint has it all")
            case (let tree?, true): try output.line("\(report.path): checkpoint \(tree.short)")
            }
        }
        return .done
    }
}

/// `docvc.checkpoint/1`
private struct CheckpointAnswer: Encodable {
    struct Checkpoint: Encodable {
        let path: String
        let session: String
        /// Nil where nothing is unsaved.
        @Nullable var tree: String?
        /// Whether it was taken now.
        let taken: Bool
    }

    let schema = "docvc.checkpoint/1"
    let checkpoints: [Checkpoint]

    init(_ reports: [CheckpointReport]) {
        checkpoints = reports.map {
            Checkpoint(
                path: $0.path, session: $0.session.text, tree: $0.tree?.hex, taken: $0.isNew)
        }
    }
}
