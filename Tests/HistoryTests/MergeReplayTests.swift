import History
import Merging
import TestSupport
import Testing

/// Past merges made again through libgit2, with docvc's driver registered in it.
@Suite struct MergeReplayTests {
    private static let document = "---\ntitle: A\nweight: 1\ntags: [a]\n---\nOne.\n\nTwo.\n"
    private let repository: TemporaryRepository

    init() throws {
        repository = try TemporaryRepository()
        // Git's row is Git's own merge, also where an attribute names the driver.
        try repository.write(".gitattributes", "*.md merge=docvc\n")
        try repository.write("a.md", MergeReplayTests.document)
        try commit("base")
    }

    private func commit(_ message: String) throws {
        try repository.git("add", "-A")
        try repository.git("commit", "--quiet", "-m", message)
    }

    private func edit(_ name: String, _ old: String, _ new: String) throws {
        let text = try #require(try repository.read(name))
        try repository.write(name, text.replacing(old, with: new))
    }

    /// Commits a merge of `other` in which a person wrote these documents.
    private func merge(_ other: String, as texts: [String: String]) throws {
        try repository.git("merge", "--quiet", "-s", "ours", "--no-commit", other)
        for (name, text) in texts { try repository.write(name, text) }
        try commit("merge \(other)")
    }

    private func replay() throws -> MergeReplay {
        let workspace = try Workspace(in: repository.world())
        return try workspace.replayMerges(in: nil, policy: MergePolicy())
    }

    @Test func neighbouringKeysAreGitsConflictOnly() throws {
        try repository.git("checkout", "--quiet", "-b", "side")
        try edit("a.md", "weight: 1", "weight: 2")
        try commit("side")
        try repository.git("checkout", "--quiet", "main")
        try edit("a.md", "title: A", "title: B")
        try commit("main")
        let merged = "---\ntitle: B\nweight: 2\ntags: [a]\n---\nOne.\n\nTwo.\n"
        try merge("side", as: ["a.md": merged])
        let before = try repository.git("count-objects")
        let replay = try replay()
        #expect(replay.merges == 1)
        #expect(replay.documents.map(\.path) == ["a.md"])
        #expect(replay.documents.map(\.git) == [.conflict])
        #expect(replay.documents.map(\.docvc) == [.equal])
        #expect(try repository.git("count-objects") == before, "the replay wrote objects")
    }

    @Test func renamedDocumentsAreFollowed() throws {
        try repository.git("checkout", "--quiet", "-b", "side")
        try repository.git("mv", "a.md", "b.md")
        try edit("b.md", "weight: 1", "weight: 2")
        try commit("side")
        try repository.git("checkout", "--quiet", "main")
        try edit("a.md", "title: A", "title: B")
        try commit("main")
        try repository.git("merge", "--quiet", "-s", "ours", "--no-commit", "side")
        try repository.git("mv", "a.md", "b.md")
        try edit("b.md", "weight: 1", "weight: 2")
        try commit("merge side")
        let replay = try replay()
        #expect(replay.documents.map(\.path) == ["b.md"])
        #expect(replay.documents.map(\.git) == [.conflict])
        #expect(replay.documents.map(\.docvc) == [.equal])
    }

    @Test func severalBasesAreMergedFirst() throws {
        try repository.git("checkout", "--quiet", "-b", "side")
        try edit("a.md", "title: A", "title: S")
        try commit("side")
        try repository.git("checkout", "--quiet", "main")
        try edit("a.md", "title: A", "title: M")
        try commit("main")
        try repository.git("branch", "before")
        let settled = MergeReplayTests.document.replacing("title: A", with: "title: M")
        try merge("side", as: ["a.md": settled])
        try repository.git("checkout", "--quiet", "side")
        try merge("before", as: ["a.md": settled])
        try edit("a.md", "weight: 1", "weight: 2")
        try commit("weight")
        try repository.git("checkout", "--quiet", "main")
        try edit("a.md", "tags: [a]", "tags: [a, b]")
        try commit("tags")
        let merged = "---\ntitle: M\nweight: 2\ntags: [a, b]\n---\nOne.\n\nTwo.\n"
        try merge("side", as: ["a.md": merged])
        let replay = try replay()
        #expect(replay.merges == 3)
        #expect(replay.skipped == 0)
        // The merge of the criss-cross is the newest.
        #expect(replay.documents.first?.docvc == .equal)
        #expect(replay.documents.dropFirst().map(\.docvc) == [.conflict, .conflict])
    }

    @Test func unrelatedHistoriesAreLeftOut() throws {
        try repository.git("checkout", "--quiet", "--orphan", "other")
        try commit("another beginning")
        try repository.git("checkout", "--quiet", "main")
        try repository.git(
            "merge", "--quiet", "--allow-unrelated-histories", "-s", "ours", "-m", "m", "other")
        let replay = try replay()
        #expect(replay.merges == 1)
        #expect(replay.skipped == 1)
        #expect(replay.documents.isEmpty)
    }
}
