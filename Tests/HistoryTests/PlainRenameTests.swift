import Documents
import Git
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// File systems that rename only by replacing what is there, as NFS and many of FUSE do.
@Suite struct PlainRenameTests {
    /// Two saved documents, and a workspace where neither can be exchanged with another file,
    /// nor get a name only if that is free. What `more` says fails too.
    private func scene(
        _ repository: TemporaryRepository,
        _ more: @escaping @Sendable (FileCall, FilePath) -> Errno? = { _, _ in nil }
    ) throws -> Workspace {
        try repository.write("a.md", "one\n")
        try repository.write("b.md", "one\n")
        _ = try Workspace(in: repository.world()).save(SaveRequest(["a.md", "b.md"]))
        var world = repository.world(seed: 2)
        world.files.fault = { call, path in
            call == .exchange || call == .renameToNew ? .invalidArgument : more(call, path)
        }
        return try Workspace(in: world)
    }

    private let edit = Edit.replaceText(
        find: Array("one".utf8), with: Array("two".utf8), all: false)

    @Test func documentsAreSaved() throws {
        let repository = try TemporaryRepository()
        let workspace = try scene(repository)
        _ = try workspace.edit("a.md", [edit], saving: DraftSaving())
        #expect(try repository.read("a.md") == "two\n")
        // One that is new on disk.
        try FileSystem().remove(repository.folder.appending("b.md"))
        _ = try workspace.restore("b.md", from: "HEAD", saving: DraftSaving())
        #expect(try repository.read("b.md") == "one\n")
        #expect(try repository.git("status", "--porcelain").isEmpty)
        try repository.check()
    }

    /// The second document cannot be replaced: the first is as it was.
    @Test func allOrNone() throws {
        let repository = try TemporaryRepository()
        let target = repository.folder.appending("b.md")
        let workspace = try scene(repository) { call, path in
            call == .rename && path == target ? .ioError : nil
        }
        for path in ["a.md", "b.md"] { _ = try workspace.edit(path, [edit]) }
        #expect(throws: HistoryError.self) {
            _ = try workspace.save(SaveRequest(["a.md", "b.md"]))
        }
        #expect(try repository.read("a.md") == "one\n")
        #expect(try repository.read("b.md") == "one\n")
        #expect(try repository.git("status", "--porcelain").isEmpty)
        try repository.check()
    }

    /// The same where the process is killed: what is left is taken back by the next command.
    @Test(arguments: [true, false]) func killsAreTakenBack(_ isTorn: Bool) throws {
        let repository = try TemporaryRepository()
        let workspace = try scene(repository)
        let ids = try ["one", "two"].map { word in
            try repository.run(["sh", "-c", "echo \(word) | git hash-object -w --stdin"]).dropLast()
        }.map(String.init)
        let commit = try String(
            repository.git("commit-tree", "HEAD^{tree}", "-m", "not there yet").dropLast())
        let intent = Intent(
            documents: [
                .init(
                    path: "a.md", temporary: ULID(in: workspace.world), old: ids[0],
                    new: ids[1], blob: ids[1], mode: FileMode.regular.rawValue,
                    indexed: ids[0], session: nil)
            ],
            publication: .init(
                revision: try #require(RevisionID("01JDK4T0V6M9Q8R3YB2X7Z5WHC-3")),
                commit: commit, reference: "refs/heads/main", old: nil,
                note: ids[0]))
        try workspace.write(intent)
        try repository.write("a.md", "two\n")
        if isTorn {
            // Killed once more, when it was taken back.
            let replacement = try #require(try workspace.replacement(of: intent.documents[0]))
            try FileSystem().replace(replacement.temporary, with: "on".utf8)
        }
        #expect(try workspace.recoverInterruptedSave() == [.rolledBack(["a.md"])])
        #expect(try repository.read("a.md") == "one\n")
        #expect(try repository.git("status", "--porcelain", "-uall").isEmpty)
        try repository.check()
    }
}
