public import Git
import Platform

/// A version of a document in history.
public struct DocumentVersion: Sendable {
    /// The document.
    public let path: String
    /// The commit it was read from.
    public let commit: ObjectID
    /// Its blob and mode there.
    public let entry: Repository.TreeEntry
}

extension Workspace {
    /// The commit that `name` stands for: a revision's id, or what Git takes for a commit
    /// (`HEAD~2`, a branch, a short id).
    public func commit(named name: String) throws(HistoryError) -> ObjectID {
        if let id = RevisionID(name) {
            let head = try lifting { try repository.head().commit }
            if let head, let found = try commit(of: id, from: head) { return found }
        } else if let found = try lifting({ try repository.commitID(name) }) {
            return found
        }
        let isUnborn = try lifting { try repository.head().commit == nil }
        throw isUnborn ? .noCommit : .unknownRevision(name)
    }

    private func commit(
        of revision: RevisionID, from start: ObjectID
    ) throws(HistoryError) -> ObjectID? {
        try lifting {
            var walk = try CommitWalk(from: start, in: repository)
            while let id = try walk.next() {
                let message = try repository.commit(id).message
                if Revision.read(message).contains(where: { $0.id == revision }) { return id }
            }
            return nil
        }
    }

    /// The document `path` as the revision or commit `name` has it.
    public func version(
        of path: String, in name: String
    ) throws(HistoryError) -> DocumentVersion {
        let commit = try commit(named: name)
        let entry = try lifting {
            try repository.entry(path, in: repository.commit(commit).tree)
        }
        guard let entry, entry.mode.isFile else {
            throw .notInRevision(path: path, revision: name)
        }
        return DocumentVersion(path: path, commit: commit, entry: entry)
    }

    /// The bytes of a version, as they are in its blob.
    public func text(of version: DocumentVersion) throws(HistoryError) -> [UInt8] {
        try blob(version.entry.id, of: version.path)
    }

    /// The bytes of the document `path` as they are on disk.
    public func textOnDisk(_ path: String) throws(HistoryError) -> [UInt8] {
        switch try disk(path) {
        case .file(let bytes, _): return bytes
        case .missing: throw .badPath(path, try absence(of: path))
        case .replaced(let kind): throw .badPath(path, kind == .folder ? .folder : .device)
        }
    }

    /// The document's draft, where something is unsaved, and otherwise its text on disk.
    public func draft(_ path: String) throws(HistoryError) -> [UInt8] {
        if let text = try unsavedDraft(path) { return text }
        return try textOnDisk(path)
    }

    /// The draft of the document `path`; nil where nothing is unsaved, and where the draft is
    /// that there be no document.
    private func unsavedDraft(_ path: String) throws(HistoryError) -> [UInt8]? {
        guard let session = try Session.find(path, asked: settings.session, in: self),
            session.isUnsaved
        else { return nil }
        return session.draft
    }

    /// The bytes of the document's draft, or of the document on disk, as they would be in its
    /// blob; nil where no file is there.
    func cleanDraft(_ path: String) throws(HistoryError) -> [UInt8]? {
        guard
            let text = if let draft = try unsavedDraft(path) { draft } else { try disk(path).text }
        else { return nil }
        return try clean(text, path)
    }

    /// Two versions of a document, for comparison: nil for `old` is HEAD's, nil for `new` is
    /// the draft, as it would be in a blob. A version that does not have it is nil.
    ///
    /// Throws `badPath` where neither has it.
    public func versions(
        of path: String, from old: String?, to new: String?
    ) throws(HistoryError) -> (before: [UInt8]?, after: [UInt8]?) {
        let before: [UInt8]?
        if let old {
            before = try textIfPresent(path, in: old)
        } else {
            let hasCommit = try lifting { try repository.head().commit } != nil
            before = hasCommit ? try textIfPresent(path, in: "HEAD") : nil
        }
        let after =
            if let new { try textIfPresent(path, in: new) } else { try cleanDraft(path) }
        guard before != nil || after != nil else {
            // Says what is in the way, or that there is nothing.
            _ = try textOnDisk(path)
            throw .badPath(path, .missing)
        }
        return (before, after)
    }

    /// How the document `path`, which is not on disk, is missing.
    func absence(of path: String) throws(HistoryError) -> HistoryError.BadPath {
        try lifting {
            let entry = try IndexFile(of: repository).entries(for: [path])[path]?.first
            if entry?.skipsWorkTree ?? false { return .outsideCheckout }
            guard let head = try repository.head().commit else { return .missing }
            let committed = try repository.entry(path, in: repository.commit(head).tree)
            return committed?.mode.isFile ?? false ? .deleted : .missing
        }
    }

    /// The textual difference of a document between two versions, which are named as in
    /// ``versions(of:from:to:)``. Empty where they are equal.
    public func difference(
        of path: String, from old: String?, to new: String?
    ) throws(HistoryError) -> [UInt8] {
        let (before, after) = try versions(of: path, from: old, to: new)
        return try lifting {
            try Patch.text(from: before, named: path, to: after, named: path)
        }
    }

    private func textIfPresent(_ path: String, in name: String) throws(HistoryError) -> [UInt8]? {
        do throws(HistoryError) {
            return try text(of: version(of: path, in: name))
        } catch {
            if case .notInRevision = error { return nil }
            throw error
        }
    }
}
