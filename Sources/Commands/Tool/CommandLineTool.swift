import ArgumentParser
import Documents
import Glibc
import History
public import Platform
import SystemPackage

/// The command line as a whole: arguments in, text and an exit status out.
public enum CommandLineTool {
    /// Runs this process's arguments in the real world, and exits.
    public static func main() -> Never {
        // A reader that went away is an error of the write, not the end of a save.
        signal(SIGPIPE, SIG_IGN)
        let status = run(
            Array(CommandLine.arguments.dropFirst()), in: .real(), output: .standard)
        exit(status)
    }

    /// Runs `arguments` and returns the exit status; this is the one place where errors
    /// become text and a status.
    public static func run(_ arguments: [String], in world: World, output: Output) -> Int32 {
        var output = output
        var writer = ErrorWriter(arguments: arguments)
        var failure: Int32?
        output.isJSON = arguments.prefix { $0 != "--" }.contains("--json")
        do {
            let parsed = try RootCommand.parseAsRoot(ArgumentOrder.ordered(arguments))
            guard let command = parsed as? any DocvcCommand else {
                var other = parsed
                try other.run()
                return ExitStatus.done.rawValue
            }
            failure = type(of: command).failureStatus
            let context = try Context(command.global, world: world, output: output)
            output = context.output
            writer.place = CommandPlace(context)
            return try command.run(in: context).rawValue
        } catch is BrokenPipe {
            return ExitStatus.done.rawValue
        } catch {
            return report(error, output, writer, failure, world)
        }
    }

    private static func report(
        _ error: any Error, _ output: Output, _ writer: ErrorWriter, _ failure: Int32?,
        _ world: World
    ) -> Int32 {
        let parserStatus = RootCommand.exitCode(for: error)
        do {
            let cluster = FlagCluster(in: writer.arguments)
            let isMistakenHelp = parserStatus == .success && cluster?.passesForHelp ?? false
            if parserStatus == .success, !isMistakenHelp {
                // `--help` and `--version` are thrown too.
                try output.help(RootCommand.fullMessage(for: error))
                return ExitStatus.done.rawValue
            }
            let help = ErrorReport.Remedy(
                choice: "help", command: "\(RootCommand.typed(writer.arguments)) --help")
            let message =
                isMistakenHelp
                ? "Unknown option '\(cluster?.word ?? "")'" : RootCommand.message(for: error)
            let report =
                ErrorReport(error, writer)
                ?? ErrorReport(
                    .usage, code: "usage", message,
                    remedies: (cluster.flatMap { writer.naming($0, in: world) }.map { [$0] } ?? [])
                        + [help])
            try output.error(report)
            return failure ?? report.status.rawValue
        } catch is BrokenPipe {
            return ExitStatus.done.rawValue
        } catch {
            // Nothing can be said of it but by the status.
            return failure ?? ExitStatus.failed.rawValue
        }
    }
}

/// The exit statuses (DESIGN of the command line; 64 and above are those of sysexits.h).
struct ExitStatus: RawRepresentable, Equatable {
    let rawValue: Int32

    static let done = ExitStatus(rawValue: 0)
    static let found = ExitStatus(rawValue: 1)
    static let refused = ExitStatus(rawValue: 2)
    static let usage = ExitStatus(rawValue: 64)
    static let malformed = ExitStatus(rawValue: 65)
    static let noDocument = ExitStatus(rawValue: 66)
    static let unsupported = ExitStatus(rawValue: 69)
    static let failed = ExitStatus(rawValue: 74)
    static let locked = ExitStatus(rawValue: 75)
}

/// A command of docvc's.
protocol DocvcCommand: ParsableCommand {
    var global: GlobalOptions { get }
    /// The status of every failure, where others than docvc's own are expected; else nil.
    static var failureStatus: Int32? { get }
    func run(in context: Context) throws -> ExitStatus
}

extension DocvcCommand {
    static var failureStatus: Int32? { nil }
}

/// A word like `-dash.md`, which the parser takes for flags of one letter each.
struct FlagCluster {
    /// Where it stands.
    let index: Int
    /// The word.
    let word: String
    /// Whether the parser finds `-h` in it, and nobody asked for help.
    let passesForHelp: Bool

    /// The first in `arguments`, where there is one; the one with an `h` before others.
    init?(in arguments: [String]) {
        let words = arguments.prefix { $0 != "--" }
        let clusters = words.indices.filter {
            words[$0].hasPrefix("-") && !words[$0].hasPrefix("--") && words[$0].utf8.count > 2
        }
        let mistaken = clusters.first { words[$0].contains("h") }
        guard let index = mistaken ?? clusters.first else { return nil }
        self.index = index
        word = words[index]
        passesForHelp = mistaken != nil && !words.contains("-h") && !words.contains("--help")
    }
}

extension ErrorWriter {
    /// How to name the file that was meant by `cluster`; nil where there is none of that name.
    func naming(_ cluster: FlagCluster, in world: World) -> Remedy? {
        let path = world.currentFolder.appending(cluster.word)
        guard (try? world.files.status(of: path)) ?? nil != nil else { return nil }
        var writer = self
        writer.arguments[cluster.index] = "./" + cluster.word
        return Remedy(choice: "name the file", command: writer.again())
    }
}

/// Where the global options stand does not matter: those before the command's name are moved
/// behind it, where the parser expects them.
enum ArgumentOrder {
    private static let flags: Set<String> = ["--json", "--quiet", "-q"]
    private static let options: Set<String> = ["-C", "--actor", "--source", "--session", "--color"]

    /// Throws unless `words` begin with the name of a subcommand, or a group of them, as far as
    /// names go; a group alone does nothing, which must not pass for success.
    private static func check(_ words: [String], _ group: any ParsableCommand.Type) throws {
        let commands = group.configuration.subcommands
        let names = commands.compactMap { $0.configuration.commandName }.sorted()
        let isRoot = group == RootCommand.self
        if commands.isEmpty || words.contains("--help") || words.contains("-h") { return }
        let title = group.configuration.commandName ?? ""
        guard let word = words.first, !word.hasPrefix("-") else {
            if isRoot { return }
            throw ValidationError("\(title) wants a command: \(names.joined(separator: ", "))")
        }
        if word == "help" { return try check(Array(words.dropFirst()), group) }
        guard let command = commands.first(where: { $0.configuration.commandName == word }) else {
            let hint = NearMiss.hint(word, among: names)
            let whole = isRoot ? word : "\(title) \(word)"
            throw ValidationError("there is no command '\(whole)'\(hint)")
        }
        try check(Array(words.dropFirst()), command)
    }

    static func ordered(_ arguments: [String]) throws -> [String] {
        var moved: [String] = []
        var rest = arguments[...]
        while let first = rest.first {
            let name = first.prefix { $0 != "=" }
            if flags.contains(first) || options.contains(String(name)) && name != first {
                moved.append(first)
                rest.removeFirst()
            } else if options.contains(first) {
                guard rest.count > 1 else { throw ValidationError("\(first) wants a value") }
                moved += rest.prefix(2)
                rest.removeFirst(2)
            } else {
                break
            }
        }
        guard let command = rest.first else { return [] }
        if command.hasPrefix("-") { return Array(rest) }
        try check(Array(rest.dropFirst(command == "help" ? 1 : 0)), RootCommand.self)
        // The parser's own `help` takes no options.
        if command == "help" { return Array(rest) }
        let end = rest.firstIndex(of: "--") ?? rest.endIndex
        return rest[..<end] + moved + rest[end...]
    }
}
