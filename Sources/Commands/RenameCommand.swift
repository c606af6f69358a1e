import ArgumentParser
import Documents
import History

/// `docvc rename`
struct RenameCommand: EditingCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give a key of a document's front matter another name.",
        discussion: """
            The key keeps its place, its value and its comments. The new name is a key in the \
            same map: `seo.title headline` and `seo.title seo.headline` mean the same.

            The draft is changed, and `docvc undo` takes it back; the document on disk changes \
            with a save. With --save the draft is saved at once.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Argument(help: .init("The key.", valueName: "old"))
    var old: String

    @Argument(help: .init("Its new name.", valueName: "new"))
    var new: String

    @OptionGroup var editing: EditOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func edits(in context: Context) throws -> [Edit] {
        let from = try KeyArgument.path(old)
        let to = try KeyArgument.path(new)
        guard case .key(let name)? = to.steps.last, to.steps.count == 1 || to.parent == from.parent
        else {
            throw ValidationError("'\(new)' is not a name in the same map as '\(old)'")
        }
        return [.rename(from, to: name)]
    }
}
