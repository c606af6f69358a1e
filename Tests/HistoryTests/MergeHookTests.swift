import Documents
import Git
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// A program in `docvc.mergeHook`: what it decides, and that no text is lost by one that fails.
@Suite struct MergeHookTests {
    static let start = "---\ntitle: Start\n---\nbody\n"
    static let mine = start.replacing("Start", with: "Mine")
    static let theirs = start.replacing("body", with: "theirs")

    /// A repository whose document has a draft and another program's text on disk.
    private func scene(_ hook: String, timeLimit: String? = nil) throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        try repository.git("config", "docvc.mergeHook", hook)
        if let timeLimit { try repository.git("config", "docvc.hookTimeout", timeLimit) }
        try repository.write("a.md", MergeHookTests.start)
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        _ = try workspace.edit("a.md", [.set(try FieldPath(parsing: "title"), .guess("Mine"))])
        try repository.write("a.md", MergeHookTests.theirs)
        return repository
    }

    private var byHook: SaveRequest {
        var request = SaveRequest(["a.md"])
        request.onConflict = .hook
        return request
    }

    /// Whatever a program does that has not merged: draft, disk and divergence stay.
    @Test(arguments: [
        // It fails, having written or not.
        "exit 255 #", "echo broken >\"$2\"; exit 200 #", "kill -9 $$ #", "/no/such/program",
        // It tells of conflicts, and leaves none: nobody would find theirs again.
        "exit 1 #", "echo ours only >\"$2\"; exit 1 #",
        // It leaves nothing that could be read.
        ": >\"$2\" #", "rm \"$2\" #", "rm \"$2\"; mkdir \"$2\" #",
        "rm \"$2\"; ln -s /etc/passwd \"$2\" #",
    ])
    func aHookThatFailedChangesNothing(_ hook: String) throws {
        let repository = try scene(hook)
        let workspace = try Workspace(in: repository.world(seed: 900))
        let before = try #require(try workspace.session(of: "a.md"))
        let error = #expect(throws: HistoryError.self) { _ = try workspace.save(byHook) }
        guard case .mergeHookFailed(path: "a.md", _) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        let after = try #require(try workspace.session(of: "a.md"))
        #expect(after.draft == Array(MergeHookTests.mine.utf8))
        #expect(after.operations == before.operations && after.history == before.history)
        #expect(try repository.read("a.md") == MergeHookTests.theirs)
        // The next save finds the divergence as it was.
        let again = #expect(throws: HistoryError.self) {
            _ = try workspace.save(SaveRequest(["a.md"]))
        }
        guard case .diverged(let divergences) = again else { return #expect(Bool(false)) }
        #expect(divergences.map(\.kind) == [.modifiedOnDisk])
        #expect(try repository.read("a.md") == MergeHookTests.theirs)
    }

    @Test func aHookThatHangsChangesNothing() throws {
        let repository = try scene("sleep 60 #", timeLimit: "1s")
        let workspace = try Workspace(in: repository.world(seed: 900))
        let error = #expect(throws: HistoryError.self) { _ = try workspace.save(byHook) }
        guard case .mergeHookFailed(path: "a.md", .timedOut(.seconds(1))) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(throws: HistoryError.self) { _ = try workspace.save(SaveRequest(["a.md"])) }
        #expect(try repository.read("a.md") == MergeHookTests.theirs)
    }

    /// The program may leave out of theirs what it likes; so theirs is kept, and said.
    @Test(arguments: [
        ("exit 0 #", mine), ("cat \"$3\" >\"$2\" #", theirs), ("echo both >\"$2\" #", "both\n"),
    ])
    func whatAHookDecidesIsSaved(_ hook: String, _ result: String) throws {
        let repository = try scene(hook)
        let workspace = try Workspace(in: repository.world(seed: 900))
        let report = try workspace.save(byHook)
        #expect(try repository.read("a.md") == result)
        #expect(report.merged == ["a.md"] && report.saved.count == 1)
        let kept = try workspace.keptTexts()
        guard result != MergeHookTests.theirs else { return #expect(kept.isEmpty) }
        #expect(report.displaced.map(\.kept.id) == kept.map(\.id))
        #expect(
            try kept.map { try workspace.recoverable($0.id).1 }
                == [Array(MergeHookTests.theirs.utf8)])
    }

    /// Conflicts that a program leaves are the draft's, as with any merge.
    @Test func whatAHookLeavesOpenIsTheDraft() throws {
        let conflict = "<<<<<<< ours\nmine\n=======\ntheirs\n>>>>>>> theirs\n"
        let repository = try scene("printf '%s' '\(conflict)' >\"$2\"; exit 1 #")
        let workspace = try Workspace(in: repository.world(seed: 900))
        let error = #expect(throws: HistoryError.self) { _ = try workspace.save(byHook) }
        guard case .conflicts(path: "a.md", 1, let kept) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(try workspace.draft("a.md") == Array(conflict.utf8))
        #expect(try workspace.keptTexts().map(\.id) == kept.map(\.id) && kept.count == 1)
        #expect(try repository.read("a.md") == MergeHookTests.theirs)
        #expect(throws: HistoryError.self) { _ = try workspace.save(SaveRequest(["a.md"])) }
    }
}
