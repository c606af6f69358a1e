import ArgumentParser
import Git
import History
import Migrations

extension MigrateCommand {
    /// `docvc migrate revert`
    struct Revert: DocvcCommand {
        static let configuration = CommandConfiguration(
            commandName: "revert",
            abstract: "Take a migration back, in one commit.",
            discussion: """
                Without a name the last one that was applied here. A document that is as the \
                migration left it becomes what it was to the byte; in one that was edited since, \
                keys go back one by one, and the edits stay. A key that the migration changed and \
                somebody else has changed since is reported, and stays too; so is a document that \
                is not there any more. The record of what was removed lasts until all of it is \
                taken back.
                """)

        @OptionGroup var migration: MigrationArgument
        @OptionGroup var options: ApplicationOptions
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run(in context: Context) throws -> ExitStatus {
            var workspace = try context.migrationWorkspace()
            let progress = Progress(context.output)
            var request = MigrationRequest(migration.name)
            request.progress = { progress.note($0, $1, $2) }
            var application = options.application
            let output = context.output
            if options.asks {
                let planned = try workspace.planReversal(request)
                progress.end()
                if !planned.documents.isEmpty, planned.blockers.isEmpty {
                    try show(planned, output)
                    try context.confirm("Take \(planned.name) back?", plan: planned.hash)
                }
                application.plan = planned.hash
            }
            progress.watch(&workspace)
            let (planned, save) = try workspace.revertMigration(request, application)
            progress.end()
            try output.tell(save.recovered)
            try output.tellNotices(save)
            try output.json(RevertAnswer(planned, save, workspace.settings))
            if !options.asks || planned.documents.isEmpty { try tellRest(planned, output) }
            if save.commit != nil {
                try output.line("took back \(planned.name)")
                try output.tellSaved(save)
            } else {
                try output.line("\(planned.name): nothing is left to be taken back")
            }
            if !planned.isComplete {
                try output.line("its record stays, for what was not taken back here")
            }
            return .done
        }

        private func show(_ planned: PlannedReversal, _ output: Output) throws {
            let edited = planned.documents.count - planned.asLeft
            try output.line(
                "\(planned.name): \(counted(planned.documents.count, "document")) to take back,"
                    + " \(edited) of them edited since")
            for sample in planned.samples { try output.lines(sample.diff.trimmed) }
            try tellRest(planned, output)
        }

        private func tellRest(_ planned: PlannedReversal, _ output: Output) throws {
            for gone in planned.gone {
                try output.line(output.colored("\(gone.path): \(gone.reason)", .yellow))
            }
            for kept in planned.kept {
                try output.line(
                    output.colored("\(kept.path): \(kept.kept.key) \(kept.kept.reason)", .yellow))
            }
        }
    }
}

/// `docvc.migrate-revert/1`
private struct RevertAnswer: Encodable {
    struct Kept: Encodable {
        let path: String
        let key: String
        let reason: String
    }

    struct Gone: Encodable {
        let path: String
        let reason: String
    }

    let schema = "docvc.migrate-revert/1"
    let migration: String
    let plan: String
    /// How many documents were taken back, and how many of them to the byte.
    let documents: Int
    let exact: Int
    /// What was changed since, and stays.
    let kept: [Kept]
    /// What is not there.
    let gone: [Gone]
    /// Whether the record stays, for what was not taken back.
    let recorded: Bool
    @Nullable var commit: String?
    let saved: SaveAnswer

    init(_ planned: PlannedReversal, _ save: SaveReport, _ settings: Settings) {
        migration = planned.name
        plan = planned.hash
        documents = planned.documents.count
        exact = planned.asLeft
        kept = planned.kept.map { Kept(path: $0.path, key: $0.kept.key, reason: $0.kept.reason) }
        gone = planned.gone.map { Gone(path: $0.path, reason: $0.reason) }
        recorded = !planned.isComplete
        commit = save.commit?.hex
        saved = SaveAnswer(save, settings)
    }
}
