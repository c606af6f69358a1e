import Documents
import Git
import Platform
public import SystemPackage

/// A copy of a draft that an editor has open: what the editor writes to it becomes operations of
/// the draft.
///
/// It is in the session's folder, under the document's name, so that the editor knows what it is.
/// A lock beside it, held as long as this is, tells a living owner from a dead one, whose copy
/// the next command makes an operation of the draft.
///
/// What ends it takes it `inout` and not `consuming`: where such a function throws, Swift 6.3
/// destroys the copy twice.
public struct EditorCopy: ~Copyable {
    private let lock: KernelLock
    private let notices: Inotify
    /// The document.
    public let path: String
    /// The document's session.
    public let session: ULID
    /// The copy.
    public let location: FilePath
    /// What an editor wrote that had detached itself, as the operation that it became.
    public let adopted: Operation?
    /// Whether the editor still has the copy open, although its edit is over: then the copy stays,
    /// and its lock with the programs that inherited it.
    public var isInUse = false
    /// Whether the draft was changed by others since, and the editor's text took its place.
    public fileprivate(set) var replacedOthers = false
    /// The text that was last put into the copy, or taken from it; nil: no document.
    fileprivate var text: [UInt8]?
    /// The operations that the editor made.
    fileprivate var operations: [Operation] = []
    /// What these dropped.
    fileprivate var droppedRedo = 0
    fileprivate var kept: [KeptText] = []
    private var quiet: QuietPeriod?
    fileprivate var checkpointDue: ContinuousClock.Instant?

    fileprivate init(
        _ lock: consuming KernelLock, _ notices: consuming Inotify, _ session: Session,
        _ location: FilePath, adopted: Operation?
    ) {
        self.lock = lock
        self.notices = notices
        path = session.path
        self.session = session.id
        text = session.draft
        self.location = location
        self.adopted = adopted
    }

    /// The lock's descriptor, for the editor to inherit: while it lives it is known to have the
    /// document, also when this process is dead.
    public var lockDescriptor: Int32 { lock.descriptor }

    /// Can be read from when the editor wrote something.
    public var descriptor: Int32 { notices.descriptor }

    /// When the next step is to be made though nothing happened; nil: not before something does.
    public var nextStep: ContinuousClock.Instant? {
        [quiet?.end, checkpointDue].compactMap(\.self).min()
    }

    /// Whether the copy was written and has been quiet since for long enough.
    fileprivate mutating func isReady() throws(HistoryError) -> Bool {
        for notice in try lifting({ try notices.notices() }) {
            let isOurs = notice.name == location.lastComponent
            guard isOurs || notice.kind.contains(.overflow) else { continue }
            let isDone = !notice.kind.isDisjoint(with: [.closed, .movedHere])
            let sign = isDone ? QuietPeriod.Sign.finished : .unfinished
            if quiet?.extend(sign) == nil { quiet = QuietPeriod(sign) }
        }
        guard let quiet, quiet.end <= .now else { return false }
        self.quiet = nil
        return true
    }

    /// Waits a while before the copy is read again, which failed.
    fileprivate mutating func postpone() { quiet = QuietPeriod(.unfinished) }

    /// Lets others edit the document.
    fileprivate func release() {
        if !isInUse { lock.release() }
    }

    /// Notes what a change of the draft came to.
    fileprivate mutating func note(_ report: EditReport) {
        droppedRedo += report.droppedRedo
        kept += report.kept
        if let operation = report.operation { operations.append(operation) }
    }
}

extension Workspace {
    /// Puts the draft of the document `path` where an editor can have it; a document that does
    /// not exist yet begins empty.
    ///
    /// Throws `beingEdited` where another process has it in an editor, and `diverged` or
    /// `unfinished` where a merge left conflicts on disk, which are to be settled there. What is in
    /// its place already becomes an operation of the draft first.
    public func openInEditor(_ path: String) throws(HistoryError) -> EditorCopy {
        let access = try ExclusiveAccess(to: self)
        defer { _ = access.recovered }
        let facts = try facts(of: path)
        var session = try openSession(of: path, facts)
        if session.draft == nil, case .replaced = facts.disk { _ = try textOnDisk(path) }
        try checkSettledOnDisk(session)
        try session.write(in: self)
        let location = editorCopy(of: session.id, path)
        let folder = location.removingLastComponent()
        try lifting { try files.makeFolders(folder) }
        let lock = try editorLock(session.id, path)
        var adopted: Operation?
        // Without a mark, as when an editor wrote once more after its edit was over.
        if try setAside(location, of: session.id) == nil,
            let text = try lifting({ try files.readIfPresent(location) }), !text.isEmpty,
            text != session.draft
        {
            adopted = try session.perform(
                .recover, "edit that was interrupted", text, Authorship(in: self))
            try session.write(in: self)
        }
        let draft = session.draft ?? []
        try markEdit(session.id, path, draft)
        let notices = try Inotify.limited { () throws(FileError) in
            // Its name may be as long as names can be: none is made of it.
            try files.replace(location, with: draft, by: scratch("edit"))
            let notices = try Inotify(files)
            _ = try notices.watch(folder)
            return notices
        }
        return EditorCopy(lock, notices, session, location, adopted: adopted)
    }

