import Dispatch
import Documents
import Git
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// Other writers come between the steps of a save; no text of theirs is ever lost.
@Suite struct RaceTests {
    /// How another writer changes the document.
    enum Writer: CaseIterable, Sendable {
        case inPlace, byRename, deleting, holdingOpen
    }

    /// A repository whose document was saved, and has another text now.
    private func saved(thenChangedTo text: String) throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        _ = try Workspace(in: repository.world()).save(SaveRequest(["a.md"]))
        try repository.write("a.md", text)
        return repository
    }

    /// A writer changes the document between the check and the exchange: the exchange is
    /// taken back, and the writer's text is on disk.
    @Test(arguments: Writer.allCases)
    func writerBeforeTheExchangeIsNotOverwritten(_ writer: Writer) throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        var workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        try repository.write("a.md", "two\n")
        _ = try workspace.save(SaveRequest(["a.md"]))

        let round = Counter(0)
        let open = OpenWriter(repository.folder.appending("a.md"))
        workspace.atStep = { step in
            guard case .beforeExchange = step else { return }
            let text = "writer \(round.next())\n"
            switch writer {
            case .inPlace: try? repository.write("a.md", text)
            case .byRename: try? repository.replace("a.md", text)
            case .deleting: _ = try? FileSystem().remove(repository.folder.appending("a.md"))
            case .holdingOpen: open.write(text)
            }
        }
        for number in 1...100 {
            #expect(throws: HistoryError.self) {
                _ = try workspace.restore("a.md", from: "HEAD~1", saving: DraftSaving())
            }
            open.wait()
            let expected = writer == .deleting ? nil : "writer \(number)\n"
            #expect(try repository.read("a.md") == expected)
            try repository.write("a.md", "two\n")
        }
        try repository.check()
        #expect(try workspace.keptTexts().isEmpty)
    }

    /// A writer changes the document after it was read and before it is committed.
    @Test func changeDuringASaveIsReported() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        var workspace = try Workspace(in: repository.world())
        workspace.atStep = { step in
            if step == .objectsWritten { try? repository.write("a.md", "theirs\n") }
        }
        let error = #expect(throws: HistoryError.self) {
            _ = try workspace.save(SaveRequest(["a.md"]))
        }
        guard case .diverged(let divergences) = error else { return #expect(Bool(false)) }
        #expect(divergences.map(\.kind) == [.modifiedOnDisk])
        #expect(try repository.read("a.md") == "theirs\n")
        #expect(throws: CommandFailure.self) { try repository.git("rev-parse", "--verify", "HEAD") }
        try repository.check()
    }

    @Test func overwriteKeepsTheOtherText() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "mine\n")
        var workspace = try Workspace(in: repository.world())
        let once = Counter(0)
        workspace.atStep = { step in
            guard step == .objectsWritten, once.next() == 1 else { return }
            try? repository.write("a.md", "theirs\n")
        }
        var request = SaveRequest(["a.md"])
        request.onConflict = .overwrite
        let report = try workspace.save(request)
        #expect(try repository.read("a.md") == "mine\n")
        #expect(try repository.git("show", "HEAD:a.md") == "mine\n")
        let kept = try #require(report.displaced.first?.kept)
        #expect(
            try repository.git("cat-file", "blob", "refs/docvc/kept/\(kept.id):document")
                == "theirs\n")
        #expect(try repository.git("status", "--porcelain").isEmpty)
        try repository.check()
    }

    @Test func reloadKeepsTheTextThatWasRead() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "mine\n")
        var workspace = try Workspace(in: repository.world())
        workspace.atStep = { step in
            if step == .objectsWritten { try? repository.write("a.md", "theirs\n") }
        }
        var request = SaveRequest(["a.md"])
        request.onConflict = .reload
        let report = try workspace.save(request)
        #expect(report.commit == nil)
        #expect(try repository.read("a.md") == "theirs\n")
        let kept = try #require(report.displaced.first?.kept)
        #expect(try workspace.repository.blob(kept.blob) == Array("mine\n".utf8))
    }

    /// A commit of another document in the meantime is no divergence; the save goes on top.
    @Test func anotherDocumentCommittedMeanwhile() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        try repository.write("b.md", "one\n")
        var workspace = try Workspace(in: repository.world())
        let once = Counter(0)
        workspace.atStep = { step in
            guard step == .objectsWritten, once.next() == 1 else { return }
            _ = try? repository.git("add", "b.md")
            _ = try? repository.git("commit", "--quiet", "-m", "theirs", "b.md")
        }
        _ = try workspace.save(SaveRequest(["a.md"]))
        #expect(try repository.git("log", "--format=%s") == "Update a.md\ntheirs\n")
        #expect(try repository.git("status", "--porcelain").isEmpty)
    }

    /// A commit of the same document in the meantime is.
    @Test func sameDocumentCommittedMeanwhile() throws {
        let repository = try saved(thenChangedTo: "mine\n")
        var workspace = try Workspace(in: repository.world(seed: 2))
        let once = Counter(0)
        workspace.atStep = { step in
            guard step == .objectsWritten, once.next() == 1 else { return }
            // Only the branch moves, as when somebody pushes to it.
            let blob = try? repository.run(["sh", "-c", "echo theirs | git hash-object -w --stdin"])
            let line = "100644 blob \(blob?.dropLast() ?? "")\ta.md"
            _ = try? repository.run([
                "sh", "-c",
                "git update-ref HEAD $(git commit-tree -p HEAD -m theirs $(printf '\(line)\\n' | git mktree))",
            ])
        }
        let error = #expect(throws: HistoryError.self) {
            _ = try workspace.save(SaveRequest(["a.md"]))
        }
        guard case .diverged(let divergences) = error else { return #expect(Bool(false)) }
        #expect(divergences.map(\.kind) == [.headMoved])
        #expect(try repository.git("log", "-1", "--format=%s") == "theirs\n")
        #expect(try repository.read("a.md") == "mine\n")
    }

    /// A document is edited when it was read and is on its way into the index: Git sees the edit,
    /// though neither the size nor, after the index, the time tells of it.
    @Test(arguments: [SaveStep.intentWritten, .branchMoved])
    func editsDuringASaveAreSeenByGit(_ moment: SaveStep) throws {
        let repository = try saved(thenChangedTo: "two\n")
        var workspace = try Workspace(in: repository.world(seed: 2))
        workspace.atStep = { step in
            guard step == moment else { return }
            try? repository.write("a.md", "six\n")
            // The index is to be younger than the edit.
            try? FileSystem().status(of: repository.folder.appending("a.md"))?.waitForNextTick()
        }
        _ = try workspace.save(SaveRequest(["a.md"]))
        #expect(try repository.git("show", "HEAD:a.md") == "two\n")
        #expect(try repository.git("status", "--porcelain") == " M a.md\n")
    }

    /// The notes cannot be moved: Git's next commit takes nothing of the save back, and the next
    /// command brings the note.
    @Test func notesAreLockedMeanwhile() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        try repository.git("config", "docvc.lockTimeout", "10ms")
        var workspace = try Workspace(in: repository.world())
        workspace.atStep = { step in
            if step == .branchMoved { try? repository.write(".git/refs/notes/docvc.lock", "") }
        }
        let edit = Edit.replaceText(find: Array("one".utf8), with: Array("two".utf8), all: false)
        let report = try workspace.edit("a.md", [edit], saving: DraftSaving())
        #expect(report.save?.warnings.count == 1)
        #expect(try repository.git("status", "--porcelain").isEmpty)
        #expect(throws: CommandFailure.self) {
            try repository.git("notes", "--ref=docvc", "show", "HEAD")
        }
        try FileSystem().remove(repository.folder.appending(".git/refs/notes/docvc.lock"))
        let revision = try #require(report.save?.revision)
        #expect(try workspace.recoverInterruptedSave() == [.finished(revision.id)])
        #expect(
            try repository.git("notes", "--ref=docvc", "show", "HEAD").contains("docvc.revision/1"))
        #expect(try workspace.recoverInterruptedSave().isEmpty)
        try repository.check()
    }

    /// A merge begins while a hook runs: the save neither commits into it nor settles it.
    @Test func mergeBegunMeanwhile() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        try repository.write("b.md", "one\n")
        var workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md", "b.md"]))
        try repository.git("branch", "topic")
        try repository.write("b.md", "ours\n")
        _ = try workspace.save(SaveRequest(["b.md"]))
        try repository.git("switch", "-q", "topic")
        try repository.write("b.md", "theirs\n")
        _ = try workspace.save(SaveRequest(["b.md"]))
        try repository.write("a.md", "two\n")
        workspace.atStep = { step in
            if step == .objectsWritten { _ = try? repository.git("merge", "main") }
        }
        let head = try repository.git("rev-parse", "HEAD")
        let error = #expect(throws: HistoryError.self) {
            _ = try workspace.save(SaveRequest(["a.md"]))
        }
        guard case .unfinished = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try repository.git("rev-parse", "HEAD") == head)
        #expect(try repository.git("status", "--porcelain") == " M a.md\nUU b.md\n")
    }

    /// Another text is staged while a hook runs: it is kept, as one that was staged before.
    @Test func textStagedMeanwhile() throws {
        let repository = try saved(thenChangedTo: "two\n")
        var workspace = try Workspace(in: repository.world(seed: 2))
        let once = Counter(0)
        workspace.atStep = { step in
            guard step == .objectsWritten, once.next() == 1 else { return }
            _ = try? repository.run([
                "sh", "-c",
                "git update-index --cacheinfo 100644,$(echo staged | git hash-object -w --stdin),a.md",
            ])
        }
        _ = try workspace.save(SaveRequest(["a.md"]))
        #expect(try repository.git("show", "HEAD:a.md") == "two\n")
        let kept = try #require(try workspace.keptTexts().first)
        #expect(try workspace.repository.blob(kept.blob) == Array("staged\n".utf8))
    }

    /// Somebody fetches notes between the branch and the notes: both notes are there.
    @Test func notesMovedMeanwhile() throws {
        let repository = try saved(thenChangedTo: "two\n")
        var workspace = try Workspace(in: repository.world(seed: 2))
        workspace.atStep = { step in
            guard step == .branchMoved else { return }
            _ = try? repository.git("notes", "--ref=docvc", "add", "-f", "-m", "theirs", "HEAD~1")
        }
        let report = try workspace.save(SaveRequest(["a.md"]))
        #expect(report.warnings.isEmpty)
        #expect(try repository.git("notes", "--ref=docvc", "show", "HEAD~1") == "theirs\n")
        #expect(
            try repository.git("notes", "--ref=docvc", "show", "HEAD").contains("docvc.revision/1"))
    }
}

/// A writer that has the document open when it is exchanged, and writes a little later.
private final class OpenWriter: Sendable {
    private let path: FilePath
    private let writing = DispatchGroup()

    init(_ path: FilePath) { self.path = path }

    func write(_ text: String) {
        guard
            let file = try? FileDescriptor.open(
                path, .writeOnly, options: [.truncate, .closeOnExec])
        else { return }
        DispatchQueue.global().async(group: writing) {
            World.sleep(.milliseconds(1))
            _ = try? file.closeAfter { try file.writeAll(text.utf8) }
        }
    }

    func wait() { writing.wait() }
}
