import Documents
import Git
import Platform
import SystemPackage

/// A document as it is now: on disk and in HEAD.
struct DocumentFacts {
    let disk: DiskState
    /// HEAD's entry; nil where HEAD has no file by this name.
    let head: Repository.TreeEntry?
}

extension Workspace {
    /// The document `path` as it is now.
    func facts(of path: String) throws(HistoryError) -> DocumentFacts {
        let head = try lifting {
            try repository.head().commit.flatMap {
                try repository.entry(path, in: repository.commit($0).tree)
            }
        }
        return DocumentFacts(
            disk: try disk(path), head: head.flatMap { $0.mode.isFile ? $0 : nil })
    }

    /// The session of the document `path`, the one asked for by `--session` or its open one,
    /// with what other programs did to the document meanwhile noted in it; nil where there is
    /// none.
    func session(
        of path: String, _ facts: DocumentFacts
    ) throws(HistoryError) -> Session? {
        guard var session = try Session.find(path, asked: settings.session, in: self) else {
            return nil
        }
        try follow(facts, in: &session)
        return session
    }

    /// The session of the document `path`; a new one where there is none.
    ///
    /// A new one begins with HEAD's text, so that what was changed on disk since can be undone.
    /// One that is `kept` goes on instead, on disk when it is written.
    func openSession(
        of path: String, _ facts: DocumentFacts, from kept: KeptSession? = nil
    ) throws(HistoryError) -> Session {
        if let session = try session(of: path, facts) { return session }
        if let kept, settings.session ?? kept.id == kept.id,
            var session = try Session.new(path, from: kept, in: self)
        {
            try follow(facts, in: &session)
            return session
        }
        if facts.head == nil, try isIgnored(path) { throw .badPath(path, .ignored) }
        var base = facts.disk.text
        if let head = facts.head {
            let isSame =
                if let base { try cleanID(of: base, path) == head.id } else { false }
            if !isSame { base = try smudged(head, path) }
        }
        var session = try Session.new(
            path, asked: settings.session, base: base, head: facts.head, in: self)
        try follow(facts, in: &session)
        return session
    }

    /// Whether the document `path`, which HEAD does not have, is to be left out.
    private func isIgnored(_ path: String) throws(HistoryError) -> Bool {
        try lifting {
            let index = try IndexFile(of: repository).entries(for: Repository.indexPaths(for: path))
            return try index[path] == nil && repository.isIgnored(path)
        }
    }

    /// Notes what other programs did to the document since the session last looked.
    ///
    /// Where nothing is unsaved, a change on disk is an operation of its own, so that it can
    /// be undone; otherwise it is a divergence, which a save finds.
    private func follow(
        _ facts: DocumentFacts, in session: inout Session
    ) throws(HistoryError) {
        let baseline = session.state.baseline
        let text: [UInt8]?
        switch facts.disk {
        case .file(let bytes, _): text = bytes
        case .missing: text = nil
        case .replaced: return
        }
        if text == baseline.text {
            guard facts.head != baseline.head else { return }
            // Another commit of the text that is on disk moves no one's feet.
            let isTheDisks =
                if let text, let head = facts.head {
                    try cleanID(of: text, session.path) == head.id
                } else { false }
            if !session.isUnsaved {
                try session.base(head: facts.head)
            } else if isTheDisks {
                try session.rebase(.init(text: text, head: facts.head))
            }
        } else if !session.isUnsaved {
            let who = Authorship(actor: nil, source: settings.source, time: world.now())
            let intent = text == nil ? "deleted on disk" : "changed on disk"
            try session.perform(.external, intent, text, who)
            try session.base(head: facts.head)
        } else if text == session.draft {
            try session.base(head: facts.head)
        }
    }

