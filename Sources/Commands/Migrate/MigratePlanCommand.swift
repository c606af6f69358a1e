import ArgumentParser
import History
import Migrations

extension MigrateCommand {
    /// `docvc migrate plan`
    struct Plan: DocvcCommand {
        static let configuration = CommandConfiguration(
            commandName: "plan",
            abstract: "Show what migrations would do; change nothing.",
            discussion: """
                Reads every document and migrates it in memory: how many match, change or fail, \
                what each operation does and how far it can be taken back by the values that were \
                found, every lossy change with its count, and the exact command to apply just \
                this plan. Exit 2 when apply would refuse it.
                """)

        @OptionGroup var migration: MigrationArgument
        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run(in context: Context) throws -> ExitStatus {
            let workspace = try context.migrationWorkspace()
            let progress = Progress(context.output)
            var request = MigrationRequest(migration.name)
            request.progress = { progress.note($0, $1, $2) }
            let planned = try workspace.planMigration(request)
            progress.end()
            let answer = PlanAnswer(planned, name: migration.name, CommandPlace(context))
            try context.output.json(answer)
            try answer.print(planned, to: context.output)
            return planned.isRefused ? .refused : .done
        }
    }
}

extension PlannedMigration {
    /// Whether applying it would be refused whatever the flags.
    var isRefused: Bool {
        var application = MigrationApplication()
        application.allowsDestructive = true
        return !refusals(application).isEmpty
    }
}
