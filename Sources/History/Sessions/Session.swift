import Documents
import Git
import Platform
import SystemPackage

/// The editing of one document in one work tree: its draft, and the operations that made it.
///
/// It is kept in `$GIT_DIR/docvc/sessions/<id>/journal`. What changes it is first noted here
/// and is durable when `write` has returned; both only under the docvc lock.
public struct Session: Sendable {
    private(set) var state: SessionState
    private var journal: Journal
    /// What is noted and not yet in the journal.
    private var pending: [SessionRecord] = []
    /// What is to be told of it when it is in the journal.
    private var events: [Event] = []
    /// How far undo and redo reached when the journal was last read or written.
    private var told: EditHistory
    /// How many operations may be undone.
    private let bounds: HistoryBounds
    /// What of the state of affairs was dropped and is to be kept under a rescue id.
    private var dropped: [DroppedText] = []
    /// How many undone operations were dropped since the session was read.
    private(set) var droppedRedo = 0
    /// What no undo leads to any more, as it was kept when the journal was written.
    private(set) var kept: [KeptText] = []
    /// Whether the journal was damaged when it was read.
    let wasDamaged: Bool
    /// What is to be said of that, when the journal is written.
    var damage: [SaveWarning] {
        wasDamaged ? [.damagedJournal(id, kept: journal.tailFile)] : []
    }
    /// Whether it was come to by its id, and may be beside the document's open session.
    private let isNamed: Bool

    /// A text that no undo or redo leads to any more.
    struct DroppedText: Sendable {
        let text: [UInt8]
        let reason: String
        /// The whole journal, where that goes too.
        var journal: [UInt8]?
    }

    /// The session's id.
    public var id: ULID { state.id }
    /// The document.
    public var path: String { state.path }
    /// The draft, as it would be on disk; nil where there is no document.
    public var draft: [UInt8]? { state.text }
    /// Whether the draft holds what the disk, as last known, does not.
    public var isUnsaved: Bool { state.isUnsaved }
    /// How far undo and redo reach.
    public var history: EditHistory {
        EditHistory(
            undoDepth: state.cursor, redoDepth: state.redoDepth, limit: bounds.operations)
    }
    /// The operations that are kept, oldest first.
    public var operations: [Operation] { state.operations }
    /// How many of them are applied.
    public var cursor: Int { state.cursor }
    /// The applied operations since the last save.
    public var unsavedOperations: [Operation] { Array(state.unsavedOperations) }
    /// Texts that the draft had before, the last ones first, and what was on disk.
    var earlierTexts: [[UInt8]] { state.earlierTexts }
    /// The last revision that saved the document in this session.
    var lastRevision: RevisionID? { state.last?.revision }
    /// The number of the revision to come.
    var nextNumber: Int { state.nextNumber }
    /// Whether the journal exists.
    var isOnDisk: Bool { journal.length > 0 }

    /// Whether something is noted that is not in the journal.
    var hasPending: Bool { !pending.isEmpty }

    /// The operations that are noted and not in the journal.
    var pendingOperations: [Operation] {
        pending.compactMap { if case .operation(let operation, _) = $0 { operation } else { nil } }
    }

    /// The journal's bytes as they will be when what is noted is written.
    var journalBytes: [UInt8] {
        Journal.bytes(of: journal.records + pending.map(\.payload))
    }

    private init(
        _ state: SessionState, _ journal: Journal, pending: [SessionRecord] = [],
        bounds: HistoryBounds, isNamed: Bool
    ) {
        self.state = state
        self.journal = journal
        self.pending = pending
        self.bounds = bounds
        self.isNamed = isNamed
        wasDamaged = journal.isDamaged
        told = EditHistory(
            undoDepth: state.cursor, redoDepth: state.redoDepth, limit: bounds.operations)
    }

    // MARK: Changes

