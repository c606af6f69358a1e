import ArgumentParser
import History
import Platform

/// `docvc history`
struct HistoryCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the operations of a document's draft, oldest first.",
        discussion: """
            The operations that `docvc undo` takes back, and those that `docvc redo` makes \
            again. * marks the one that the draft ends with, - those that are undone. They are \
            numbered together with undos and redos, so that the numbers have gaps; --steps \
            counts lines.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        let document = try workspace.document(path)
        let session = try workspace.session(of: document)
        // Says where there is no document at all, neither on disk nor in HEAD.
        if session == nil { _ = try workspace.status(of: [document]) }
        let output = context.output
        let operations = session?.operations ?? []
        let cursor = session?.cursor ?? 0
        try output.json(
            HistoryListAnswer(
                path: document, session: session?.id.text,
                history: HistoryAnswer(try session?.history ?? workspace.history(of: document)),
                operations: operations.map { OperationAnswer($0) }, cursor: cursor))
        if operations.isEmpty { try output.line("\(document): no operations") }
        for (index, operation) in operations.enumerated() {
            let mark = index + 1 == cursor ? "*" : index < cursor ? " " : "-"
            try output.line(
                "\(mark) \(operation.sequence)  \(operation.time.display)"
                    + "  \(operation.actor ?? "another program")  \(operation.intent)")
        }
        return .done
    }
}

/// `docvc.history/1`
private struct HistoryListAnswer: Encodable {
    let schema = "docvc.history/1"
    let path: String
    @Nullable var session: String?
    let history: HistoryAnswer
    let operations: [OperationAnswer]
    let cursor: Int
}
