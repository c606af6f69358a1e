import Documents
public import Git
import Platform
import SystemPackage

/// When a checkpoint is due: whichever comes first.
struct CheckpointBounds: Equatable {
    /// How old a change may be, in seconds.
    var interval: Int64 = 30
    /// How many bytes may have changed.
    var bytes = 4 << 10
    /// How many operations may have been made.
    var operations = 20

    /// Whether one is due at `now`.
    func areExceeded(by since: SessionState.SinceCheckpoint, at now: Timestamp) -> Bool {
        guard since.operations > 0 else { return false }
        // A clock that went back has not stood still: what cannot be told is taken for due.
        let age = since.first.map { now.seconds - $0.seconds } ?? 0
        return age >= interval || age < 0 || since.bytes >= bytes || since.operations >= operations
    }
}

/// A self-contained snapshot of a session: the tree `{session.json, baseline, draft, journal}`
/// that `refs/docvc/checkpoints/<session>` names.
///
/// Being a tree and not a commit it shows in no log, and `git gc` keeps it.
struct Checkpoint {
    /// What `session.json` says.
    struct Facts: Codable {
        var schema = "docvc.checkpoint/1"
        let session: ULID
        let path: String
        let actor: String?
        let time: String
        /// The operations that are not saved.
        let operations: Int
        /// The work tree's folder in the repository; empty for the main one.
        let workTree: String
        /// HEAD's blob when the session last knew it.
        let head: String?
    }

    static let prefix = "refs/docvc/checkpoints/"

    static func reference(_ id: ULID) -> String { prefix + id.text }
}

/// What became of a checkpoint that was asked for.
public struct CheckpointReport: Sendable {
    /// The document.
    public let path: String
    /// The session.
    public let session: ULID
    /// The checkpoint's tree; nil where there is nothing to keep, HEAD having it all.
    public let tree: ObjectID?
    /// Whether it was taken now; false where the last one is equal.
    public let isNew: Bool
}

extension Workspace {
    /// Takes a checkpoint of the document `path`: of its draft or, where nothing is unsaved, of
    /// what is on disk and not in HEAD.
    public func checkpoint(_ path: String) throws(HistoryError) -> CheckpointReport {
        let access = try ExclusiveAccess(to: self)
        let facts = try facts(of: path)
        var session = try openSession(of: path, facts)
        guard session.isUnsaved || session.draft != nil || facts.head != nil else {
            throw .badPath(path, .missing)
        }
        try session.write(in: self)
        let report = try checkpoint(&session, facts)
        _ = access.recovered
        return report
    }

    /// Takes a checkpoint where one is due, after what was done to `session`; one that HEAD has
    /// overtaken is removed. Only under the docvc lock.
    @discardableResult
    func checkpointIfDue(
        _ session: inout Session, changesKeys: Bool = false
    ) throws(HistoryError) -> CheckpointReport? {
        let since = session.state.sinceCheckpoint
        // `git worktree remove` takes a linked work tree away with its journals, and asks nobody:
        // it knows of no draft.
        let isFirst = since.taken == nil && repository.gitFolder != repository.commonFolder
        guard
            (changesKeys || isFirst) && since.operations > 0
                || settings.checkpoints.areExceeded(by: since, at: world.now())
        else { return nil }
        return try checkpoint(&session, try facts(of: session.path))
    }

    private func checkpoint(
        _ session: inout Session, _ facts: DocumentFacts
    ) throws(HistoryError) -> CheckpointReport {
        let name = Checkpoint.reference(session.id)
        let old = try lifting { try repository.target(of: name) }
        func report(_ tree: ObjectID?, isNew: Bool) -> CheckpointReport {
            CheckpointReport(path: session.path, session: session.id, tree: tree, isNew: isNew)
        }
        guard try isUncommitted(session, facts) else {
            try removeCheckpoint(of: session.id)
            return report(nil, isNew: false)
        }
        let since = session.state.sinceCheckpoint
        if let old, since.operations == 0, since.taken != nil { return report(old, isNew: false) }
        let tree = try lifting {
            var batch = ObjectBatch()
            let tree = try write(session, to: &batch)
            try batch.store(in: repository)
            if tree != old {
                try repository.update(
                    ReferenceUpdate(name, from: old, to: tree, reason: "docvc: checkpoint"),
                    by: writer(), timeout: settings.lockTimeout)
            }
            return tree
        }
        try session.checkpoint(tree, at: world.now())
        try session.write(in: self)
        return report(tree, isNew: tree != old)
    }

    /// Whether the draft, or what is on disk, is not what HEAD has.
    func isUncommitted(
        _ session: Session, _ facts: DocumentFacts
    ) throws(HistoryError) -> Bool {
        guard let text = session.draft, let head = facts.head else {
            return session.draft != nil || session.isUnsaved
        }
        return try cleanID(of: text, session.path) != head.id
    }

    private func write(
        _ session: Session, to batch: inout ObjectBatch
    ) throws -> ObjectID {
        var entries: [(path: String, entry: Repository.TreeEntry?)] = []
        func add(_ name: String, _ bytes: [UInt8]) throws {
            let id = try batch.blob(bytes)
            entries.append((name, .init(mode: .regular, id: id)))
        }
        let facts = Checkpoint.Facts(
            session: session.id, path: session.path, actor: settings.actor?.text,
            time: world.now().rfc3339, operations: session.unsavedOperations.count,
            workTree: workTreeName, head: session.state.baseline.head?.id.hex)
        try add("session.json", JSON.bytes(of: facts))
        if let text = session.state.baseline.text { try add("baseline", text) }
        if let text = session.draft { try add("draft", text) }
        try add("journal", session.journalBytes)
        return try batch.tree(from: nil, setting: entries, in: repository)
    }

    /// What tells this work tree from the repository's others: empty for the main one.
    var workTreeName: String {
        var name = repository.gitFolder
        guard name.removePrefix(repository.commonFolder) else { return name.string }
        return name.string
    }

    /// Removes the checkpoint of the session `id`: what it kept is saved, or is kept elsewhere.
    func removeCheckpoint(of id: ULID) throws(HistoryError) {
        let name = Checkpoint.reference(id)
        try lifting {
            guard let tree = try repository.target(of: name) else { return }
            try repository.delete(name, expecting: tree, timeout: settings.lockTimeout)
        }
    }
}
