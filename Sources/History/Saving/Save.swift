public import Git
import Merging
import Platform
public import struct SystemPackage.FilePath

/// What is to be saved, and how.
public struct SaveRequest: Sendable {
    /// The documents, by their paths from the work tree's top, each once.
    public let paths: [String]
    /// The subject and body of the commit message; nil for `Update <path>`.
    public var message: String?
    /// What to do about a divergence.
    public var onConflict = ConflictChoice.reject
    /// Whether a document that is gone from the disk is to be deleted.
    public var savesDeletions = false
    /// Whether the hooks `pre-commit` and `commit-msg` run.
    public var runsHooks = true

    /// What the environment of these hooks has besides.
    var hookEnvironment: [String: String] = [:]
    /// Whether the drafts are to be saved also where they are what the disk was when they were
    /// begun: a change led there, and what is on disk by now is no part of it.
    var isOfDraft = false
    /// The mode of drafts whose documents are not on disk; nil for the one that Git knows.
    var mode: FileMode?
    /// The texts of documents that are not to be saved as they are on disk.
    var texts: [String: [UInt8]] = [:]
    /// The texts on disk that those were made of; without one it is HEAD's that gives way.
    var expected: [String: [UInt8]] = [:]
    /// HEAD's versions that those were made of; without one any will do.
    var expectedHead: [String: Repository.TreeEntry?] = [:]

    /// A request to save the documents at `paths` as they are on disk.
    public init(_ paths: [String]) {
        // By bytes: to Swift two spellings of one accent are equal, to Git they are not.
        var seen: Set<[UInt8]> = []
        self.paths = paths.filter { seen.insert(Array($0.utf8)).inserted }
    }
}

/// Something that went wrong after a save was durable; the save stands.
public enum SaveWarning: Sendable {
    /// Notes, index, sessions or refs of docvc's are not up to date; the next command goes on
    /// with them.
    case bookkeeping(HistoryError)
    /// Kept texts whose time has passed are still there.
    case pruning(HistoryError)
    /// The post-commit hook failed.
    case postCommit(RepositoryError)
    /// No checkpoint could be taken.
    case checkpoint(HistoryError)
    /// A session's journal was damaged; what could not be read is kept in that file, where there
    /// was anything.
    case damagedJournal(ULID, kept: FilePath?)
}

/// What a save did.
public struct SaveReport: Sendable {
    /// One document that was saved.
    public struct Saved: Sendable {
        /// The document.
        public let path: String
        /// The blob that holds it; nil where it was deleted.
        public let blob: ObjectID?
        /// Its revision before this one.
        public let previous: RevisionID?
        /// The session's operations that it holds.
        public let operations: [Operation]
    }

    /// A text that gave way to another and is kept.
    public struct Displaced: Sendable {
        /// The document.
        public let path: String
        /// What it was displaced for.
        public let choice: ConflictChoice
        /// Where it is kept.
        public let kept: KeptText
    }

    /// The revision; nil where nothing was to be saved.
    public internal(set) var revision: Revision?
    /// The revision's commit; nil where nothing was to be saved.
    public internal(set) var commit: ObjectID?
    /// The documents in it.
    public internal(set) var saved: [Saved] = []
    /// The documents whose text on disk was replaced, and that are not in a revision.
    public internal(set) var written: [String] = []
    /// The documents that are as HEAD has them.
    public internal(set) var unchanged: [String] = []
    /// The documents whose draft was merged with what others wrote.
    public internal(set) var merged: [String] = []
    /// The documents that were left as they are on disk, unsaved.
    public internal(set) var left: [String] = []
    /// The texts that gave way.
    public internal(set) var displaced: [Displaced] = []
    /// What no undo leads to any more, and is kept.
    public internal(set) var keptHistory: [KeptText] = []
    /// What was done about an interrupted save before this one.
    public internal(set) var recovered: [Recovered] = []
    /// What went wrong after the save was durable.
    public internal(set) var warnings: [SaveWarning] = []

    /// A report on a save that had nothing to do.
    public init() {}
}

