import ArgumentParser
import History
import Migrations
import Platform

/// `docvc migrate`
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Change the front matter of many documents as declared.",
        discussion: """
            A migration is a file .docvc/migrations/NNNN-name.yaml that says what becomes of \
            keys: rename, move, copy, default, set, coerce, map, wrap, unwrap, split, join, each, \
            drop, reorder, syntax, assert. plan shows what it would do and changes nothing; apply \
            does it to all documents or to none, in one commit; revert takes it back.
            """,
        subcommands: [New.self, List.self, Plan.self, Apply.self, Revert.self, Check.self])
}

/// What `plan`, `apply` and `revert` take.
struct MigrationArgument: ParsableArguments {
    @Argument(
        help: .init(
            "The migration, by name or number; without it all that are pending.", valueName: "name")
    )
    var name: String?
}

/// What `apply` and `revert` take.
struct ApplicationOptions: ParsableArguments {
    @Option(
        name: .long,
        help: .init("Do it only if this is still the plan.", valueName: "hash"))
    var plan: String?

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @Option(
        name: [.customShort("m", allowingJoined: true), .long],
        parsing: .unconditionalSingleValue,
        help: .init("The commit message; several are paragraphs.", valueName: "text"))
    var message: [String] = []

    @Flag(name: .long, help: "Do not run the hooks pre-commit and commit-msg.")
    var noVerify = false

    var application: MigrationApplication {
        var application = MigrationApplication()
        application.plan = plan
        application.message = message.isEmpty ? nil : message.joined(separator: "\n\n")
        application.runsHooks = !noVerify
        return application
    }

    /// Whether somebody must be asked first.
    var asks: Bool { plan == nil && !yes }
}

/// Nobody could be asked, or the answer was no.
enum ConfirmationError: Error {
    case nobody(plan: String)
    case declined
}

extension Context {
    /// Asks unless it was said before; throws where nobody can be asked or the answer is no.
    func confirm(_ question: String, plan: String) throws {
        guard let answer = world.ask(TerminalText.line(question) + " [y/N]") else {
            throw ConfirmationError.nobody(plan: plan)
        }
        guard ["y", "yes"].contains(answer.lowercased()) else { throw ConfirmationError.declined }
    }

    /// The workspace of a migration, whose saves say so.
    func migrationWorkspace() throws -> Workspace { try workspace(source: .migrate) }
}
