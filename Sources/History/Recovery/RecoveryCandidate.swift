import Git
import Platform
public import SystemPackage

/// Unsaved work that waits to be brought back or let go.
public struct RecoveryCandidate: Sendable {
    /// What kind of thing holds it (the words of the JSON answer).
    public enum Kind: String, Sendable {
        /// A session that is not the document's open one, or whose document is gone or has
        /// become something else.
        case draft
        /// A checkpoint without its session.
        case checkpoint
        /// A text that was displaced or discarded.
        case kept
        /// A save that waits to be finished.
        case interruptedSave = "interrupted-save"
    }

    /// How the document on disk compares with it (the words of the JSON answer).
    public enum Disk: String, Sendable {
        /// It is the candidate's text.
        case same
        /// It is what it was when the candidate was left.
        case unchanged
        case changed, deleted
    }

    /// The session's id, or the rescue id.
    public let id: ULID
    /// What holds it.
    public let kind: Kind
    /// The document.
    public let path: String
    /// Whose work it is; nil where nobody is named.
    public let actor: String?
    /// When it was last worked on: RFC 3339.
    public let time: String
    /// How many operations it holds that are not saved.
    public let operations: Int
    /// How the document on disk compares with it.
    public let disk: Disk
    /// Why it was kept, or what became of its session.
    public let reason: String
    /// Its size in bytes.
    public let size: Int
}

/// A session or a ref of docvc's that cannot be read.
public struct UnreadableWork: Sendable {
    /// The ref, or the session.
    public let name: String
    /// Why.
    public let reason: String
    /// What to remove to be rid of it; nil where another version of docvc may read it.
    public let leftover: Leftover?

    /// What keeps work that is lost.
    public enum Leftover: Sendable {
        /// A reference, by its full name.
        case reference(String)
        /// A file, by its path.
        case file(FilePath)
    }

    init(_ session: ULID, _ reason: String, _ journal: FilePath? = nil) {
        name = "the session \(session)"
        self.reason = reason
        leftover = journal.map(Leftover.file)
    }

    init(reference: String, _ reason: any Error, _ file: FilePath? = nil) {
        name = reference
        self.reason = "\(reason)"
        leftover = file.map(Leftover.file) ?? .reference(reference)
    }
}

/// A candidate with its texts.
struct UnsavedWork {
    /// What it is kept in.
    enum Source {
        case session(Session)
        case checkpoint(tree: ObjectID, journal: [UInt8]?)
        case kept(tree: ObjectID)
    }

    let candidate: RecoveryCandidate
    let source: Source
    /// The text to bring back.
    let text: [UInt8]
    /// The text that was on disk when it was left; nil: no document.
    let baseline: [UInt8]?
}

extension Workspace {
    /// The work that waits to be brought back: all of it, or that of the documents `paths`;
    /// oldest first. What cannot be read is named apart.
    public func recoveryCandidates(
        of paths: [String] = []
    ) throws(HistoryError) -> (candidates: [RecoveryCandidate], unreadable: [UnreadableWork]) {
        let (work, unreadable) = try unsavedWork()
        var candidates = work.map(\.candidate)
        for id in try interruptedSaves() { candidates.append(id) }
        if !paths.isEmpty { candidates.removeAll { !paths.contains($0.path) } }
        return (candidates.sorted { $0.id < $1.id }, unreadable)
    }

    /// The documents whose unsaved work waits to be brought back, kept texts aside: what every
    /// command says a line about. It reads no journal and costs with the number of drafts.
    public func pendingRecovery() throws(HistoryError) -> [String] {
        var paths: [String] = []
        for (id, path) in try markedDocuments() {
            if try Session.opened(path, in: self) == id, case .file = try place(path) { continue }
            // A mark may outlive the work: only the journal tells.
            guard let session = try? Session.load(id, in: self), session.isUnsaved,
                session.draft != nil, try stranding(of: session) != nil
            else { continue }
            paths.append(session.path)
        }
        for case (let name, .success(let tree)) in try lifting({
            try repository.references(in: Checkpoint.prefix)
        }) {
            guard let id = ULID(name), try isOrphaned(id, tree),
                let facts = try? checkpointFacts(tree),
                (try? repository.entry("draft", in: tree)) != nil
            else { continue }
            paths.append(facts.path)
        }
        return paths
    }

    // MARK: Finding

    func unsavedWork() throws(HistoryError) -> ([UnsavedWork], [UnreadableWork]) {
        var work: [UnsavedWork] = []
        var unreadable: [UnreadableWork] = []
        for id in try markedDrafts() {
            do throws(HistoryError) {
                if let session = try Session.load(id, isNamed: true, in: self) {
                    if session.isUnsaved, let found = try orphan(session) { work.append(found) }
                    continue
                }
                let path = Session.file(of: id, in: self)
                let journal = try Journal(path, draft: scratch("journal"), files: files)
                if journal.isBlank { continue }
                unreadable.append(.init(id, "\(path) is damaged at its start", path))
            } catch {
                guard case .badState(let why) = error else { throw error }
                unreadable.append(.init(id, why))
            }
        }
        try lifting {
            func references(in prefix: String) throws -> [(name: String, id: ULID, ObjectID)] {
                try repository.references(in: prefix).compactMap { name, tree in
                    guard let id = ULID(name) else { return nil }
                    switch tree {
                    case .success(let tree): return (prefix + name, id, tree)
                    case .failure(let error):
                        // `git update-ref -d` removes none that it cannot read.
                        let file = repository.commonFolder.appending(prefix + name)
                        unreadable.append(.init(reference: prefix + name, error, file))
                        return nil
                    }
                }
            }
            for (name, id, tree) in try references(in: Checkpoint.prefix)
            where try isOrphaned(id, tree) {
                do {
                    if let found = try checkpointedWork(id, tree) { work.append(found) }
                } catch {
                    unreadable.append(.init(reference: name, error))
                }
            }
            for (name, id, tree) in try references(in: KeptText.prefix) {
                do {
                    work.append(try keptWork(id, tree))
                } catch {
                    unreadable.append(.init(reference: name, error))
                }
            }
        }
        return (work, unreadable)
    }