    /// How the document differs from what a save of the draft expects; nil where it does not.
    func divergence(
        of session: Session, _ facts: DocumentFacts
    ) throws(HistoryError) -> Divergence? {
        let (path, baseline) = (session.path, session.state.baseline)
        let now = facts.disk.text
        switch facts.disk {
        case .replaced:
            return try Divergence(path, .replacedOnDisk, from: baseline.text, to: nil)
        case .missing where baseline.text != nil:
            return try Divergence(path, .deletedOnDisk, from: baseline.text, to: nil)
        case .file where now != baseline.text && now != session.draft:
            return try Divergence(path, .modifiedOnDisk, from: baseline.text, to: now)
        default:
            break
        }
        guard facts.head?.id != baseline.head?.id else { return nil }
        if let head = facts.head {
            for text in [baseline.text, session.draft].compactMap({ $0 })
            where try cleanID(of: text, path) == head.id { return nil }
        }
        return try lifting {
            Divergence(
                path: path, kind: .headMoved, baseline: try baseline.head.map { try side($0.id) },
                current: try facts.head.map { try side($0.id) })
        }
    }

    /// The blob that `text` of the document `path` would be.
    func cleanID(of text: [UInt8], _ path: String) throws(HistoryError) -> ObjectID {
        try lifting { try Repository.blobID(of: clean(text, path)) }
    }

    /// The bytes of the blob that `text` of the document `path` would be.
    func clean(_ text: [UInt8], _ path: String) throws(HistoryError) -> [UInt8] {
        try lifting {
            let index = try IndexFile(of: repository).entries(for: Repository.indexPaths(for: path))
            return try repository.clean(text, path: path, index: index)
        }
    }

    /// The text on disk that the blob of `entry` would be for the document `path`.
    func smudged(
        _ entry: Repository.TreeEntry, _ path: String
    ) throws(HistoryError) -> [UInt8] {
        try lifting {
            let index = try IndexFile(of: repository).entries(for: Repository.indexPaths(for: path))
            return try repository.smudge(blob(entry.id, of: path), path: path, index: index)
        }
    }
}

// MARK: Which sessions hold unsaved work

extension Workspace {
    /// A file a session with unsaved work, so that finding them costs with their number and
    /// not with that of all sessions. A mark may outlive the work, never the other way round.
    private var drafts: FilePath { state.appending("drafts") }

    /// Notes, durably, that the session `id` is about to hold unsaved work.
    func markDraft(_ id: ULID, _ path: String) throws(HistoryError) {
        let mark = drafts.appending(id.text)
        try lifting {
            if try files.status(of: mark) != nil { return }
            try files.makeFolders(drafts)
            try files.put("\(path)\n".utf8, at: mark)
        }
    }

    /// Forgets the mark of the session `id`, which holds nothing unsaved any more. Where that
    /// fails the mark outlives the work.
    func unmarkDraft(_ id: ULID) { _ = try? files.remove(drafts.appending(id.text)) }

    /// The ids of the sessions that may hold unsaved work, oldest first.
    func markedDrafts() throws(HistoryError) -> [ULID] {
        try lifting { try files.names(in: drafts).compactMap { ULID($0) }.sorted() }
    }

    /// The sessions that may hold unsaved work, with the documents that their marks name.
    func markedDocuments() throws(HistoryError) -> [(ULID, String)] {
        var found: [(ULID, String)] = []
        for id in try markedDrafts() {
            guard let bytes = try lifting({ try files.readIfPresent(drafts.appending(id.text)) })
            else { continue }
            found.append((id, String(decoding: bytes.dropLast(), as: UTF8.self)))
        }
        return found
    }

    /// The sessions that hold unsaved work, oldest first. One that cannot be read stands in
    /// nobody's way; `recoveryCandidates` names it.
    public func unsavedSessions() throws(HistoryError) -> [Session] {
        var found: [Session] = []
        for id in try markedDrafts() {
            if let session = try? Session.load(id, in: self), session.isUnsaved {
                found.append(session)
            }
        }
        return found
    }
}
