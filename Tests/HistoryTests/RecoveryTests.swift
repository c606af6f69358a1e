import Documents
import Git
import Merging
import Platform
import Synchronization
import SystemPackage
import Testing
import TestSupport

@testable import History

/// What is decided about unsaved work that was left behind, for each way in which the document
/// may have moved on; and once more after a failure at each call of the recovery.
@Suite struct RecoveryTests {
    static let start = "---\ntitle: Start\ntags: [a]\n---\nbody\n"
    static let work = start.replacing("Start", with: "Work")
    static let theirs = start.replacing("[a]", with: "[a, b]")

    /// What holds the work.
    enum Holder: CaseIterable, Sendable { case session, checkpoint, kept }

    /// What became of the document meanwhile.
    enum Meanwhile: CaseIterable, Sendable {
        case unchanged, same, changed, deleted, replaced, folder, headMoved
    }

    /// A repository with work left behind, and the id that it is recovered by.
    private func scene(
        _ holder: Holder, _ meanwhile: Meanwhile
    ) throws -> (repository: TemporaryRepository, id: ULID) {
        let repository = try TemporaryRepository()
        try repository.write("a.md", RecoveryTests.start)
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        let title = try FieldPath(parsing: "title")
        let edit = try workspace.edit("a.md", [.set(title, .guess("Work"))])
        let id: ULID
        switch holder {
        case .session:
            id = edit.session
            // Another session takes its place.
            try FileSystem().removeTree(repository.folder.appending(".git/docvc/documents"))
        case .checkpoint:
            id = edit.session
            _ = try workspace.checkpoint("a.md")
            try FileSystem().removeTree(repository.folder.appending(".git/docvc"))
        case .kept:
            id = try #require(try workspace.discard(edit.session).kept).id
        }
        let file = repository.folder.appending("a.md")
        switch meanwhile {
        case .unchanged: break
        case .same: try repository.write("a.md", RecoveryTests.work)
        case .changed: try repository.write("a.md", RecoveryTests.theirs)
        case .deleted: try FileSystem().remove(file)
        case .replaced:
            try FileSystem().remove(file)
            try repository.run(["ln", "-s", "/etc/passwd", "a.md"])
        case .folder:
            try FileSystem().remove(file)
            try repository.write("a.md/page.md", "another document\n")
        case .headMoved:
            try repository.write("a.md", RecoveryTests.theirs)
            try repository.git("commit", "--quiet", "-m", "theirs", "a.md")
        }
        return (repository, id)
    }

    private func disk(_ repository: TemporaryRepository) throws -> String? {
        // A link is not followed.
        (try? repository.read("a.md")) ?? nil
    }

