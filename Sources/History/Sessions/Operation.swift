public import Documents
public import Git
public import Platform

/// One reversible edit: what it was meant to do, by whom, when, and what it changed.
public struct Operation: Sendable, Equatable {
    /// The kinds (the words of the JSON answers).
    public enum Kind: String, Sendable, CaseIterable {
        case set, unset, rename
        case frontMatter = "front-matter"
        case body
        /// An older version was brought back.
        case restore
        /// An editor wrote the draft.
        case edit
        /// Another program wrote the document on disk.
        case external
        /// The draft was merged with another text.
        case merge
        /// A recovery candidate became the draft.
        case recover
        /// The draft was let go.
        case discard
    }

    /// Its number in the session; edits, undos and redos count up from 1 together.
    public let sequence: Int
    /// What kind of edit it is.
    public let kind: Kind
    /// What it was meant to do, in a few words: `set title`.
    public let intent: String
    /// Who made it; nil where nobody is named.
    public let actor: String?
    /// By what way.
    public let source: Source
    /// When.
    public let time: Timestamp
    /// The blobs of the document's text before and after, as it is on disk; nil: no document.
    public let before, after: ObjectID?
    /// The change, on the text before.
    public let splices: [Splice]

    /// How many bytes it removes and inserts.
    var size: Int { splices.reduce(0) { $0 + $1.removed.count + $1.inserted.count } }
}

/// Who makes an operation, by what way and when.
struct Authorship: Equatable {
    let actor: String?
    let source: Source
    let time: Timestamp

    init(in workspace: borrowing Workspace, source: Source? = nil) {
        actor = workspace.settings.actor?.text
        self.source = source ?? workspace.settings.source
        time = workspace.world.now()
    }

    init(actor: String?, source: Source, time: Timestamp) {
        self.actor = actor
        self.source = source
        self.time = time
    }
}

/// How far undo and redo reach.
public struct EditHistory: Sendable, Equatable {
    /// The history of a document that has no session: there is nothing to undo or redo.
    static func empty(in workspace: borrowing Workspace) -> EditHistory {
        EditHistory(undoDepth: 0, redoDepth: 0, limit: workspace.settings.history.operations)
    }

    /// How many operations can be undone.
    public let undoDepth: Int
    /// How many undone operations can be made again.
    public let redoDepth: Int
    /// How many operations are kept at most.
    public let limit: Int

    /// Whether there is something to undo.
    public var canUndo: Bool { undoDepth > 0 }
    /// Whether there is something to redo.
    public var canRedo: Bool { redoDepth > 0 }
}