    /// Takes what the editor wrote, once it has been quiet for a moment, and checkpoints that are
    /// due. What fails is tried again later, at the latest when the editor has ended.
    public func step(_ copy: inout EditorCopy) {
        do throws(HistoryError) {
            if try copy.isReady() { try take(&copy) }
            if let due = copy.checkpointDue, due <= .now {
                copy.checkpointDue = nil
                _ = try checkpoint(copy.path)
            }
        } catch {
            copy.postpone()
        }
    }

    /// Takes what the editor wrote: as an operation of the draft, where it is another text.
    private func take(_ copy: inout EditorCopy) throws(HistoryError) {
        let location = copy.location
        guard let text = try lifting({ try files.readIfPresent(location) }), text != copy.text,
            copy.text != nil || !text.isEmpty
        else { return }
        let (id, before) = (copy.session, copy.text)
        var replaced = false
        let report = try change(copy.path, saving: nil) {
            (session, workspace) throws(HistoryError) in
            guard session.id == id else { throw .otherSession(session.id, path: session.path) }
            guard session.draft != text else { return ChangeOutcome() }
            replaced = session.draft != before
            let old = keys(of: Document(session.draft ?? []))
            return ChangeOutcome(
                operation: try session.perform(.edit, "edit", text, Authorship(in: workspace)),
                changesKeys: old != keys(of: Document(text)))
        }
        copy.text = text
        // Behind the draft, and where that fails the draft has the text all the same.
        if let access = try? ExclusiveAccess(to: self) {
            _ = try? markEdit(id, copy.path, text)
            _ = access.recovered
        }
        copy.note(report)
        if replaced { copy.replacedOthers = true }
        copy.checkpointDue =
            copy.checkpointDue ?? .now + max(.seconds(1), .seconds(settings.checkpoints.interval))
    }

    /// Takes the editor's last text, saves the draft where `saving` is given, and removes the
    /// copy. The report's operation is the last that the editor made.
    ///
    /// Where the text cannot be taken the copy stays; a save that is refused leaves the draft.
    public func finish(
        _ copy: inout EditorCopy, saving: DraftSaving? = nil
    ) throws(HistoryError) -> EditReport {
        defer { copy.release() }
        try take(&copy)
        let warnings = remove(copy)
        let last = copy.operations.last
        var report: EditReport
        do throws(HistoryError) {
            report = try change(copy.path, saving: saving) { _, _ throws(HistoryError) in
                ChangeOutcome(operation: last)
            }
        } catch {
            // What the editor wrote is in the draft; only another look at that failed.
            guard saving == nil, let last, let session = try Session.load(copy.session, in: self)
            else { throw error }
            report = try EditReport(session, ChangeOutcome(operation: last))
            report.warnings.append(.bookkeeping(error))
        }
        report.warnings += warnings
        report.droppedRedo += copy.droppedRedo
        report.kept = copy.kept + report.kept
        return report
    }

    /// Takes the editor's last text and then all that the editor wrote back, so that redo leads
    /// to it; and removes the copy. Returns how many operations were taken back, which are not
    /// all where others changed the draft after them.
    public func takeBack(_ copy: inout EditorCopy) throws(HistoryError) -> (EditReport, Int) {
        defer { copy.release() }
        try take(&copy)
        let made = Set(copy.operations.map(\.sequence))
        var steps = 0
        var report = try change(copy.path, saving: nil) {
            (session, workspace) throws(HistoryError) in
            let applied = session.operations[..<session.cursor]
            steps = applied.reversed().prefix { made.contains($0.sequence) }.count
            guard steps > 0 else { return ChangeOutcome() }
            return ChangeOutcome(
                operation: try session.move(back: steps, Authorship(in: workspace)))
        }
        report.warnings += remove(copy)
        report.droppedRedo += copy.droppedRedo
        report.kept = copy.kept + report.kept
        return (report, steps)
    }

    /// Removes the copy, whose text is in the draft.
    private func remove(_ copy: borrowing EditorCopy) -> [SaveWarning] {
        if copy.isInUse { return [] }
        do throws(FileError) {
            try removeEditorCopy(copy.location, of: copy.session)
            return []
        } catch {
            return [.bookkeeping(.file(error))]
        }
    }
}
