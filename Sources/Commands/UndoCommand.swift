import ArgumentParser
import History

/// `docvc undo`
struct UndoCommand: DraftCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take back the last operations of a document's draft.",
        discussion: """
            Edits, versions brought back, and what other programs wrote on disk are \
            operations; undo reaches back across saves and restarts. The draft changes, the \
            document on disk only with a save.

            Where fewer operations are kept than were asked for, nothing is done: exit 2.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Option(name: .shortAndLong, help: .init("How many.", valueName: "number"))
    var steps = 1

    @OptionGroup var editing: EditOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if steps < 1 { throw ValidationError("--steps takes a number from 1") }
    }

    func change(
        _ path: String, in workspace: borrowing Workspace, _ context: Context
    ) throws -> EditReport {
        try workspace.undo(path, steps: steps, saving: editing.saving)
    }
}
