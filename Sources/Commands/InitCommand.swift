import ArgumentParser
import History

/// `docvc init`
struct InitCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Set up docvc in this repository.",
        discussion: """
            Writes to the repository's own configuration only, adds what is missing, and leaves \
            alone what is there. Saving works without it: it makes `git rebase` and `git commit \
            --amend` keep the notes on revisions, and `git commit` check what is staged. A \
            pre-commit hook that is there already is kept, and runs first.
            """)

    @Flag(name: .long, help: "Change nothing; exit 1 when something is missing.")
    var check = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        let parts = check ? try workspace.missingSetup() : try workspace.setUp()
        let output = context.output
        try output.json(SetupAnswer("docvc.init/1", parts, changed: !check))
        for part in parts {
            try output.line("\(check ? "missing" : "set up"): \(part.rawValue) (\(part.purpose))")
        }
        if parts.isEmpty { try output.line("docvc is set up") }
        if check && !parts.isEmpty { try output.line("to set it up: docvc init") }
        if let folder = try workspace.foreignHooksFolder() {
            try output.line(
                "core.hooksPath is \(folder): to check commits, let its pre-commit run"
                    + " docvc hook pre-commit")
        }
        return check && !parts.isEmpty ? .found : .done
    }
}

/// `docvc deinit`
struct DeinitCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "deinit",
        abstract: "Take back what init set up.",
        discussion: "Revisions, notes and kept texts stay: they are part of the history.")

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        let parts = try workspace.tearDown()
        try context.output.json(SetupAnswer("docvc.deinit/1", parts, changed: true))
        for part in parts { try context.output.line("removed: \(part.rawValue)") }
        if parts.isEmpty { try context.output.line("nothing of docvc's was set up") }
        return .done
    }
}

/// `docvc.init/1`, `docvc.deinit/1`
private struct SetupAnswer: Encodable {
    let schema: String
    /// The parts that were missing, or were set up, or were removed.
    let parts: [String]
    let changed: Bool

    init(_ schema: String, _ parts: [SetupPart], changed: Bool) {
        self.schema = schema
        self.parts = parts.map(\.rawValue)
        self.changed = changed && !parts.isEmpty
    }
}
