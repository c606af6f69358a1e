@testable import Git
import Platform
import SystemPackage
import Testing

/// Locks: whose they are, how long they are waited for, and what a crash leaves.
struct LockFileTests {
    private func expectLocked(
        _ name: String, _ body: () throws -> Void,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: RepositoryError.self, sourceLocation: sourceLocation) {
            try body()
        }
        guard case .locked(let path)? = error, path.string.hasSuffix(name) else {
            Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
            return
        }
    }

    @Test func aLockThatIsHeldIsWaitedForAndThenNamed() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        let repository = try sandbox.repository()
        try sandbox.write(".git/index.lock", "another's")
        try sandbox.write(".git/refs/heads/main.lock", "another's")
        try sandbox.write(".git/config.lock", "another's")
        expectLocked("/.git/index.lock") {
            _ = try repository.lockIndex(timeout: .milliseconds(30)).index
        }
        expectLocked("/refs/heads/main.lock") {
            try repository.update(
                ReferenceUpdate("refs/heads/main", from: old, to: old, reason: ""), by: ann,
                timeout: .milliseconds(30))
        }
        expectLocked("/config.lock") {
            try repository.addLocalConfiguration("a.b", value: "c", timeout: .zero)
        }
        #expect(try repository.removeAbandonedLocks().isEmpty)
        for name in ["index.lock", "refs/heads/main.lock", "config.lock"] {
            #expect(try sandbox.read(".git/\(name)") == Array("another's".utf8))
        }
        #expect(try !repository.hasClaimedLocks())
    }

    @Test func noTimeIsEnoughForAFreeLockInANewFolder() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        try sandbox.repository().update(
            ReferenceUpdate("refs/docvc/new/x", from: nil, to: old, reason: ""), by: ann,
            timeout: .zero)
        #expect(try sandbox.id("refs/docvc/new/x") == old)
    }

    @Test func aLockIsGivenUpWhenItsOwnerGoes() throws {
        let sandbox = try Sandbox()
        let repository = try sandbox.repository()
        do {
            let update = try repository.lockIndex(timeout: .zero)
            #expect(try update.index.allEntries().isEmpty)
            #expect(try repository.hasClaimedLocks())
            #expect(try sandbox.tryGit(["read-tree", "--empty"]).status != 0)
        }
        #expect(try sandbox.tryGit(["read-tree", "--empty"]).status == 0)
        #expect(try !repository.hasClaimedLocks())
    }

    /// A dead save leaves a lock of Git's and, beside others, its own name of the same file.
    @Test func aDeadSavesLocksGoAndNoOthers() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        try sandbox.git("branch", "100%/sure")
        let linked = sandbox.root.appending("linked")
        try sandbox.git("worktree", "add", "-q", linked.string)
        let outside = sandbox.root.appending("index")
        // The claims that a live save makes, kept by a second name each over its end.
        let claims = sandbox.folder.pushing(".git/docvc/locks")
        let files = FileSystem()
        func die(_ lock: FilePath, _ hold: () throws -> Void) throws {
            try sandbox.write(sandbox.root.appending("unused"), [])
            try hold()
            #expect(try files.status(of: lock) != nil, "\(lock)")
        }
        var kept: [(claim: FilePath, spare: FilePath, lock: FilePath, again: FilePath)] = []
        func keep(_ target: FilePath) throws {
            let lock = target.appendingToName(".lock")
            for name in try files.names(in: claims) where !name.hasSuffix(".kept") {
                let claim = claims.appending(name)
                let again = sandbox.root.appending("again-\(kept.count)")
                try files.link(claim, to: again)
                kept.append((claim, again, lock, again))
            }
        }
        do {
            let repository = try sandbox.repository()
            let lock = try LockFile(repository.indexPath, in: repository, timeout: .zero)
            try keep(repository.indexPath)
            _ = consume lock
        }
        do {
            let repository = try sandbox.repository()
            let target = repository.commonFolder.pushing("refs/heads/100%/sure")
            let lock = try LockFile(target, in: repository, timeout: .zero)
            try keep(target)
            _ = consume lock
        }
        do {
            let repository = try sandbox.repository(in: linked)
            let lock = try LockFile(repository.indexPath, in: repository, timeout: .zero)
            try keep(repository.indexPath)
            _ = consume lock
        }
        do {
            let repository = try sandbox.repository(["GIT_INDEX_FILE": outside.string])
            let lock = try LockFile(repository.indexPath, in: repository, timeout: .zero)
            try keep(repository.indexPath)
            _ = consume lock
        }
        #expect(kept.count == 4)
        for file in kept {
            try files.link(file.again, to: file.claim)
            try files.link(file.again, to: file.lock)
        }
        // Another's: the claim is there, but the lock is not the same file.
        try sandbox.write(".git/HEAD.lock", "another's")
        try sandbox.write(".git/docvc/locks/HEAD", "ours")
        // One that never came to its lock.
        try sandbox.write(".git/docvc/locks/packed-refs", "ours")

        let repository = try sandbox.repository()
        #expect(try repository.hasClaimedLocks())
        let removed = try repository.removeAbandonedLocks().map(\.string).sorted()
        #expect(removed == kept.map(\.lock.string).sorted())
        for file in kept { #expect(try files.status(of: file.lock) == nil) }
        #expect(try sandbox.read(".git/HEAD.lock") == Array("another's".utf8))
        #expect(try !repository.hasClaimedLocks())
        #expect(try repository.removeAbandonedLocks().isEmpty)
        #expect(try sandbox.id("HEAD") == old)
    }

    /// A file system may have no hard links, and a link of Git's may lead to another one.
    @Test(arguments: [Errno.notPermitted, .notSupported, .noFunction, .improperLink])
    func aLockThatCannotBeALinkIsAFile(_ reason: Errno) throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        let new = try sandbox.commit(["a": "2"])
        try sandbox.git("update-ref", "refs/docvc/kept/x", old.hex)
        try sandbox.git("pack-refs", "--all")
        try sandbox.shell("chmod 640 .git/config")
        var world = sandbox.world()
        world.files.fault = { call, _ in call == .link ? reason : nil }
        let repository = try Repository(in: world)
        do {
            var update = try repository.lockIndex(timeout: .zero)
            #expect(try sandbox.tryGit(["read-tree", "--empty"]).status != 0)
            expectLocked("/.git/index.lock") { _ = try repository.lockIndex(timeout: .zero).index }
            try update.prepare(["a": .remove])
            try update.commit()
        }
        do { _ = try repository.lockIndex(timeout: .zero).index }
        #expect(try sandbox.git("ls-files") == "")
        for name in ["refs/heads/main", "refs/docvc/new/x"] {
            try repository.update(
                ReferenceUpdate(
                    name, from: name == "refs/heads/main" ? new : nil, to: old, reason: "r"),
                by: ann, timeout: .zero)
            #expect(try sandbox.id(name) == old)
        }
        try repository.delete("refs/docvc/kept/x", expecting: old, timeout: .zero)
        try repository.addLocalConfiguration("a.b", value: "c", timeout: .zero)
        #expect(try sandbox.git("config", "a.b") == "c")
        #expect(try sandbox.shell("stat -c %a .git/config") == "640")
        #expect(
            try sandbox.git("for-each-ref", "--format=%(refname)")
                == "refs/docvc/new/x\nrefs/heads/main")
        #expect(try !repository.hasClaimedLocks())
        #expect(
            try sandbox.shell("find .git -name '*.lock' -o -name '*docvc-*' -o -name '*%-*'") == "")
    }

    /// Many threads move one reference, each on top of what it saw; none overwrites another.
    @Test func concurrentUpdatesLoseNothing() async throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1"])
        let workers = 4
        let rounds = 8
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<workers {
                group.addTask {
                    let repository = try sandbox.repository()
                    for round in 0..<rounds {
                        var done = false
                        while !done {
                            let head = try repository.head()
                            let old = try #require(head.commit)
                            var batch = ObjectBatch()
                            let commit = try batch.commit(
                                tree: repository.commit(old).tree, parents: [old], author: ann,
                                committer: ann, message: "\(worker) \(round)\n", in: repository)
                            try batch.store(in: repository)
                            do {
                                try repository.update(
                                    ReferenceUpdate(
                                        head.reference, from: old, to: commit, reason: "r"),
                                    by: ann, timeout: .seconds(20))
                                done = true
                            } catch RepositoryError.moved {}
                        }
                    }
                }
            }
            // Git takes part.
            group.addTask {
                for round in 0..<rounds {
                    var status: Int32 = 1
                    while status != 0 {
                        status = try sandbox.tryGit(
                            ["commit", "-q", "--allow-empty", "-m", "git \(round)"]
                        ).status
                    }
                }
            }
            try await group.waitForAll()
        }
        let subjects = try sandbox.git("log", "--format=%s", "main").split(separator: "\n")
        #expect(subjects.count == 1 + (workers + 1) * rounds)
        #expect(Set(subjects).count == subjects.count)
        #expect(
            try sandbox.git("reflog", "--format=%H", "main").split(separator: "\n").count
                == subjects.count)
        #expect(
            try sandbox.shell(
                "find .git -name '*.lock'; mkdir -p .git/docvc/locks; find .git/docvc/locks -type f"
            ) == "")
    }
}
