import Documents
import Git
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// `--save` of a change that leads back to what the session knows of the disk, where the disk or
/// HEAD has another text by now: it is a divergence like any other.
@Suite struct SavingEditTests {
    static let start = "---\ntitle: Start\n---\nbody\n"
    static let theirs = "---\ntitle: Start\n---\ntheirs\n"

    enum Change: CaseIterable, Sendable { case undo, redo, restore, set }

    /// A repository with a draft which one change makes what the disk was.
    private func scene(_ change: Change) throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        try repository.write("a.md", SavingEditTests.start.replacing("Start", with: "Old"))
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        let title = try FieldPath(parsing: "title")
        _ = try workspace.edit("a.md", [.set(title, .guess("Start"))], saving: DraftSaving())
        if change == .redo {
            _ = try workspace.undo("a.md")
        } else {
            _ = try workspace.edit("a.md", [.set(title, .guess("Work"))])
        }
        return repository
    }

    /// Others commit the draft's very text: then nothing is unsaved, a save remembers that, and
    /// what is written afterwards is a change like any other.
    @Test func draftsThatOthersCommitAreNone() throws {
        let repository = try scene(.set)
        let workspace = try Workspace(in: repository.world(seed: 2))
        #expect(try workspace.status(of: []).map(\.state) == [.draft])
        try repository.write("a.md", SavingEditTests.start.replacing("Start", with: "Work"))
        #expect(try workspace.status(of: []).map(\.state) == [.modifiedOnDisk])
        try repository.git("commit", "-q", "-a", "-m", "theirs")
        #expect(try workspace.status(of: []).isEmpty)
        #expect(try workspace.unsavedSessions().count == 1)
        let report = try workspace.save(SaveRequest(["a.md"]))
        #expect(report.unchanged == ["a.md"])
        #expect(try workspace.unsavedSessions().isEmpty)
        try repository.write("a.md", SavingEditTests.theirs)
        #expect(try workspace.status(of: []).map(\.state) == [.modifiedOnDisk])
        #expect(try workspace.save(SaveRequest(["a.md"])).commit != nil)
        // What the draft was made of can still be undone.
        _ = try workspace.undo("a.md", steps: 2)
        #expect(try String(decoding: workspace.draft("a.md"), as: UTF8.self).contains("Start"))
    }

    private func make(
        _ change: Change, _ workspace: borrowing Workspace, _ choice: ConflictChoice = .reject,
        from commit: String = "HEAD"
    ) throws -> EditReport {
        var saving = DraftSaving()
        saving.onConflict = choice
        switch change {
        case .undo: return try workspace.undo("a.md", saving: saving)
        case .redo: return try workspace.redo("a.md", saving: saving)
        case .restore: return try workspace.restore("a.md", from: commit, saving: saving)
        case .set:
            return try workspace.edit(
                "a.md", [.set(try FieldPath(parsing: "title"), .guess("Start"))], saving: saving)
        }
    }

    private func kinds(_ error: HistoryError?) -> [Divergence.Kind] {
        if case .diverged(let divergences) = error { divergences.map(\.kind) } else { [] }
    }

    @Test(arguments: Change.allCases)
    func whatAnotherProgramWroteIsNotCommitted(_ change: Change) throws {
        let repository = try scene(change)
        let workspace = try Workspace(in: repository.world(seed: 900))
        try repository.write("a.md", SavingEditTests.theirs)
        let before = try workspace.session(of: "a.md")
        let head = try repository.git("rev-parse", "HEAD")
        let error = #expect(throws: HistoryError.self) { _ = try make(change, workspace) }
        #expect(kinds(error) == [.modifiedOnDisk])
        let after = try workspace.session(of: "a.md")
        #expect(after?.draft == before?.draft && after?.operations == before?.operations)
        #expect(after?.history == before?.history)
        #expect(try repository.git("rev-parse", "HEAD") == head)
        #expect(try repository.read("a.md") == SavingEditTests.theirs)

        // Told what to do, it does that.
        let report = try make(change, workspace, .overwrite)
        #expect(report.save?.displaced.count == 1)
        #expect(try repository.read("a.md") == SavingEditTests.start)
        #expect(
            try workspace.recoverable(#require(try workspace.keptTexts().first).id).1
                == Array(SavingEditTests.theirs.utf8))
        try repository.check()
    }

    @Test(arguments: Change.allCases)
    func aMergeTakesTheirs(_ change: Change) throws {
        let repository = try scene(change)
        let workspace = try Workspace(in: repository.world(seed: 900))
        try repository.write("a.md", SavingEditTests.theirs)
        #expect(try make(change, workspace, .merge).save?.saved.count == 1)
        #expect(try repository.read("a.md") == SavingEditTests.theirs)
        #expect(try repository.git("show", "HEAD:a.md") == SavingEditTests.theirs)
    }

    /// Another work tree, or a plumbing command, moved the branch under the disk.
    @Test(arguments: Change.allCases)
    func anothersCommitIsNotReverted(_ change: Change) throws {
        let repository = try scene(change)
        try repository.write("theirs", SavingEditTests.theirs)
        let blob = try repository.git("hash-object", "-w", "theirs").dropLast()
        try repository.git("update-index", "--cacheinfo", "100644,\(blob),a.md")
        let tree = String(try repository.git("write-tree").dropLast())
        let commit = String(
            try repository.git("commit-tree", "-p", "HEAD", "-m", "theirs", tree).dropLast())
        try repository.git("update-ref", "HEAD", commit)
        let workspace = try Workspace(in: repository.world(seed: 900))
        let error = #expect(throws: HistoryError.self) {
            _ = try make(change, workspace, from: "HEAD~1")
        }
        #expect(kinds(error) == [.headMoved])
        #expect(try repository.git("rev-parse", "HEAD").dropLast() == commit)
        #expect(try repository.read("a.md") != SavingEditTests.theirs)
    }

    @Test func aDocumentThatIsGoneIsNotMadeAgainUnasked() throws {
        let repository = try scene(.undo)
        try FileSystem().remove(repository.folder.appending("a.md"))
        let workspace = try Workspace(in: repository.world(seed: 900))
        let error = #expect(throws: HistoryError.self) { _ = try make(.undo, workspace) }
        #expect(kinds(error) == [.deletedOnDisk])
        #expect(try repository.read("a.md") == nil)
    }

    /// A session that was opened for a refused save was never there.
    @Test func nothingIsLeftOfASessionThatARefusedSaveOpened() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", SavingEditTests.start)
        _ = try repository.git("add", "a.md")
        _ = try repository.git("commit", "-q", "-m", "start")
        var world = repository.world(seed: 7)
        world.files.fault = { call, path in
            call == .exchange && path.lastComponent == "a.md" ? .ioError : nil
        }
        #expect(throws: HistoryError.self) {
            _ = try Workspace(in: world).edit(
                "a.md", [.replaceBody(Array("mine\n".utf8))], saving: DraftSaving())
        }
        let workspace = try Workspace(in: repository.world(seed: 8))
        #expect(try workspace.session(of: "a.md") == nil)
        #expect(try workspace.recoveryCandidates().unreadable.isEmpty)
        for folder in [".git/docvc/sessions", ".git/docvc/drafts"] {
            let names = try FileSystem().names(in: repository.folder.appending(folder))
            #expect(names.isEmpty, "\(folder)")
        }
        try repository.check()
    }

    /// A refused save takes its operation back, also where it was what compacted the journal.
    @Test func aRefusedSaveIsTakenBackAcrossACompaction() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", SavingEditTests.start)
        var world = repository.world()
        world.environment["DOCVC_HISTORY_OPERATIONS"] = "2"
        let workspace = try Workspace(in: world)
        _ = try workspace.save(SaveRequest(["a.md"]))
        let title = try FieldPath(parsing: "title")
        var compactions = 0
        for number in 0..<80 {
            _ = try workspace.edit("a.md", [.set(title, .guess("t\(number)"))])
            try repository.write("a.md", "theirs \(number)\n")
            let before = try #require(try workspace.session(of: "a.md"))
            let journal = Session.file(of: before.id, in: workspace)
            let size = try FileSystem().read(journal).count
            #expect(throws: HistoryError.self) {
                _ = try workspace.edit("a.md", [.set(title, .guess("no"))], saving: DraftSaving())
            }
            let after = try #require(try workspace.session(of: "a.md"))
            #expect(after.state == before.state, "edit \(number)")
            #expect(try FileSystem().read(journal).count == size, "edit \(number)")
            if size < 5_000, number > 40 { compactions += 1 }
            try repository.write("a.md", SavingEditTests.start)
        }
        #expect(compactions > 0)
    }

    /// Conflicts of a merge before keep a save from being made, and the edit with it.
    @Test func anEditOfADraftWithConflictsIsTakenBack() throws {
        let repository = try scene(.undo)
        let workspace = try Workspace(in: repository.world(seed: 900))
        try repository.write("a.md", SavingEditTests.start.replacing("Start", with: "Theirs"))
        var request = SaveRequest(["a.md"])
        request.onConflict = .merge
        #expect(throws: HistoryError.self) { _ = try workspace.save(request) }
        let before = try #require(try workspace.session(of: "a.md"))
        #expect(before.operations.last?.kind == .merge)
        for _ in 0..<2 {
            let error = #expect(throws: HistoryError.self) {
                _ = try workspace.edit(
                    "a.md", [.replaceBody(Array("more\n".utf8))], saving: DraftSaving())
            }
            guard case .conflicts = error else { return #expect(Bool(false)) }
            #expect(try workspace.session(of: "a.md")?.state == before.state)
        }
    }
}
