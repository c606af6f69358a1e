import ArgumentParser
import FoundationEssentials
import Git
import History

/// `docvc show`
struct ShowCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print a document: its draft, or as it is on disk or in a revision.",
        discussion: """
            Without a choice: the draft where something is unsaved, otherwise the disk. The \
            bytes are exactly those of the document; a terminal gets control characters in a \
            form that it does not obey.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Flag(name: .long, help: "The draft, or the disk where nothing is unsaved; the default.")
    var draft = false

    @Flag(name: .long, help: "As it is on disk.")
    var disk = false

    @Option(
        name: .shortAndLong,
        help: .init("As this revision has it, or a commit: HEAD~2.", valueName: "revision"))
    var revision: String?

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if [draft, disk, revision != nil].count(where: { $0 }) > 1 {
            throw ValidationError("--draft, --disk and --revision ask for different texts")
        }
    }

    func run(in context: Context) throws -> ExitStatus {
        let workspace = try context.workspace()
        let document = try workspace.document(path)
        let version = try revision.map { try workspace.version(of: document, in: $0) }
        let bytes =
            if let version {
                try workspace.text(of: version)
            } else if disk {
                try workspace.textOnDisk(document)
            } else {
                try workspace.draft(document)
            }
        let blob = try Repository.blobID(of: bytes)
        if context.output.isJSON {
            try context.output.json(
                ShowAnswer(
                    path: document, commit: version?.commit.hex, blob: blob.hex, size: bytes.count,
                    bytes))
        } else {
            try context.output.text(bytes)
        }
        return .done
    }
}

/// `docvc.show/1`
private struct ShowAnswer: Encodable {
    let schema = "docvc.show/1"
    let path: String
    @Nullable var commit: String?
    let blob: String
    let size: Int
    /// The text, where it is UTF-8.
    @Nullable var text: String?
    /// The bytes in base 64, where they are not.
    @Nullable var base64: String?

    init(path: String, commit: String?, blob: String, size: Int, _ bytes: [UInt8]) {
        self.path = path
        self.commit = commit
        self.blob = blob
        self.size = size
        let valid = String(validating: bytes, as: UTF8.self)
        text = valid
        base64 = valid == nil ? Data(bytes).base64EncodedString() : nil
    }
}
