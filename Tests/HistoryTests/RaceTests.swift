import Dispatch
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
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        var workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        try repository.write("a.md", "mine\n")
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

    /// Somebody fetches notes between the branch and the notes: both notes are there.
    @Test func notesMovedMeanwhile() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        var workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        try repository.write("a.md", "two\n")
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
