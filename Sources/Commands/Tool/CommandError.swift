import Documents
import History

/// Why a command cannot do what was asked, where the layers below have nothing to say of it.
enum CommandError: Error {
    /// The document's front matter cannot be read; `open` is what a merge left in it, if one did.
    case unreadableFrontMatter(path: String, ParseError, open: ConflictResolution?)
    /// The document has no such key; `near` are those that may have been meant.
    case noKey(path: String, FieldPath, near: [FieldPath])
    /// A file that was named as input cannot be.
    case badInput(name: String, why: String)
    /// No editor is named, and the terminal cannot show the usual one.
    case noEditor
    /// The editor failed; `redo` operations lead to what it wrote.
    case editorFailed(path: String, editor: String, status: Int32, redo: Int)
    /// A file that was named as a patch is none.
    case badPatch(name: String, UnifiedDiff.SyntaxError)
    /// The person at the terminal did not say yes; or there is nobody to be asked.
    case notConfirmed(isAsked: Bool)
}
