import ArgumentParser
import Documents
import History

/// `docvc front-matter`
struct FrontMatterCommand: EditingCommand {
    static let configuration = CommandConfiguration(
        commandName: "front-matter",
        abstract: "Replace all front matter of a document.",
        discussion: """
            The file holds front matter with its fences, or text in the syntax of the front \
            matter that is there (YAML where there is none). It must be readable. The body does \
            not change.

            The draft is changed, and `docvc undo` takes it back; the document on disk changes \
            with a save. With --save the draft is saved at once.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Option(
        name: .long,
        help: .init("The file with the new front matter; - for standard input.", valueName: "file"))
    var replace: String

    @OptionGroup var editing: EditOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func edits(in context: Context) throws -> [Edit] {
        [.replaceFrontMatter(try InputFile(name: replace).bytes(context.world))]
    }
}
