import ArgumentParser
import Documents
import History

/// `docvc body`
struct BodyCommand: EditingCommand {
    static let configuration = CommandConfiguration(
        commandName: "body",
        abstract: "Edit a document's body.",
        discussion: """
            One of: --from puts a file's content in the body's place; --replace and --with \
            replace a text, literally, that is there exactly once, or with --all every \
            occurrence; --patch applies a unified diff, without fuzz, all of it or nothing. The \
            front matter does not change.

            The draft is changed, and `docvc undo` takes it back; the document on disk changes \
            with a save. With --save the draft is saved at once.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Option(
        name: .long,
        help: .init("The file with the new body; - for standard input.", valueName: "file"))
    var from: String?

    @Option(
        name: .long, parsing: .unconditional,
        help: .init("The text to be replaced.", valueName: "old"))
    var replace: String?

    @Option(
        name: .long, parsing: .unconditional,
        help: .init("The text to take its place.", valueName: "new"))
    var with: String?

    @Flag(name: .long, help: "Replace every occurrence.")
    var all = false

    @Option(
        name: .long,
        help: .init("The file with the patch; - for standard input.", valueName: "file"))
    var patch: String?

    @OptionGroup var editing: EditOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        guard [from, replace, patch].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("name one of --from, --replace and --patch")
        }
        if (replace == nil) != (with == nil) {
            throw ValidationError("--replace and --with go together")
        }
        if all && replace == nil { throw ValidationError("--all goes with --replace") }
        if replace?.isEmpty ?? false {
            throw ValidationError("--replace takes a text that is not empty")
        }
    }

    func edits(in context: Context) throws -> [Edit] {
        if let from {
            return [.replaceBody(try InputFile(name: from).bytes(context.world))]
        }
        if let patch {
            let bytes = try InputFile(name: patch).bytes(context.world)
            do throws(UnifiedDiff.SyntaxError) {
                return [.patchBody(try UnifiedDiff(parsing: bytes))]
            } catch {
                throw CommandError.badPatch(name: patch, error)
            }
        }
        guard let replace, let with else { return [] }
        return [.replaceText(find: Array(replace.utf8), with: Array(with.utf8), all: all)]
    }
}