extension Workspace {
    /// Saves documents: one commit, all or none, durable when it returns.
    ///
    /// Throws `diverged` where a document is not as expected and the request does not say what
    /// to do about it. Whatever is thrown, nothing was changed.
    public func save(_ request: SaveRequest) throws(HistoryError) -> SaveReport {
        guard !request.paths.isEmpty else { throw .nothingNamed }
        var names: Set<String> = []
        for path in request.paths where !names.insert(path).inserted {
            throw .badPath(path, .lookAlike)
        }
        let access = try ExclusiveAccess(to: self)
        var sessions: [String: Session] = [:]
        let report = try save(request, &sessions, access)
        _ = consume access
        return afterCommit(report)
    }

    /// Saves under the docvc lock: of each document the draft, where it holds unsaved work, and
    /// otherwise what is on disk. The documents' sessions are given where they are known, and
    /// are as the save left them afterwards.
    func save(
        _ request: SaveRequest, _ sessions: inout [String: Session],
        _ access: borrowing ExclusiveAccess
    ) throws(HistoryError) -> SaveReport {
        let author = try lifting { try repository.identity(.author) }
        let committer = try lifting { try repository.identity(.committer) }
        var merges = DraftMerges()
        var result: SaveReport?
        while result == nil {
            var transaction = SaveTransaction(
                try withDrafts(request, &sessions), author: author, committer: committer)
            transaction.sessions = sessions
            transaction.resolutions = merges.resolutions
            do throws(HistoryError) {
                result = try transaction.run(in: self)
                sessions = transaction.sessions
            } catch {
                if case .diverged(let divergences) = error { tell(divergences, sessions) }
                guard case .diverged(let divergences) = error, merges.resolutions.count < 100,
                    request.onConflict == .merge || request.onConflict == .hook,
                    divergences.allSatisfy(\.isMergeable)
                else {
                    try takeBack(merges, &sessions, after: error)
                    throw error
                }
                try merge(divergences, request.onConflict, &sessions, &merges)
            }
        }
        guard var report = result else { throw .nothingNamed }
        report.merged = Set(merges.resolutions.map(\.path)).sorted()
        report.displaced += merges.displaced
        do throws(HistoryError) {
            try settle(report.unchanged, &sessions)
            try adoptDisk(&report, &sessions)
        } catch {
            // Other documents are saved: what was to be left as it is on disk diverges still.
            guard report.commit != nil || !report.written.isEmpty else { throw error }
            report.warnings.append(.bookkeeping(error))
        }
        report.recovered = access.recovered
        report.keptHistory = sessions.values.flatMap(\.kept)
        if report.commit != nil {
            do {
                try pruneKeptTexts()
            } catch {
                report.warnings.append(.pruning(error))
            }
        }
        return report
    }

    /// Tells of the divergences that stopped a save.
    private func tell(_ divergences: [Divergence], _ sessions: [String: Session]) {
        for divergence in divergences {
            let session = sessions[divergence.path]?.id
            outbox.post(.diverged(divergence, session: session, at: world.now()))
        }
    }

    /// What merging the drafts of a save came to.
    private struct DraftMerges {
        var resolutions: [RevisionNote.Resolution] = []
        /// What the merges may have left out.
        var displaced: [SaveReport.Displaced] = []
        /// The sessions as they were before.
        var marks: [String: Session.Mark] = [:]
    }

    /// Takes the merges of a save back that is refused for another reason.
    private func takeBack(
        _ merges: DraftMerges, _ sessions: inout [String: Session], after failure: HistoryError
    ) throws(HistoryError) {
        for (path, mark) in merges.marks {
            try sessions[path]?.takeBack(to: mark, after: failure, in: self)
        }
    }

