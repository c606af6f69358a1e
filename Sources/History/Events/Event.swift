import Git
import Platform

/// Something that docvc did to a document, or found: one line of the event log.
///
/// The fields after `session` belong to events of certain names, and are nil in others.
public struct Event: Codable, Sendable, Equatable {
    /// What happened. Later versions of docvc have other names too.
    public struct Name: RawRepresentable, Hashable, Codable, Sendable {
        /// The name as it is written.
        public let rawValue: String

        /// The name that is written as `rawValue`.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// An operation, as `edited` tells it.
    public struct Change: Codable, Sendable, Equatable {
        /// Whether the operation was made, or was made before and is undone or redone: `made`,
        /// `undone`, `redone`.
        public let how: String
        /// The operation's number in the session; of several, the last one's.
        public let sequence: Int
        /// What kind of edit it is.
        public let kind: String
        /// What it was meant to do.
        public let intent: String
        /// Who did it; nil where nobody is named.
        public let actor: String?
        /// By what way.
        public let source: String
    }

    /// How a document differs from what was expected of it, as `diverged` tells it.
    public struct Difference: Codable, Sendable, Equatable {
        /// The kind of divergence.
        public let kind: String
        /// The blobs of the text that was expected and of the one that is there.
        public let baseline, current: String?
    }

    /// How far undo and redo reach, as `history-state` tells it.
    public struct Depths: Codable, Sendable, Equatable {
        public let canUndo, canRedo: Bool
        public let undoDepth, redoDepth, limit: Int

        init(_ history: EditHistory) {
            (canUndo, canRedo) = (history.canUndo, history.canRedo)
            (undoDepth, redoDepth) = (history.undoDepth, history.redoDepth)
            limit = history.limit
        }
    }

    /// The format.
    public private(set) var schema = "docvc.event/1"
    /// The number of the event in the log of its work tree: each is one more than the last.
    public internal(set) var sequence = 0
    /// When: RFC 3339.
    public let time: String
    /// What happened.
    public let event: Name
    /// The document.
    public let path: String
    /// The document's session; nil where it has none.
    public let session: ULID?

    /// Of `history-state`.
    public private(set) var history: Depths?
    /// Of `edited`.
    public private(set) var operation: Change?
    /// Of `checkpointed`: the tree.
    public private(set) var tree: String?
    /// Of `diverged`.
    public private(set) var divergence: Difference?
    /// Of `saved`: the revision.
    public private(set) var revision: String?
    /// Of `saved`: the commit.
    public private(set) var commit: String?
    /// Of `saved`: the document's blob; nil where the document was deleted.
    public private(set) var blob: String?
    /// Of `merged`: how many conflicts are left in the draft.
    public private(set) var conflicts: Int?
    /// Of `recovery-pending`, `recovered` and `discarded`: the candidate's id.
    public private(set) var candidate: String?
    /// Of `migrated`: the migration.
    public private(set) var migration: String?

    private init(_ name: Name, _ path: String, _ session: ULID?, _ time: Timestamp) {
        event = name
        self.path = path
        self.session = session
        self.time = time.rfc3339
    }
}

extension Event.Name {
    /// Undo or redo reach farther, or less far, than before.
    public static let historyState = Event.Name(rawValue: "history-state")
    /// A document got a session.
    public static let opened = Event.Name(rawValue: "opened")
    /// A draft changed: by an operation, an undo or a redo.
    public static let edited = Event.Name(rawValue: "edited")
    /// A checkpoint was taken.
    public static let checkpointed = Event.Name(rawValue: "checkpointed")
    /// A document was found to be another than expected.
    public static let diverged = Event.Name(rawValue: "diverged")
    /// A document was saved.
    public static let saved = Event.Name(rawValue: "saved")
    /// A draft was merged with another text.
    public static let merged = Event.Name(rawValue: "merged")
    /// Unsaved work was found that a dead process left.
    public static let recoveryPending = Event.Name(rawValue: "recovery-pending")
    /// A recovery candidate became the draft.
    public static let recovered = Event.Name(rawValue: "recovered")
    /// A recovery candidate was let go.
    public static let discarded = Event.Name(rawValue: "discarded")
    /// A migration changed a document.
    public static let migrated = Event.Name(rawValue: "migrated")

    /// The names that this version of docvc knows.
    public static let all: [Event.Name] = [
        historyState, opened, edited, checkpointed, diverged, saved, merged, recoveryPending,
        recovered, discarded, migrated,
    ]
}

// MARK: The events

extension Event {
    static func opened(_ path: String, _ session: ULID, at time: Timestamp) -> Event {
        Event(.opened, path, session, time)
    }

    static func edited(
        _ path: String, _ session: ULID, _ operation: Operation, how: String, _ who: Authorship
    ) -> Event {
        var event = Event(.edited, path, session, who.time)
        event.operation = Change(
            how: how, sequence: operation.sequence, kind: operation.kind.rawValue,
            intent: operation.intent, actor: who.actor, source: who.source.rawValue)
        return event
    }

    static func historyState(
        _ path: String, _ session: ULID, _ history: EditHistory, at time: String
    ) -> Event {
        var event = Event(.historyState, path, session, time)
        event.history = Depths(history)
        return event
    }

    static func checkpointed(
        _ path: String, _ session: ULID, tree: ObjectID, at time: Timestamp
    ) -> Event {
        var event = Event(.checkpointed, path, session, time)
        event.tree = tree.hex
        return event
    }

    static func saved(
        _ path: String, _ session: ULID, as revision: RevisionID, in commit: ObjectID,
        blob: ObjectID?, at time: Timestamp
    ) -> Event {
        var event = Event(.saved, path, session, time)
        event.revision = revision.description
        event.commit = commit.hex
        event.blob = blob?.hex
        return event
    }

    /// A divergence that stopped a save, or that a watcher saw.
    static func diverged(
        _ divergence: Divergence, session: ULID?, at time: Timestamp
    ) -> Event {
        var event = Event(.diverged, divergence.path, session, time)
        event.divergence = Difference(
            kind: divergence.kind.rawValue, baseline: divergence.baseline?.blob.hex,
            current: divergence.current?.blob.hex)
        return event
    }

    /// A merge into the draft, which holds that many conflicts now.
    static func merged(
        _ path: String, _ session: ULID, conflicts: Int, at time: Timestamp
    ) -> Event {
        var event = Event(.merged, path, session, time)
        event.conflicts = conflicts
        return event
    }

    /// A recovery candidate that was found, applied or discarded: `name` says which.
    static func candidate(
        _ name: Name, _ id: String?, of path: String, session: ULID?, at time: Timestamp
    ) -> Event {
        var event = Event(name, path, session, time)
        event.candidate = id
        return event
    }

    /// A migration of the document.
    static func migrated(
        _ path: String, _ session: ULID?, by migration: String, at time: Timestamp
    ) -> Event {
        var event = Event(.migrated, path, session, time)
        event.migration = migration
        return event
    }

    private init(_ name: Name, _ path: String, _ session: ULID?, _ time: String) {
        event = name
        self.path = path
        self.session = session
        self.time = time
    }

    /// Whether a session's journal holds what it tells of, so that it is undone with it.
    var isOfJournal: Bool {
        [.opened, .edited, .historyState, .checkpointed, .saved, .merged].contains(event)
    }
}
