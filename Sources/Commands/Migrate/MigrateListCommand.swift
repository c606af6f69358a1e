import ArgumentParser
import Git
import History
import Migrations

extension MigrateCommand {
    /// `docvc migrate list`
    struct List: DocvcCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the migrations, and how each stands.",
            discussion: """
                pending: it would change documents. applied: HEAD's history has its commit. \
                done: it would change nothing.
                """)

        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run(in context: Context) throws -> ExitStatus {
            let workspace = try context.migrationWorkspace()
            let output = context.output
            let listed: [ListedMigration]
            do {
                listed = try workspace.listMigrations()
            } catch MigrationError.none {
                listed = []
            }
            try output.json(ListAnswer(migrations: listed.map { ListAnswer.Entry($0) }))
            let width = listed.map(\.migration.name.count).max() ?? 0
            for entry in listed {
                let gap = String(repeating: " ", count: width - entry.migration.name.count)
                var words = [entry.state.rawValue]
                if entry.pending > 0 { words.append(counted(entry.pending, "document")) }
                if entry.failing > 0 { words.append("\(entry.failing) failing") }
                if let commit = entry.commit { words.append("commit \(commit.short)") }
                if entry.isRecorded { words.append("can be taken back") }
                let color: ColoredText.Color = entry.state == .pending ? .yellow : .green
                try output.line(
                    "\(entry.migration.name)\(gap)  " + output.colored(words[0], color)
                        + words.dropFirst().map { ", " + $0 }.joined())
            }
            if listed.isEmpty { try output.line("no migrations in \(Migration.folder)") }
            return .done
        }
    }
}

/// `docvc.migrate-list/1`
private struct ListAnswer: Encodable {
    struct Entry: Encodable {
        let name: String
        let path: String
        @Nullable var after: String?
        let state: String
        let pending: Int
        let failing: Int
        @Nullable var commit: String?
        let recorded: Bool

        init(_ listed: ListedMigration) {
            name = listed.migration.name
            path = listed.migration.path
            after = listed.migration.after
            state = listed.state.rawValue
            pending = listed.pending
            failing = listed.failing
            commit = listed.commit?.hex
            recorded = listed.isRecorded
        }
    }

    let schema = "docvc.migrate-list/1"
    let migrations: [Entry]
}
