import Git
import Platform
public import SystemPackage

/// What was found, and done, about a save or an edit that was interrupted.
public enum Recovered: Sendable, Equatable {
    /// The save's commit was in place: the rest was done.
    case finished(RevisionID)
    /// The save's commit was not in place: its documents are as they were before it.
    case rolledBack([String])
    /// A lock file of Git's that the save had left was removed.
    case unlocked(String)
    /// A save waits to be finished: another process holds this lock.
    case waiting(String)
    /// What an editor wrote in the document whose `docvc edit` died is the draft now. `kept` is
    /// what no undo leads to any more; or the text itself, where its session cannot be read.
    case adopted(String, kept: [ULID])
    /// An editor left something else than a file of the document, which lies there now.
    case setAside(String, in: FilePath)
}

extension Workspace {
    /// Finishes or takes back an interrupted save. Only under the docvc lock.
    ///
    /// It is finished if its commit is on the branch, if only as an ancestor: others may have
    /// committed since. Killed itself and run again it comes to the same end, because each
    /// step looks at what is there and not at what was done.
    func recover() throws(HistoryError) -> [Recovered] {
        var recovered: [Recovered] = []
        try lifting {
            try files.remove(hookIndex)
            for name in try files.names(in: scratchFolder) {
                let path = scratchFolder.appending(name)
                if try files.status(of: path)?.kind == .folder {
                    try MergeHook.sweep(path, world)
                } else {
                    try files.remove(path)
                }
            }
        }
        for lock in try lifting({ try repository.removeAbandonedLocks() }) {
            recovered.append(.unlocked(lock.string))
        }
        guard let intent = try pendingIntent() else {
            // A torn one, where there is any.
            try removeIntent()
            return recovered
        }
        if let publication = intent.publication, try isPublished(publication) {
            try finish(intent, publication)
            recovered.append(.finished(publication.revision))
        } else {
            // Where no commit was to be made it is done when all texts have arrived on disk.
            let isDone = if intent.publication == nil { try hasArrived(intent) } else { false }
            try rollBack(intent, undoing: !isDone)
            recovered.append(.rolledBack(intent.documents.map(\.path)))
        }
        return recovered
    }

    /// Whether the commit is on its branch, if only as an ancestor of the tip.
    func isPublished(_ publication: Intent.Publication) throws(HistoryError) -> Bool {
        guard let commit = ObjectID(hex: publication.commit) else { return false }
        return try lifting {
            guard let tip = try repository.target(of: publication.reference) else { return false }
            return try repository.isAncestor(commit, of: tip)
        }
    }

    /// Takes back a save that failed with `failure`; throws where that fails too, on a disk that
    /// has become read-only for one. Then the intent stays, and the next command decides.
    ///
    /// The branch may have moved although its update failed, if the folder could not be made
    /// durable after it.
    func takeBack(
        _ intent: Intent, by who: Signature, after failure: any Error
    ) throws(HistoryError) {
        do {
            if let publication = intent.publication, try isPublished(publication) {
                try takeBack(publication, by: who)
            }
            try rollBack(intent, undoing: true)
        } catch {
            do throws(HistoryError) {
                try lifting { throw failure }
            } catch {
                throw .unsettled(error)
            }
        }
    }

    /// Moves the branch back from a commit whose durability is in doubt.
    private func takeBack(
        _ publication: Intent.Publication, by who: Signature
    ) throws(HistoryError) {
        guard let commit = ObjectID(hex: publication.commit) else { return }
        try lifting {
            guard let old = publication.old.flatMap({ ObjectID(hex: $0) }) else {
                return try repository.delete(
                    publication.reference, expecting: commit, timeout: settings.lockTimeout)
            }
            try repository.update(
                ReferenceUpdate(
                    publication.reference, from: commit, to: old,
                    reason: "docvc save: taken back"), by: who, timeout: settings.lockTimeout)
        }
    }

    /// Takes back what was done on disk: each document is the old text again.
    ///
    /// Unless `undoing`, a text that has arrived on disk stays: then this only clears away what
    /// the exchange left.
    func rollBack(_ intent: Intent, undoing: Bool) throws(HistoryError) {
        for document in intent.documents {
            guard let replacement = try knownReplacement(of: document) else { continue }
            let inTemporary = try lifting { try files.readIfPresent(replacement.temporary) }
            let onDisk = try lifting { try files.readIfPresent(replacement.location) }
            // Without an exchange, or where nothing was displaced, there is no temporary file.
            let isInPlace = onDisk == replacement.new && inTemporary != replacement.new
            if isInPlace && undoing { try replacement.undo(in: self) }
            try replacement.finish(in: self)
        }
        try removeIntent()
    }

    /// Whether each document that was to be written is on disk.
    private func hasArrived(_ intent: Intent) throws(HistoryError) -> Bool {
        for document in intent.documents {
            guard let replacement = try knownReplacement(of: document) else { continue }
            let onDisk = try lifting { try files.readIfPresent(replacement.location) }
            if onDisk != replacement.new { return false }
        }
        return true
    }

