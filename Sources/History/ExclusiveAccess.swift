import Git
import Platform
import SystemPackage

/// The right to change documents: the docvc lock, with no interrupted save or edit left behind.
struct ExclusiveAccess: ~Copyable {
    private let lock: KernelLock
    /// What was done about what was interrupted.
    let recovered: [Recovered]
    private let outbox: EventOutbox

    init(to workspace: borrowing Workspace, timeout: Duration? = nil) throws(HistoryError) {
        let world = workspace.world
        let folder = workspace.sharedState
        let state = workspace.state
        try lifting {
            try world.files.makeFolders(folder)
            try world.files.makeFolders(state)
        }
        let holder = "process \(World.processID), since \(world.now().rfc3339)"
        let lock: KernelLock
        do throws(KernelLock.Failure) {
            lock = try KernelLock(
                folder.appending("lock"), holder: holder,
                timeout: timeout ?? workspace.settings.lockTimeout, world: world)
        } catch {
            switch error {
            case .held(let holder): throw .busy(holder: holder)
            case .file(let failure): throw .file(failure)
            }
        }
        let recovered = try workspace.recover() + workspace.adoptAbandonedEdits()
        self.lock = lock
        self.recovered = recovered
        outbox = workspace.outbox
    }

    deinit {
        let outbox = outbox
        let events = outbox.flush()
        let held = lock
        _ = consume held
        outbox.tell(events)
    }
}

extension Workspace {
    /// Finishes or takes back a save that a dead process left, where there is one, and makes
    /// what an editor wrote whose process died the draft.
    ///
    /// Every command calls it first. It costs four looks at the disk where nothing is left,
    /// and changes nothing while another process saves.
    public func recoverInterruptedSave() throws(HistoryError) -> [Recovered] {
        let hasIntent = try lifting { try files.status(of: intentFile) } != nil
        let hasLocks = try lifting { try repository.hasClaimedLocks() }
        let hasScratch = try lifting { try !files.names(in: scratchFolder).isEmpty }
        let hasEdit = try hasAbandonedEdit()
        guard hasIntent || hasLocks || hasScratch || hasEdit else { return [] }
        do throws(HistoryError) {
            // A little patience: a process that dies gives up its lock a moment later than
            // it leaves its files, where a child that it was starting shares it.
            return try ExclusiveAccess(to: self, timeout: .milliseconds(100)).recovered
        } catch {
            // A living process holds the lock: the save is not interrupted, only not done.
            if case .busy = error { return [] }
            // Reading goes on; the next save waits for the lock.
            if case .repository(.locked(let path)) = error { return [.waiting(path.string)] }
            throw error
        }
    }
}
