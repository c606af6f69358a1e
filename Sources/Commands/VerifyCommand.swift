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
        let noNotes = report.findings.contains { $0.problem == .noNote || $0.problem == .note }
        if noNotes {
            try output.line(
                "to write the notes from the trailers: \(output.docvc("notes rebuild"))")
        }
        func count(_ number: Int, _ noun: String) -> String {
            "\(number) \(noun)\(number == 1 ? "" : "s")"
        }
        let problems = report.findings.count
        try output.line(
            count(report.revisions, "revision") + ": "
                + (problems == 0 ? "no problems" : count(problems, "problem")))
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
