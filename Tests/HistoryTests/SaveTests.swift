import Documents
import Git
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

@Suite struct SaveTests {
    @Test func revisionsOfADocumentCountUp() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        var previous: RevisionID?
        for number in 1...300 {
            try repository.write("a.md", "\(number)\n")
            let report = try Workspace(in: world).save(SaveRequest(["a.md"]))
            let revision = try #require(report.revision)
            #expect(revision.id.number == number)
            #expect(revision.previous == previous)
            previous = revision.id
        }
        #expect(try Workspace(in: world).verify().findings.isEmpty)
    }

    /// A save of several documents is a session of its own; each document's line goes on.
    @Test func severalDocumentsAtOnce() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        let names = (1...20).map { "docs/\($0).md" }
        for name in names { try repository.write(name, "one\n") }
        let first = try Workspace(in: world).save(SaveRequest(names))
        #expect(first.revision?.id.number == 1)
        #expect(try repository.git("log", "-1", "--format=%B").contains("Docvc-Documents: 20\n"))
        try repository.write("docs/7.md", "two\n")
        let second = try Workspace(in: world).save(SaveRequest(["docs/7.md"]))
        #expect(second.revision?.previous == first.revision?.id)
        for name in names.prefix(3) { try repository.write(name, "three\n") }
        let third = try Workspace(in: world).save(SaveRequest(names))
        #expect(third.saved.map(\.path) == Array(names.prefix(3)))
        #expect(third.unchanged.count == 17)
        #expect(try Workspace(in: world).verify().findings.isEmpty)
        #expect(try repository.git("status", "--porcelain").isEmpty)
    }

    @Test func stagedChangesOfOthersStayStaged() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        try repository.write("other.txt", "staged\n")
        try repository.git("add", "other.txt")
        _ = try Workspace(in: repository.world()).save(SaveRequest(["a.md"]))
        #expect(try repository.git("status", "--porcelain") == "A  other.txt\n")
        #expect(try repository.git("ls-tree", "--name-only", "HEAD") == "a.md\n")
    }

    /// A text that only the index has gives way to the one that is saved, and is kept.
    @Test func whatIsOnlyStagedIsKept() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        func stage(_ staged: String, over text: String) throws {
            try repository.write("a.md", staged)
            try repository.git("add", "a.md")
            try repository.write("a.md", text)
        }
        try stage("staged\n", over: "one\n")
        let report = try Workspace(in: world).save(SaveRequest(["a.md"]))
        let kept = try #require(report.displaced.first).kept
        #expect(kept.reason == "staged, settled by overwrite")
        #expect(try Workspace(in: world).repository.blob(kept.blob) == Array("staged\n".utf8))
        // What the disk or HEAD has too is not displaced.
        for staged in ["one\n", "two\n"] {
            try stage(staged, over: "two\n")
            let report = try Workspace(in: world).save(SaveRequest(["a.md"]))
            #expect(report.displaced.isEmpty)
        }
        try stage("staged again\n", over: "two\n")
        try FileSystem().remove(repository.folder.appending("a.md"))
        var request = SaveRequest(["a.md"])
        request.savesDeletions = true
        #expect(try Workspace(in: world).save(request).displaced.count == 1)
        #expect(try repository.git("status", "--porcelain").isEmpty)
    }

    @Test func deletionWantsToBeSaid() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        try repository.write("docs/a.md", "one\n")
        try repository.write("b.md", "one\n")
        _ = try Workspace(in: world).save(SaveRequest(["docs/a.md", "b.md"]))
        try FileSystem().removeTree(repository.folder.appending("docs"))
        let error = #expect(throws: HistoryError.self) {
            _ = try Workspace(in: world).save(SaveRequest(["docs/a.md"]))
        }
        guard case .diverged(let divergences) = error else { return #expect(Bool(false)) }
        #expect(divergences.map(\.kind) == [.deletedOnDisk])
        var request = SaveRequest(["docs/a.md"])
        request.savesDeletions = true
        let report = try Workspace(in: world).save(request)
        #expect(report.saved.first?.blob == nil)
        #expect(try repository.git("ls-tree", "-r", "--name-only", "HEAD") == "b.md\n")
        #expect(try repository.git("status", "--porcelain").isEmpty)
        try repository.write("docs/a.md", "again\n")
        let again = try Workspace(in: world).save(SaveRequest(["docs/a.md"]))
        #expect(again.saved.first?.previous == report.revision?.id)
        #expect(try Workspace(in: world).verify().findings.isEmpty)
    }

    @Test func linksAreFollowedInsideTheWorkTree() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        try repository.write("real/a.md", "one\n")
        try repository.run(["ln", "-s", "real/a.md", "link.md"])
        try repository.run(["ln", "-s", "real", "folder"])
        try repository.run(["ln", "-s", "/etc/hostname", "out.md"])
        try repository.run(["ln", "-s", "nowhere", "dangling.md"])
        let workspace = try Workspace(in: world)
        #expect(try workspace.document("link.md") == "real/a.md")
        #expect(try workspace.document("folder/a.md") == "real/a.md")
        for name in ["out.md", "dangling.md", "../x.md", "/etc/hostname", ".git/config", "", "."] {
            #expect(throws: HistoryError.self) { try workspace.document(name) }
        }
    }

    /// Two spellings of one accent are two files; nothing of either is lost.
    @Test func lookAlikeNamesAreSavedOneAtATime() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        let names = ["caf\u{e9}.md", "cafe\u{301}.md"]
        for name in names { try repository.write(name, "\(name.utf8.count)\n") }
        #expect(throws: HistoryError.self) { _ = try Workspace(in: world).save(SaveRequest(names)) }
        for name in names { _ = try Workspace(in: world).save(SaveRequest([name])) }
        #expect(try repository.git("ls-files").split(separator: "\n").count == 2)
        #expect(try repository.git("status", "--porcelain").isEmpty)
        #expect(try Workspace(in: world).verify().findings.isEmpty)
    }

    /// An interrupted save whose objects were pruned blocks nobody, and loses no text.
    @Test func interruptedSaveWithoutItsObjects() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        try repository.write("a.md", "one\n")
        let workspace = try Workspace(in: world)
        _ = try workspace.save(SaveRequest(["a.md"]))
        let id = ULID(in: world)
        try repository.write(".docvc-\(id).tmp", "of another writer\n")
        try workspace.write(
            Intent(
                documents: [
                    .init(
                        path: "a.md", temporary: id, old: String(repeating: "1", count: 40),
                        new: String(repeating: "2", count: 40), blob: nil, mode: nil, indexed: nil,
                        session: nil)
                ], publication: nil))
        #expect(try workspace.recoverInterruptedSave() == [.rolledBack(["a.md"])])
        #expect(try repository.read("a.md") == "one\n")
        let kept = try #require(try workspace.keptTexts().first)
        #expect(try workspace.repository.blob(kept.blob) == Array("of another writer\n".utf8))
        #expect(try workspace.recoverInterruptedSave().isEmpty)
        try repository.check()
    }

    @Test func hardLinksStayLinked() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        try repository.write("a.md", "one\n")
        try repository.run(["ln", "a.md", "b.md"])
        _ = try Workspace(in: world).save(SaveRequest(["a.md", "b.md"]))
        try repository.write("a.md", "two\n")
        _ = try Workspace(in: world).save(SaveRequest(["a.md", "b.md"]))
        let status = try #require(try FileSystem().status(of: repository.folder.appending("a.md")))
        #expect(status.links == 2)
        #expect(throws: HistoryError.self) {
            _ = try Workspace(in: world).restore("a.md", from: "HEAD~1", saving: DraftSaving())
        }
        #expect(try repository.read("b.md") == "two\n")
    }

    @Test func executableBitIsSaved() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        try repository.run(["chmod", "+x", "a.md"])
        _ = try Workspace(in: repository.world()).save(SaveRequest(["a.md"]))
        #expect(try repository.git("ls-tree", "HEAD").hasPrefix("100755"))
        try repository.run(["chmod", "-x", "a.md"])
        _ = try Workspace(in: repository.world(seed: 9)).save(SaveRequest(["a.md"]))
        #expect(try repository.git("ls-tree", "HEAD").hasPrefix("100644"))
        try repository.git("config", "core.fileMode", "false")
        try repository.run(["chmod", "+x", "a.md"])
        let report = try Workspace(in: repository.world(seed: 99)).save(SaveRequest(["a.md"]))
        #expect(report.unchanged == ["a.md"])
    }

    /// A document that is gone comes back as the revision had it.
    @Test func restoreBringsTheExecutableBitBack() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        try repository.write("run.md", "one\n")
        try repository.run(["chmod", "+x", "run.md"])
        _ = try Workspace(in: world).save(SaveRequest(["run.md"]))
        func restored(_ name: String) throws -> String {
            _ = try Workspace(in: world).restore("run.md", from: name, saving: DraftSaving())
            #expect(try repository.git("status", "--porcelain").isEmpty)
            return String(try repository.git("ls-tree", "HEAD").prefix(6))
        }
        try FileSystem().remove(repository.folder.appending("run.md"))
        var request = SaveRequest(["run.md"])
        request.savesDeletions = true
        _ = try Workspace(in: world).save(request)
        #expect(try restored("HEAD~1") == "100755")
        // What is on disk keeps its own.
        try repository.run(["chmod", "-x", "run.md"])
        try repository.write("run.md", "two\n")
        _ = try Workspace(in: world).save(SaveRequest(["run.md"]))
        #expect(try restored("HEAD~1") == "100644")
    }

    /// A link that is gone is a deletion like any other.
    @Test func linksAreDeleted() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        try repository.write("a.md", "one\n")
        try repository.run(["ln", "-s", "a.md", "link.md"])
        try repository.git("add", "-A")
        try repository.git("commit", "--quiet", "-m", "a link")
        try FileSystem().remove(repository.folder.appending("link.md"))
        try repository.write("a.md", "two\n")
        let states = try Workspace(in: world).status(of: [])
        #expect(states.map(\.state) == [.modifiedOnDisk, .missing])
        var request = SaveRequest(["a.md", "link.md"])
        let error = #expect(throws: HistoryError.self) {
            _ = try Workspace(in: world).save(request)
        }
        guard case .diverged(let divergences)? = error else { return #expect(Bool(false)) }
        #expect(divergences.map(\.kind) == [.deletedOnDisk])
        request.savesDeletions = true
        _ = try Workspace(in: world).save(request)
        #expect(try repository.git("ls-tree", "--name-only", "HEAD") == "a.md\n")
        #expect(try repository.git("status", "--porcelain").isEmpty)
    }

    @Test func aSubmoduleIsNoDocument() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        try repository.run(["git", "init", "--quiet", "sub.md"])
        try repository.run(["git", "-C", "sub.md", "commit", "-q", "--allow-empty", "-m", "x"])
        try repository.git("add", "sub.md")
        try repository.git("commit", "--quiet", "-m", "a submodule")
        for saves in [true, false] {
            let error = #expect(throws: HistoryError.self) {
                let workspace = try Workspace(in: world)
                if saves { _ = try workspace.save(SaveRequest(["sub.md"])) }
                _ = try workspace.status(of: ["sub.md"])
            }
            guard case .badPath("sub.md", .otherRepository)? = error else {
                return #expect(Bool(false), "\(String(describing: error))")
            }
        }
        #expect(try Workspace(in: world).status(of: []).isEmpty)
    }

    /// What Git is told not to look at is left out of a look at all, and its marks outlive a save.
    @Test func whatGitDoesNotLookAtIsLeftOut() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        let names = ["a.md", "b.md", "c.md"]
        for name in names { try repository.write(name, "one\n") }
        _ = try Workspace(in: world).save(SaveRequest(names))
        try repository.git("update-index", "--skip-worktree", "a.md")
        try repository.git("update-index", "--assume-unchanged", "b.md")
        for name in names { try repository.write(name, "two\n") }
        #expect(try Workspace(in: world).status(of: []).map(\.path) == ["c.md"])
        #expect(try Workspace(in: world).status(of: ["a.md"]).map(\.state) == [.clean])
        _ = try Workspace(in: world).save(SaveRequest(["a.md", "b.md"]))
        #expect(try repository.git("ls-files", "-v") == "S a.md\nh b.md\nH c.md\n")
        // A sparse checkout looks at what is there all the same.
        try repository.git("config", "core.sparseCheckout", "true")
        try repository.write("a.md", "three\n")
        #expect(try Workspace(in: world).status(of: []).map(\.path) == ["a.md", "c.md"])
    }

    /// Restoring keeps mode and attributes of the file on disk.
    @Test func restoreKeepsModeAndAttributes() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        for text in ["one\n", "two\n"] {
            try repository.write("a.md", text)
            _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        }
        try repository.run(["chmod", "0640", "a.md"])
        _ = try? repository.run(["setfattr", "-n", "user.note", "-v", "kept", "a.md"])
        let before = try? repository.run(["getfattr", "-d", "a.md"])
        _ = try Workspace(in: world).restore("a.md", from: "HEAD~1", saving: DraftSaving())
        #expect(try repository.read("a.md") == "one\n")
        #expect(try repository.run(["stat", "-c", "%a", "a.md"]) == "640\n")
        #expect((try? repository.run(["getfattr", "-d", "a.md"])) == before)
    }

    @Test func detachedUnbornAndLinkedWorkTrees() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        _ = try Workspace(in: repository.world()).save(SaveRequest(["a.md"]))
        try repository.git("switch", "--quiet", "--detach")
        try repository.write("a.md", "detached\n")
        _ = try Workspace(in: repository.world(seed: 2)).save(SaveRequest(["a.md"]))
        #expect(try repository.git("log", "--format=%s", "main") == "Update a.md\n")
        #expect(try repository.git("log", "--format=%s") == "Update a.md\nUpdate a.md\n")
        try repository.git("worktree", "add", "--quiet", "-b", "side", "../side")
        var world = repository.world(seed: 3)
        world.currentFolder = repository.folder.removingLastComponent().appending("side")
        try repository.write("../side/a.md", "side\n")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        #expect(try repository.git("log", "--format=%s", "-1", "side") == "Update a.md\n")
        #expect(try repository.git("show", "side:a.md") == "side\n")
        #expect(try repository.run(["git", "-C", "../side", "status", "--porcelain"]).isEmpty)
        #expect(try Workspace(in: world).verify().findings.isEmpty)
    }

    @Test func workTreesThatNameOneSessionNumberOn() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "a\n")
        try repository.write("b.md", "b\n")
        try repository.git("add", ".")
        try repository.git("commit", "--quiet", "--message", "base")
        try repository.git("worktree", "add", "--quiet", "-b", "side", "../side")
        var overrides = Settings.Overrides()
        overrides.session = "01M8000000000000000000000A"
        var world = repository.world()
        try repository.write("a.md", "a2\n")
        let first = try Workspace(in: world, overrides: overrides).save(SaveRequest(["a.md"]))
        world.currentFolder = repository.folder.removingLastComponent().appending("side")
        try repository.write("../side/b.md", "b2\n")
        let second = try Workspace(in: world, overrides: overrides).save(SaveRequest(["b.md"]))
        #expect([first, second].map { $0.revision?.id.number } == [1, 2])
    }

    /// A failing hook, a hook that formats, and one that stages other files.
    @Test func hooksRunAsGitRunsThem() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        try repository.write("a.md", "one\n")
        func hook(_ name: String, _ script: String) throws {
            try repository.writeProgram(".git/hooks/\(name)", "#!/bin/sh\n\(script)\n")
        }
        try hook("pre-commit", "exit 3")
        let error = #expect(throws: HistoryError.self) {
            _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        }
        guard case .repository(.hookFailed(name: "pre-commit", status: 3)) = error else {
            return #expect(Bool(false))
        }
        try hook(
            "pre-commit",
            "test \"$(git diff --cached --name-only)\" = a.md && sed -i s/one/formatted/ a.md && git add a.md"
        )
        try hook("commit-msg", "echo 'Change-Id: I123' >> \"$1\"")
        try hook("post-commit", "git rev-parse HEAD > .git/post")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        #expect(try repository.git("show", "HEAD:a.md") == "formatted\n")
        #expect(try repository.git("status", "--porcelain").isEmpty)
        let trailers = try repository.run([
            "sh", "-c", "git log -1 --format=%B | git interpret-trailers --parse",
        ])
        #expect(trailers.contains("Change-Id: I123") && trailers.contains("Docvc-Revision"))
        #expect(try repository.read(".git/post") == repository.git("rev-parse", "HEAD"))
        try hook("pre-commit", "echo x > other.txt; git add other.txt")
        try repository.write("a.md", "three\n")
        #expect(throws: HistoryError.self) {
            _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        }
        var request = SaveRequest(["a.md"])
        request.runsHooks = false
        _ = try Workspace(in: world).save(request)
        #expect(try repository.git("show", "HEAD:a.md") == "three\n")
        #expect(try Workspace(in: world).verify().findings.isEmpty)
    }

    /// A save is made of the tree that Git shows, or of none.
    @Test(arguments: ["HEAD", "HEAD^{tree}"]) func aReplacedHeadIsRefused(_ name: String) throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        try repository.write("a.md", "one\n")
        try repository.write("b.md", "one\n")
        _ = try Workspace(in: world).save(SaveRequest(["a.md", "b.md"]))
        let old = try repository.git("rev-parse", name).dropLast()
        try repository.write("b.md", "two\n")
        try repository.git("commit", "--quiet", "-am", "other")
        let new = try repository.git("rev-parse", name).dropLast()
        try repository.git("reset", "--quiet", "--hard", "HEAD~1")
        try repository.git("replace", String(old), String(new))
        try repository.git("pack-refs", "--all")
        try repository.write("a.md", "two\n")
        let error = #expect(throws: HistoryError.self) {
            _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        }
        guard case .repository(.unsupported(_, "git replace -d \(old)"))? = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        try repository.git("config", "core.useReplaceRefs", "false")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
    }

    /// All that docvc makes below .git is the group's too (`core.sharedRepository`), but for the
    /// document.
    @Test func aSharedRepositoryStaysShared() throws {
        let repository = try TemporaryRepository(initialized: false)
        let world = repository.world()
        try repository.git("init", "--quiet", "--initial-branch=main", "--shared=group")
        try repository.write("a.md", "---\nn: 1\n---\n")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        _ = try Workspace(in: world).edit(
            "a.md", [.set(FieldPath(parsing: "n"), .guess("2"))], saving: DraftSaving())
        _ = try Workspace(in: world).edit("a.md", [.set(FieldPath(parsing: "n"), .guess("3"))])
        let own = try repository.run([
            "find", ".git", "!", "-perm", "-g+r", "-o", "-perm", "-u+w", "!", "-perm", "-g+w",
        ])
        #expect(own.isEmpty, "\(own)")
        #expect(try repository.run(["stat", "-c", "%a", "a.md"]) == "644\n")
    }

    @Test func unfinishedMergesAreRefused() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        for name in ["a.md", "b.md"] { try repository.write(name, "one\n") }
        _ = try Workspace(in: world).save(SaveRequest(["a.md", "b.md"]))
        try repository.git("switch", "--quiet", "-c", "side")
        try repository.write("a.md", "side\n")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        try repository.git("switch", "--quiet", "main")
        try repository.write("a.md", "main\n")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        _ = try? repository.git("merge", "side")
        let conflict = #expect(throws: HistoryError.self) {
            _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        }
        guard case .unfinished(.merge, let conflicts) = conflict else {
            return #expect(Bool(false))
        }
        #expect(conflicts.map(\.kind) == [.unmerged])
        try repository.write("b.md", "two\n")
        let unfinished = #expect(throws: HistoryError.self) {
            _ = try Workspace(in: world).save(SaveRequest(["b.md"]))
        }
        guard case .unfinished(.merge, conflicts: []) = unfinished else {
            return #expect(Bool(false))
        }
        #expect(try Workspace(in: world).status(of: ["a.md"]).map(\.state) == [.conflicted])
    }

    /// Line endings are converted as `git add` converts them.
    @Test func attributesAreHonoured() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        try repository.write(".gitattributes", "*.md text=auto eol=crlf\n*.bin filter=lfs\n")
        try repository.write("a.md", "one\r\ntwo\r\n")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        #expect(try repository.git("show", "HEAD:a.md") == "one\ntwo\n")
        #expect(try repository.git("status", "--porcelain", "a.md").isEmpty)
        try repository.write("a.md", "three\r\n")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        _ = try Workspace(in: world).restore("a.md", from: "HEAD~1", saving: DraftSaving())
        #expect(try repository.read("a.md") == "one\r\ntwo\r\n")
        try repository.write("big.bin", "x")
        #expect(throws: HistoryError.self) {
            _ = try Workspace(in: world).save(SaveRequest(["big.bin"]))
        }
    }

    @Test func damageIsFoundByVerifyAndNotesAreRebuilt() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        for text in ["one\n", "two\n", "three\n"] {
            try repository.write("a.md", text)
            _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        }
        func problems() throws -> [Finding.Problem] {
            try Workspace(in: world).verify().findings.map(\.problem)
        }
        try repository.git("notes", "--ref=docvc", "remove", "HEAD~1")
        try repository.git("notes", "--ref=docvc", "add", "-f", "-m", "garbage", "HEAD")
        #expect(try problems() == [.note, .noNote])
        #expect(try Workspace(in: world).rebuildNotes().rebuilt == 2)
        #expect(try problems().isEmpty)
        // Another blob than the trailers say.
        try repository.write("a.md", "four\n")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        try repository.write("a.md", "amended\n")
        try repository.git("commit", "--quiet", "--amend", "--no-edit", "a.md")
        #expect(try problems() == [.contents, .noNote])
        // The same revision twice.
        try repository.git("reset", "--quiet", "--hard", "HEAD~1")
        try repository.git("commit", "--quiet", "--allow-empty", "-C", "HEAD")
        #expect(try problems().contains(.duplicate))
    }

    /// What is kept goes when its time has passed, packed or not.
    @Test func keptTextsArePruned() throws {
        let repository = try TemporaryRepository()
        for text in ["one\n", "two\n"] {
            try repository.write("a.md", text)
            _ = try Workspace(in: repository.world()).save(SaveRequest(["a.md"]))
        }
        for number in 0..<2 {
            let workspace = try Workspace(in: repository.world(seed: 100 + UInt64(number) * 100))
            _ = try workspace.restore("a.md", from: "HEAD~1")
            try repository.write("a.md", "unsaved \(number)\n")
            var request = SaveRequest(["a.md"])
            request.onConflict = .overwrite
            _ = try workspace.save(request)
            try repository.git("pack-refs", "--all")
        }
        #expect(try Workspace(in: repository.world()).keptTexts().count == 2)
        var world = repository.world(seed: 7)
        world.now = { Timestamp(seconds: 1_790_000_000 + 15 * 86_400) }
        try repository.write("a.md", "later\n")
        try FileSystem().remove(repository.folder.appending(".git/docvc/pruned"))
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        #expect(try Workspace(in: world).keptTexts().isEmpty)
        try repository.check()
    }
}
