import ArgumentParser
import Git
import History

/// `docvc merge-replay`
struct MergeReplayCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge-replay",
        abstract: "Make the repository's past merges again, with Git's driver and docvc's.",
        discussion: """
            For each document that both sides of a past merge changed it says what Git's textual \
            merge makes of it, what docvc makes of it, and whether that is what was committed. \
            What people committed is not always right, so a difference is to be looked at, not \
            counted as wrong. Renames are followed. Nothing is changed.
            """)

    @Argument(help: .init("A..B, or a commit and all before it; else HEAD.", valueName: "range"))
    var range: String?

    @Flag(name: .long, help: "Name each document on which the two are not of one mind.")
    var list = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        let settings = try MergeSettings(in: context.world)
        let replay = try workspace.replayMerges(in: range, policy: settings.policy)
        let output = context.output
        try output.json(ReplayAnswer(replay))
        if list {
            for document in replay.documents where document.git != document.docvc {
                try output.line(
                    "\(document.commit.short)  \(document.path): git \(document.git.words), docvc \(document.docvc.words)"
                )
            }
        }
        try output.line(
            "merges: \(replay.merges), left out: \(replay.skipped), documents changed on both sides: \(replay.documents.count)"
        )
        guard !replay.documents.isEmpty else { return .done }
        try output.line("        as committed  otherwise  conflict")
        try output.line(row("git", replay.documents.map(\.git)))
        try output.line(row("docvc", replay.documents.map(\.docvc)))
        return .done
    }

    private func row(_ name: String, _ outcomes: [MergeReplay.Outcome]) -> String {
        func column(_ outcome: MergeReplay.Outcome, _ width: Int) -> String {
            let count = String(outcomes.count { $0 == outcome })
            return String(repeating: " ", count: max(0, width - count.count)) + count
        }
        return name + String(repeating: " ", count: 8 - name.count) + column(.equal, 12)
            + column(.different, 11) + column(.conflict, 10)
    }
}

extension MergeReplay.Outcome {
    fileprivate var words: String {
        switch self {
        case .equal: "as committed"
        case .different: "otherwise"
        case .conflict: "conflict"
        }
    }
}

/// `docvc.merge-replay/1`
private struct ReplayAnswer: Encodable {
    struct Document: Encodable {
        let commit: String
        let path: String
        let git: String
        let docvc: String
        /// What docvc leaves open.
        let conflicts: [MergeAnswer.Open]
    }

    struct Counts: Encodable {
        let equal: Int
        let different: Int
        let conflict: Int

        init(_ outcomes: [MergeReplay.Outcome]) {
            equal = outcomes.count { $0 == .equal }
            different = outcomes.count { $0 == .different }
            conflict = outcomes.count { $0 == .conflict }
        }
    }

    let schema = "docvc.merge-replay/1"
    let merges: Int
    let skipped: Int
    let git: Counts
    let docvc: Counts
    let documents: [Document]

    init(_ replay: MergeReplay) {
        merges = replay.merges
        skipped = replay.skipped
        git = Counts(replay.documents.map(\.git))
        docvc = Counts(replay.documents.map(\.docvc))
        documents = replay.documents.map {
            Document(
                commit: $0.commit.hex, path: $0.path, git: $0.git.rawValue,
                docvc: $0.docvc.rawValue, conflicts: $0.conflicts.map { .init($0) })
        }
    }
}
