import ArgumentParser
import Git
import History

/// `docvc verify`
struct VerifyCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check revisions, their trailers and notes, and the journals of sessions.",
        discussion: """
            Looks at every revision in HEAD's history: its trailers are complete, the commit \
            holds the blobs that they name, the note says the same, no other commit has the \
            same id, and the revision before it is the one that history has. The documents hold \
            no conflict left in comments, and the journals can be read to their end. Exit 1 \
            when something is wrong. A clone lacks the notes until they are fetched or rebuilt.
            """)

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        let report = try workspace.verify()
        let output = context.output
        try output.json(VerifyAnswer(report))
        for finding in report.findings {
            try output.line(
                "\(finding.commit?.short ?? "-")  \(finding.revision)  "
                    + output.colored(finding.problem.rawValue, .red) + "  \(finding.message)")
        }
        let problems = Set(report.findings.map(\.problem))
        if problems.contains(.noNote),
            try workspace.repository.configuration.string("remote.origin.url") != nil
        {
            // First: those that were rebuilt would conflict with these, which say more.
            let place = CommandPlace(context)
            try output.line(
                "to fetch the notes of others: "
                    + place.git("fetch origin '+refs/notes/docvc*:refs/notes/origin/docvc*'")
                    + " && " + place.git("notes --ref docvc merge origin/docvc"))
        }
        if !problems.isDisjoint(with: [.noNote, .note]) {
            try output.line(
                "to write the notes from the trailers: \(output.docvc("notes rebuild"))")
        }
        let number = report.findings.count
        try output.line(
            counted(report.revisions, "revision") + ": "
                + (number == 0 ? "no problems" : counted(number, "problem")))
        return report.findings.isEmpty ? .done : .found
    }
}

/// `docvc.verify/1`
private struct VerifyAnswer: Encodable {
    struct Entry: Encodable {
        @Nullable var commit: String?
        let revision: String
        let problem: String
        let message: String
    }

    let schema = "docvc.verify/1"
    let revisions: Int
    let findings: [Entry]

    init(_ report: VerificationReport) {
        revisions = report.revisions
        findings = report.findings.map {
            Entry(
                commit: $0.commit?.hex, revision: $0.revision, problem: $0.problem.rawValue,
                message: $0.message)
        }
    }
}
