import ArgumentParser
import Git
import History

/// `docvc status`
struct StatusCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how documents stand against HEAD.",
        discussion: """
            Without a path: every Markdown document that is not clean, and the texts that are \
            kept for rescue. States: clean, modified-on-disk, diverged (a link, folder or \
            device took its place), conflicted, untracked, missing.
            """)

    @Argument(help: .init("The documents.", valueName: "path"))
    var paths: [String] = []

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        var documents: [String] = []
        for path in paths { documents.append(try workspace.document(path)) }
        let statuses = try workspace.status(of: documents)
        var candidates = try workspace.recoveryCandidates()
        if !documents.isEmpty { candidates.removeAll { !documents.contains($0.kept.path) } }

        let output = context.output
        try output.json(StatusAnswer(statuses, candidates))
        let width = statuses.map(\.state.rawValue.count).max() ?? 0
        for status in statuses {
            let gap = String(repeating: " ", count: width - status.state.rawValue.count)
            let color: Output.Color = status.state == .clean ? .green : .yellow
            try output.line("\(output.colored(status.state.rawValue, color))\(gap)  \(status.path)")
        }
        if statuses.isEmpty { try output.line("clean: every document is as HEAD has it") }
        for candidate in candidates {
            try output.line(
                "kept  \(candidate.kept.id)  \(candidate.kept.path)  (\(candidate.kept.reason),"
                    + " \(candidate.kept.time)); to read it: \(candidate.kept.command)")
        }
        return .done
    }
}

/// `docvc.status/1`
private struct StatusAnswer: Encodable {
    struct Document: Encodable {
        let path: String
        let state: String
        @Nullable var session: String?
        /// How many operations are not saved.
        let unsaved: Int
        @Nullable var history: HistoryAnswer?
        @Nullable var divergence: ErrorReport.Details?
    }

    struct Candidate: Encodable {
        let id: String
        let kind: String
        let path: String
        @Nullable var actor: String?
        let time: String
        let operations: Int
        let disk: String
    }

    let schema = "docvc.status/1"
    let documents: [Document]
    let recovery: [Candidate]

    init(_ statuses: [DocumentStatus], _ candidates: [RecoveryCandidate]) {
        documents = statuses.map { status in
            Document(
                path: status.path, state: status.state.rawValue, session: status.session?.text,
                unsaved: status.unsaved, history: status.history.map { HistoryAnswer($0) },
                divergence: ErrorReport.Details(status.divergence.map { [$0] } ?? []))
        }
        recovery = candidates.map { candidate in
            Candidate(
                id: candidate.kept.id.text, kind: "kept", path: candidate.kept.path,
                actor: candidate.kept.actor, time: candidate.kept.time, operations: 0,
                disk: candidate.disk.rawValue)
        }
    }
}
