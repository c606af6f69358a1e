import ArgumentParser
import Git
import Glibc
import History
import Merging
import Migrations
import Platform
import SystemPackage

/// `docvc merge-driver`
struct MergeDriverCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge-driver",
        abstract: "Merge a document for Git; docvc init sets it up.",
        discussion: """
            Git calls it with the names of three files, the marker size and the document's path, \
            and takes the result from OURS. Git's own textual merge is written there first, and \
            docvc's takes its place when it is done: whatever ends docvc in between, nothing is \
            lost. Exits 0 when the merge is clean, 1 with conflicts, and 129 when it failed.
            """)

    static let failureStatus: Int32? = 129

    @Argument(help: .init("%O: what both began with.", valueName: "base"))
    var base: String

    @Argument(help: .init("%A: the version that is merged into.", valueName: "ours"))
    var ours: String

    @Argument(help: .init("%B: the version that is merged.", valueName: "theirs"))
    var theirs: String

    @Argument(help: .init("%L: how many characters a marker has.", valueName: "size"))
    var size: String = "7"

    @Argument(help: .init("%P: the document's path.", valueName: "path"))
    var path: String = "the document"

    @Argument(help: .init("%S %X %Y: names of base, ours and theirs.", valueName: "label"))
    var labels: [String] = []

    @Flag(name: .long, help: "Make a base for another merge: conflicts take the base's text.")
    var virtual = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let world = context.world
        let texts = try [base, ours, theirs].map { try InputFile(name: $0).bytes(world) }
        var options = MergeOptions()
        options.isVirtual = virtual
        options.markerSize = Int(size).flatMap { (1...1000).contains($0) ? $0 : nil } ?? 7
        options.labels = MergeOptions.Labels(
            ours: label(1, "ours"), base: label(0, "base"), theirs: label(2, "theirs"))
        let target = DriverTarget(name: ours, world: world)
        if let textual = TextualMerge(
            base: texts[0], ours: texts[1], theirs: texts[2], markerSize: options.markerSize,
            labels: (options.labels.ours, options.labels.theirs)), textual.bytes != texts[1]
        {
            try target.replace(with: textual.bytes)
        }
        let settings = try MergeSettings(in: world)
        options.style = settings.style
        try settings.apply(to: &options, for: path, telling: context.output)
        let versions = prepared(texts, context)
        let result = DocumentMerge(options).merge(
            base: versions.base, ours: versions.ours, theirs: versions.theirs)
        try target.replace(with: result.bytes)
        try MergeReport(result, path: path).tell(context.output)
        return result.isClean ? .done : .found
    }

    /// The versions to be merged, the older side migrated first where one of them is.
    private func prepared(
        _ texts: [[UInt8]], _ context: Context
    ) -> (base: [UInt8], ours: [UInt8], theirs: [UInt8]) {
        let given = (base: texts[0], ours: texts[1], theirs: texts[2])
        guard let workspace = try? Workspace(in: context.world) else { return given }
        let versions = workspace.prepareMerge(
            of: path, base: given.base, ours: given.ours, theirs: given.theirs)
        guard !versions.applied.isEmpty else { return given }
        try? context.output.warning(
            "\(path): migrated by \(versions.applied.joined(separator: ", ")) before the merge")
        return (versions.base, versions.ours, versions.theirs)
    }

    /// A label that Git gave; versions before 2.43 pass the placeholder as it is.
    private func label(_ index: Int, _ name: String) -> String {
        guard labels.indices.contains(index), !labels[index].isEmpty,
            !["%S", "%X", "%Y"].contains(labels[index])
        else { return name }
        return labels[index]
    }
}

/// The file that Git takes the merge from.
private struct DriverTarget {
    let name: String
    let world: World

    /// Puts a text in the file's place at one instant. Git reads it at once and then drops it,
    /// so it need not outlast a power cut.
    func replace(with bytes: [UInt8]) throws {
        let path = world.currentFolder.pushing(FilePath(name))
        let temporary = path.appendingToName(".docvc-\(getpid())")
        do {
            try world.files.create(temporary, permissions: 0o600).write(bytes)
            try world.files.rename(temporary, to: path)
        } catch {
            _ = try? world.files.remove(temporary)
            throw error
        }
    }
}