    @Test(arguments: Holder.allCases, Meanwhile.allCases)
    func decisions(_ holder: Holder, _ meanwhile: Meanwhile) throws {
        let (repository, id) = try scene(holder, meanwhile)
        let workspace = try Workspace(in: repository.world(seed: 5_000))
        let before = try disk(repository)
        let found = try workspace.recoveryCandidates().candidates
        let expected: RecoveryCandidate.Disk =
            switch meanwhile {
            case .unchanged: .unchanged
            case .same: .same
            case .changed, .headMoved, .replaced, .folder: .changed
            case .deleted: .deleted
            }
        #expect(found.map(\.disk) == [expected])
        switch meanwhile {
        case .unchanged, .same:
            let report = try workspace.recover(id)
            #expect(report.isUnsaved == (meanwhile == .unchanged))
        case .changed, .deleted, .headMoved:
            let error = #expect(throws: HistoryError.self) { try workspace.recover(id) }
            guard case .recoveryDiverged = error else { return #expect(Bool(false)) }
            if holder == .checkpoint { #expect(try workspace.session(of: "a.md") == nil) }
            #expect(try workspace.recover(id, onConflict: .force).isUnsaved)
        case .replaced, .folder:
            for choice in RecoveryChoice.allCases {
                let error = #expect(throws: HistoryError.self) {
                    try workspace.recover(id, onConflict: choice)
                }
                guard case .recoveryDiverged(_, let divergence) = error else {
                    return #expect(Bool(false), "\(String(describing: error))")
                }
                #expect(divergence.kind == .replacedOnDisk)
            }
            // It is still there, to be read and to be recovered later.
            #expect(try workspace.recoverable(id).1 == Array(RecoveryTests.work.utf8))
            return
        }
        // The disk is only written by a save.
        #expect(try disk(repository) == before)
        #expect(try workspace.draft("a.md") == Array(RecoveryTests.work.utf8))
        #expect(try workspace.pendingRecovery().isEmpty || meanwhile == .deleted)
        if meanwhile != .same { _ = try workspace.save(SaveRequest(["a.md"])) }
        #expect(try repository.read("a.md") == RecoveryTests.work)
        try workspace.clearSettledCandidates()
        #expect(try workspace.recoveryCandidates().candidates.isEmpty)
        try repository.check()
    }

    /// To undo that a document came back is to remove it: a checkpoint of that has no text.
    @Test func aRemovalLeavesNothingToRecover() throws {
        let repository = try TemporaryRepository()
        let workspace = try Workspace(in: repository.world(seed: 3))
        try repository.write("a.md", "zero\n")
        _ = try workspace.save(SaveRequest(["a.md"]))
        for text in ["one\n", nil, "two\n"] {
            if let text {
                try repository.write("a.md", text)
            } else {
                try FileSystem().remove(repository.folder.appending("a.md"))
            }
            _ = try workspace.checkpoint("a.md")
        }
        _ = try workspace.undo("a.md")
        #expect(try #require(try workspace.session(of: "a.md")).draft == nil)
        #expect(try workspace.checkpoint("a.md").tree != nil)
        try FileSystem().removeTree(repository.folder.appending(".git/docvc"))
        let later = try Workspace(in: repository.world(seed: 4))
        let found = try later.recoveryCandidates()
        #expect(found.candidates.isEmpty && found.unreadable.isEmpty)
        #expect(try later.pendingRecovery().isEmpty)
    }

    /// What waits for another process's lock is listed, with what is known of it.
    @Test func aSaveThatWaitsIsListed() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "zero\n")
        let lock = repository.folder.appending(".git/refs/notes/docvc.lock")
        try FileSystem().makeFolders(lock.removingLastComponent())
        try repository.run(["touch", lock.string])
        var world = repository.world()
        world.environment["DOCVC_LOCK_TIMEOUT"] = "1s"
        let workspace = try Workspace(in: world)
        #expect(try workspace.save(SaveRequest(["a.md"])).warnings.count == 1)
        #expect(try workspace.recoverInterruptedSave().count == 1)
        try workspace.clearSettledCandidates()
        let found = try #require(try workspace.recoveryCandidates().candidates.first)
        #expect(found.kind == .interruptedSave && found.path == "a.md" && found.size == 5)
        #expect(found.time.hasPrefix("20"))
        try FileSystem().remove(lock)
        try workspace.clearSettledCandidates()
        #expect(try workspace.recoveryCandidates().candidates.isEmpty)
    }

    @Test(arguments: Holder.allCases)
    func mergeTakesBothSidesChanges(_ holder: Holder) throws {
        let (repository, id) = try scene(holder, .changed)
        let workspace = try Workspace(in: repository.world(seed: 5_000))
        _ = try workspace.recover(id, onConflict: .merge)
        let merged = RecoveryTests.theirs.replacing("Start", with: "Work")
        #expect(try workspace.draft("a.md") == Array(merged.utf8))
        _ = try workspace.save(SaveRequest(["a.md"]))
        #expect(try repository.read("a.md") == merged)
    }

    /// Recovery and merge are two operations: the merge alone can be undone, and while it is open
    /// its conflicts are settled by key.
    @Test(arguments: Holder.allCases)
    func aRecoveredConflictIsSettledByKey(_ holder: Holder) throws {
        let (repository, id) = try scene(holder, .changed)
        try repository.write(
            "a.md", RecoveryTests.theirs.replacing("title: Start", with: "title: Theirs"))
        let workspace = try Workspace(in: repository.world(seed: 5_000))
        #expect(throws: HistoryError.self) { try workspace.recover(id, onConflict: .merge) }
        #expect(try workspace.status(of: ["a.md"]).map(\.state) == [.conflicted])
        let title = try FieldPath(parsing: "title")
        #expect(try workspace.resolve("a.md", []).open == [title])
        let left = try workspace.resolve("a.md", [(title, .side(.base))])
        #expect(left.open.isEmpty && left.conflicts == 0 && left.isDraft)
        #expect(try workspace.draft("a.md") == Array(RecoveryTests.theirs.utf8))
        _ = try workspace.undo("a.md", steps: 2)
        #expect(try workspace.draft("a.md") == Array(RecoveryTests.work.utf8))
    }

    /// A save refuses it too: with the text replaced, the other names would keep the old one.
    @Test func aMergedDocumentWithOtherNamesIsNotParted() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "---\ntitle: base\n---\n")
        try repository.git("add", "a.md")
        try repository.git("commit", "--quiet", "-m", "base")
        try repository.git("switch", "--quiet", "-c", "theirs")
        for side in ["theirs", "ours"] {
            try repository.write("a.md", "---\ntitle: \(side)\n---\n")
            try repository.git("commit", "--quiet", "-m", side, "a.md")
            if side == "theirs" { try repository.git("switch", "--quiet", "main") }
        }
        #expect(throws: CommandFailure.self) { try repository.git("merge", "--quiet", "theirs") }
        try repository.run(["ln", "a.md", "b.md"])
        let before = try repository.read("a.md")
        let workspace = try Workspace(in: repository.world())
        let title = try FieldPath(parsing: "title")
        let error = #expect(throws: HistoryError.self) {
            try workspace.resolve("a.md", [(title, .side(.theirs))])
        }
        guard case .hardLinked("a.md")? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try repository.read("a.md") == before)
        let status = try FileSystem().status(of: repository.folder.appending("a.md"))
        #expect(status?.links == 2)
        try FileSystem().remove(repository.folder.appending("b.md"))
        #expect(try workspace.resolve("a.md", [(title, .side(.theirs))]).conflicts == 0)
    }

    /// An empty file is what a power cut leaves of a reference of Git's.
    @Test func aReferenceThatCannotBeReadIsNamedAndNothingStops() throws {
        let (repository, id) = try scene(.kept, .unchanged)
        let odd = ULID(in: repository.world(seed: 9))
        for prefix in [KeptText.prefix, Checkpoint.prefix, MigrationRecords.prefix] {
            try repository.write(".git/\(prefix)\(odd)", "")
            try repository.write(".git/\(prefix).DS_Store", "")
        }
        let workspace = try Workspace(in: repository.world(seed: 5_000))
        let (found, unreadable) = try workspace.recoveryCandidates()
        #expect(found.map(\.id) == [id])
        #expect(
            unreadable.map(\.name) == [Checkpoint.prefix, KeptText.prefix].map { "\($0)\(odd)" })
        for work in unreadable {
            guard case .file(let path)? = work.leftover else {
                Issue.record("\(work)")
                continue
            }
            try FileSystem().remove(path)
        }
        #expect(try workspace.pendingRecovery() == [])
        #expect(try workspace.keptTexts().map(\.id) == [id])
        #expect(try workspace.recordedMigrations() == [odd.text])
        _ = try workspace.save(SaveRequest(["a.md"]))
        #expect(try workspace.recoveryCandidates().unreadable.isEmpty)
    }

    /// Whatever call fails, the work is still there, and a second run comes to the same end.
    ///
    /// A sample of the calls fails, the closest for one decision; all of them where DOCVC_STEPS is
    /// set.
    @Test(arguments: Holder.allCases, [Meanwhile.unchanged, .same, .changed, .deleted, .headMoved])
    func recoveryIsIdempotent(_ holder: Holder, _ meanwhile: Meanwhile) throws {
        let isLong = World.real().environment["DOCVC_STEPS"] != nil
        let stride: UInt64 =
            isLong ? 1 : meanwhile == .unchanged ? 2 : meanwhile == .changed ? 5 : 11
        var isDone = false
        var number: UInt64 = 0
        while !isDone {
            number += stride
            let (repository, id) = try scene(holder, meanwhile)
            let calls = Counter(0)
            let failAt = number
            let failed = Mutex("")
            var world = repository.world(seed: 6_000)
            world.files.fault = { call, path in
                if call == .inspect || call == .list || call == .read { return nil }
                guard calls.next() == failAt else { return nil }
                failed.withLock { $0 = "call \(failAt), \(call.rawValue) \(path)" }
                return .ioError
            }
            let isAsItWas = meanwhile == .unchanged || meanwhile == .same
            let choice: RecoveryChoice = isAsItWas ? .reject : .force
            do {
                _ = try Workspace(in: world).recover(id, onConflict: choice)
                isDone = calls.next() <= failAt
            } catch {
                // The second run is what counts.
            }
            let place = failed.withLock { $0 }
            let workspace = try Workspace(in: repository.world(seed: 7_000))
            _ = try workspace.recoverInterruptedSave()
            if (try? workspace.draft("a.md")) != Array(RecoveryTests.work.utf8) {
                #expect(
                    try workspace.recoveryCandidates().candidates.contains { $0.id == id },
                    "\(holder), at \(place)")
                _ = try workspace.recover(id, onConflict: choice)
            }
            #expect(try workspace.draft("a.md") == Array(RecoveryTests.work.utf8), "at \(place)")
            // Where the session came back and the choice did not, a save finds the divergence.
            var request = SaveRequest(["a.md"])
            request.onConflict = isAsItWas ? .reject : .overwrite
            _ = try workspace.save(request)
            #expect(try repository.read("a.md") == RecoveryTests.work)
            try repository.check()
        }
        #expect(number > 5)
    }

    /// Two sessions of one document: each has its own draft, and one saved first is found.
    @Test func sessionsOfOneDocument() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", RecoveryTests.start)
        _ = try Workspace(in: repository.world()).save(SaveRequest(["a.md"]))
        var overrides = Settings.Overrides()
        overrides.session = "01JDK4T0V6M9Q8R3YB2X7Z5WHC"
        let mine = try Workspace(in: repository.world(seed: 100))
        let other = try Workspace(in: repository.world(seed: 200), overrides: overrides)
        let title = try FieldPath(parsing: "title")
        _ = try mine.edit("a.md", [.set(title, .guess("Mine"))])
        _ = try other.edit("a.md", [.set(title, .guess("Other"))])
        #expect(try mine.draft("a.md") != other.draft("a.md"))
        #expect(try mine.session(of: "a.md")?.id != other.session(of: "a.md")?.id)
        _ = try other.save(SaveRequest(["a.md"]))
        #expect(throws: HistoryError.self) { _ = try mine.save(SaveRequest(["a.md"])) }
        #expect(
            try mine.draft("a.md")
                == Array(RecoveryTests.start.replacing("Start", with: "Mine").utf8))
    }

    /// Looking at what there is needs no lock, which a repository that can only be read has not.
    @Test func whoMayOnlyReadSeesTheCandidates() throws {
        let (repository, id) = try scene(.kept, .same)
        var world = repository.world(seed: 9_000)
        world.files.fault = { _, path in
            path.lastComponent == "lock" ? .permissionDenied : nil
        }
        let workspace = try Workspace(in: world)
        try workspace.clearSettledCandidates()
        #expect(try workspace.recoveryCandidates().candidates.map(\.id) == [id])
    }
}