    /// Notes that `text` takes the draft's place.
    ///
    /// Without `splices` they are the one change from the first to the last byte that differs.
    @discardableResult
    mutating func perform(
        _ kind: Operation.Kind, _ intent: String, _ text: [UInt8]?, splices: [Splice]? = nil,
        _ who: Authorship
    ) throws(HistoryError) -> Operation {
        let before = state.text
        let operation = try lifting {
            Operation(
                sequence: state.sequence + 1, kind: kind, intent: intent, actor: who.actor,
                source: who.source, time: who.time,
                before: try before.map { try Repository.blobID(of: $0) },
                after: try text.map { try Repository.blobID(of: $0) },
                splices: splices ?? Splice.between(before ?? [], text ?? []))
        }
        if state.redoDepth > 0 {
            droppedRedo += state.redoDepth
            if let text = try lastUndoneText(who) {
                dropped.append(
                    DroppedText(text: text, reason: "undone, then dropped by: \(intent)"))
            }
        }
        let forgets = bounds.excess(of: state.operations[..<state.cursor], with: operation.size)
        try note(.operation(operation, forgets: forgets))
        events.append(.edited(path, id, operation, how: "made", who))
        return operation
    }

    /// The last text that redoing would lead to; nil where the document is gone at every step.
    private func lastUndoneText(_ who: Authorship) throws(HistoryError) -> [UInt8]? {
        for cursor in ((state.cursor + 1)...state.operations.count).reversed() {
            var end = state
            try lifting { try end.apply(.moved(sequence: end.sequence, cursor: cursor, who)) }
            if let text = end.text { return text }
        }
        return nil
    }

    /// Notes that `steps` operations are undone, or made again where it is negative; returns
    /// the last of them.
    mutating func move(
        back steps: Int, _ who: Authorship
    ) throws(HistoryError) -> Operation? {
        let target = state.cursor - steps
        let (passed, isUndo) =
            steps >= 0
            ? (state.operations[target..<state.cursor], true)
            : (state.operations[state.cursor..<target], false)
        try note(.moved(sequence: state.sequence + 1, cursor: target, who))
        let expected = isUndo ? passed.first?.before : passed.last?.after
        let found = try lifting { try state.text.map { try Repository.blobID(of: $0) } }
        guard expected == found else {
            throw .badState(
                "the journal of session \(id) does not lead to the text that it names")
        }
        let operation = isUndo ? passed.first : passed.last
        if let operation {
            events.append(
                .edited(path, id, operation, how: isUndo ? "undone" : "redone", who))
        }
        return operation
    }

    /// Notes that the document on disk and in HEAD is what the draft is.
    mutating func base(head: Repository.TreeEntry?) throws(HistoryError) {
        try note(.based(head: head))
    }

    /// Notes that the document on disk and in HEAD is another; the draft stands.
    mutating func rebase(_ baseline: SessionRecord.Baseline) throws(HistoryError) {
        try note(.rebased(baseline))
    }

    /// Notes a save of `text`, once.
    mutating func save(
        _ text: [UInt8]?, head: Repository.TreeEntry?, as revision: RevisionID, in commit: ObjectID,
        _ who: Authorship
    ) throws(HistoryError) {
        guard state.last?.revision != revision else { return }
        if text != state.text { try perform(.external, "changed on disk", text, who) }
        let number = revision.session == id ? revision.number : state.last?.number ?? 0
        try note(
            .saved(
                .init(
                    revision: revision, commit: commit, number: number, sequence: state.sequence),
                head: head))
        events.append(.saved(path, id, as: revision, in: commit, blob: head?.id, at: who.time))
    }

    /// Notes a checkpoint.
    mutating func checkpoint(_ tree: ObjectID, at time: Timestamp) throws(HistoryError) {
        try note(.checkpointed(time))
        events.append(.checkpointed(path, id, tree: tree, at: time))
    }

    private mutating func note(_ record: SessionRecord) throws(HistoryError) {
        try lifting { try state.apply(record) }
        pending.append(record)
    }

    // MARK: Disk

    /// Where the session was before it was changed; what follows can be taken back to it.
    struct Mark {
        fileprivate let state: SessionState
        fileprivate let records: [[UInt8]]
    }

    /// Where the session is now.
    var mark: Mark { Mark(state: state, records: journal.records) }

    /// Whether the draft was merged with another text since `mark`.
    func isMerged(since mark: Mark) -> Bool {
        state.operations.contains { $0.kind == .merge && $0.sequence > mark.state.sequence }
    }

