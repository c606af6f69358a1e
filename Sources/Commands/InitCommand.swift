import ArgumentParser
import History
import SystemPackage

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
        let report = check ? nil : try workspace.setUp()
        let parts = if let report { report.parts } else { try workspace.missingSetup() }
        let (output, place) = (context.output, CommandPlace(context))
        try output.json(SetupAnswer("docvc.init/1", parts, changed: !check, left: report?.left))
        for part in parts {
            try output.line("\(check ? "missing" : "set up"): \(part.rawValue) (\(part.purpose))")
        }
        if let left = report?.left {
            try output.warning(
                "not set up: \(SetupPart.preCommitHook.rawValue): there is a hook \(left.hook), and"
                    + " the name that it would get is taken by \(left.before ?? left.hook)")
            let line = "docvc hook pre-commit"
            try output.warning(
                "  to check with the hook that is there:  add the line \(line) to it")
            try output.warning("  to install docvc's:  \(left.wayOut) && \(place.docvc("init"))")
            return .refused
        }
        if parts.isEmpty { try output.line("docvc is set up") }
        if check && !parts.isEmpty { try output.line("to set it up: \(place.docvc("init"))") }
        if let folder = try workspace.foreignHooksFolder() {
            try output.line(
                "core.hooksPath is \(folder): to check commits, let its pre-commit run"
                    + " docvc hook pre-commit")
        }
        if report?.parts.contains(.preCommitHook) ?? false {
            // Nobody should learn of it when nothing can be committed any more.
            let count = try workspace.check(CheckRequest()).findings.count
            if count > 0 {
                try output.warning(
                    "git commit will refuse: there \(count == 1 ? "is" : "are") \(count) finding"
                        + "\(count == 1 ? "" : "s"); to see them: \(place.docvc("migrate check"))")
            }
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
        let report = try workspace.tearDown()
        let output = context.output
        try output.json(
            SetupAnswer("docvc.deinit/1", report.parts, changed: true, left: report.left))
        for part in report.parts { try output.line("removed: \(part.rawValue)") }
        if let left = report.left {
            let beside = left.before.map { ", and \($0), which was there before it" } ?? ""
            try output.line(
                "left: \(left.hook), which is not as docvc init installs it\(beside)")
            try output.line("to take it out: \(left.wayOut)")
        } else if report.parts.isEmpty {
            try output.line("nothing of docvc's was set up")
        }
        return .done
    }
}

extension HookLeft {
    /// The command that puts the hook aside, and the one from before in its place.
    fileprivate var wayOut: String {
        let (hook, aside) = (Shell.quote(hook.string), Shell.quote(hook.string + ".aside"))
        let back = before.map { " && mv -n \(Shell.quote($0.string)) \(hook)" } ?? ""
        return "mv -n \(hook) \(aside)\(back)"
    }
}

/// `docvc.init/1`, `docvc.deinit/1`
private struct SetupAnswer: Encodable {
    /// A hook that was left as it is.
    struct Left: Encodable {
        let hook: String
        @Nullable var before: String?
    }

    let schema: String
    /// The parts that were missing, or were set up, or were removed.
    let parts: [String]
    let changed: Bool
    @Nullable var left: Left?

    init(_ schema: String, _ parts: [SetupPart], changed: Bool, left: HookLeft?) {
        self.schema = schema
        self.parts = parts.map(\.rawValue)
        self.changed = changed && !parts.isEmpty
        self.left = left.map { Left(hook: $0.hook.string, before: $0.before?.string) }
    }
}
