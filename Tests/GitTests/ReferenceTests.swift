@testable import Git
import Platform
import SystemPackage
import Synchronization
import Testing

/// References as docvc and Git see them.
struct ReferenceTests {
    private let second: Duration = .seconds(1)

    /// A commit on top of `parent` that no reference names.
    private func commit(
        on parent: ObjectID?, _ text: String, _ repository: borrowing Repository
    ) throws -> ObjectID {
        var batch = ObjectBatch()
        let blob = try batch.blob(Array(text.utf8))
        let tree = try batch.tree(
            from: nil, setting: [("a", .init(mode: .regular, id: blob))], in: repository)
        let commit = try batch.commit(
            tree: tree, parents: parent.map { [$0] } ?? [], author: ann, committer: ann,
            message: "\(text)\n", in: repository)
        try batch.store(in: repository)
        return commit
    }

    private func expectNoLocks(
        _ sandbox: Sandbox, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let found = try sandbox.shell(
            "find .git -name '*.lock'; mkdir -p .git/docvc/locks; find .git/docvc/locks -type f")
        #expect(found == "", sourceLocation: sourceLocation)
    }

    @Test func aBranchMovesWithReflogsThatGitReads() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        let repository = try sandbox.repository()
        let new = try commit(on: old, "two", repository)
        #expect(try repository.head() == Head(branch: "refs/heads/main", commit: old))
        try repository.update(
            ReferenceUpdate("refs/heads/main", from: old, to: new, reason: "docvc save: two"),
            by: ann, timeout: second)
        #expect(try sandbox.id("main") == new)
        #expect(try repository.target(of: "refs/heads/main") == new)
        for name in ["main", "HEAD"] {
            let entry = try sandbox.git(
                "reflog", "-1", "--date=iso", "--format=%H %gD %gn %ge %gs", name)
            #expect(
                entry
                    == "\(new) \(name)@{2023-11-14 23:13:20 +0100} Ann ann@example.org docvc save: two"
            )
            #expect(try sandbox.id("\(name)@{1}") == old)
        }
        #expect(try sandbox.tryGit(["fsck", "--strict"]).status == 0)
        try expectNoLocks(sandbox)
    }

    @Test func aReferenceThatIsNotAsExpectedStays() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        let repository = try sandbox.repository()
        let new = try commit(on: old, "two", repository)
        for wrong in [nil, new, ObjectID.zero] {
            let error = #expect(throws: RepositoryError.self) {
                try repository.update(
                    ReferenceUpdate("refs/heads/main", from: wrong, to: new, reason: "x"),
                    by: ann, timeout: second)
            }
            guard case .moved("refs/heads/main", old)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
        #expect(throws: RepositoryError.self) {
            try repository.update(
                ReferenceUpdate("refs/heads/other", from: old, to: new, reason: "x"),
                by: ann, timeout: second)
        }
        #expect(try sandbox.git("for-each-ref", "--format=%(refname)") == "refs/heads/main")
        #expect(try sandbox.git("reflog", "main").split(separator: "\n").count == 1)
        try expectNoLocks(sandbox)
    }

    @Test func anUnbornBranchIsBorn() throws {
        let sandbox = try Sandbox()
        let repository = try sandbox.repository()
        #expect(try repository.head() == Head(branch: "refs/heads/main", commit: nil))
        let new = try commit(on: nil, "one", repository)
        try repository.update(
            ReferenceUpdate("refs/heads/main", from: nil, to: new, reason: "first"), by: ann,
            timeout: second)
        #expect(try sandbox.git("reflog", "--format=%H %gs", "HEAD") == "\(new) first")
        #expect(try sandbox.git("reflog", "--format=%H %gs", "main") == "\(new) first")
        #expect(try repository.head().commit == new)
    }

    @Test func aDetachedHeadMovesAlone() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        try sandbox.git("switch", "-q", "--detach")
        let repository = try sandbox.repository()
        #expect(try repository.head() == Head(branch: nil, commit: old))
        let new = try commit(on: old, "two", repository)
        try repository.update(
            ReferenceUpdate("HEAD", from: old, to: new, reason: "r"), by: ann, timeout: second)
        #expect(try sandbox.id("HEAD") == new)
        #expect(try sandbox.id("main") == old)
        #expect(try sandbox.git("reflog", "-1", "--format=%H %gs", "HEAD") == "\(new) r")
    }

    /// `git switch -c topic` on a detached HEAD: HEAD names the same commit, but a branch now.
    @Test func aHeadThatGotABranchIsNotDetachedAgain() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        let repository = try sandbox.repository()
        let new = try commit(on: old, "two", repository)
        let error = #expect(throws: RepositoryError.self) {
            try repository.update(
                ReferenceUpdate("HEAD", from: old, to: new, reason: "r"), by: ann, timeout: second)
        }
        guard case .moved("HEAD", old)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try sandbox.git("symbolic-ref", "HEAD") == "refs/heads/main")
        #expect(try sandbox.id("HEAD") == old)
    }

    @Test func aSymbolicBranchLeadsToTheOneThatMoves() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        try sandbox.git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
        try sandbox.git("symbolic-ref", "HEAD", "refs/heads/alias")
        let repository = try sandbox.repository()
        let head = try repository.head()
        #expect(head == Head(branch: "refs/heads/main", commit: old))
        let new = try commit(on: old, "two", repository)
        try repository.update(
            ReferenceUpdate(head.reference, from: old, to: new, reason: "r"), by: ann,
            timeout: second)
        #expect(try sandbox.git("symbolic-ref", "--no-recurse", "HEAD") == "refs/heads/alias")
        #expect(try sandbox.id("HEAD") == new)
        // As `git commit` does it: each name on the way tells of the move.
        #expect(try sandbox.git("reflog", "-1", "--format=%H %gs", "HEAD") == "\(new) r")
        #expect(try sandbox.git("reflog", "-1", "--format=%H %gs", "main") == "\(new) r")
    }

    /// The old form of symbolic references (`core.preferSymlinkRefs`).
    @Test(arguments: ["HEAD", "refs/heads/alias"])
    func aReferenceThatIsALinkLeadsToTheOneThatMoves(_ name: String) throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        if name != "HEAD" { try sandbox.git("symbolic-ref", "HEAD", name) }
        try sandbox.shell("rm -f .git/\(name); ln -s refs/heads/main .git/\(name)")
        let repository = try sandbox.repository()
        let head = try repository.head()
        #expect(head == Head(branch: "refs/heads/main", commit: old))
        let new = try commit(on: old, "two", repository)
        let error = #expect(throws: RepositoryError.self) {
            try repository.update(
                ReferenceUpdate(name, from: old, to: new, reason: "r"), by: ann, timeout: second)
        }
        guard case .moved(name, old)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        try repository.update(
            ReferenceUpdate(head.reference, from: old, to: new, reason: "r"), by: ann,
            timeout: second)
        #expect(try sandbox.shell("readlink .git/\(name)") == "refs/heads/main")
        for name in [name, "HEAD", "main"] {
            #expect(try sandbox.id(name) == new)
            #expect(try repository.target(of: name == "main" ? head.reference : name) == new)
        }
        #expect(try sandbox.git("reflog", "-1", "--format=%H %gs", "HEAD") == "\(new) r")
        try expectNoLocks(sandbox)
    }

    @Test func aBranchThatIsALinkToAnotherFileStays() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        try sandbox.shell(
            "mv .git/refs/heads/main .git/kept; ln -s ../../kept .git/refs/heads/main")
        let repository = try sandbox.repository()
        #expect(try repository.head().commit == old)
        let new = try commit(on: old, "two", repository)
        let error = #expect(throws: RepositoryError.self) {
            try repository.update(
                ReferenceUpdate("refs/heads/main", from: old, to: new, reason: "r"), by: ann,
                timeout: second)
        }
        guard case .unsupported(let what, remedy: nil)? = error, what.hasSuffix("refs/heads/main")
        else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try sandbox.shell("readlink .git/refs/heads/main") == "../../kept")
        #expect(try sandbox.id("HEAD") == old)
        try expectNoLocks(sandbox)
    }

    @Test func packedReferencesAreReadMovedAndRemoved() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        try sandbox.git("branch", "one")
        try sandbox.git("branch", "one-more")
        try sandbox.git("tag", "-a", "-m", "t", "v1")
        try sandbox.git("update-ref", "refs/docvc/kept/x", old.hex)
        try sandbox.git("pack-refs", "--all")
        let repository = try sandbox.repository()
        let new = try commit(on: old, "two", repository)
        try repository.update(
            ReferenceUpdate("refs/heads/main", from: old, to: new, reason: "r"), by: ann,
            timeout: second)
        #expect(try sandbox.id("main") == new)

        try repository.delete("refs/heads/one", expecting: old, timeout: second)
        try repository.delete("refs/docvc/kept/x", expecting: old, timeout: second)
        try repository.update(
            ReferenceUpdate("refs/heads/one-more", from: old, to: new, reason: "r"), by: ann,
            timeout: second)
        try repository.delete("refs/heads/one-more", expecting: new, timeout: second)
        let names = "refs/heads/main\nrefs/tags/v1"
        #expect(try sandbox.git("for-each-ref", "--format=%(refname)") == names)
        #expect(
            try repository.references(startingWith: "refs/").map(\.name).joined(separator: "\n")
                == names)
        #expect(try sandbox.id("v1^{commit}") == old)
        #expect(try sandbox.shell("ls .git/logs/refs/heads") == "main")
        #expect(throws: RepositoryError.self) {
            try repository.delete("refs/heads/main", expecting: old, timeout: second)
        }
        #expect(try sandbox.tryGit(["fsck", "--strict"]).status == 0)
        try expectNoLocks(sandbox)
    }

    /// `git gc` packs references and removes the files and folders of theirs at any moment.
    @Test func referencesMayBePackedBetweenAnyTwoCalls() throws {
        let name = "refs/docvc/checkpoints/x"
        let seen = Mutex(0)
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        let new = try sandbox.commit(["a": "2"])
        for moment in 1...200 {
            // Loose again at each round.
            try sandbox.write(".git/refs/docvc/checkpoints/y", "\(old)\n")
            var world = sandbox.world()
            seen.withLock { $0 = 0 }
            world.files.fault = { _, _ in
                let isNow = seen.withLock {
                    $0 += 1
                    return $0 == moment
                }
                if isNow { _ = try? sandbox.tryGit(["pack-refs", "--all", "--prune"]) }
                return nil
            }
            let repository = try Repository(in: world)
            func names() throws -> [String] {
                try repository.references(in: "refs/docvc/checkpoints/").map(\.name)
            }
            #expect(try names() == ["y"], "packed at call \(moment)")
            try repository.update(
                ReferenceUpdate(name, from: nil, to: old, reason: "r"), by: ann, timeout: second)
            try repository.update(
                ReferenceUpdate(name, from: old, to: new, reason: "r"), by: ann, timeout: second)
            #expect(try names() == ["x", "y"], "packed at call \(moment)")
            #expect(try repository.target(of: name) == new)
            try repository.delete(name, expecting: new, timeout: second)
            #expect(try names() == ["y"], "packed at call \(moment)")
            if seen.withLock({ $0 < moment }) { return }
        }
        Issue.record("not every call was a moment")
    }

    /// `git-new-workdir` makes the link, and also where nothing is packed yet.
    @Test(arguments: [false, true])
    func packedReferencesMayBeALink(_ isPacked: Bool) throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        for name in ["x", "y"] { try sandbox.git("update-ref", "refs/docvc/kept/\(name)", old.hex) }
        try sandbox.shell("mkdir elsewhere")
        if isPacked { try sandbox.shell("git pack-refs --all; mv .git/packed-refs elsewhere") }
        try sandbox.shell("ln -s ../elsewhere/packed-refs .git/packed-refs")
        let repository = try sandbox.repository()
        func names() throws -> [String] {
            try repository.references(in: "refs/docvc/kept/").map(\.name)
        }
        #expect(try names() == ["x", "y"])
        try repository.delete("refs/docvc/kept/x", expecting: old, timeout: second)
        #expect(try names() == ["y"])
        #expect(
            try sandbox.git("for-each-ref", "--format=%(refname)")
                == "refs/docvc/kept/y\nrefs/heads/main")
        #expect(try sandbox.shell("readlink .git/packed-refs") == "../elsewhere/packed-refs")
        #expect(try sandbox.shell("ls elsewhere") == (isPacked ? "packed-refs" : ""))
        try expectNoLocks(sandbox)
    }

    @Test func whatIsNoReferenceIsPassedOverAndWhatCannotBeReadIsNamed() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        try sandbox.git("update-ref", "refs/docvc/kept/a", old.hex)
        for name in [".DS_Store", "b", "c.lock", "d e"] {
            try sandbox.write(".git/refs/docvc/kept/\(name)", "")
        }
        let repository = try sandbox.repository()
        let found = try repository.references(in: "refs/docvc/kept/")
        #expect(found.map(\.name) == ["a", "b"])
        #expect(try found[0].id.get() == old)
        #expect(throws: RepositoryError.self) { try found[1].id.get() }
        // They are in no new one's way.
        try repository.update(
            ReferenceUpdate("refs/docvc/kept/z", from: nil, to: old, reason: "r"), by: ann,
            timeout: second)
    }

    @Test(arguments: [false, true])
    func aNameAboveOrBelowAReferenceIsRefused(_ isPacked: Bool) throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        try sandbox.git("branch", "a/b")
        if isPacked { try sandbox.git("pack-refs", "--all") }
        if isPacked { try sandbox.shell("rm -r .git/logs") }
        let repository = try sandbox.repository()
        for name in ["refs/heads/a", "refs/heads/a/b/c", "refs/heads/main/x"] {
            #expect(throws: RepositoryError.self, "\(name)") {
                try repository.update(
                    ReferenceUpdate(name, from: nil, to: old, reason: "r"), by: ann,
                    timeout: .milliseconds(50))
            }
        }
        #expect(
            try sandbox.git("for-each-ref", "--format=%(refname)")
                == "refs/heads/a/b\nrefs/heads/main")
        try expectNoLocks(sandbox)
    }

    @Test func foldersThatReferencesLeftBehindAreNotInTheWay() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        let repository = try sandbox.repository()
        for name in ["refs/heads/a/b/c", "refs/heads/a"] {
            try repository.update(
                ReferenceUpdate(name, from: nil, to: old, reason: "r"), by: ann, timeout: second)
            #expect(try sandbox.id(name) == old)
            try repository.delete(name, expecting: old, timeout: second)
        }
    }

    @Test func aLinkedWorkTreeHasAHeadOfItsOwn() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        let linked = sandbox.root.appending("linked")
        try sandbox.git("worktree", "add", "-q", "-b", "topic", linked.string)
        let repository = try sandbox.repository(in: linked)
        #expect(try repository.head() == Head(branch: "refs/heads/topic", commit: old))
        let new = try commit(on: old, "two", repository)
        try repository.update(
            ReferenceUpdate("refs/heads/topic", from: old, to: new, reason: "r"), by: ann,
            timeout: second)
        #expect(try sandbox.git(["reflog", "-1", "--format=%H %gs"], in: linked) == "\(new) r")
        #expect(try sandbox.id("HEAD") == old)
        #expect(try sandbox.git("reflog", "-1", "--format=%gs", "topic") == "r")
        try sandbox.git(["switch", "-q", "--detach"], in: linked)
        let detached = try sandbox.repository(in: linked)
        try detached.update(
            ReferenceUpdate("HEAD", from: new, to: old, reason: "back"), by: ann, timeout: second)
        #expect(try sandbox.git(["rev-parse", "HEAD"], in: linked) == old.hex)
        #expect(try sandbox.id("topic") == new)
        try expectNoLocks(sandbox)
    }

    @Test(
        arguments: [
            (nil, true, true, false), ("true", true, true, false), ("false", false, false, false),
            ("always", true, true, true),
        ] as [(String?, Bool, Bool, Bool)])
    func reflogsAreKeptAsTheSettingSays(
        _ setting: String?, _ branch: Bool, _ notes: Bool, _ other: Bool
    ) throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        try sandbox.shell("rm -rf .git/logs")
        _ = try sandbox.tryGit(["config", "--unset", "core.logAllRefUpdates"])
        if let setting { try sandbox.git("config", "core.logAllRefUpdates", setting) }
        let repository = try sandbox.repository()
        let names = ["refs/heads/new", "refs/notes/docvc", "refs/docvc/kept/x"]
        for name in names {
            try repository.update(
                ReferenceUpdate(name, from: nil, to: old, reason: "r"), by: ann, timeout: second)
        }
        let files = FileSystem()
        let found = try names.map {
            try files.status(of: sandbox.folder.pushing(FilePath(".git/logs/\($0)"))) != nil
        }
        #expect(found == [branch, notes, other])
        // One that is there is kept up, whatever the setting says.
        try sandbox.write(".git/logs/refs/docvc/kept/x", "")
        let new = try commit(on: old, "two", repository)
        try repository.update(
            ReferenceUpdate("refs/docvc/kept/x", from: old, to: new, reason: "s"), by: ann,
            timeout: second)
        #expect(try sandbox.git("reflog", "-1", "--format=%gs", "refs/docvc/kept/x") == "s")
    }

    @Test func aReasonOfSeveralLinesIsOneLineOfTheReflog() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        let repository = try sandbox.repository()
        let new = try commit(on: old, "two", repository)
        try repository.update(
            ReferenceUpdate("refs/heads/main", from: old, to: new, reason: "a\r\nb\nc"), by: ann,
            timeout: second)
        #expect(try sandbox.git("reflog", "--format=%H", "main") == "\(new)\n\(old)")
        #expect(try sandbox.shell("wc -l < .git/logs/HEAD") == "2")
    }

    @Test func aBrokenReferenceIsAnErrorNotAnEnd() throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        try sandbox.git("update-ref", "refs/docvc/kept/a", old.hex)
        try sandbox.git("update-ref", "refs/docvc/kept/c", old.hex)
        try sandbox.write(".git/refs/docvc/kept/b", "")
        let repository = try sandbox.repository()
        let found = (try? repository.references(startingWith: "refs/docvc/kept/").map(\.name))
        #expect(found == nil || found?.count == 2, "\(String(describing: found))")
    }
}