    /// Takes back everything since `mark`, also what is written, because of `failure`; throws
    /// `unsettled` where it cannot. Only while the docvc lock is held that was held then.
    mutating func takeBack(
        to mark: Mark, after failure: HistoryError, in workspace: borrowing Workspace
    ) throws(HistoryError) {
        pending = []
        dropped = []
        events = []
        state = mark.state
        workspace.outbox.takeBack(id)
        do throws(HistoryError) {
            if mark.records.isEmpty {
                try forget(in: workspace)
            } else {
                try journal.restore(mark.records, files: workspace.files)
            }
        } catch {
            throw .unsettled(failure)
        }
    }

    /// Removes what `write` made of a session that was not on disk before.
    private mutating func forget(in workspace: borrowing Workspace) throws(HistoryError) {
        do throws(FileError) {
            try journal.remove(workspace.files)
            try workspace.files.removeFolderIfEmpty(workspace.sessionFolder(id))
        } catch {
            throw .repository(.file(error))
        }
        workspace.unmarkDraft(id)
    }

    /// Makes what was noted durable; what was dropped by it is kept first.
    mutating func write(in workspace: borrowing Workspace) throws(HistoryError) {
        guard !pending.isEmpty else { return }
        if state.isUnsaved { try workspace.markDraft(id, path) }
        try remember(in: workspace)
        let payloads = pending.map(\.payload)
        let isLong =
            state.canBeSnapshot
            && (journal.records.count + payloads.count > 2 * bounds.operations + 64
                || journal.length > 2 * bounds.bytes + 4 * (state.text?.count ?? 0) + (1 << 20))
        if isLong, let first = state.operations.first {
            // The oldest operations go, and with them the texts that only they lead to.
            dropped.append(
                DroppedText(
                    text: state.base ?? [],
                    reason: "history before operation \(first.sequence) was compacted",
                    journal: journalBytes))
        }
        for text in dropped {
            kept.append(
                try workspace.keep(
                    text.text, of: path, because: text.reason, journal: text.journal))
        }
        if isLong {
            try journal.replace(with: state.snapshot.map(\.payload), files: workspace.files)
        } else {
            try journal.append(payloads, files: workspace.files)
        }
        pending = []
        dropped = []
        tell(workspace.outbox)
        if !state.isUnsaved { workspace.unmarkDraft(id) }
    }

    /// Tells of what is in the journal now.
    private mutating func tell(_ outbox: EventOutbox) {
        if let last = events.last?.time, history != told {
            events.append(.historyState(path, id, history, at: last))
        }
        for event in events { outbox.post(event) }
        events = []
        told = history
    }
}

extension Splice {
    /// The one change that makes `new` of `old`; none where they are equal.
    static func between(_ old: [UInt8], _ new: [UInt8]) -> [Splice] {
        guard old != new else { return [] }
        let shorter = min(old.count, new.count)
        var start = 0
        while start < shorter, old[start] == new[start] { start += 1 }
        var end = 0
        while end < shorter - start, old[old.count - 1 - end] == new[new.count - 1 - end] {
            end += 1
        }
        return [
            Splice(
                replacing: start..<(old.count - end), of: old,
                with: Array(new[start..<(new.count - end)]))
        ]
    }
}

// MARK: Finding sessions

/// A session that is kept outside its place.
struct KeptSession {
    let id: ULID
    /// The bytes of its journal.
    let journal: [UInt8]
}

extension Session {
    /// Where the journal of the session `id` is.
    static func file(of id: ULID, in workspace: borrowing Workspace) -> FilePath {
        workspace.sessionFolder(id).appending("journal")
    }

    /// The session `id`; nil where its journal is missing or says nothing.
    ///
    /// A record that does not follow on what came before is damage: what is before it counts.
    static func load(
        _ id: ULID, isNamed: Bool = false, in workspace: borrowing Workspace
    ) throws(HistoryError) -> Session? {
        let journal = try Journal(
            file(of: id, in: workspace), draft: workspace.scratch("journal"),
            files: workspace.files)
        return try load(journal, bounds: workspace.settings.history, isNamed: isNamed)
    }

    /// The session that `journal` tells of; nil where it says nothing.
    static func load(
        _ read: Journal, bounds: HistoryBounds, isNamed: Bool = false
    ) throws(HistoryError) -> Session? {
        var journal = read
        var state: SessionState?
        for (index, payload) in journal.records.enumerated() {
            do {
                let record = try SessionRecord(payload)
                if index == 0 {
                    guard case .opened(let opened) = record, TreePath.isValid(opened.path) else {
                        throw BadRecord()
                    }
                    state = SessionState(opened)
                } else {
                    try state?.apply(record)
                }
            } catch is NewerRecord {
                throw .badState("\(journal.path) was written by a newer version of docvc")
            } catch {
                journal.cut(at: index)
                break
            }
        }
        return state.map { Session($0, journal, bounds: bounds, isNamed: isNamed) }
    }

