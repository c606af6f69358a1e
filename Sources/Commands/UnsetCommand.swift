import ArgumentParser
import Documents
import History

/// `docvc unset`
struct UnsetCommand: EditingCommand {
    static let configuration = CommandConfiguration(
        commandName: "unset",
        abstract: "Remove keys from a document's front matter.",
        discussion: """
            A key goes with its value, the comment lines above it and the comment behind it; \
            tags[0] removes an item of a list. All of them go, or none: a key that is not there \
            is refused.

            The draft is changed, and `docvc undo` takes it back; the document on disk changes \
            with a save. With --save the draft is saved at once.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Argument(help: .init("The keys.", valueName: "key"))
    var keys: [String]

    @OptionGroup var editing: EditOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func edits(in context: Context) throws -> [Edit] {
        try keys.map { .unset(try KeyArgument.path($0)) }
    }
}
