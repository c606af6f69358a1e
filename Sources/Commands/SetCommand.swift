public import ArgumentParser
public import Documents
import History

/// `docvc set`
struct SetCommand: EditingCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Give keys of a document's front matter values.",
        discussion: """
            KEY=VALUE sets a key and makes it where it is missing; KEY+=VALUE adds an item to a \
            list, KEY-=VALUE removes one. A key is title, seo.title, tags[0] or "a.b". Only the \
            bytes of the keys change, and the result is proven by reading it again.

            The value is what it looks like in YAML: true, 12, 1.10, 2024-01-02, [a, b]; \
            anything else, and what stands in quotes, is a string. --type decides.

            The draft is changed, and `docvc undo` takes it back; the document on disk changes \
            with a save. With --save the draft is saved at once.
            """)

    @Argument(help: .init("The document.", valueName: "path"))
    var path: String

    @Argument(help: .init("KEY=VALUE, KEY+=VALUE or KEY-=VALUE.", valueName: "assignment"))
    var assignments: [String]

    @Option(
        name: .long,
        help: .init(
            "The values' type: string, integer, float, boolean, date or json.", valueName: "type"))
    var type: NewValue.Kind?

    @OptionGroup var editing: EditOptions
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func edits(in context: Context) throws -> [Edit] {
        try assignments.map { try Assignment($0).edit(type) }
    }
}

extension NewValue.Kind: ExpressibleByArgument {}
