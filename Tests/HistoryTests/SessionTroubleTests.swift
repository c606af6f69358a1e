import Dispatch
import Documents
import Git
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// Sessions whose document, clock or company is not as it should be: a clear answer, and nothing
/// is lost.
@Suite struct SessionTroubleTests {
    static let start = "---\ntitle: Start\n---\nbody\n"
    static let work = start.replacing("Start", with: "Work")

    private func scene() throws -> (TemporaryRepository, ULID) {
        let repository = try TemporaryRepository()
        try repository.write("a.md", SessionTroubleTests.start)
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        let title = try FieldPath(parsing: "title")
        return (repository, try workspace.edit("a.md", [.set(title, .guess("Work"))]).session)
    }

    enum Fate: CaseIterable, Sendable {
        case movedOnDisk, movedInGit, movedAndCommitted, deletedOnDisk, deletedAndCommitted
    }

    /// The draft of a document that has another name now, or none, waits to be brought back.
    @Test(arguments: Fate.allCases)
    func theDocumentIsGone(_ fate: Fate) throws {
        let (repository, id) = try scene()
        switch fate {
        case .movedOnDisk: try repository.run(["mv", "a.md", "b.md"])
        case .movedInGit: try repository.git("mv", "a.md", "b.md")
        case .movedAndCommitted:
            try repository.git("mv", "a.md", "b.md")
            try repository.git("commit", "--quiet", "-m", "move")
        case .deletedOnDisk: try FileSystem().remove(repository.folder.appending("a.md"))
        case .deletedAndCommitted:
            try repository.git("rm", "--quiet", "a.md")
            try repository.git("commit", "--quiet", "-m", "remove")
        }
        let workspace = try Workspace(in: repository.world(seed: 900))
        #expect(try workspace.pendingRecovery() == ["a.md"])
        let found = try workspace.recoveryCandidates().candidates
        #expect(found.map(\.id) == [id] && found.first?.disk == .deleted)
        #expect(try workspace.recoverable(id).1 == Array(SessionTroubleTests.work.utf8))
        // A save does not make the document again unasked.
        let error = #expect(throws: HistoryError.self) {
            _ = try workspace.save(SaveRequest(["a.md"]))
        }
        guard case .diverged(let divergences) = error else { return #expect(Bool(false)) }
        #expect(divergences.map(\.kind) == [.deletedOnDisk])
        var request = SaveRequest(["a.md"])
        request.onConflict = .overwrite
        #expect(try workspace.save(request).saved.map(\.path) == ["a.md"])
        #expect(try repository.read("a.md") == SessionTroubleTests.work)
        #expect(try workspace.pendingRecovery().isEmpty)
        try repository.check()
    }

    enum Replacement: CaseIterable, Sendable { case link, folder, linkOnTheWay, pipe }

