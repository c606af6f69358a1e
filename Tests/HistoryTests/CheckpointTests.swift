import Documents
import Git
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// When checkpoints are taken and go, and who sees them.
@Suite struct CheckpointTests {
    static let start = "---\ntitle: Start\n---\nbody\n"

    private func scene(_ settings: [String: String] = [:]) throws -> (TemporaryRepository, World) {
        let repository = try TemporaryRepository()
        for (key, value) in settings { try repository.git("config", "docvc.\(key)", value) }
        try repository.write("a.md", CheckpointTests.start)
        let world = repository.world()
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        return (repository, world)
    }

    private func checkpoints(_ repository: TemporaryRepository) throws -> String {
        try repository.git(
            "for-each-ref", "--format=%(objecttype) %(objectname)", "refs/docvc/checkpoints")
    }

    /// The number of the edit after which there is a checkpoint; nil for none of `edits`.
    private func due(
        _ settings: [String: String], after edits: [String], key: String = "title"
    ) throws -> Int? {
        let never = [
            "checkpoint.interval": "10d", "checkpoint.bytes": "1g",
            "checkpoint.operations": "100000",
        ]
        let (repository, world) = try scene(never.merging(settings) { $1 })
        for (number, value) in edits.enumerated() {
            _ = try Workspace(in: world).edit(
                "a.md", [.set(try FieldPath(parsing: key), .guess(value))])
            if try !checkpoints(repository).isEmpty { return number + 1 }
        }
        return nil
    }

    @Test func eachConditionIsConfigurable() throws {
        let edits = (1...6).map { "t\($0)" }
        #expect(try due([:], after: edits) == nil)
        #expect(try due(["checkpoint.operations": "4"], after: edits) == 4)
        #expect(
            try due(["checkpoint.bytes": "60"], after: edits + [String(repeating: "x", count: 60)])
                == 7)
        // Each look at the clock takes a second here.
        let second = try due(["checkpoint.interval": "4"], after: edits)
        #expect(second.map { (2...6).contains($0) } ?? false)
        #expect(try due(["checkpoint.interval": "0"], after: edits) == 1)
    }

    /// `git worktree remove` asks nobody about drafts: what the first change made can be had from
    /// the other work tree.
    @Test func linkedWorkTreesMayBeRemoved() throws {
        let (repository, world) = try scene()
        try repository.git("worktree", "add", "--quiet", "-b", "side", "../side")
        var side = world
        side.currentFolder = repository.folder.removingLastComponent().appending("side")
        let title = try FieldPath(parsing: "title")
        _ = try Workspace(in: side).edit("a.md", [.set(title, .guess("Side"))])
        try repository.git("worktree", "remove", "../side")
        let workspace = try Workspace(in: world)
        let candidate = try #require(try workspace.recoveryCandidates().candidates.first)
        #expect(candidate.kind == .checkpoint && candidate.path == "a.md")
        _ = try workspace.recover(candidate.id)
        #expect(try String(decoding: workspace.draft("a.md"), as: UTF8.self).contains("Side"))
    }

    @Test func theDefaultsAreTheDesigns() {
        let bounds = CheckpointBounds()
        #expect(bounds.interval == 30 && bounds.bytes == 4096 && bounds.operations == 20)
    }

    /// A clock that went back says nothing about how old a change is.
    @Test func aClockThatWentBackIsDue() {
        let first = Timestamp(seconds: 1_000, offset: 0)
        let since = SessionState.SinceCheckpoint(taken: nil, first: first, operations: 1, bytes: 1)
        let bounds = CheckpointBounds()
        #expect(!bounds.areExceeded(by: since, at: Timestamp(seconds: 1_029, offset: 0)))
        #expect(bounds.areExceeded(by: since, at: Timestamp(seconds: 1_030, offset: 0)))
        #expect(bounds.areExceeded(by: since, at: Timestamp(seconds: 999, offset: 0)))
    }

    @Test func aKeyThatComesOrGoesIsDue() throws {
        #expect(try due([:], after: ["x"], key: "new") == 1)
        let (repository, world) = try scene()
        _ = try Workspace(in: world).edit("a.md", [.unset(try FieldPath(parsing: "title"))])
        #expect(try checkpoints(repository).hasPrefix("tree "))
    }

    @Test func anEqualOneIsSkippedAndASaveRemovesIt() throws {
        let (repository, world) = try scene()
        let workspace = try Workspace(in: world)
        _ = try workspace.edit("a.md", [.replaceBody(Array("new\n".utf8))])
        let first = try workspace.checkpoint("a.md")
        let second = try workspace.checkpoint("a.md")
        #expect(first.isNew && !second.isNew && first.tree == second.tree && first.tree != nil)
        _ = try workspace.save(SaveRequest(["a.md"]))
        #expect(try checkpoints(repository).isEmpty)
        #expect(try workspace.checkpoint("a.md").tree == nil)
    }

    /// No log, push or clone shows one, and no collection of garbage takes it.
    @Test func onlyDocvcSeesThem() throws {
        let (repository, world) = try scene()
        let workspace = try Workspace(in: world)
        _ = try workspace.edit("a.md", [.replaceBody(Array("new\n".utf8))])
        let tree = try #require(try workspace.checkpoint("a.md").tree)
        #expect(try repository.git("log", "--all", "--format=%s").split(separator: "\n").count == 2)
        #expect(try !repository.git("log", "--all", "--format=%H %D").contains("checkpoint"))
        try repository.git("init", "--quiet", "--bare", "../pushed")
        try repository.git("push", "--quiet", "../pushed", "main")
        try repository.git("clone", "--quiet", "--no-local", ".", "../cloned")
        for copy in ["../pushed", "../cloned"] {
            #expect(try !repository.git("-C", copy, "for-each-ref").contains("docvc/checkpoints"))
            #expect(throws: CommandFailure.self) {
                try repository.git("-C", copy, "cat-file", "-e", tree.hex)
            }
        }
        try repository.git("reflog", "expire", "--expire=now", "--all")
        try repository.git("gc", "--quiet", "--prune=now")
        let names = try repository.git("ls-tree", "--name-only", tree.hex).split(separator: "\n")
        #expect(names == ["baseline", "draft", "journal", "session.json"])
        #expect(try repository.git("show", "\(tree):draft").hasSuffix("new\n"))
    }
}