    /// Merges the drafts that diverged; throws `conflicts` where a person must settle them, with
    /// the conflicts in the draft. Another failure leaves them as they were.
    private func merge(
        _ divergences: [Divergence], _ choice: ConflictChoice, _ sessions: inout [String: Session],
        _ merges: inout DraftMerges
    ) throws(HistoryError) {
        for divergence in divergences {
            let path = divergence.path
            guard var session = sessions[path] else { throw .diverged(divergences) }
            if merges.marks[path] == nil { merges.marks[path] = session.mark }
            let outcome: DraftMergeOutcome
            do throws(HistoryError) {
                // A document that is gone is no side of a merge.
                guard try disk(path).text != nil else { throw .diverged(divergences) }
                outcome = try mergeMeanwhile(&session, by: choice)
            } catch {
                try takeBack(merges, &sessions, after: error)
                throw error
            }
            sessions[path] = session
            outbox.post(.merged(path, session.id, conflicts: outcome.conflicts, at: world.now()))
            if outcome.conflicts > 0 {
                throw .conflicts(
                    path: path, count: outcome.conflicts,
                    kept: session.kept + [outcome.kept].compactMap { $0 })
            }
            if let kept = outcome.kept {
                merges.displaced.append(.init(path: path, choice: choice, kept: kept))
            }
            merges.resolutions.append(
                .init(
                    path: path, kind: divergence.kind.rawValue, choice: choice.rawValue,
                    kept: outcome.kept?.id.text))
        }
    }

    /// `request` with the drafts of its documents, and what they were made of.
    private func withDrafts(
        _ request: SaveRequest, _ sessions: inout [String: Session]
    ) throws(HistoryError) -> SaveRequest {
        if request.paths.count > 1, settings.session != nil { throw .sessionOfSeveral }
        var request = request
        for path in request.paths where request.texts[path] == nil {
            if sessions[path] == nil {
                let facts = try facts(of: path)
                sessions[path] =
                    request.paths.count == 1
                    ? try openSession(of: path, facts) : try session(of: path, facts)
            }
            guard let session = sessions[path], session.isUnsaved || request.isOfDraft else {
                continue
            }
            guard let draft = session.draft else {
                throw .draftIsGone(path, canRedo: session.history.canRedo)
            }
            // What a merge left open is not saved by oversight.
            let conflicts = try openConflicts(in: session)
            guard conflicts.isEmpty else { throw .conflicts(path: path, count: conflicts.count) }
            let baseline = session.state.baseline
            request.texts[path] = draft
            request.expected[path] = baseline.text
            request.expectedHead[path] = .some(baseline.head)
        }
        return request
    }

    /// Remembers what others did to documents that are unchanged: where they committed the draft's
    /// very text, nothing of it is unsaved.
    private func settle(
        _ paths: [String], _ sessions: inout [String: Session]
    ) throws(HistoryError) {
        for path in paths {
            guard var session = sessions[path], session.isOnDisk, session.hasPending else {
                continue
            }
            try session.write(in: self)
            sessions[path] = session
            if !session.isUnsaved { try removeCheckpoint(of: session.id) }
        }
    }

    /// Makes the text on disk the draft of each session whose own draft was kept.
    private func adoptDisk(
        _ report: inout SaveReport, _ sessions: inout [String: Session]
    ) throws(HistoryError) {
        var adopted: [(path: String, mark: Session.Mark)] = []
        for path in report.left where report.displaced.contains(where: { $0.path == path }) {
            guard var session = sessions[path] else { continue }
            let mark = session.mark
            do throws(HistoryError) {
                let facts = try facts(of: path)
                if facts.disk.text != session.draft {
                    try session.perform(
                        .external, "reload from disk", facts.disk.text, Authorship(in: self))
                }
                try session.base(head: facts.head)
                try session.write(in: self)
            } catch {
                for (path, mark) in adopted {
                    try sessions[path]?.takeBack(to: mark, after: error, in: self)
                }
                throw error
            }
            sessions[path] = session
            adopted.append((path, mark))
        }
        for (path, _) in adopted {
            do throws(HistoryError) {
                if let session = sessions[path] { try removeCheckpoint(of: session.id) }
            } catch {
                report.warnings.append(.bookkeeping(error))
            }
        }
    }

    /// What follows a save when the lock is free again: the hook may itself run docvc.
    func afterCommit(_ report: SaveReport) -> SaveReport {
        guard report.commit != nil else { return report }
        var report = report
        do {
            try repository.runHook("post-commit", index: repository.indexPath)
        } catch {
            report.warnings.append(.postCommit(error))
        }
        return report
    }
}
