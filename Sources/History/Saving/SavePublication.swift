import Git
import Platform
import SystemPackage

extension SaveTransaction {
    /// Makes the draft what the branch, the disk, the notes and the index say.
    mutating func publish(
        _ draft: SaveDraft, _ plan: SavePlan, in workspace: borrowing Workspace
    ) throws {
        let timeout = workspace.settings.lockTimeout
        // From here no checkout, merge or commit of Git's starts in this work tree.
        var index = try workspace.repository.lockIndex(known: plan.index, timeout: timeout)
        guard try workspace.repository.head() == plan.head else { throw Restart.headMoved }
        // What was staged meanwhile, or a merge that has begun, is looked at from the start.
        guard try workspace.repository.unfinished() == nil, try plan.isCurrent(index.index) else {
            throw Restart.indexChanged
        }
        let changed = try changedOnDisk(plan, in: workspace)
        let texts = plan.documents.map { ($0.path, $0.text) }
        guard changed.isEmpty else { return try settle(changed, texts, in: workspace) }

        let publication = Intent.Publication(
            revision: draft.revision.id, commit: draft.commit.hex, reference: plan.head.reference,
            old: plan.head.commit?.hex, note: draft.note.hex)
        let intent = try Intent(
            documents: plan.documents.map { try intended($0, draft.sessions, in: workspace) },
            publication: publication)
        try workspace.write(intent)
        workspace.atStep(.intentWritten)
        let raced: [Divergence]
        var changes = IndexedDocuments(plan.documents)
        do {
            raced = try replaceTexts(plan.documents, intent, in: workspace)
            if raced.isEmpty {
                try changes.prepare(&index, in: workspace)
                try workspace.repository.update(
                    ReferenceUpdate(
                        plan.head.reference, from: plan.head.commit, to: draft.commit,
                        reason: "docvc save: \(subject(of: draft, in: workspace))"),
                    by: committer, timeout: timeout)
            }
        } catch {
            try workspace.takeBack(intent, by: committer, after: error)
            if case RepositoryError.moved = error { throw Restart.headMoved }
            throw error
        }
        guard raced.isEmpty else {
            try workspace.takeBack(intent, by: committer, after: HistoryError.diverged(raced))
            return try settle(raced, texts, in: workspace)
        }
        // The commit point: from here the save holds, whatever fails.
        workspace.atStep(.branchMoved)
        tell(draft, plan)
        // Each for itself: what fails is left to the next command, and keeps back nothing else.
        var isDone = true
        func note(_ body: () throws -> Void) {
            do throws(HistoryError) {
                try lifting(body)
            } catch {
                isDone = false
                report.warnings.append(.bookkeeping(error))
            }
        }
        note { try moveNotes(draft, in: workspace) }
        workspace.atStep(.notesMoved)
        note { try changes.commit(&index, in: workspace) }
        note {
            try workspace.conclude(
                intent, publication, sessions: &sessions,
                texts: Dictionary(uniqueKeysWithValues: texts))
        }
        if isDone { note { try workspace.removeIntent() } }
        for document in plan.documents {
            report.warnings += sessions[document.path]?.damage ?? []
        }
    }

    // MARK: The disk

    /// The documents whose text on disk is no longer what was read.
    private func changedOnDisk(
        _ plan: SavePlan, in workspace: borrowing Workspace
    ) throws -> [Divergence] {
        try plan.documents.compactMap { document in
            let now = try workspace.disk(document.path)
            if now.text == document.disk.text { return nil }
            let kind: Divergence.Kind =
                switch now {
                case .file: .modifiedOnDisk
                case .missing: .deletedOnDisk
                case .replaced: .replacedOnDisk
                }
            return try race(document, kind, now.text)
        }
    }

    /// The divergence of a document from the text that was read.
    private func race(
        _ document: PlannedDocument, _ kind: Divergence.Kind, _ now: [UInt8]?
    ) throws -> Divergence {
        try Divergence(document.path, kind, from: document.disk.text, to: now)
    }

