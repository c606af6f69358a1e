@testable import Git
import Platform
import SystemPackage
import Testing

/// What failing calls leave: old or new, nothing between, and no lock.
struct FaultTests {
    /// A world in which `call` fails on paths that hold `part`.
    private func faulty(_ sandbox: Sandbox, _ call: FileCall, _ part: String) -> World {
        var world = sandbox.world()
        world.files.fault = { $0 == call && $1.string.contains(part) ? .ioError : nil }
        return world
    }

    @Test(arguments: FileCall.allCases, ["refs/heads/main", "locks/", "logs/", "heads"])
    func aReferenceIsOldOrNew(_ call: FileCall, _ part: String) throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        let new = try sandbox.commit(["a": "2"])
        try sandbox.git("reset", "-q", "--soft", old.hex)
        let repository = try Repository(in: faulty(sandbox, call, part))
        let failed =
            (try? repository.update(
                ReferenceUpdate("refs/heads/main", from: old, to: new, reason: "r"), by: ann,
                timeout: .zero)) == nil
        let found = try sandbox.id("main")
        #expect(found == new || found == old && failed)
        #expect(try sandbox.tryGit(["fsck"]).status == 0)
        #expect(try sandbox.tryGit(["reflog", "main"]).status == 0)
        try expectNoLocks(sandbox, call)
    }

    @Test(arguments: FileCall.allCases)
    func anIndexIsOldOrNew(_ call: FileCall) throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1"])
        let id = try sandbox.blob("2")
        let world = faulty(sandbox, call, "index")
        var failed = true
        do throws(RepositoryError) {
            let repository = try Repository(in: world)
            var update = try repository.lockIndex(timeout: .zero)
            try update.prepare(["b": .set(.regular, id, nil)])
            try update.commit()
            failed = false
        } catch {}
        let names = try sandbox.git("ls-files")
        #expect(names == "a\nb" || names == "a" && failed)
        try expectNoLocks(sandbox, call)
    }

    @Test func objectsThatAreNotDurableAreReported() throws {
        let sandbox = try Sandbox()
        for part in ["objects/", "/objects"] {
            let repository = try Repository(in: faulty(sandbox, .sync, part))
            var batch = ObjectBatch()
            _ = try batch.blob(Array("x".utf8))
            #expect(throws: RepositoryError.self) { try batch.store(in: repository) }
        }
    }

    private func expectNoLocks(_ sandbox: Sandbox, _ call: FileCall) throws {
        // A lock that cannot be removed stays; the next save removes it.
        if call == .remove { _ = try sandbox.repository().removeAbandonedLocks() }
        #expect(
            try sandbox.shell(
                "find .git -name '*.lock'; mkdir -p .git/docvc/locks; find .git/docvc/locks -type f"
            )
                == "")
    }

    /// `git gc` packs what was just written, and removes the folder that it lay in.
    @Test func aFolderThatGitPackedIsNoLoss() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1"])
        var world = sandbox.world()
        world.files.fault = { call, path in
            let isFan = path.lastComponent?.string.count == 2 && path.string.contains("objects/")
            return call == .open && isFan ? .noSuchFileOrDirectory : nil
        }
        var batch = ObjectBatch()
        let id = try batch.blob(Array("2".utf8))
        try batch.store(in: Repository(in: sandbox.world()))
        let repository = try Repository(in: world)
        try batch.store(in: repository)
        #expect(try repository.contains(id))
    }
}
