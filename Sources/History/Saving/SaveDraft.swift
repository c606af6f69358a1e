import Git
import Platform

/// The objects of a save: on the disk, and named by nothing yet.
struct SaveDraft {
    let revision: Revision
    let commit: ObjectID
    /// The note's blob, and the notes commit that holds it.
    let note: ObjectID
    let notes: ReferenceUpdate
    /// The documents' sessions, where they have one.
    let sessions: [String: ULID]
    /// The documents' revisions before this one.
    let previous: [String: RevisionID]
}

extension SaveTransaction {
    /// Writes blobs, trees, commit and note, and makes them durable together.
    mutating func write(_ plan: SavePlan, in workspace: borrowing Workspace) throws -> SaveDraft {
        guard let actor = workspace.settings.actor else {
            throw RepositoryError.noIdentity(role: "actor")
        }
        var batch = ObjectBatch()
        var changes: [(path: String, entry: Repository.TreeEntry?)] = []
        for document in plan.documents {
            if document.entry != nil {
                _ = try batch.blob(document.content)
            }
            if document.writesDisk { try keepObjects(of: document, in: &batch, workspace) }
            changes.append((document.path, document.entry))
        }
        let tree = try batch.tree(from: plan.tree, setting: changes, in: workspace.repository)

        let lineage = try Lineage(plan, &sessions, in: workspace)
        let revision = Revision(
            id: lineage.id,
            documents: plan.documents.map { .init(path: $0.path, blob: $0.entry?.id) },
            actor: actor, source: workspace.settings.source,
            previous: plan.documents.count == 1
                ? lineage.previous[plan.documents[0].path] : nil)
        let commit = try batch.commit(
            tree: tree, parents: plan.head.commit.map { [$0] } ?? [], author: author,
            committer: committer, message: message(for: revision, plan, in: workspace),
            in: workspace.repository)

        let note = try RevisionNote(
            revision,
            documents: plan.documents.map {
                .init(
                    path: $0.path, blob: $0.entry?.id.hex, session: lineage.sessions[$0.path]?.text,
                    previous: lineage.previous[$0.path], operations: operations(of: $0.path))
            }, time: committer.time, resolutions: resolutions
        ).bytes()
        let notes = try Notes(RevisionNote.reference, in: workspace.repository)
        let reason = "docvc: \(revision.id)"
        let notesCommit = try notes.adding(
            [(commit, note)], by: committer, message: reason, to: &batch, in: workspace.repository)
        try batch.store(in: workspace.repository)
        return SaveDraft(
            revision: revision, commit: commit, note: try Repository.blobID(of: note),
            notes: ReferenceUpdate(
                RevisionNote.reference, from: notes.commit, to: notesCommit, reason: reason),
            sessions: lineage.sessions, previous: lineage.previous)
    }
}

extension SaveTransaction {
    /// The operations of a document that the save holds; nil for none.
    private func operations(of path: String) -> [RevisionNote.Operation]? {
        guard let operations = sessions[path]?.unsavedOperations, !operations.isEmpty else {
            return nil
        }
        return operations.map { .init($0) }
    }

    /// Writes the texts of a document that is to be exchanged, as they are on disk, so that
    /// an interrupted exchange can be recognised.
    func keepObjects(
        of document: PlannedDocument, in batch: inout ObjectBatch, _ workspace: borrowing Workspace
    ) throws {
        for text in [document.disk.text, document.text] {
            if let text { _ = try batch.blob(text) }
        }
    }
}

/// Where a save stands among the revisions: its id, and what came before it.
struct Lineage {
    /// The revision's id.
    let id: RevisionID
    /// The documents' sessions, where they have one.
    private(set) var sessions: [String: ULID] = [:]
    /// The documents' revisions before this one, whoever made them.
    private(set) var previous: [String: RevisionID] = [:]

    init(
        _ plan: SavePlan, _ known: inout [String: Session], in workspace: borrowing Workspace
    ) throws {
        let asked = workspace.settings.session
        let isSingle = plan.documents.count == 1
        if !isSingle && asked != nil { throw HistoryError.sessionOfSeveral }
        // A save of several documents is a session of its own.
        var id = isSingle ? nil : RevisionID(session: ULID(in: workspace.world), number: 1)
        for document in plan.documents {
            let path = document.path
            if known[path] == nil {
                let facts = DocumentFacts(disk: document.disk, head: document.baseline)
                known[path] =
                    isSingle
                    ? try workspace.openSession(of: path, facts)
                    : try workspace.session(of: path, facts)
            }
            let session = known[path]
            if isSingle, let session {
                var number = session.nextNumber
                if asked != nil, session.lastRevision == nil, let head = plan.head.commit {
                    // Named by id, but not known here: another clone or work tree may have used it.
                    number = try workspace.lastNumber(of: session.id, from: head) + 1
                }
                id = RevisionID(session: session.id, number: number)
            }
            if let session { sessions[path] = session.id }
            if document.baseline == nil {
                // New in HEAD: only this work tree can remember an earlier life.
                previous[path] = session?.lastRevision
            } else if let head = plan.head.commit {
                previous[path] = try workspace.lastRevision(of: path, from: head)
            }
        }
        guard let id else { throw HistoryError.nothingNamed }
        self.id = id
    }
}

extension Workspace {
    /// The newest revision of the document `path` in the history of `commit`.
    ///
    /// Follows the document's own changes, so it ends at the first commit that docvc made of
    /// it; only a document that docvc has never saved is followed to its beginning.
    func lastRevision(
        of path: String, from commit: ObjectID
    ) throws(HistoryError) -> RevisionID? {
        try lifting {
            var found: RevisionID?
            try repository.visitChanges(of: path, from: commit) {
                (commit) throws(RepositoryError) in
                found = Revision.read(commit.message).last { $0.concerns(path) }?.id
                return found == nil
            }
            return found
        }
    }
}

extension Workspace {
    /// The highest number that a revision of `session` has in the history of `commit` or of a
    /// branch; 0 for none.
    fileprivate func lastNumber(
        of session: ULID, from commit: ObjectID
    ) throws(HistoryError) -> Int {
        try lifting {
            let branches = try repository.references(startingWith: "refs/heads/").map(\.id)
            var highest = 0
            for start in Set(branches + [commit]) {
                var walk = try CommitWalk(from: start, in: repository)
                while let id = try walk.next() {
                    for revision in Revision.read(try repository.commit(id).message)
                    where revision.id.session == session {
                        highest = max(highest, revision.id.number)
                    }
                }
            }
            return highest
        }
    }
}

extension Revision {
    /// Whether the revision saved the document `path`, as far as its trailers tell.
    func concerns(_ path: String) -> Bool {
        documents.isEmpty || documents.contains { $0.path == path }
    }
}
