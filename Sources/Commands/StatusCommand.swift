import ArgumentParser
import Git
import History

/// `docvc status`
struct StatusCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how documents stand, and what waits to be recovered.",
        discussion: """
            Without a path: every Markdown document that is not clean, every document with a \
            draft, and the texts that are kept for rescue. States: clean, draft (it holds what \
            the disk does not), modified-on-disk, diverged (disk or HEAD is not what the draft \
            was made of), conflicted, untracked, missing.
            """)

    @Argument(help: .init("The documents.", valueName: "path"))
    var paths: [String] = []

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        var documents: [String] = []
        for path in paths { documents.append(try workspace.document(path)) }
        let statuses = try workspace.status(of: documents)
        let (candidates, unreadable) = try workspace.recoveryCandidates(of: documents)

        let output = context.output
        try output.json(StatusAnswer(statuses, candidates))
        let width = statuses.map(\.state.rawValue.count).max() ?? 0
        for status in statuses {
            let gap = String(repeating: " ", count: width - status.state.rawValue.count)
            let color: ColoredText.Color = status.state == .clean ? .green : .yellow
            try output.line(output.colored(status.state.rawValue, color) + "\(gap)  \(status.path)")
        }
        if statuses.isEmpty { try output.line("clean: every document is as HEAD has it") }
        try tell(candidates, unreadable, output)
        return .done
    }

    /// What waits to be recovered: unsaved work one by one, kept texts by number and size.
    private func tell(
        _ candidates: [RecoveryCandidate], _ unreadable: [UnreadableWork], _ output: Output
    ) throws {
        for candidate in candidates where candidate.kind != .kept {
            try output.line("to recover: \(candidate.id)  \(candidate.path)  \(candidate.words)")
        }
        let kept = candidates.filter { $0.kind == .kept }
        if !kept.isEmpty {
            let size = kept.reduce(0) { $0 + $1.size }
            let texts = kept.count == 1 ? "1 text is" : "\(kept.count) texts are"
            try output.line(
                "\(texts) kept for rescue (\(size) bytes): \(output.docvc("recover list"))")
        }
        for work in unreadable { try output.warning(work.words) }
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
        let history: HistoryAnswer
        @Nullable var divergence: ErrorReport.Details?
    }

    let schema = "docvc.status/1"
    let documents: [Document]
    let recovery: [CandidateAnswer]

    init(_ statuses: [DocumentStatus], _ candidates: [RecoveryCandidate]) {
        documents = statuses.map { status in
            Document(
                path: status.path, state: status.state.rawValue, session: status.session?.text,
                unsaved: status.unsaved, history: HistoryAnswer(status.history),
                divergence: ErrorReport.Details(status.divergence.map { [$0] } ?? []))
        }
        recovery = candidates.map { CandidateAnswer($0) }
    }
}
