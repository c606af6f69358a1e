public import Git

/// How a document differs from what a save expected.
public struct Divergence: Error, Equatable, Sendable {
    /// The kinds (the words of the JSON answers).
    public enum Kind: String, Sendable {
        case modifiedOnDisk = "modified-on-disk"
        case headMoved = "head-moved"
        case deletedOnDisk = "deleted-on-disk"
        case replacedOnDisk = "replaced-on-disk"
        case unmerged
    }

    /// One side of a divergence.
    public struct Side: Equatable, Sendable {
        /// The blob that the content is, or would be.
        public let blob: ObjectID
        /// The content's size in bytes.
        public let size: Int

        /// A side with the content `blob` of `size` bytes.
        public init(blob: ObjectID, size: Int) {
            self.blob = blob
            self.size = size
        }
    }

    /// The document.
    public let path: String
    /// What happened to it.
    public let kind: Kind
    /// What the save expected; nil where the document was new.
    public let baseline: Side?
    /// What is there now; nil where nothing readable is.
    public let current: Side?
    /// Whether a draft was to be saved, and not what is on disk.
    public internal(set) var isOfDraft = false
    /// Whether the text on disk holds conflicts that a merge left.
    public internal(set) var holdsConflicts = false
}

extension Divergence {
    /// Whether both sides are texts, so that a merge can settle it.
    var isMergeable: Bool { isOfDraft && (kind == .modifiedOnDisk || kind == .headMoved) }

    /// The divergence of a text on disk from the one that was read.
    init(
        _ path: String, _ kind: Kind, from old: [UInt8]?, to new: [UInt8]?
    ) throws(HistoryError) {
        func side(_ text: [UInt8]?) throws -> Side? {
            try text.map { Side(blob: try Repository.blobID(of: $0), size: $0.count) }
        }
        self = try lifting {
            Divergence(path: path, kind: kind, baseline: try side(old), current: try side(new))
        }
    }
}

/// What to do about a divergence.
public enum ConflictChoice: String, Sendable, CaseIterable {
    /// Change nothing and say so.
    case reject
    /// Merge the draft with what others wrote, and save it where that leaves no conflict.
    case merge
    /// Save over it; the displaced text is kept under a rescue id.
    case overwrite
    /// Let it stand; the text that was to be saved is kept under a rescue id.
    case reload
    /// Merge by the program in `docvc.mergeHook`.
    case hook
}
