import ArgumentParser
import History
import Platform
import SystemPackage

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: .customShort("C"), parsing: .unconditionalSingleValue,
        help: .init("Run as if started in this folder; several lead on.", valueName: "dir"))
    var folders: [String] = []

    /// The folder that all of `-C` lead to, each from the one before, as Git has it.
    var folder: String? {
        guard let first = folders.first else { return nil }
        return folders.dropFirst().reduce(first) { FilePath($0).pushing(FilePath($1)).string }
    }

    @Flag(name: .long, help: "Answer with one JSON object.")
    var json = false

    @Option(
        name: .long,
        help: .init("Who acts: human:ann@example.org, agent:name/version.", valueName: "actor"))
    var actor: String?

    @Option(
        name: .long,
        help: .init(
            "By what way: cli, edit, watch, merge, migrate, recover, api.", valueName: "source"))
    var source: String?

    @Option(name: .long, help: .init("The session to use, by its id.", valueName: "id"))
    var session: String?

    @Flag(name: .shortAndLong, help: "Print nothing but errors.")
    var quiet = false

    @Option(name: .long, help: .init("Color: auto, always or never.", valueName: "when"))
    var color: ColorChoice = .auto
}

/// When to color.
enum ColorChoice: String, ExpressibleByArgument { case auto, always, never }

/// What a command works with.
struct Context {
    let world: World
    let output: Output
    private(set) var overrides: Settings.Overrides
    /// The folder that `-C` named, for commands that errors suggest.
    let folder: String?

    init(_ options: GlobalOptions, world: World, output: Output) throws {
        var world = world
        if let folder = options.folder {
            let path = world.currentFolder.pushing(FilePath(folder))
            guard try world.files.statusFollowingLinks(of: path)?.kind == .folder else {
                throw ValidationError("-C \(folder): no such folder")
            }
            world.currentFolder = path
        }
        self.world = world
        folder = options.folder
        var output = output
        output.isJSON = options.json
        output.isQuiet = options.quiet
        output.folder = options.folder
        output.isColored = Context.isColored(options.color, world, output)
        self.output = output
        var overrides = Settings.Overrides()
        overrides.actor = options.actor
        overrides.source = options.source
        overrides.session = options.session
        self.overrides = overrides
    }

    private static func isColored(_ choice: ColorChoice, _ world: World, _ output: Output) -> Bool {
        switch choice {
        case .always: return true
        case .never: return false
        case .auto:
            let forbids = !(world.environment["NO_COLOR"] ?? "").isEmpty
            return output.isTerminal && !forbids && world.environment["TERM"] != "dumb"
        }
    }

    /// This context with another way than the command line, where none was named.
    func with(source: Source) -> Context {
        var context = self
        context.overrides.source = overrides.source ?? source.rawValue
        return context
    }

    /// Opens the work tree, mends what an interrupted save left, and says a line where unsaved
    /// work waits to be recovered.
    ///
    /// - Parameter source: the way that is recorded, unless `--source` names another.
    func workspace(tellsOfRecovery: Bool = true, source: Source? = nil) throws -> Workspace {
        var overrides = overrides
        overrides.source = overrides.source ?? source?.rawValue
        var workspace = try Workspace(in: world, overrides: overrides)
        let output = output
        // Whatever becomes of the warning, the operation stands.
        workspace.onEventFailure = { try? output.warning($0.text) }
        try output.tell(try workspace.recoverInterruptedSave())
        guard tellsOfRecovery else { return workspace }
        let paths = try workspace.pendingRecovery()
        if let first = paths.first {
            let more = paths.count > 1 ? " and \(paths.count - 1) more" : ""
            try output.warning(
                "unsaved work of \(first)\(more) waits to be recovered: "
                    + output.docvc("recover list"))
        }
        return workspace
    }

    /// Returns when the person at the terminal has said yes to `question`; throws
    /// `notConfirmed` where they did not, or nobody is there.
    func confirm(_ question: String) throws {
        let answer = world.ask(TerminalText.line(question) + " [y/N]")
        guard let answer else { throw CommandError.notConfirmed(isAsked: false) }
        guard ["y", "yes"].contains(answer.lowercased()) else {
            throw CommandError.notConfirmed(isAsked: true)
        }
    }
}