    /// Puts the documents' new texts on disk, durably; a text that is there already is made
    /// durable where it is. Returns the documents that another writer changed first.
    func replaceTexts(
        _ documents: [PlannedDocument], _ intent: Intent, in workspace: borrowing Workspace
    ) throws -> [Divergence] {
        for (document, intended) in zip(documents, intent.documents) {
            guard let replacement = try workspace.replacement(of: intended) else { continue }
            if let status = document.disk.status, status.links > 1 {
                throw HistoryError.hardLinked(document.path)
            }
            if document.disk.text == nil {
                try workspace.files.makeFolders(replacement.location.removingLastComponent())
            }
            do throws(FileError) {
                try replacement.prepare(
                    executable: document.entry?.mode == .executable, files: workspace.files)
            } catch {
                // The document whose metadata is copied may be gone by now.
                let kind: Divergence.Kind
                switch try workspace.disk(document.path) {
                case .missing where error.path == replacement.location: kind = .deletedOnDisk
                case .replaced where error.path == replacement.location: kind = .replacedOnDisk
                default: throw error
                }
                return [try race(document, kind, nil)]
            }
        }
        for (document, intended) in zip(documents, intent.documents) {
            workspace.atStep(.beforeExchange(document.path))
            if let replacement = try workspace.replacement(of: intended) {
                guard try replacement.exchange(in: workspace) else {
                    let now = try workspace.disk(document.path)
                    return [try race(document, .modifiedOnDisk, now.text)]
                }
            } else {
                try makeDurable(document, in: workspace)
            }
        }
        return []
    }

    /// Makes the document durable as it lies on disk, and its name, and the names of the
    /// folders above a new one.
    private func makeDurable(
        _ document: PlannedDocument, in workspace: borrowing Workspace
    ) throws {
        let location = workspace.location(of: document.path)
        if document.text != nil { try workspace.files.open(location).sync() }
        var folder = location.removingLastComponent()
        // The folder of a deleted document may be gone with it.
        while try workspace.files.status(of: folder) == nil {
            folder = folder.removingLastComponent()
        }
        try workspace.files.syncFolder(folder)
        guard document.baseline == nil else { return }
        while folder != workspace.repository.workTree {
            folder = folder.removingLastComponent()
            try workspace.files.syncFolder(folder)
        }
    }

    // MARK: What is said of it

    /// What the intent says of a document.
    func intended(
        _ document: PlannedDocument, _ sessions: [String: ULID] = [:],
        in workspace: borrowing Workspace
    ) throws -> Intent.Document {
        let writes = document.writesDisk
        return Intent.Document(
            path: document.path, temporary: writes ? ULID(in: workspace.world) : nil,
            old: writes ? try document.disk.text.map { try Repository.blobID(of: $0).hex } : nil,
            new: writes ? try document.text.map { try Repository.blobID(of: $0).hex } : nil,
            blob: document.entry?.id.hex, mode: document.entry?.mode.rawValue,
            indexed: document.indexed?.hex, session: sessions[document.path])
    }

    private func subject(of draft: SaveDraft, in workspace: borrowing Workspace) throws -> String {
        try workspace.repository.commit(draft.commit).subject
    }

    private mutating func tell(_ draft: SaveDraft, _ plan: SavePlan) {
        report.revision = draft.revision
        report.commit = draft.commit
        report.saved = plan.documents.map {
            .init(
                path: $0.path, blob: $0.entry?.id, previous: draft.previous[$0.path],
                operations: sessions[$0.path]?.unsavedOperations ?? [])
        }
    }

    private func moveNotes(_ draft: SaveDraft, in workspace: borrowing Workspace) throws {
        do throws(RepositoryError) {
            try workspace.repository.update(
                draft.notes, by: committer, timeout: workspace.settings.lockTimeout)
        } catch {
            guard case .moved = error else { throw error }
            // Another clone's notes were fetched, or another work tree saved: on top of them.
            let text = try workspace.repository.blob(draft.note)
            try workspace.write(notes: [(draft.commit, text)], message: draft.notes.reason)
        }
    }
}
