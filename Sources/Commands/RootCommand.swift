import ArgumentParser

/// `docvc`
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docvc",
        abstract: "Durable versions of documents, on Git.",
        discussion: """
            Edits change a draft, which lives on from command to command and can be undone; the \
            document on disk changes with a save. A save is a commit that survives a power cut \
            and says who made it. Everything stays plain Git: a clone without docvc reads it all.

            Exit statuses: 0 done; 1 a check found something; 2 refused, nothing changed; \
            64 usage; 65 malformed input; 66 no such document; 69 repository not supported; \
            74 input or output failed; 75 locked.
            """,
        version: "0.1.0",
        subcommands: [
            SaveCommand.self,
            StatusCommand.self,
            LogCommand.self,
            ShowCommand.self,
            DiffCommand.self,
            RestoreCommand.self,
            GetCommand.self,
            SetCommand.self,
            UnsetCommand.self,
            RenameCommand.self,
            FrontMatterCommand.self,
            BodyCommand.self,
            EditCommand.self,
            UndoCommand.self,
            RedoCommand.self,
            HistoryCommand.self,
            CheckpointCommand.self,
            WatchCommand.self,
            RecoverCommand.self,
            ResolveCommand.self,
            MergeFileCommand.self,
            MergeDriverCommand.self,
            MergeReplayCommand.self,
            MigrateCommand.self,
            HookCommand.self,
            EventsCommand.self,
            VerifyCommand.self,
            NotesCommand.self,
            InitCommand.self,
            DeinitCommand.self,
            TourCommand.self,
        ])

    /// The command that `arguments` name, as it is typed: `docvc migrate plan`.
    static func typed(_ arguments: [String]) -> String {
        var words = ["docvc"]
        var commands = configuration.subcommands
        for argument in arguments {
            guard let command = commands.first(where: { $0.configuration.commandName == argument })
            else {
                // Options, and their values, may stand before the command's name.
                if words.count > 1 { break }
                continue
            }
            words.append(argument)
            commands = command.configuration.subcommands
        }
        return words.joined(separator: " ")
    }
}
