import ArgumentParser
import Git
import History
import Migrations

extension MigrateCommand {
    /// `docvc migrate apply`
    struct Apply: DocvcCommand {
        static let configuration = CommandConfiguration(
            commandName: "apply",
            abstract: "Apply migrations to all documents, or to none, in one commit.",
            discussion: """
                With --plan only if the plan still has that hash; otherwise the plan is shown and \
                you are asked, and where there is no terminal --yes or --plan is needed. A document \
                with unsaved work, that is read-only or cannot be migrated is named before \
                anything is written, and nothing is. The migration's own file is in the commit.

                A migration that loses values needs a reason in its file and \
                --allow-destructive. What is needed to go back is recorded under \
                refs/docvc/migrations.
                """)

        @OptionGroup var migration: MigrationArgument
        @Flag(name: .long, help: "Values may be lost, for the reason that the migration gives.")
        var allowDestructive = false
        @OptionGroup var options: ApplicationOptions
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run(in context: Context) throws -> ExitStatus {
            var workspace = try context.migrationWorkspace()
            let progress = Progress(context.output)
            var request = MigrationRequest(migration.name)
            request.progress = { progress.note($0, $1, $2) }
            var application = options.application
            application.allowsDestructive = allowDestructive
            if options.asks {
                let planned = try workspace.planMigration(request)
                progress.end()
                let refusals = planned.refusals(application)
                guard refusals.isEmpty else { throw MigrationError.refused(refusals) }
                if planned.plan.counts.changed > 0 {
                    try PlanAnswer(planned, name: migration.name, CommandPlace(context))
                        .print(planned, to: context.output)
                    try context.confirm("Apply this plan?", plan: planned.hash)
                }
                application.plan = planned.hash
            }
            progress.watch(&workspace)
            let applied = try workspace.applyMigration(request, application)
            progress.end()
            let output = context.output
            try output.tell(applied.save.recovered)
            try output.tellNotices(applied.save)
            try output.json(ApplyAnswer(applied, workspace.settings))
            let names = applied.planned.pending.map(\.name)
            guard applied.save.commit != nil else {
                try output.line("nothing is pending")
                return .done
            }
            try output.line("applied \(names.joined(separator: ", "))")
            try output.tellSaved(applied.save)
            try output.line(
                "to go back: " + CommandPlace(context).docvc("migrate revert \(names.last ?? "")"))
            return .done
        }
    }
}

/// `docvc.migrate-apply/1`
private struct ApplyAnswer: Encodable {
    let schema = "docvc.migrate-apply/1"
    let migrations: [String]
    let plan: String
    let documents: PlanAnswer.Counts
    @Nullable var commit: String?
    let saved: SaveAnswer

    init(_ applied: AppliedMigration, _ settings: Settings) {
        migrations = applied.planned.pending.map(\.name)
        plan = applied.planned.hash
        documents = PlanAnswer.Counts(applied.planned.plan.counts)
        commit = applied.save.commit?.hex
        saved = SaveAnswer(applied.save, settings)
    }
}
