import ArgumentParser
import Documents
import History
import Merging

/// `docvc merge-file`
struct MergeFileCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge-file",
        abstract: "Merge three versions of a document by hand.",
        discussion: """
            Merges what changed between BASE and THEIRS into OURS, front matter by key and the \
            body by its structure, and writes the result into OURS. The options are those of \
            git merge-file, and so are the exit statuses: the number of conflicts, at most 127; \
            255 when the merge could not be made.
            """)

    static let failureStatus: Int32? = 255

    @Argument(help: .init("The version that is merged into.", valueName: "ours"))
    var ours: String

    @Argument(help: .init("What both began with.", valueName: "base"))
    var base: String

    @Argument(help: .init("The version that is merged.", valueName: "theirs"))
    var theirs: String

    @Flag(name: [.customShort("p"), .long], help: "Print the result; change no file.")
    var stdout = false

    @OptionGroup(title: "Conflicts") var conflicts: ConflictOptions

    @Option(
        name: .customShort("L"), parsing: .unconditionalSingleValue,
        help: .init(
            "The name of ours behind its marker; the second is that of base, the third that of theirs.",
            valueName: "label"))
    var labels: [String] = []

    @Option(
        name: .long,
        help: .init(
            "The document's path: the repository's policy, conflict style and hook count.",
            valueName: "path"))
    var path: String?

    @Flag(name: .long, help: "Say where each part of the result comes from.")
    var explain = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if labels.count > 3 { throw ValidationError("there are three names to give with -L") }
    }

    func run(in context: Context) throws -> ExitStatus {
        let texts = try [base, ours, theirs].map { try InputFile(name: $0).bytes(context.world) }
        // Like git merge-file: also where two of them are the same, or a side is preferred.
        let named = [(ours, texts[1]), (base, texts[0]), (theirs, texts[2])]
        for (name, bytes) in named where Binary.isBinary(bytes) {
            throw CommandError.badInput(name: name, why: "is binary")
        }
        var options = try conflicts.options()
        if let path {
            let settings = try MergeSettings(in: context.world)
            if conflicts.style == nil { options.style = settings.style }
            try settings.apply(to: &options, for: path, telling: context.output)
        }
        options.labels = MergeOptions.Labels(
            ours: labels.first ?? ours, base: labels.dropFirst().first ?? base,
            theirs: labels.dropFirst(2).first ?? theirs)
        let result = DocumentMerge(options).merge(
            base: texts[0], ours: texts[1], theirs: texts[2])
        if !stdout { try InPlaceFile(name: ours).write(result.bytes, context.world) }
        try context.output.json(
            MergeAnswer(
                "docvc.merge-file/1", path: ours, result, explain: explain, withText: stdout))
        if stdout && !context.output.isJSON { try context.output.text(result.bytes) }
        try MergeReport(result).tell(context.output)
        if explain { try MergeReport(result).explain(context.output, onError: stdout) }
        return ExitStatus(rawValue: Int32(min(result.conflicts.count, 127)))
    }
}
