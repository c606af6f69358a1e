public import Documents

/// What one application of a migration did, so that it can be taken back: the bytes that it
/// removed, by document and key.
public struct MigrationRecord: Sendable, Codable {
    /// A document that was changed.
    public struct Document: Sendable, Codable {
        /// Its path from the work tree's top.
        public let path: String
        /// The blob of its text before.
        public let before: String
        /// The blob of its text afterwards.
        public let after: String
        /// What takes the text itself back, as long as it is as it was left.
        let splices: [RecordedSplice]
        /// What takes it back key by key.
        let steps: [UndoStep]

        /// A record of what `change` did; the blobs are those of the whole texts.
        public init(path: String, before: String, after: String, _ change: DocumentChange) {
            self.path = path
            self.before = before
            self.after = after
            splices = change.splices.inverted().map { RecordedSplice($0) }
            steps = change.steps
        }
    }

    /// A splice; front matter is always UTF-8.
    struct RecordedSplice: Sendable, Codable {
        let offset: Int
        let removed: String
        let inserted: String

        init(_ splice: Splice) {
            offset = splice.offset
            removed = String(decoding: splice.removed, as: UTF8.self)
            inserted = String(decoding: splice.inserted, as: UTF8.self)
        }

        var splice: Splice {
            Splice(offset: offset, removed: Array(removed.utf8), inserted: Array(inserted.utf8))
        }
    }

    /// The format's name.
    public private(set) var schema = "docvc.migration-record/1"
    /// The migration's name.
    public let migration: String
    /// Who applied it; nil where nobody was named.
    public let actor: String?
    /// When (RFC 3339).
    public let time: String
    /// The documents, in order of path.
    public let documents: [Document]

    /// A record of its parts.
    public init(migration: String, actor: String?, time: String, documents: [Document]) {
        self.migration = migration
        self.actor = actor
        self.time = time
        self.documents = documents.sorted { Text($0.path) < Text($1.path) }
    }
}

/// What one migration did to one document.
public struct DocumentChange: Sendable {
    /// The change of bytes, on the document before.
    public let splices: [Splice]
    let steps: [UndoStep]
    /// The document afterwards.
    public let document: Documents.Document
}
