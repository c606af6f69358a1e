import ArgumentParser
import Git
import History

/// `docvc hook`
struct HookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook", abstract: "What Git's hooks run.", subcommands: [PreCommit.self])

    /// `docvc hook pre-commit`
    struct PreCommit: DocvcCommand {
        static let configuration = CommandConfiguration(
            commandName: "pre-commit",
            abstract: "Check what is about to be committed.",
            discussion: """
                The check of docvc migrate check --staged: it reads the index that Git names, \
                never the work tree, and exits 1 when it finds something. Without a path every \
                document is checked. docvc init installs it as a hook; .pre-commit-hooks.yaml has \
                it for the pre-commit framework.

                A commit of docvc migrate may leave migrations pending. One that concludes a \
                merge may too: then they are warned of.
                """)

        @Argument(help: .init("The documents.", valueName: "path"))
        var paths: [String] = []

        @Option(
            name: .long,
            help: .init("Leave out what this revision has too.", valueName: "revision"))
        var baseline: String?

        @OptionGroup(title: "Global options") var global: GlobalOptions

        func run(in context: Context) throws -> ExitStatus {
            let workspace = try context.workspace()
            let allowance = try workspace.pendingAllowance()
            var request = CheckRequest()
            request.view = .index
            request.baseline = baseline
            request.countsPending = allowance == nil
            let report = try context.check(request, paths, in: workspace, tellsOfNone: false)
            if case .concluding(let operation) = allowance {
                let place = CommandPlace(context)
                for finding in report.pending {
                    let fix = place.words(for: finding.fix)
                    try context.output.warning(
                        finding.place + ": \(finding.message)"
                            + " (after the \(operation.rawValue): \(fix))")
                }
            }
            return report.findings.isEmpty ? .done : .found
        }
    }
}
