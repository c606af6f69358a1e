import Git
import Platform
import SystemPackage

/// Turns what other programs write to documents into operations of their sessions, and takes
/// checkpoints: autosave for editors that know nothing of docvc.
///
/// The caller has the loop: wait until `descriptor` can be read from or `nextStep` has come,
/// then call `step`; and at last `finish`. The docvc lock is held for one document at a time.
/// A second watcher of the same work tree is refused, as long as this one's process lives.
public struct DocumentWatcher: ~Copyable {
    /// What a step came to.
    public enum News: Sendable {
        /// A document was looked at: something is new in its session, or it diverged.
        case observed(Observation)
        /// A checkpoint was taken because it was time.
        case checkpointed(CheckpointReport)
        /// The kernel lost notices; everything was looked at again.
        case lostNotices
        /// A document, or a folder, could not be looked at; the others are watched on.
        case failed(path: String, HistoryError)
    }

    private let lock: KernelLock
    private let notices: Inotify
    private let scope: WatchScope
    /// The watched folders, by the paths they have in the work tree; the top is "".
    private var folders: [Inotify.Folder: String] = [:]
    /// The documents that are to be looked at, and when.
    private var due: [String: QuietPeriod] = [:]
    /// The documents that were looked at and have a session.
    private var observed: Set<String> = []
    /// The documents that need a checkpoint, and when at the latest.
    private var unkept: [String: ContinuousClock.Instant] = [:]
    /// The divergences that were told of.
    private var divergences: [String: Divergence] = [:]
    /// When everything is to be looked at.
    private var scan: QuietPeriod?
    /// When drafts of other commands are looked at next.
    private var draftsDue: ContinuousClock.Instant
    /// Since when Git is changing the work tree.
    private var gitSince: ContinuousClock.Instant?
    private var failures: [News] = []
    private let interval: Duration

    /// How long to wait for the docvc lock before other documents have their turn.
    private static let patience = Duration.milliseconds(200)
    /// How long to wait for Git to finish changing the work tree: a dead Git leaves its lock.
    private static let gitPatience = Duration.seconds(10)

    private init(
        _ lock: consuming KernelLock, _ notices: consuming Inotify, _ scope: WatchScope,
        interval: Duration
    ) {
        self.lock = lock
        self.notices = notices
        self.scope = scope
        self.interval = interval
        draftsDue = .now + max(interval, .seconds(1))
    }

    fileprivate static func begin(
        of paths: [String], in workspace: borrowing Workspace
    ) throws(HistoryError) -> DocumentWatcher {
        let scope = try WatchScope(paths, in: workspace)
        let lock = try lock(workspace)
        let notices = try Inotify.limited { () throws(FileError) in try Inotify(workspace.files) }
        var watcher = DocumentWatcher(
            lock, notices, scope,
            interval: .seconds(workspace.settings.checkpoints.interval))
        try watcher.add("", touching: false, in: workspace)
        try watcher.scanAll(in: workspace)
        for path in try workspace.pendingRecovery() {
            workspace.announce(
                .candidate(
                    .recoveryPending, nil, of: path, session: nil, at: workspace.world.now()))
        }
        return watcher
    }

    private static func lock(_ workspace: borrowing Workspace) throws(HistoryError) -> KernelLock {
        let world = workspace.world
        let state = workspace.state
        try lifting { try world.files.makeFolders(state) }
        do throws(KernelLock.Failure) {
            return try KernelLock(
                state.appending("watch-lock"),
                holder: "process \(World.processID), since \(world.now().rfc3339)",
                timeout: .zero, world: world)
        } catch {
            switch error {
            case .held(let holder): throw .watched(by: holder)
            case .file(let error): throw .file(error)
            }
        }
    }

    // MARK: The loop

    /// Can be read from when something happened.
    public var descriptor: Int32 { notices.descriptor }

    /// How many folders are watched.
    public var folderCount: Int { folders.count }

    /// When the next step is to be made though nothing happened.
    public var nextStep: ContinuousClock.Instant {
        var next = draftsDue
        for period in due.values { next = min(next, period.end) }
        for time in unkept.values { next = min(next, time) }
        if let scan { next = min(next, scan.end) }
        return next
    }