    /// The replacement that an intent tells of, where the texts are still in the repository.
    ///
    /// `git gc --prune=now` may have removed them, since nothing names them yet. Then nobody
    /// can say what was exchanged: the disk is left as it is, and what the temporary file holds
    /// is kept.
    private func knownReplacement(
        of document: Intent.Document
    ) throws(HistoryError) -> Replacement? {
        do throws(HistoryError) {
            return try replacement(of: document)
        } catch {
            guard case .repository(.badObject) = error, let id = document.temporary else {
                throw error
            }
            let temporary = Replacement.temporary(for: location(of: document.path), id)
            if let text = try lifting({ try files.readIfPresent(temporary) }) {
                _ = try keep(text, of: document.path, because: "left by an interrupted save")
                try lifting { try files.remove(temporary) }
            }
            return nil
        }
    }

    /// Does what is left of a save whose commit is on the branch.
    private func finish(
        _ intent: Intent, _ publication: Intent.Publication
    ) throws(HistoryError) {
        guard let commit = ObjectID(hex: publication.commit),
            let note = ObjectID(hex: publication.note)
        else { throw .badState("the intent of \(publication.revision) names no commit") }
        try lifting {
            // The index first: Git's next commit would take the save back where it is old.
            var changes: [String: IndexFile.Change] = [:]
            var index = try repository.lockIndex(timeout: settings.lockTimeout)
            let entries = try index.index.entries(for: Set(intent.documents.map(\.path)))
            for document in intent.documents {
                let present = entries[document.path]?.first?.id.hex
                guard present == document.indexed else { continue }
                changes[document.path] = try change(for: document)
            }
            if !changes.isEmpty {
                try index.prepare(changes)
                try index.commit()
            }
        }
        try lifting {
            let notes = try Notes(RevisionNote.reference, in: repository)
            if try notes.note(on: commit, in: repository) == nil {
                try write(notes: [(commit, repository.blob(note))], message: "docvc: finish a save")
            }
        }
        var sessions: [String: Session] = [:]
        try conclude(intent, publication, sessions: &sessions)
        try removeIntent()
    }

    private func change(for document: Intent.Document) throws(HistoryError) -> IndexFile.Change {
        guard let entry = document.entry else { return .remove }
        // Without the file's status, Git compares the content once.
        return .set(entry.mode, entry.id, nil)
    }

    /// The last steps but the intent's end: the sessions remember the save, and the temporary
    /// files go.
    ///
    /// Sessions and texts are given where they are known; a later process finds them.
    func conclude(
        _ intent: Intent, _ publication: Intent.Publication,
        sessions: inout [String: Session], texts: [String: [UInt8]?] = [:]
    ) throws(HistoryError) {
        guard let commit = ObjectID(hex: publication.commit) else { return }
        for document in intent.documents {
            if let id = document.session {
                let path = document.path
                let text = if let text = texts[path] { text } else { try savedText(document) }
                let head = document.entry
                var session =
                    if let known = sessions[path] {
                        known
                    } else if let found = try Session.load(
                        id, in: self)
                    { found } else {
                        try Session.new(path, asked: id, base: text, head: head, in: self)
                    }
                try session.save(
                    text, head: head, as: publication.revision, in: commit,
                    Authorship(actor: nil, source: settings.source, time: world.now()))
                try session.write(in: self)
                sessions[path] = session
                try removeCheckpoint(of: id)
            }
            try knownReplacement(of: document)?.finish(in: self)
        }
    }

    /// The text on disk that a save made the document's.
    private func savedText(_ document: Intent.Document) throws(HistoryError) -> [UInt8]? {
        guard let entry = document.entry else { return nil }
        if let new = document.new.flatMap({ ObjectID(hex: $0) }) {
            return try lifting { try repository.blob(new) }
        }
        // It was saved as it was on disk, where another writer may have been since.
        if let text = try disk(document.path).text, try cleanID(of: text, document.path) == entry.id
        {
            return text
        }
        return try smudged(entry, document.path)
    }

    /// Writes notes on commits and moves the notes reference, however often another process
    /// moves it in the meantime.
    func write(
        notes new: [(commit: ObjectID, text: [UInt8])], message: String
    ) throws(HistoryError) {
        try lifting {
            for attempt in 0... {
                let notes = try Notes(RevisionNote.reference, in: repository)
                var batch = ObjectBatch()
                let commit = try notes.adding(
                    new, by: writer(), message: message, to: &batch, in: repository)
                try batch.store(in: repository)
                do throws(RepositoryError) {
                    return try repository.update(
                        ReferenceUpdate(
                            RevisionNote.reference, from: notes.commit, to: commit,
                            reason: message), by: writer(), timeout: settings.lockTimeout)
                } catch {
                    guard case .moved = error, attempt < 100 else { throw error }
                }
            }
        }
    }
}
