import ArgumentParser
import Git
import History
import Platform

/// `docvc log`
struct LogCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "List revisions, newest first.",
        discussion: """
            With a path: the revisions of that document. Commits that docvc did not make are \
            not listed; `git log` shows them all.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String?

    @Option(
        name: [.customShort("n", allowingJoined: true), .long],
        help: .init("List at most this many.", valueName: "number"))
    var number: Int?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if let number, number < 1 { throw ValidationError("--number takes a count from 1") }
    }

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        let document = try path.map { try workspace.document($0) }
        let revisions = try workspace.log(of: document, limit: number ?? .max)
        if let document, revisions.isEmpty {
            // Tells a document without revisions from one that does not exist.
            _ = try workspace.status(of: [document])
        }
        let output = context.output
        try output.json(LogAnswer(revisions))
        for entry in revisions {
            try output.line(
                output.colored(entry.revision.id.description, .green)
                    + "  \(entry.commit.committer.time.display)  \(entry.revision.actor)"
                    + "  \(entry.commit.subject)")
        }
        if revisions.isEmpty { try output.line("no revisions") }
        return .done
    }
}

/// `docvc.log/1`
private struct LogAnswer: Encodable {
    struct Document: Encodable {
        let path: String
        @Nullable var blob: String?
    }

    struct Entry: Encodable {
        let revision: String
        let commit: String
        let documents: [Document]
        @Nullable var previous: String?
        let actor: String
        let source: String
        let session: String
        let time: String
        let subject: String
    }

    let schema = "docvc.log/1"
    let revisions: [Entry]

    init(_ revisions: [LoggedRevision]) {
        self.revisions = revisions.map { entry in
            Entry(
                revision: entry.revision.id.description, commit: entry.commit.id.hex,
                documents: entry.documents.map { Document(path: $0.path, blob: $0.blob?.hex) },
                previous: entry.revision.previous?.description, actor: entry.revision.actor,
                source: entry.revision.source, session: entry.revision.id.session.text,
                time: entry.commit.committer.time.rfc3339, subject: entry.commit.subject)
        }
    }
}
