import ArgumentParser
import Git
import History

extension MigrateCommand {
    /// `docvc migrate check`
    struct Check: DocvcCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check documents and migrations, for CI and hooks.",
            discussion: """
                Finds pending migrations, broken assertions, migrations that were changed after \
                they were applied or do not fit each other, a missing reason, a likely rename, a \
                migration that changes its own result, duplicate keys, unresolved conflicts, and \
                front matter that cannot be read. One finding a line; exit 1 when there is one. \
                It never writes.

                Without a path every document is checked, changed or not. With --staged what is \
                in the index, never the work tree.
                """)

        @Argument(help: .init("The documents.", valueName: "path"))
        var paths: [String] = []

        @Flag(name: .long, help: "Check what is staged, not what lies in the work tree.")
        var staged = false

        @Option(
            name: .long,
            help: .init("Leave out what this revision has too.", valueName: "revision"))
        var baseline: String?

        @Flag(name: .long, help: "Answer in SARIF 2.1.0.")
        var sarif = false

        @OptionGroup(title: "Global options") var global: GlobalOptions

        func validate() throws {
            if sarif && global.json {
                throw ValidationError("--sarif and --json exclude each other")
            }
        }

        func run(in context: Context) throws -> ExitStatus {
            var request = CheckRequest()
            request.view = staged ? .index : .workTree
            request.baseline = baseline
            let report = try context.check(
                request, paths, in: context.workspace(), isSARIF: sarif)
            return report.findings.isEmpty ? .done : .found
        }
    }
}

extension Context {
    /// Runs the check and tells what it found; nothing where that is nothing and nobody asked
    /// (`tellsOfNone` false).
    func check(
        _ request: CheckRequest, _ paths: [String], in workspace: borrowing Workspace,
        isSARIF: Bool = false, tellsOfNone: Bool = true
    ) throws -> CheckReport {
        var request = request
        for path in paths { request.paths.append(try workspace.document(path)) }
        let report = try workspace.check(request)
        let place = CommandPlace(self)
        if isSARIF {
            try output.raw(SARIFLog(report.findings, from: place))
        } else {
            try output.json(CheckAnswer(report, from: place))
            for finding in report.findings {
                try output.line(
                    "\(finding.place): "
                        + output.colored(finding.rule.rawValue, .red)
                        + ": \(finding.message) (fix: \(place.words(for: finding.fix)))")
            }
            if report.findings.isEmpty && tellsOfNone {
                let known = report.known > 0 ? " but \(report.known) known ones" : ""
                let documents = report.documents == 1 ? "document" : "documents"
                try output.line("no findings\(known) in \(report.documents) \(documents)")
            }
        }
        return report
    }
}

extension CheckFinding {
    /// `path:line:column`.
    var place: String { "\(path):\(line):\(column)" }
}

/// `docvc.migrate-check/1`
private struct CheckAnswer: Encodable {
    struct Entry: Encodable {
        let path: String
        let line: Int
        let column: Int
        let rule: String
        let message: String
        let fix: String
    }

    let schema = "docvc.migrate-check/1"
    let documents: Int
    /// How many findings the baseline has too.
    let known: Int
    let findings: [Entry]

    init(_ report: CheckReport, from place: CommandPlace) {
        documents = report.documents
        known = report.known
        findings = report.findings.map {
            Entry(
                path: $0.path, line: $0.line, column: $0.column, rule: $0.rule.rawValue,
                message: $0.message, fix: place.words(for: $0.fix))
        }
    }
}
