import ArgumentParser
import History

/// `docvc notes`
struct NotesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notes", abstract: "Mend the notes on revisions.",
        subcommands: [Rebuild.self])

    /// `docvc notes rebuild`
    struct Rebuild: DocvcCommand {
        static let configuration = CommandConfiguration(
            commandName: "rebuild",
            abstract: "Write notes that are missing or wrong, from the trailers.",
            discussion: """
                The trailers are authoritative. What only a note can tell (operations, how a \
                divergence was settled) does not come back. Notes that agree are left alone.
                """)

        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run(in context: Context) throws -> ExitStatus {
            let workspace = try context.workspace()
            let (rebuilt, recovered) = try workspace.rebuildNotes()
            try context.output.tell(recovered)
            try context.output.json(RebuildAnswer(rebuilt: rebuilt))
            try context.output.line(
                rebuilt == 0
                    ? "every note agrees with its trailers"
                    : "rebuilt \(rebuilt) note\(rebuilt == 1 ? "" : "s")")
            return .done
        }
    }
}

/// `docvc.notes/1`
private struct RebuildAnswer: Encodable {
    let schema = "docvc.notes/1"
    let rebuilt: Int
}
