import ArgumentParser
import History

/// `docvc restore`
struct RestoreCommand: DraftCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring a document back as a revision has it, as the draft.",
        discussion: """
            The revision's text becomes the draft, in one operation; `docvc undo` takes that \
            back, and `docvc save` puts it on disk and commits it. With --save it is saved at \
            once.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Option(
        name: .shortAndLong,
        help: .init("The revision, or a commit: HEAD~2.", valueName: "revision"))
    var revision: String

    @OptionGroup var editing: EditOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func change(
        _ path: String, in workspace: borrowing Workspace, _ context: Context
    ) throws -> EditReport {
        var saving = editing.saving
        if saving?.message == nil { saving?.message = "Restore \(path) from \(revision)" }
        return try workspace.restore(path, from: revision, saving: saving)
    }
}