    /// Takes in what happened, and looks at the documents that have been quiet long enough.
    ///
    /// Throws where watching cannot go on; what concerns one document is among the news.
    public mutating func step(in workspace: borrowing Workspace) throws(HistoryError) -> [News] {
        var news: [News] = []
        for notice in try lifting({ try notices.notices() }) {
            try take(notice, &news, in: workspace)
        }
        if let scan, scan.end <= .now {
            self.scan = nil
            try add("", touching: false, in: workspace)
            try scanAll(in: workspace)
        }
        let now = ContinuousClock.now
        if try !isGitBusy(in: workspace) {
            for path in due.filter({ $0.value.end <= now }).keys.sorted() {
                observe(path, timeout: DocumentWatcher.patience, &news, in: workspace)
            }
        }
        for path in unkept.filter({ $0.value <= now }).keys.sorted() {
            checkpoint(path, &news, in: workspace)
        }
        if draftsDue <= now {
            draftsDue = now + max(interval, .seconds(1))
            checkpointDrafts(&news, in: workspace)
        }
        news += failures
        failures = []
        return news
    }

    /// Looks at what is still to be looked at, and takes a last checkpoint of all that needs one.
    public mutating func finish(in workspace: borrowing Workspace) throws(HistoryError) -> [News] {
        var news = try step(in: workspace)
        for path in due.keys.sorted() {
            observe(path, timeout: workspace.settings.lockTimeout, &news, in: workspace)
        }
        for path in unkept.keys.sorted() { checkpoint(path, &news, in: workspace) }
        return news
    }

    // MARK: Notices

    private mutating func take(
        _ notice: Inotify.Notice, _ news: inout [News], in workspace: borrowing Workspace
    ) throws(HistoryError) {
        if notice.kind.contains(.overflow) {
            news.append(.lostNotices)
            scan = QuietPeriod(.finished)
            return
        }
        guard let folder = folders[notice.folder] else { return }
        guard let component = notice.name else {
            if notice.kind.isDisjoint(with: [.ended, .folderGone, .folderMoved]) { return }
            if folder.isEmpty {
                throw .badState(
                    "the work tree \(workspace.repository.workTree) was removed or moved")
            }
            if !notice.kind.isDisjoint(with: [.ended, .folderGone]) {
                folders[notice.folder] = nil
                touchObserved(below: folder)
            }
            return
        }
        // What has no name in UTF-8 is no document, and leads to none.
        guard let name = String(validating: component), name.lowercased() != ".git" else { return }
        let path = folder.isEmpty ? name : "\(folder)/\(name)"
        let isThere = !notice.kind.isDisjoint(with: [.created, .movedHere])
        if notice.kind.contains(.isFolder) {
            if isThere {
                try add(path, touching: true, in: workspace)
            } else {
                forget(path)
            }
        } else if name == ".gitignore" {
            scan = QuietPeriod(.finished)
        } else if scope.contains(path) {
            let isDone = !notice.kind.isDisjoint(with: [.closed, .movedHere])
            touch(path, isDone ? .finished : .unfinished)
        }
    }

    private mutating func touch(_ path: String, _ sign: QuietPeriod.Sign) {
        if due[path]?.extend(sign) == nil { due[path] = QuietPeriod(sign) }
    }

    private mutating func touchObserved(below folder: String) {
        for path in observed where path.isBelow(folder) { touch(path, .unfinished) }
    }

    // MARK: Folders

    /// Watches the folder `path` and those below it; documents in them are to be looked at
    /// where `touching` says so.
    ///
    /// A folder is watched before it is listed, so that nothing in it is missed.
    private mutating func add(
        _ path: String, touching: Bool, in workspace: borrowing Workspace
    ) throws(HistoryError) {
        var waiting = [path]
        while let folder = waiting.popLast() {
            guard try isWatched(folder, in: workspace) else { continue }
            let location =
                folder.isEmpty ? workspace.repository.workTree : workspace.location(of: folder)
            let names: [String]
            do throws(HistoryError) {
                let number = try Inotify.limited { () throws(FileError) in
                    try notices.watch(location)
                }
                folders[number] = folder
                names = try lifting { try workspace.files.names(in: location) }
            } catch {
                guard case .file(let reason) = error else { throw error }
                switch reason.errno {
                // It is gone again, or is another thing now.
                case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels: continue
                default: failures.append(.failed(path: folder, error))
                }
                continue
            }
            for name in names where name.lowercased() != ".git" && !name.contains("\u{fffd}") {
                let inner = folder.isEmpty ? name : "\(folder)/\(name)"
                let isDocument = scope.contains(inner)
                guard isDocument && touching || scope.reaches(inner) else { continue }
                switch (try? workspace.files.status(of: location.appending(name)))??.kind {
                case .folder: waiting.append(inner)
                case .file where isDocument && touching: touch(inner, .finished)
                default: continue
                }
            }
        }
    }