    /// The session of the document `path`: the one asked for by id, or its open one; nil where
    /// there is none yet.
    static func find(
        _ path: String, asked: ULID?, in workspace: borrowing Workspace
    ) throws(HistoryError) -> Session? {
        let id: ULID
        if let asked {
            id = asked
        } else {
            guard let opened = try opened(path, in: workspace) else { return nil }
            id = opened
        }
        guard let session = try load(id, isNamed: asked != nil, in: workspace) else {
            return nil
        }
        guard session.path == path else { throw .otherSession(id, path: session.path) }
        return session
    }

    /// A new session of the document `path`, which is on disk only when it is written.
    static func new(
        _ path: String, asked: ULID?, base: [UInt8]?, head: Repository.TreeEntry?,
        in workspace: borrowing Workspace
    ) throws(HistoryError) -> Session {
        let (id, isNamed) =
            if let asked { (asked, true) } else { (ULID(in: workspace.world), false) }
        // Where a journal that says nothing is in the way, it is kept aside.
        var journal = try Journal(
            file(of: id, in: workspace), draft: workspace.scratch("journal"),
            files: workspace.files)
        if !journal.records.isEmpty { journal.cut(at: 0) }
        let opened = SessionRecord.Opened(
            id: id, path: path, time: workspace.world.now(), base: base,
            baseline: .init(text: base, head: head), last: nil, sequence: 0)
        var session = Session(
            SessionState(opened), journal, pending: [.opened(opened)],
            bounds: workspace.settings.history, isNamed: isNamed)
        session.events = [.opened(path, id, at: opened.time)]
        return session
    }

    /// The session of the document `path` that a kept journal tells of, which is on disk only
    /// when it is written; nil where that is no whole journal of it.
    static func new(
        _ path: String, from kept: KeptSession, in workspace: borrowing Workspace
    ) throws(HistoryError) -> Session? {
        let (file, draft) = (file(of: kept.id, in: workspace), workspace.scratch("journal"))
        let bounds = workspace.settings.history
        let whole = try Journal(file, draft: draft, kept.journal)
        guard let session = try load(whole, bounds: bounds), !session.wasDamaged,
            session.id == kept.id, session.path == path
        else { return nil }
        var journal = try Journal(file, draft: draft, files: workspace.files)
        if !journal.records.isEmpty { journal.cut(at: 0) }
        let records = try lifting { try whole.records.map { try SessionRecord($0) } }
        return Session(session.state, journal, pending: records, bounds: bounds, isNamed: false)
    }

    /// The id of the document's open session, from the file that `remember` wrote.
    static func opened(
        _ path: String, in workspace: borrowing Workspace
    ) throws(HistoryError) -> ULID? {
        let file = try pointer(path, in: workspace)
        guard let bytes = try lifting({ try workspace.files.readIfPresent(file) }) else {
            return nil
        }
        // A pointer that a power cut tore is no pointer: the document gets a new session.
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.dropFirst(27) == path + "\n" else { return nil }
        return ULID(text.prefix(26))
    }

    /// Makes this the document's open session, unless it was named beside another.
    func remember(in workspace: borrowing Workspace) throws(HistoryError) {
        let opened = try Session.opened(path, in: workspace)
        if opened == id || isNamed && opened != nil { return }
        let file = try Session.pointer(path, in: workspace)
        let files = workspace.files
        try lifting {
            try files.makeFolders(file.removingLastComponent())
            try files.put("\(id) \(path)\n".utf8, at: file)
        }
    }

    /// One small file a document, so that finding its session costs the same however many
    /// documents there are.
    private static func pointer(
        _ path: String, in workspace: borrowing Workspace
    ) throws(HistoryError) -> FilePath {
        let name = try lifting { try Repository.blobID(of: Array(path.utf8)).hex }
        return workspace.state.appending("documents").appending(name)
    }
}

extension Workspace {
    /// The folder of the session `id`.
    func sessionFolder(_ id: ULID) -> FilePath {
        state.appending("sessions").appending(id.text)
    }
}
