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
            is, edited or not. Without a key it lists the keys that are open. When nothing is \
            open any more, add the document with git add.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Argument(help: .init("KEY=ours, KEY=theirs, KEY=base or KEY=VALUE.", valueName: "settlement"))
    var settlements: [String] = []

    @Option(
        name: .long,
        help: .init(
            "How many characters a marker has, other than its attribute says.", valueName: "n"))
    var markerSize: Int?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let wanted = try settlements.map { try Settled($0) }
        let workspace = try context.workspace()
        let document = try workspace.document(path)
        guard let unmerged = try workspace.unmerged(document) else {
            throw CommandError.notUnmerged(path: document)
        }
        let markerSize = try markerSize ?? workspace.conflictMarkerSize(of: document)
        let resolver = ConflictResolver(
            base: unmerged.base, ours: unmerged.ours, theirs: unmerged.theirs,
            policy: try MergeSettings(in: context.world).policy, markerSize: markerSize)
        var text = unmerged.disk
        for settled in wanted {
            do throws(ConflictResolver.Failure) {
                text = try resolver.settle(settled.key, settled.settlement, in: text)
            } catch {
                switch error {
                case .noConflict(let key, let open):
                    throw CommandError.noConflict(path: document, key, open: open)
                case .badValue(let why):
                    throw HistoryError.refusedEdit(path: document, why, near: [])
                }
            }
        }
        if text != unmerged.disk {
            try workspace.replaceUnmerged(document, unmerged.disk, with: text)
        }
        let open = resolver.openKeys(in: text)
        let left =
            ConflictMarkers.conflicts(in: text, size: markerSize).count
            + ParseableConflict.conflicts(in: text).count
        let output = context.output
        try output.json(
            ResolveAnswer(
                path: document, settled: wanted.map(\.key.description),
                open: open.map(\.description), conflicts: left))
        for settled in wanted { try output.line("settled \(settled.key)") }
        for key in open { try output.line("open: \(key)") }
        if left > open.count {
            try output.line("\(left - open.count) more to settle in an editor")
        }
        if left == 0 {
            try output.line("nothing is open: git add \(Shell.quote(document))")
        }
        return settlements.isEmpty && left > 0 ? .found : .done
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
}
