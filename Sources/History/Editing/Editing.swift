public import Documents
public import Git
import Platform

/// What is to become of a draft that an operation made.
public struct DraftSaving: Sendable {
    /// The subject and body of the commit message; nil for `Update <path>`.
    public var message: String?
    /// What to do about a divergence.
    public var onConflict = ConflictChoice.reject
    /// Whether the hooks `pre-commit` and `commit-msg` run.
    public var runsHooks = true

    /// The mode that a document gets which is not on disk; nil for the one that Git knows.
    var mode: FileMode?

    /// Saved as `save` does it.
    public init() {}

    fileprivate func request(_ path: String) -> SaveRequest {
        var request = SaveRequest([path])
        request.message = message
        request.onConflict = onConflict
        request.runsHooks = runsHooks
        request.isOfDraft = true
        request.mode = mode
        return request
    }
}

/// What a change of a draft came to.
struct ChangeOutcome {
    /// The operation that was made, undone or redone; nil where the draft is as it was.
    var operation: Operation?
    /// How many occurrences of a text were replaced.
    var replacements = 0
    /// Whether a front-matter key was added or removed.
    var changesKeys = false
}

/// What an operation did to a draft.
public struct EditReport: Sendable {
    /// The document.
    public let path: String
    /// The session.
    public let session: ULID
    /// The operation; nil where the draft is as it was.
    public let operation: Operation?
    /// How far undo and redo reach now.
    public let history: EditHistory
    /// The blob that the draft would be as it is on disk; nil where it is no document.
    public let blob: ObjectID?
    /// The draft's size in bytes.
    public let size: Int
    /// Whether the draft holds what the disk does not.
    public let isUnsaved: Bool
    /// How many undone operations were dropped.
    public internal(set) var droppedRedo: Int
    /// How many occurrences of a text in the body were replaced.
    public let replacements: Int
    /// What no undo leads to any more, and is kept.
    public internal(set) var kept: [KeptText]
    /// What the save did; nil where none was asked for.
    public internal(set) var save: SaveReport?
    /// What was done about an interrupted save before.
    public internal(set) var recovered: [Recovered] = []
    /// What went wrong after the operation was durable.
    public internal(set) var warnings: [SaveWarning] = []

    /// What `outcome` came to in `session`.
    init(_ session: Session, _ outcome: ChangeOutcome) throws(HistoryError) {
        let draft = session.draft
        path = session.path
        self.session = session.id
        operation = outcome.operation
        history = session.history
        blob = try lifting { try draft.map { try Repository.blobID(of: $0) } }
        size = draft?.count ?? 0
        isUnsaved = session.isUnsaved
        droppedRedo = session.droppedRedo
        replacements = outcome.replacements
        kept = session.kept
    }
}

extension Workspace {
    /// Makes edits of the draft of the document `path`, one after the other, as one operation;
    /// and saves it where `saving` is given.
    ///
    /// The draft is durable in the session's journal when it returns; the document on disk
    /// changes with a save only. Throws `refusedEdit` where an edit cannot be made or proven, and
    /// `diverged`, `unfinished` or `conflicts` where a merge left conflicts that come first.
    /// Whatever is thrown, nothing was changed, but that a save which merged and threw `conflicts`
    /// leaves the edit, and the merge, in the draft.
    public func edit(
        _ path: String, _ edits: [Edit], saving: DraftSaving? = nil
    ) throws(HistoryError) -> EditReport {
        try change(path, saving: saving) { (session, workspace) throws(HistoryError) in
            try workspace.checkSettledOnDisk(session)
            let text = try workspace.editableText(of: session)
            let document = Document(text)
            let result: EditResult
            do throws(EditError) {
                result = try Edit.apply(
                    edits, to: document, remembering: session.earlierTexts.map { Document($0) })
            } catch {
                if case .unparsable = error {
                    let open = try workspace.openConflicts(in: session)
                    guard open.isEmpty else { throw .conflicts(path: path, count: open.count) }
                }
                throw .refusedEdit(path: path, error, near: nearMisses(error, document))
            }
            guard result.document.bytes != text else { return ChangeOutcome() }
            let operation = try session.perform(
                edits.first?.kind ?? .set, edits.map(\.intent).joined(separator: ", "),
                result.document.bytes, splices: result.splices, Authorship(in: workspace))
            return ChangeOutcome(
                operation: operation, replacements: result.replacements,
                changesKeys: keys(of: document) != keys(of: result.document))
        }
    }

