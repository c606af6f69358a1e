public import ArgumentParser
import FoundationEssentials
import Git
public import History
import Platform
import SystemPackage

/// `docvc recover`
struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Bring back unsaved work that a crash or a conflict left behind.",
        discussion: """
            A candidate is a draft whose session is no longer the document's, or whose document \
            is gone or has become something else; a checkpoint whose session is gone; or a text \
            that was displaced, dropped or discarded and is kept (docvc.retention, 14 days). An \
            open draft is none: it is where it belongs. Nothing is brought back without being \
            asked for.
            """,
        subcommands: [
            RecoverListCommand.self, RecoverShowCommand.self, RecoverApplyCommand.self,
            RecoverDiscardCommand.self,
        ])
}

/// `docvc recover list`
struct RecoverListCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the candidates, oldest first.")

    @Argument(help: .init("Only those of these documents.", valueName: "path"))
    var paths: [String] = []

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace(tellsOfRecovery: false)
        var documents: [String] = []
        for path in paths { documents.append(try workspace.document(path)) }
        try workspace.clearSettledCandidates()
        let (candidates, unreadable) = try workspace.recoveryCandidates(of: documents)
        let output = context.output
        for work in unreadable { try output.warning(work.words) }
        try output.json(RecoverListAnswer(candidates, unreadable))
        if candidates.isEmpty { try output.line("nothing to recover") }
        for candidate in candidates {
            try output.line("\(candidate.id)  \(candidate.path)  \(candidate.words)")
        }
        return .done
    }
}

extension UnreadableWork {
    /// What it is, why it cannot be read, and how to be rid of it.
    var words: String {
        let words = "\(name) cannot be read: \(reason)"
        return switch leftover {
        case .reference(let name): words + "; to remove it: git update-ref -d \(name)"
        case .file(let path): words + "; to remove it: rm \(Shell.quote(path.string))"
        case nil: words
        }
    }
}

extension RecoveryCandidate {
    /// The candidate in words.
    var words: String {
        let count = operations == 1 ? "1 operation" : "\(operations) operations"
        let what =
            switch kind {
            case .draft: "draft of \(count)"
            case .checkpoint: "checkpoint of \(count)"
            case .kept: "kept text"
            case .interruptedSave: "interrupted save"
            }
        let disk =
            switch disk {
            case .same: "the disk has the same"
            case .unchanged: "the disk is as it was"
            case .changed: "the disk has changed"
            case .deleted: "the document is gone"
            }
        let who = actor.map { " by \($0)" } ?? ""
        return "\(what)\(who), \(time), \(size) bytes; \(reason); \(disk)"
    }
}

/// `docvc recover show`
struct RecoverShowCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a candidate's text.")

    @Argument(help: .init("The candidate's id.", valueName: "id"))
    var id: ULID

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace(tellsOfRecovery: false)
        let (candidate, text) = try workspace.recoverable(id)
        if context.output.isJSON {
            try context.output.json(RecoverShowAnswer(candidate, text))
        } else {
            try context.output.text(text)
        }
        return .done
    }
}

/// `docvc recover apply`
struct RecoverApplyCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make a candidate the draft of its document.",
        discussion: """
            `docvc undo` takes it back. Where the document moved on since the work was left, \
            nothing is done (exit 2) until --on-conflict says what to do: merge merges the \
            work with the document, force makes it the draft as it is.
            """)

    @Argument(help: .init("The candidate's id.", valueName: "id"))
    var id: ULID

    @Option(
        name: .long,
        help: .init("What to do where the document moved on.", valueName: "choice"))
    var onConflict: RecoveryChoice = .reject

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace(tellsOfRecovery: false)
        let report = try workspace.recover(id, onConflict: onConflict)
        try context.answer(report, named: "recover-apply", workspace.settings)
        return .done
    }
}

/// `docvc recover discard`
struct RecoverDiscardCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Let go of a candidate, or of an open draft by its session's id.",
        discussion: """
            A kept text goes for good; the text of a draft or a checkpoint is kept under a \
            rescue id first. Asks, unless --yes is given; without a terminal it wants --yes.
            """)

    @Argument(help: .init("The candidate's id.", valueName: "id"))
    var id: ULID

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace(tellsOfRecovery: false)
        let (candidate, _) = try workspace.recoverable(id)
        if !yes {
            let ending = candidate.kind == .kept ? " for good" : ""
            try context.confirm(
                "Discard this work on \(candidate.path)\(ending) (\(candidate.words))?")
        }
        let report = try workspace.discard(id)
        let output = context.output
        try output.json(RecoverDiscardAnswer(report))
        if let kept = report.kept {
            try output.tell([kept])
        }
        try output.line("discarded \(id) of \(report.candidate.path)")
        return .done
    }
}

extension ULID: ExpressibleByArgument {
    /// Reads an id.
    public init?(argument: String) { self.init(argument) }
}

extension RecoveryChoice: ExpressibleByArgument {}

/// A candidate in JSON.
struct CandidateAnswer: Encodable {
    let id: String
    let kind: String
    let path: String
    @Nullable var actor: String?
    let time: String
    let operations: Int
    let disk: String
    let reason: String
    let size: Int

    init(_ candidate: RecoveryCandidate) {
        id = candidate.id.text
        kind = candidate.kind.rawValue
        path = candidate.path
        actor = candidate.actor
        time = candidate.time
        operations = candidate.operations
        disk = candidate.disk.rawValue
        reason = candidate.reason
        size = candidate.size
    }
}

/// `docvc.recover-list/1`
private struct RecoverListAnswer: Encodable {
    struct Unreadable: Encodable {
        let reference: String
        let reason: String
    }

    let schema = "docvc.recover-list/1"
    let recovery: [CandidateAnswer]
    let unreadable: [Unreadable]

    init(_ candidates: [RecoveryCandidate], _ unreadable: [UnreadableWork]) {
        recovery = candidates.map { CandidateAnswer($0) }
        self.unreadable = unreadable.map { Unreadable(reference: $0.name, reason: $0.reason) }
    }
}

/// `docvc.recover-show/1`
private struct RecoverShowAnswer: Encodable {
    let schema = "docvc.recover-show/1"
    let candidate: CandidateAnswer
    /// The text, where it is UTF-8.
    @Nullable var text: String?
    /// The bytes in base 64, where they are not.
    @Nullable var base64: String?

    init(_ candidate: RecoveryCandidate, _ bytes: [UInt8]) {
        self.candidate = CandidateAnswer(candidate)
        text = String(validating: bytes, as: UTF8.self)
        base64 = text == nil ? Data(bytes).base64EncodedString() : nil
    }
}

/// `docvc.recover-discard/1`
private struct RecoverDiscardAnswer: Encodable {
    let schema = "docvc.recover-discard/1"
    let candidate: CandidateAnswer
    @Nullable var kept: KeptAnswer?

    init(_ report: DiscardReport) {
        candidate = CandidateAnswer(report.candidate)
        kept = report.kept.map { KeptAnswer($0) }
    }
}