    /// The work of a session that no command comes to by its document; nil for an open one.
    private func orphan(_ session: Session) throws(HistoryError) -> UnsavedWork? {
        guard let reason = try stranding(of: session) else { return nil }
        return try work(of: session, because: reason)
    }

    /// Why no command comes to a session by its document; nil where one does.
    ///
    /// A document that is not on disk yet is no less its draft's for that.
    private func stranding(of session: Session) throws(HistoryError) -> String? {
        guard try Session.opened(session.path, in: self) == session.id else {
            return "another session is open"
        }
        switch try place(session.path) {
        case .file: return nil
        case .missing: return session.state.baseline.text == nil ? nil : "it is the open draft"
        case .replaced(.folder): return "a folder lies in its place"
        case .replaced(.link): return "a link lies in its place"
        case .replaced: return "something else lies in its place"
        }
    }

    /// The unsaved work of a session.
    func work(
        of session: Session, because reason: String
    ) throws(HistoryError) -> UnsavedWork? {
        guard let text = session.draft else { return nil }
        let baseline = session.state.baseline.text
        let last = session.unsavedOperations.last ?? session.operations.last
        return UnsavedWork(
            candidate: RecoveryCandidate(
                id: session.id, kind: .draft, path: session.path, actor: last?.actor,
                time: (last?.time ?? session.state.opened).rfc3339,
                operations: session.unsavedOperations.count,
                disk: try compare(text, baseline, session.path), reason: reason, size: text.count),
            source: .session(session), text: text, baseline: baseline)
    }

    /// Whether the checkpoint of the session `id` has no session: this work tree's is gone, or
    /// the work tree is.
    private func isOrphaned(_ id: ULID, _ tree: ObjectID) throws(HistoryError) -> Bool {
        let facts = try? checkpointFacts(tree)
        if let facts, facts.workTree != workTreeName {
            let folder = repository.commonFolder.appending(facts.workTree)
            return try lifting { try files.status(of: folder) } == nil
        }
        let journal = Session.file(of: id, in: self)
        guard try lifting({ try files.status(of: journal) }) != nil else { return true }
        return try Session.load(id, in: self) == nil
    }

    private func checkpointFacts(_ tree: ObjectID) throws -> Checkpoint.Facts {
        guard let entry = try repository.entry("session.json", in: tree) else {
            throw RepositoryError.badObject("\(tree) has no session.json")
        }
        let facts = try JSON.value(Checkpoint.Facts.self, from: repository.blob(entry.id))
        try checkPath(facts.path)
        return facts
    }

    /// The work that a checkpoint keeps; nil where that was to remove the document, which leaves
    /// no text to bring back.
    private func checkpointedWork(_ id: ULID, _ tree: ObjectID) throws -> UnsavedWork? {
        func bytes(_ name: String) throws -> [UInt8]? {
            try repository.entry(name, in: tree).map { try repository.blob($0.id) }
        }
        let facts = try checkpointFacts(tree)
        guard let text = try bytes("draft") else { return nil }
        let baseline = try bytes("baseline")
        return UnsavedWork(
            candidate: RecoveryCandidate(
                id: id, kind: .checkpoint, path: facts.path, actor: facts.actor, time: facts.time,
                operations: facts.operations, disk: try compare(text, baseline, facts.path),
                reason: "its session is gone", size: text.count),
            source: .checkpoint(tree: tree, journal: try bytes("journal")), text: text,
            baseline: baseline)
    }

    private func keptWork(_ id: ULID, _ tree: ObjectID) throws -> UnsavedWork {
        let kept = try keptText(id, tree)
        let text = try repository.blob(kept.blob)
        let baseline = try repository.entry("disk", in: tree).map { try repository.blob($0.id) }
        return UnsavedWork(
            candidate: RecoveryCandidate(
                id: id, kind: .kept, path: kept.path, actor: kept.actor, time: kept.time,
                operations: 0, disk: try compare(text, baseline, kept.path), reason: kept.reason,
                size: text.count),
            source: .kept(tree: tree), text: text, baseline: baseline)
    }

    private func compare(
        _ text: [UInt8], _ baseline: [UInt8]?, _ path: String
    ) throws(HistoryError) -> RecoveryCandidate.Disk {
        switch try disk(path) {
        case .file(let now, _): now == text ? .same : now == baseline ? .unchanged : .changed
        case .missing: baseline == nil ? .unchanged : .deleted
        case .replaced: .changed
        }
    }

    /// Saves that wait because another process holds a lock.
    private func interruptedSaves() throws(HistoryError) -> [RecoveryCandidate] {
        guard let status = try lifting({ try files.status(of: intentFile) }),
            let intent = try pendingIntent(), let revision = intent.publication?.revision
        else { return [] }
        let began = Timestamp(seconds: status.modified.seconds, offset: 0)
        return try intent.documents.map { document throws(HistoryError) in
            let size = try lifting { try document.entry.map { try repository.size(of: $0.id) } }
            return RecoveryCandidate(
                id: revision.session, kind: .interruptedSave, path: document.path, actor: nil,
                time: began.rfc3339, operations: 0, disk: .changed, reason: "revision \(revision)",
                size: size ?? 0)
        }
    }
}