    /// Changes the draft of the document `path` by `body`, durably, and saves it where `saving`
    /// is given. A document without a session goes on with the `kept` one, if any.
    func change(
        _ path: String, saving: DraftSaving?, from kept: KeptSession? = nil,
        _ body: (inout Session, borrowing Workspace) throws(HistoryError) -> ChangeOutcome
    ) throws(HistoryError) -> EditReport {
        let access = try ExclusiveAccess(to: self)
        var session = try openSession(of: path, facts(of: path), from: kept)
        let mark = session.mark
        let outcome = try body(&session, self)
        try session.write(in: self)
        atStep(.edited)
        var save: SaveReport?
        var warnings: [SaveWarning] = session.damage
        if let saving {
            var sessions = [path: session]
            do throws(HistoryError) {
                save = try self.save(saving.request(path), &sessions, access)
            } catch {
                // Refused as a whole: the draft is as it was before, unless it holds conflicts
                // that a merge has just left in it.
                session = sessions[path] ?? session
                if case .conflicts = error, session.isMerged(since: mark) { throw error }
                try session.takeBack(to: mark, after: error, in: self)
                throw error
            }
            session = sessions[path] ?? session
        } else {
            do throws(HistoryError) {
                try checkpointIfDue(&session, changesKeys: outcome.changesKeys)
            } catch {
                // The journal has the operation; the second copy must wait.
                warnings.append(.checkpoint(error))
            }
        }
        let recovered = access.recovered
        _ = consume access
        if let saved = save { save = afterCommit(saved) }
        var report = try EditReport(session, outcome)
        report.save = save
        report.recovered = recovered
        report.warnings = warnings
        return report
    }

    /// The draft's text, for an edit of it.
    func editableText(of session: Session) throws(HistoryError) -> [UInt8] {
        if let text = session.draft { return text }
        // Says what is in the way, or that there is nothing.
        _ = try textOnDisk(session.path)
        throw .badPath(session.path, .missing)
    }
}

/// The top-level keys of a document's front matter; none where it cannot be read.
func keys(of document: Document) -> [Text] {
    (try? document.readFrontMatter())?.entries.map(\.key) ?? []
}

/// The keys that may have been meant where `error` tells of one that is missing.
private func nearMisses(_ error: EditError, _ document: Document) -> [FieldPath] {
    guard case .missing(let key) = error else { return [] }
    return (try? document.readFrontMatter())?.nearMisses(to: key) ?? []
}

extension Edit {
    /// What kind of operation it is.
    var kind: Operation.Kind {
        switch self {
        case .set, .append, .remove, .reorder, .insert: .set
        case .unset: .unset
        case .rename, .move: .rename
        case .replaceFrontMatter: .frontMatter
        case .replaceBody, .replaceText, .patchBody: .body
        }
    }

    /// What it is meant to do, in a few words.
    var intent: String {
        switch self {
        case .set(let path, _): "set \(path)"
        case .append(let path, _): "add to \(path)"
        case .remove(let path, _): "remove from \(path)"
        case .unset(let path): "unset \(path)"
        case .rename(let path, let name): "rename \(path) to \(FieldPath(key: name))"
        case .reorder(let path, _): path.steps.isEmpty ? "reorder keys" : "reorder \(path)"
        case .move(let path, let target): "move \(path) to \(target)"
        case .insert(_, let path): "set \(path)"
        case .replaceFrontMatter: "replace front matter"
        case .replaceBody: "replace body"
        case .replaceText: "replace text in body"
        case .patchBody: "patch body"
        }
    }
}
