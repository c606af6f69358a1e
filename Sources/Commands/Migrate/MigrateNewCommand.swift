import ArgumentParser
import History
import Migrations

extension MigrateCommand {
    /// `docvc migrate new`
    struct New: DocvcCommand {
        static let configuration = CommandConfiguration(
            commandName: "new",
            abstract: "Begin a migration: a commented file.",
            discussion: """
                The file gets the next number and follows the last migration. Nothing in it is \
                done before docvc migrate apply.
                """)

        @Argument(help: .init("What it is about: summary-to-description.", valueName: "name"))
        var name: String

        @Option(
            name: .long,
            help: .init(
                "What it begins with: empty, blog or knowledge-base.", valueName: "template"))
        var template: MigrationTemplate = .empty

        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run(in context: Context) throws -> ExitStatus {
            let workspace = try context.migrationWorkspace()
            let path = try workspace.newMigration(name) { template.text($0, after: $1) }
            let name = Migration.name(at: path) ?? ""
            try context.output.json(NewAnswer(name: name, path: path))
            let place = CommandPlace(context)
            try context.output.line("wrote \(path)")
            try context.output.line(
                "to see what it does, once it says so: \(place.docvc("migrate plan \(name)"))")
            return .done
        }
    }
}

/// `docvc.migrate-new/1`
private struct NewAnswer: Encodable {
    let schema = "docvc.migrate-new/1"
    let name: String
    let path: String
}
