import ArgumentParser
import Git
import Glibc
import History
import Platform

/// `docvc edit`
struct EditCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Open a document's draft in an editor.",
        discussion: """
            The editor is Git's: $GIT_EDITOR, core.editor, $VISUAL, $EDITOR or vi. Each time \
            it writes, the draft gets an operation, with checkpoints, and when it ends the \
            draft has its last text. The document on disk changes with a save only. A document \
            that does not exist yet begins empty.

            An editor that ends with another status than 0 leaves the draft as it was before: \
            exit 2, and `docvc redo` brings back what it wrote.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @OptionGroup var editing: EditOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let context = context.with(source: .edit)
        let output = context.output
        let workspace = try context.workspace()
        let document = try workspace.document(path)
        let editor = try Editor(
            context.world.environment,
            configured: workspace.repository.configuration.string("core.editor"))
        var copy = try workspace.openInEditor(document)
        if copy.adopted != nil {
            try output.notice(
                "\(document): took over what an interrupted edit had left; to drop it, end the"
                    + " editor and run: \(CommandPlace(context).docvc("undo", document))")
        }
        let end = try editor.run(&copy, in: workspace, context)
        let place = copy.location
        do {
            if case .status(let status) = end, status != 0 {
                let (report, steps) = try workspace.takeBack(&copy)
                try output.tell(report.kept, dropped: report.droppedRedo)
                throw CommandError.editorFailed(
                    path: document, editor: editor.command, status: status, redo: steps)
            }
            let isStopped = if case .signal = end { true } else { false }
            let report = try workspace.finish(&copy, saving: isStopped ? nil : editing.saving)
            if copy.replacedOthers {
                try output.notice(
                    "\(document): another command changed the draft meanwhile; the editor's text"
                        + " took its place; to see both: "
                        + CommandPlace(context).docvc("history", document))
            }
            if case .signal(let number) = end {
                Signals.raise(number)
            }
            try context.answer(report, named: "edit", workspace.settings)
        } catch {
            if try context.world.files.status(of: place) != nil {
                try output.notice("what the editor wrote is in \(place)")
            }
            throw error
        }
        return .done
    }
}
