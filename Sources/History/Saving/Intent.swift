import Git
import Platform
import SystemPackage

/// What a save is about to do, on disk before it does it, so that a later process can finish
/// it or take it back.
///
/// It is one file, `$GIT_DIR/docvc/intent`: the docvc lock is held, so there is never more
/// than one, and finding it costs one look. It is removed when the save has ended.
struct Intent: Codable {
    /// One document of the save.
    struct Document: Codable {
        let path: String
        /// The id in the names of temporary files; nil where the disk is not written.
        let temporary: ULID?
        /// The blob of the text expected on disk, as it is on disk; nil: no file.
        let old: String?
        /// The blob of the new text, as it is on disk.
        let new: String?
        /// The blob and mode that the index entry gets; nil: the entry goes.
        let blob: String?
        let mode: UInt32?
        /// The blob of the index entry before; an entry that has moved on is left alone.
        let indexed: String?
        /// The document's session.
        let session: ULID?

        /// The entry that the commit's tree gets; nil: none.
        var entry: Repository.TreeEntry? {
            guard let id = blob.flatMap({ ObjectID(hex: $0) }),
                let mode = mode.flatMap({ FileMode(rawValue: $0) })
            else { return nil }
            return Repository.TreeEntry(mode: mode, id: id)
        }
    }

    /// The commit and what names it.
    struct Publication: Codable {
        let revision: RevisionID
        let commit: String
        let reference: String
        let old: String?
        /// The blob of the note.
        let note: String
    }

    var version = 1
    let documents: [Document]
    /// Nil where only the disk is written.
    let publication: Publication?
}

extension Workspace {
    var intentFile: FilePath { state.appending("intent") }

    /// Puts `intent` on the disk.
    func write(_ intent: Intent) throws(HistoryError) {
        try lifting { try files.put(JSON.bytes(of: intent), at: intentFile) }
    }

    /// Forgets the intent: the save has ended.
    func removeIntent() throws(HistoryError) {
        try lifting { try files.remove(intentFile) }
    }

    /// The intent that a save left; nil where none did, or where it is torn: then the save ended
    /// before it did anything.
    func pendingIntent() throws(HistoryError) -> Intent? {
        struct Format: Decodable { let version: Int }
        guard let bytes = try lifting({ try files.readIfPresent(intentFile) }),
            let format = try? JSON.value(Format.self, from: bytes)
        else { return nil }
        guard format.version == 1, let intent = try? JSON.value(Intent.self, from: bytes) else {
            throw .badState(
                "\(intentFile) cannot be read; it may be of a newer version of docvc")
        }
        for document in intent.documents { try checkPath(document.path) }
        return intent
    }

    /// The replacement of a document's text that an intent tells of.
    func replacement(of document: Intent.Document) throws(HistoryError) -> Replacement? {
        guard let id = document.temporary, let new = document.new.flatMap({ ObjectID(hex: $0) })
        else { return nil }
        return try lifting {
            let old = try document.old.flatMap { ObjectID(hex: $0) }.map { try repository.blob($0) }
            return try Replacement(
                document.path, from: old, to: repository.blob(new), id: id, in: self)
        }
    }
}
