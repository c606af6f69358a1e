import ArgumentParser
import History

/// `docvc redo`
struct RedoCommand: DraftCommand {
    static let configuration = CommandConfiguration(
        commandName: "redo",
        abstract: "Make operations of a document's draft again that were undone.",
        discussion: """
            What was undone can be made again until a new edit drops it; what an edit drops is \
            kept under a rescue id.

            Where fewer operations are undone than were asked for, nothing is done: exit 2.
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
        try workspace.redo(path, steps: steps, saving: editing.saving)
    }
}
