public import Documents
public import Migrations
import Platform

/// Why migrations were refused or could not be read; nothing was changed.
public enum MigrationError: Error, Sendable {
    /// Something that keeps a document from being changed.
    public struct Blocker: Sendable, Hashable {
        /// The kinds (the words of the answers).
        public enum Kind: String, Sendable {
            /// What is on disk is not what HEAD has.
            case modified = "modified-on-disk"
            /// HEAD does not have it at all.
            case unsaved = "untracked"
            /// It has a draft with unsaved work.
            case draft
            /// The index has a conflict of it.
            case unmerged
            /// The file, or the folder that it is in, may not be written.
            case readOnly = "read-only"
            /// It has several names, of which writing would part one.
            case hardLinked = "hard-linked"
        }

        /// The document.
        public let path: String
        /// What is in the way.
        public let kind: Kind

        /// Whether it is work that a save would put into HEAD.
        public var isUnsaved: Bool { [.modified, .unsaved, .draft].contains(kind) }
    }

    /// Something among the migrations that is another kind of file than belongs there. It is not
    /// read, for a link could lead anywhere; nor passed over, for then nothing would be checked.
    public struct Misplaced: Sendable, Hashable {
        /// The path from the work tree's top.
        public let path: String
        /// What is there.
        let found: FileStatus.Kind
        /// What belongs there.
        let wanted: FileStatus.Kind

        /// What is wrong.
        public var message: String {
            let what =
                switch found {
                case .file: "a file"
                case .folder: "a folder"
                case .link: "a symbolic link, which is not followed,"
                case .other: "a pipe or device"
                }
            return "\(what) is in the place of a \(place)"
        }

        /// What to do about it.
        public var fix: String { "put a \(place) there" }

        private var place: String { wanted == .folder ? "folder" : "file" }
    }

    /// Something that keeps migrations from being applied or taken back.
    public enum Refusal: Sendable {
        /// Documents cannot be migrated; all reasons, and what is in the way of others.
        case failing([MigrationPlan.FailedDocument], count: Int, [Blocker])
        /// A migration's patterns or conditions match no document.
        case matchesNothing([(path: String, position: Position, what: String)])
        /// An earlier migration has still to change documents.
        case pendingBefore(String, documents: Int)
        /// Values would be lost, and the migration gives no reason.
        case noReason([Migration])
        /// Values would be lost, and it was not said that they may.
        case destructive([Migration])
        /// Nothing can be taken back, as documents are not where the migration left them.
        case gone(PlannedReversal)
        /// The plan is not the one that was agreed to.
        case planChanged(asked: String, now: String)
    }

    /// The policy cannot be read.
    case badPolicy(ConfigurationError)
    /// The migrations cannot be read, or do not fit each other.
    case badMigrations([Chain.Problem])
    /// Where migrations lie there is something else.
    case misplaced([Misplaced])
    /// There is no migration of that name; `near` are those that may have been meant.
    case unknown(String, near: [String])
    /// There is no migration at all.
    case none
    /// A new migration has a name that is none, or is there already.
    case badName(String, why: String)
    /// Documents cannot be migrated, or values would be lost: all that stands in the way.
    case refused([Refusal])
    /// Nothing is recorded that could be taken back.
    case nothingRecorded(String?)
}
