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
}

/// What to do about a divergence.
public enum ConflictChoice: String, Sendable, CaseIterable {
    /// Change nothing and say so.
    case reject
    /// Save over it; the displaced text is kept under a rescue id.
    case overwrite
    /// Let it stand; the text that was to be saved is kept under a rescue id.
    case reload
}
