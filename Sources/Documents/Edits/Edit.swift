/// An intent: what to change in a document.
///
/// ``apply(to:)`` turns it into splices and proves them.
public enum Edit: Sendable, Hashable {
    /// Gives a key a value; adds the key, and maps above it, when it is missing.
    case set(FieldPath, NewValue)
    /// Adds an item to the end of a list; makes the list when the key is missing or null.
    case append(FieldPath, NewValue)
    /// Removes every item that is equal, or whose text is the text given, from a list.
    case remove(FieldPath, NewValue)
    /// Removes a key or a list's item, with the comments that belong to it.
    case unset(FieldPath)
    /// Gives a key another name, in its place.
    case rename(FieldPath, to: Text)
    /// Takes a key to another path, with its comments and as it is written where that can be.
    case move(FieldPath, to: FieldPath)
    /// Puts a key's own text back under a path: between its neighbours where they are still
    /// there, with its comments where the place can have them.
    case insert(EntrySource, at: FieldPath)
    /// Puts a map's keys in order, each with its comments: first those named, then the others
    /// as they stand. The root's path has no steps.
    case reorder(FieldPath, [Text])
    /// Replaces all front matter: by text with fences, or by text in the document's syntax.
    case replaceFrontMatter([UInt8])
    /// Replaces everything after the front matter.
    case replaceBody([UInt8])
    /// Replaces text in the body, literally: the only occurrence, or all of them.
    case replaceText(find: [UInt8], with: [UInt8], all: Bool)
    /// Applies a patch to the body, with no fuzz.
    case patchBody(UnifiedDiff)
}

/// What an edit made of a document.
public struct EditResult: Sendable {
    /// The document afterwards.
    public let document: Document
    /// The change, on the document before; empty when it was so already.
    public let splices: [Splice]
    /// The new document's front matter, when the last edit was one of a key and so read it.
    public let frontMatter: FrontMatter?
    /// How many occurrences ``Edit/replaceText(find:with:all:)`` replaced, otherwise 0.
    public let replacements: Int
}

extension Edit {
    /// Makes the edit and proves it.
    ///
    /// The result is parsed again: every key that was not edited has an equal value, and every
    /// byte outside the splices is identical.
    ///
    /// - Parameter remembering: earlier texts of the document, whose spellings are taken up again; see
    ///   `apply(_:to:remembering:)` for several edits.
    /// - Throws: ``EditError`` with the reason; nothing is changed then.
    public func apply(
        to document: Document, remembering: [Document] = []
    ) throws(EditError) -> EditResult {
        try EditSequence(document, remembering: remembering).applying([self])
    }

    /// Makes several edits, one after the other, and proves them.
    ///
    /// Edits that do not touch each other are planned and proven together, so that many cost
    /// little more than one. The result's splices are one list on the document given.
    ///
    /// - Parameter remembering: earlier texts of the document, the one to be preferred first.
    ///   A key that is set to the value that it has in one of them is written as it is there:
    ///   style, folding, quotes, indentation and inner comments, and its place and own comments
    ///   when it is missing now. So what is set to a new value and back is what it was, byte
    ///   for byte. Comments that are there now are never lost for it.
    /// - Throws: the first ``EditError``; no edit is made then.
    public static func apply(
        _ edits: [Edit], to document: Document, remembering: [Document] = []
    ) throws(EditError) -> EditResult {
        try EditSequence(document, remembering: remembering).applying(edits)
    }

    /// Makes several edits of a document whose front matter was read already.
    ///
    /// - Parameter remembering: earlier texts of the document, as above.
    /// - Throws: the first ``EditError``; no edit is made then.
    public static func apply(
        _ edits: [Edit], to frontMatter: FrontMatter, remembering: [Document] = []
    ) throws(EditError) -> EditResult {
        try EditSequence(frontMatter.document, frontMatter, remembering: remembering)
            .applying(edits)
    }
}