    /// Whether the folder `path` is to be watched: it may hold documents, is not ignored, and
    /// is no other repository.
    private func isWatched(
        _ path: String, in workspace: borrowing Workspace
    ) throws(HistoryError) -> Bool {
        if path.isEmpty { return true }
        guard scope.reaches(path) else { return false }
        if try lifting({
            try workspace.files.status(of: workspace.location(of: path).appending(".git"))
        }) != nil {
            return false
        }
        if scope.leads(path) { return true }
        return try !lifting { try workspace.repository.isIgnored(path + "/") }
    }

    /// Watches the folder `path` and those below it no longer: it was removed or moved away.
    private mutating func forget(_ path: String) {
        for (number, folder) in folders where folder == path || folder.isBelow(path) {
            notices.forget(number)
            folders[number] = nil
        }
        touchObserved(below: path)
    }

    // MARK: Documents

    /// Lets every document be looked at that is not as HEAD has it.
    private mutating func scanAll(in workspace: borrowing Workspace) throws(HistoryError) {
        for status in try workspace.status(of: []) where scope.contains(status.path) {
            touch(status.path, .finished)
        }
        for path in observed { touch(path, .finished) }
    }

    private mutating func observe(
        _ path: String, timeout: Duration, _ news: inout [News], in workspace: borrowing Workspace
    ) {
        due[path] = nil
        do throws(HistoryError) {
            if try isIgnored(path, in: workspace) { return }
            let seen = try workspace.observe(path, timeout: timeout)
            if seen.session != nil { observed.insert(path) }
            if seen.needsCheckpoint {
                unkept[path] = unkept[path] ?? .now + interval
            } else {
                unkept[path] = nil
            }
            let isOld = divergences[path] == seen.divergence
            divergences[path] = seen.divergence
            if let divergence = seen.divergence, !isOld {
                workspace.announce(
                    .diverged(divergence, session: seen.session, at: workspace.world.now()))
            }
            if seen.operation != nil || seen.checkpoint != nil || seen.divergence != nil && !isOld {
                news.append(.observed(seen))
            }
        } catch {
            // Others save now; the document has its turn when they are done.
            if case .busy = error, timeout == DocumentWatcher.patience {
                return touch(path, .finished)
            }
            news.append(.failed(path: path, error))
        }
    }

    /// Whether the document `path` is ignored, and neither named nor known.
    private func isIgnored(
        _ path: String, in workspace: borrowing Workspace
    ) throws(HistoryError) -> Bool {
        if scope.names(path) || observed.contains(path) { return false }
        guard try lifting({ try workspace.repository.isIgnored(path) }) else { return false }
        return try lifting {
            try IndexFile(of: workspace.repository).entries(for: [path])[path] == nil
        }
    }

    private mutating func checkpoint(
        _ path: String, _ news: inout [News], in workspace: borrowing Workspace
    ) {
        unkept[path] = nil
        do throws(HistoryError) {
            let report = try workspace.checkpoint(path)
            if report.isNew { news.append(.checkpointed(report)) }
        } catch {
            // A document without any text is none any more.
            if case .badPath = error { return }
            if case .busy = error { unkept[path] = .now + .seconds(1) }
            news.append(.failed(path: path, error))
        }
    }

    private func checkpointDrafts(_ news: inout [News], in workspace: borrowing Workspace) {
        let scope = scope
        do throws(HistoryError) {
            news += try workspace.checkpointDrafts { scope.contains($0) }.map { .checkpointed($0) }
        } catch {
            if case .busy = error { return }
            news.append(.failed(path: "", error))
        }
    }

    /// Whether Git holds its lock of the index: it may be in the middle of changing documents,
    /// which is no edit of them. It is not waited for without end.
    private mutating func isGitBusy(in workspace: borrowing Workspace) throws(HistoryError) -> Bool
    {
        guard !due.isEmpty else { return false }
        let lock = workspace.repository.indexPath.appendingToName(".lock")
        guard try lifting({ try workspace.files.status(of: lock) }) != nil else {
            gitSince = nil
            return false
        }
        let since = gitSince ?? .now
        gitSince = since
        guard ContinuousClock.now - since < DocumentWatcher.gitPatience else { return false }
        for path in due.keys { touch(path, .finished) }
        return true
    }
}

extension Workspace {
    /// A watcher of the documents at `paths`, and of the Markdown documents in the folders among
    /// them; of all of the work tree's where there are none.
    ///
    /// Throws `watched` where another process watches the work tree, and `watchLimit` where the
    /// system lets this user watch no more folders.
    public func watcher(of paths: [String]) throws(HistoryError) -> DocumentWatcher {
        try DocumentWatcher.begin(of: paths, in: self)
    }
}
