import Documents
public import Git
import Platform

/// What a look at a document on disk came to.
public struct Observation: Sendable {
    /// The document.
    public let path: String
    /// Its session; nil where it has none and needs none.
    public let session: ULID?
    /// The operation that the change on disk became; nil where there was none.
    public let operation: Operation?
    /// How the document differs from what its unsaved draft was made of; nil where it does not.
    public let divergence: Divergence?
    /// The checkpoint that was taken; nil where none was due.
    public let checkpoint: ObjectID?
    /// Whether there is something that no checkpoint and no commit has.
    let needsCheckpoint: Bool
}

extension Workspace {
    /// Notes in its session what another program wrote to the document `path`, and takes a
    /// checkpoint where one is due.
    ///
    /// Waits for the docvc lock at most `timeout`, and holds it for this one document.
    func observe(_ path: String, timeout: Duration) throws(HistoryError) -> Observation {
        let access = try ExclusiveAccess(to: self, timeout: timeout)
        defer { _ = access.recovered }
        let facts = try facts(of: path)
        guard try needsSession(path, facts) else {
            return Observation(
                path: path, session: nil, operation: nil, divergence: nil, checkpoint: nil,
                needsCheckpoint: false)
        }
        var session = try openSession(of: path, facts)
        let operation = session.pendingOperations.last
        try session.write(in: self)
        let checkpoint = try checkpointIfDue(
            &session, changesKeys: operation.map { changesKeys($0, session.draft) } ?? false)
        let since = session.state.sinceCheckpoint
        var needsCheckpoint = since.taken == nil || since.operations > 0
        if needsCheckpoint { needsCheckpoint = try isUncommitted(session, facts) }
        return Observation(
            path: path, session: session.id, operation: operation,
            divergence: session.isUnsaved ? try divergence(of: session, facts) : nil,
            checkpoint: checkpoint?.tree,
            needsCheckpoint: needsCheckpoint)
    }

    /// Whether there is more to say of a document than HEAD does: one that is as HEAD has it,
    /// or is not there, gets no session for being looked at.
    private func needsSession(
        _ path: String, _ facts: DocumentFacts
    ) throws(HistoryError) -> Bool {
        if try Session.find(path, asked: settings.session, in: self) != nil { return true }
        guard let text = facts.disk.text else { return false }
        guard let head = facts.head else { return true }
        return try cleanID(of: text, path) != head.id
    }

    /// Whether an operation, of which `text` came, added or removed a key of the front matter.
    private func changesKeys(_ operation: Operation, _ text: [UInt8]?) -> Bool {
        let before = try? operation.splices.inverted().applied(to: text ?? [])
        return keys(of: Document(before ?? [])) != keys(of: Document(text ?? []))
    }

    /// Takes the checkpoints that are due of the drafts that `includes` accepts; without waiting
    /// for the docvc lock.
    func checkpointDrafts(
        where includes: (String) -> Bool
    ) throws(HistoryError) -> [CheckpointReport] {
        var reports: [CheckpointReport] = []
        for found in try unsavedSessions() where includes(found.path) {
            let since = found.state.sinceCheckpoint
            guard settings.checkpoints.areExceeded(by: since, at: world.now()) else { continue }
            let access = try ExclusiveAccess(to: self, timeout: .milliseconds(200))
            defer { _ = access.recovered }
            // It may have changed since it was read without the lock.
            guard var session = try Session.load(found.id, in: self), session.isUnsaved else {
                continue
            }
            if let report = try checkpointIfDue(&session) { reports.append(report) }
        }
        return reports
    }
}
