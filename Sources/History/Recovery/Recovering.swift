import Git
import Platform
import SystemPackage

/// What to do where the document moved on since the work to be recovered was left.
public enum RecoveryChoice: String, Sendable, CaseIterable {
    /// Change nothing and say so.
    case reject
    /// Merge the work with the document on disk.
    case merge
    /// Make the work the draft all the same.
    case force
}

/// What became of work that was let go.
public struct DiscardReport: Sendable {
    /// The candidate.
    public let candidate: RecoveryCandidate
    /// What its text is kept as; nil where it was a kept text, which is gone for good.
    public let kept: KeptText?
}

extension Workspace {
    /// The text of the candidate `id`.
    public func recoverable(_ id: ULID) throws(HistoryError) -> (RecoveryCandidate, [UInt8]) {
        let work = try findWork(id)
        return (work.candidate, work.text)
    }

    /// Makes the work of the candidate `id` the draft of its document.
    ///
    /// It is an operation, so that it can be undone. Throws `recoveryDiverged` where the
    /// document on disk is neither what it was when the work was left nor the work itself,
    /// unless `choice` says what to do then. Killed and run again it comes to the same end.
    public func recover(
        _ id: ULID, onConflict choice: RecoveryChoice = .reject
    ) throws(HistoryError) -> EditReport {
        let work = try findWork(id)
        let path = work.candidate.path
        var kept: KeptSession?
        if case .checkpoint(_, let journal?) = work.source {
            kept = KeptSession(id: id, journal: journal)
        }
        var conflicts = 0
        var report = try change(path, saving: nil, from: kept) {
            (session, workspace) throws(HistoryError) in
            let facts = try workspace.facts(of: path)
            let now = facts.disk.text
            if case .replaced = facts.disk {
                // No draft could be saved there, whatever the choice.
                throw .recoveryDiverged(
                    work.candidate,
                    try Divergence(path, .replacedOnDisk, from: work.baseline, to: nil))
            }
            var text = work.text
            var outcome = ChangeOutcome()
            let who = Authorship(in: workspace, source: .recover)
            func adopt(_ kind: Operation.Kind, _ intent: String) throws(HistoryError) {
                guard session.draft != text else { return }
                outcome.operation = try session.perform(kind, intent, text, who)
            }
            if now != work.baseline && now != work.text {
                switch choice {
                case .reject:
                    throw .recoveryDiverged(
                        work.candidate,
                        try Divergence(
                            path, now == nil ? .deletedOnDisk : .modifiedOnDisk,
                            from: work.baseline, to: now))
                case .force:
                    break
                case .merge:
                    // Two operations, so that the merge alone can be undone, and its versions are
                    // known while it is open.
                    try adopt(.recover, "recover \(id)")
                    try session.rebase(
                        .init(text: work.baseline, head: session.state.baseline.head))
                    let merged = try workspace.merge(
                        path, base: work.baseline ?? [], ours: work.text, theirs: now ?? [],
                        theirName: "disk", by: .merge)
                    (text, conflicts) = (merged.bytes, merged.conflicts)
                    try adopt(.merge, "merge with what is on disk")
                }
            }
            try adopt(.recover, "recover \(id)")
            // The document as it is now is what the draft stands against.
            if session.isUnsaved {
                try session.rebase(.init(text: now, head: facts.head))
            } else if now == text {
                try session.base(head: facts.head)
            }
            return outcome
        }
        do throws(HistoryError) {
            let access = try ExclusiveAccess(to: self)
            try settle(work, in: report.session)
            outbox.post(
                .candidate(.recovered, id.text, of: path, session: report.session, at: world.now()))
            if conflicts > 0 {
                outbox.post(
                    .merged(path, report.session, conflicts: conflicts, at: world.now()))
            }
            _ = access.recovered
        } catch {
            // The work is in the draft; that it is kept elsewhere, too, does no harm.
            report.warnings.append(.bookkeeping(error))
        }
        if conflicts > 0 { throw .conflicts(path: path, count: conflicts) }
        return report
    }

    /// Lets go of the work of the candidate `id`, or of the draft of the session `id`. A text
    /// that was kept goes for good; any other is kept first.
    public func discard(_ id: ULID) throws(HistoryError) -> DiscardReport {
        let access = try ExclusiveAccess(to: self)
        defer { _ = access.recovered }
        let work = try findWork(id)
        let path = work.candidate.path
        let discarded = Event.candidate(
            .discarded, id.text, of: path, session: nil, at: world.now())
        switch work.source {
        case .kept(let tree):
            try lifting {
                try repository.delete(
                    KeptText.prefix + id.text, expecting: tree, timeout: settings.lockTimeout)
            }
            outbox.post(discarded)
            return DiscardReport(candidate: work.candidate, kept: nil)
        case .checkpoint:
            let kept = try keep(work.text, of: path, because: "discarded checkpoint")
            try removeCheckpoint(of: id)
            outbox.post(discarded)
            return DiscardReport(candidate: work.candidate, kept: kept)
        case .session(var session):
            let kept = try keep(work.text, of: path, because: "discarded draft")
            let facts = try facts(of: path)
            try session.perform(
                .discard, "discard the draft", facts.disk.text, Authorship(in: self))
            try session.base(head: facts.head)
            try session.write(in: self)
            try removeCheckpoint(of: id)
            outbox.post(discarded)
            return DiscardReport(candidate: work.candidate, kept: kept)
        }
    }

    /// Clears away the candidates that the document on disk is equal to: nothing of them is
    /// left to recover.
    public func clearSettledCandidates() throws(HistoryError) {
        let access: ExclusiveAccess
        do throws(HistoryError) {
            access = try ExclusiveAccess(to: self, timeout: .milliseconds(100))
        } catch {
            // Another process works here, or holds up an interrupted save; it is no hurry.
            switch error {
            case .busy, .repository(.locked): return
            // Who may only read can see what there is.
            case .file(let error)
            where [.permissionDenied, .notPermitted, .readOnlyFileSystem].contains(error.errno):
                return
            default: throw error
            }
        }
        for work in try unsavedWork().0 where work.candidate.disk == .same {
            try settle(work, in: nil)
            if case .kept(let tree) = work.source {
                try lifting {
                    try repository.delete(
                        KeptText.prefix + work.candidate.id.text, expecting: tree,
                        timeout: settings.lockTimeout)
                }
            }
        }
        _ = access.recovered
    }

    // MARK: Parts

    private func findWork(_ id: ULID) throws(HistoryError) -> UnsavedWork {
        if let work = try unsavedWork().0.first(where: { $0.candidate.id == id }) { return work }
        // A draft in its place can be shown and discarded like any other.
        if let session = try Session.load(id, isNamed: true, in: self), session.isUnsaved,
            let work = try work(of: session, because: "an open draft")
        {
            return work
        }
        throw .noCandidate(id.text)
    }

    /// Closes what held work that is now in the session `id`, or is on disk. Only under the
    /// docvc lock.
    private func settle(_ work: UnsavedWork, in id: ULID?) throws(HistoryError) {
        switch work.source {
        case .session(let seen) where seen.id != id:
            // Its draft is in good hands: it counts as what is on disk.
            guard var session = try Session.load(seen.id, isNamed: true, in: self),
                session.draft == work.text
            else { return }
            try session.base(head: session.state.baseline.head)
            try session.write(in: self)
            try removeCheckpoint(of: session.id)
        case .checkpoint where work.candidate.id != id:
            try removeCheckpoint(of: work.candidate.id)
        case .session, .checkpoint, .kept:
            break
        }
    }
}
