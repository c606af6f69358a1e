import ArgumentParser
import Documents
import History
import Merging

/// `docvc resolve`
struct ResolveCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Settle the conflicts of a merged document by key.",
        discussion: """
            KEY=ours, KEY=theirs and KEY=base take that side's lines; KEY=VALUE gives another \
            value, in quotes where it is one of these words. The rest of the text stays as it \
            is, edited or not. Without a key it lists the keys that are open. A draft that a save \
            merged is settled the same way, and then saved; what Git merged is added with git add.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Argument(help: .init("KEY=ours, KEY=theirs, KEY=base or KEY=VALUE.", valueName: "settlement"))
    var settlements: [String] = []

    @Option(
        name: .long,
        help: .init(
            "How many characters a marker has, where its attribute says another number.",
            valueName: "n"))
    var markerSize: MarkerSize?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let wanted = try settlements.map { try Settled($0) }
        let workspace = try context.workspace()
        let document = try workspace.document(path)
        let result = try workspace.resolve(
            document, wanted.map { ($0.key, $0.settlement) }, markerSize: markerSize?.count)
        let output = context.output
        if let report = result.report {
            try output.tell(report.recovered)
            try output.tell(report.kept, dropped: report.droppedRedo)
            for warning in report.warnings { try output.warning(warning.text) }
        }
        try output.json(ResolveAnswer(result, settled: wanted.map(\.key)))
        for settled in wanted { try output.line("settled \(settled.key)") }
        for key in result.open { try output.line("open: \(key)") }
        let others = result.conflicts - result.open.count
        let place = CommandPlace(context)
        if others > 0 {
            let editor = result.isDraft ? place.docvc("edit", document) : "an editor"
            try output.line(
                "\(others) more to settle \(result.isDraft ? "with" : "in") \(editor)")
        }
        if result.conflicts == 0 {
            let next = result.isDraft ? place.docvc("save", document) : place.git("add", document)
            try output.line("nothing is open: \(next)")
        }
        return settlements.isEmpty && result.conflicts > 0 ? .found : .done
    }
}

/// One settlement as it was typed.
private struct Settled {
    let key: FieldPath
    let settlement: ConflictResolver.Settlement

    init(_ word: String) throws {
        let (name, text) = try Assignment.parts(word)
        key = try KeyArgument.path(name)
        settlement = MergeSide(rawValue: text).map { .side($0) } ?? .value(.guess(text))
    }
}

/// `docvc.resolve/1`
private struct ResolveAnswer: Encodable {
    let schema = "docvc.resolve/1"
    let path: String
    let settled: [String]
    /// The keys that are open.
    let open: [String]
    /// How many conflicts are left, those of keys included.
    let conflicts: Int
    /// Whether they are in the draft, or else in the text on disk.
    let draft: Bool

    init(_ result: ConflictResolution, settled: [FieldPath]) {
        path = result.path
        self.settled = settled.map(\.description)
        open = result.open.map(\.description)
        conflicts = result.conflicts
        draft = result.isDraft
    }
}