    /// The draft of a document whose place something else has taken is named, shown and let go,
    /// and stands in no other draft's way.
    @Test(arguments: Replacement.allCases)
    func theDocumentIsReplaced(_ replacement: Replacement) throws {
        let repository = try TemporaryRepository()
        for name in ["d/a.md", "b.md"] { try repository.write(name, SessionTroubleTests.start) }
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["d/a.md", "b.md"]))
        let title = try FieldPath(parsing: "title")
        let id = try workspace.edit("d/a.md", [.set(title, .guess("Work"))]).session
        _ = try workspace.edit("b.md", [.set(title, .guess("Work"))])
        try repository.run(["mv", "d/a.md", "moved.md"])
        switch replacement {
        case .link: try repository.run(["ln", "-s", "../moved.md", "d/a.md"])
        case .folder: try repository.write("d/a.md/page.md", "another document\n")
        case .linkOnTheWay:
            try repository.run(["rmdir", "d"])
            try repository.run(["ln", "-s", "/tmp", "d"])
        case .pipe: try repository.run(["mkfifo", "d/a.md"])
        }
        #expect(try workspace.pendingRecovery() == ["d/a.md"])
        #expect(try workspace.recoveryCandidates().candidates.map(\.id) == [id])
        #expect(try workspace.recoverable(id).1 == Array(SessionTroubleTests.work.utf8))
        let drafts = try workspace.draftedDocuments()
        #expect(drafts == ["b.md", "d/a.md"])
        #expect(try workspace.replacedDocuments(among: drafts) == ["d/a.md"])
        let kept = try #require(try workspace.discard(id).kept)
        #expect(try workspace.repository.blob(kept.blob) == Array(SessionTroubleTests.work.utf8))
        #expect(try workspace.pendingRecovery().isEmpty)
        #expect(try workspace.draftedDocuments() == ["b.md"])
        #expect(try workspace.save(SaveRequest(["b.md"])).saved.count == 1)
    }

    /// Processes in one session follow each other: each operation is there, once and in order.
    @Test func processesInOneSession() throws {
        let (repository, id) = try scene()
        DispatchQueue.concurrentPerform(iterations: 4) { index in
            var overrides = Settings.Overrides()
            overrides.session = id.text
            for number in 0..<5 {
                let world = repository.world(seed: UInt64(1_000 * index + number))
                do {
                    let key = try FieldPath(parsing: "key\(index)\(number)")
                    _ = try Workspace(in: world, overrides: overrides)
                        .edit("a.md", [.set(key, .guess("x"))])
                } catch {
                    Issue.record("\(error)")
                }
            }
        }
        let session = try #require(
            try Workspace(in: repository.world(seed: 90_000)).session(of: "a.md"))
        #expect(session.id == id && session.operations.count == 21)
        #expect(session.operations.map(\.sequence) == Array(1...21))
        let text = String(decoding: try #require(session.draft), as: UTF8.self)
        for index in 0..<4 {
            for number in 0..<5 { #expect(text.contains("key\(index)\(number): x\n")) }
        }
        #expect(!session.wasDamaged)
    }

    /// Order is by number and not by time.
    @Test func aClockThatWentBack() throws {
        let (repository, _) = try scene()
        var world = repository.world(seed: 900)
        world.environment["GIT_COMMITTER_DATE"] = "1000000000 +0000"
        let early = World(
            now: { Timestamp(seconds: 1_000_000_000, offset: 0) }, random: world.random,
            environment: world.environment, currentFolder: world.currentFolder)
        let workspace = try Workspace(in: early)
        _ = try workspace.edit("a.md", [.replaceBody(Array("early\n".utf8))])
        #expect(try workspace.session(of: "a.md")?.operations.map(\.sequence) == [1, 2])
        _ = try workspace.undo("a.md", steps: 2)
        _ = try workspace.redo("a.md", steps: 2)
        let saved = try workspace.save(SaveRequest(["a.md"]))
        #expect(saved.revision?.id.number == 2)
        let kept = try workspace.edit("a.md", [.replaceBody(Array("again\n".utf8))])
        _ = try workspace.discard(kept.session)
        // Back in the present nothing that is kept counts as too old, or too new, to be read.
        let later = try Workspace(in: repository.world(seed: 5_000))
        #expect(try later.session(of: "a.md")?.operations.count == 4)
        #expect(try later.keptTexts().count == 1)
        try repository.check()
    }

    @Test(arguments: [
        "x", "", "../../etc/passwd", "01JDK4T0V6M9Q8R3YB2X7Z5WH", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
    ])
    func aSessionThatIsNone(_ name: String) throws {
        let (repository, _) = try scene()
        var overrides = Settings.Overrides()
        overrides.session = name
        let error = #expect(throws: HistoryError.self) {
            _ = try Workspace(in: repository.world(), overrides: overrides)
        }
        guard case .badValue("session", name, _) = error else { return #expect(Bool(false)) }
    }

    @Test func aSessionOfAnotherDocument() throws {
        let (repository, id) = try scene()
        try repository.write("b.md", "text\n")
        var overrides = Settings.Overrides()
        overrides.session = id.text
        let workspace = try Workspace(in: repository.world(seed: 900), overrides: overrides)
        let error = #expect(throws: HistoryError.self) {
            _ = try workspace.edit("b.md", [.replaceBody(Array("x\n".utf8))])
        }
        guard case .otherSession(id, path: "a.md") = error else { return #expect(Bool(false)) }
        #expect(try workspace.draft("a.md") == Array(SessionTroubleTests.work.utf8))
    }

    /// The checkpoint's own tree, or a part of it, is missing.
    @Test(arguments: [true, false])
    func aCheckpointThatIsMissing(_ isWhole: Bool) throws {
        let (repository, id) = try scene()
        let workspace = try Workspace(in: repository.world(seed: 900))
        let tree = try #require(try workspace.checkpoint("a.md").tree)
        try FileSystem().removeTree(repository.folder.appending(".git/docvc"))
        let missing =
            isWhole
            ? tree.hex : String(try repository.git("rev-parse", "\(tree):draft").dropLast())
        try FileSystem().remove(
            repository.folder.appending(".git/objects/\(missing.prefix(2))/\(missing.dropFirst(2))")
        )
        let again = try Workspace(in: repository.world(seed: 1_900))
        let found = try again.recoveryCandidates()
        #expect(found.candidates.isEmpty)
        #expect(found.unreadable.map(\.name) == ["refs/docvc/checkpoints/\(id)"])
        // Work goes on all the same.
        _ = try again.edit("a.md", [.replaceBody(Array("new\n".utf8))], saving: DraftSaving())
    }
}
