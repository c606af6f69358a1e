@testable import Git
import Platform
import SystemPackage
import TestSupport
import Testing

/// Which repositories are opened, and where their parts are.
struct RepositoryTests {
    private func expectRefused(
        _ word: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) {
        let error = #expect(throws: RepositoryError.self, sourceLocation: sourceLocation) {
            try body()
        }
        guard case .unsupported(let text, _)? = error, text.contains(word) else {
            Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
            return
        }
    }

    /// Where Git says the parts are, and where docvc says so; both the same.
    private func expectSamePlaces(
        _ sandbox: Sandbox, _ more: [String: String?] = [:], in folder: FilePath,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let files = FileSystem()
        func git(_ query: String...) throws -> FilePath? {
            try files.realPath(
                of: folder.pushing(FilePath(sandbox.git(["rev-parse"] + query, more, in: folder))))
        }
        let repository = try sandbox.repository(more, in: folder)
        #expect(try git("--show-toplevel") == repository.workTree, sourceLocation: sourceLocation)
        #expect(
            try git("--absolute-git-dir") == files.realPath(of: repository.gitFolder),
            sourceLocation: sourceLocation)
        #expect(
            try git("--git-common-dir") == files.realPath(of: repository.commonFolder),
            sourceLocation: sourceLocation)
        let index = try folder.pushing(
            FilePath(sandbox.git(["rev-parse", "--git-path", "index"], more, in: folder)))
        #expect(
            try files.realPath(of: index) == files.realPath(of: repository.indexPath),
            sourceLocation: sourceLocation)
        let paths = try IndexFile(of: repository).allEntries().map(\.path).joined(separator: "\n")
        #expect(
            try paths == sandbox.git(["ls-files", "--full-name", "--", ":/"], more, in: folder),
            sourceLocation: sourceLocation)
    }

    @Test func theRepositoryIsFoundFromWhereverOneStands() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1", "d/e/b": "2"])
        let folder = sandbox.folder
        try expectSamePlaces(sandbox, in: folder)
        try expectSamePlaces(sandbox, in: folder.pushing("d/e"))
        try expectSamePlaces(sandbox, ["GIT_DIR": folder.appending(".git").string], in: folder)
        try expectSamePlaces(sandbox, ["GIT_DIR": ".git"], in: folder)
        try expectSamePlaces(sandbox, ["GIT_DIR": "../.git"], in: folder.appending("d"))
        try expectSamePlaces(
            sandbox, ["GIT_DIR": "../../.git", "GIT_WORK_TREE": "../.."], in: folder.pushing("d/e"))
        try expectSamePlaces(sandbox, ["GIT_INDEX_FILE": ".git/index"], in: folder)
        try sandbox.shell("ln -s work ../link")
        try expectSamePlaces(sandbox, in: sandbox.root.pushing("link/d"))
        let error = #expect(throws: RepositoryError.self) {
            _ = try sandbox.repository(in: sandbox.root)
        }
        guard case .notFound? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func linkedWorkTreesSubmodulesAndSeparateFoldersAreFound() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1", "d/b": "2"])
        let linked = sandbox.root.appending("linked")
        try sandbox.git("worktree", "add", "-q", linked.string)
        try expectSamePlaces(sandbox, in: linked.appending("d"))
        try expectSamePlaces(sandbox, ["GIT_DIR": linked.appending(".git").string], in: linked)

        let outer = sandbox.root.appending("outer")
        try sandbox.git("init", "-q", outer.string)
        try sandbox.git(
            [
                "-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
                sandbox.folder.string, "inner",
            ], in: outer)
        try expectSamePlaces(sandbox, in: outer)
        try expectSamePlaces(sandbox, in: outer.pushing("inner/d"))
        // Git moves core.worktree into the work tree's own settings.
        try sandbox.git(
            ["sparse-checkout", "set", "--no-cone", "/*"], in: outer.appending("inner"))
        try expectSamePlaces(sandbox, in: outer.pushing("inner/d"))

        let separate = sandbox.root.appending("separate")
        try sandbox.git(
            "init", "-q", "--separate-git-dir", sandbox.root.appending("elsewhere").string,
            separate.string)
        try sandbox.git(["commit", "-q", "--allow-empty", "-m", "x"], in: separate)
        try sandbox.git(["update-index", "--force-write-index"], in: separate)
        try expectSamePlaces(sandbox, in: separate)
        try sandbox.git(["config", "core.worktree", "../linked"], in: separate)
        try expectSamePlaces(sandbox, ["GIT_DIR": "../elsewhere"], in: linked)
    }

    @Test func aGitFileMayEndItsLineAsWindowsDoes() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1"])
        let other = sandbox.root.appending("other")
        try sandbox.write(other.appending(".git"), Array("gitdir: \(sandbox.folder)/.git\r\n".utf8))
        let repository = try sandbox.repository(
            ["GIT_DIR": other.appending(".git").string], in: other)
        #expect(repository.gitFolder == sandbox.folder.appending(".git"))
    }

    @Test func whatIsNotWrittenIsRefusedByName() throws {
        let bare = try Sandbox(["--bare"])
        expectRefused("bare") { _ = try bare.repository() }
        let hashes = try Sandbox(["--object-format=sha256"])
        expectRefused("SHA256") { _ = try hashes.repository() }
        let tables = try Sandbox()
        try tables.git("config", "core.repositoryFormatVersion", "1")
        try tables.git("config", "extensions.refStorage", "reftable")
        expectRefused("reftable") { _ = try tables.repository() }
        let elsewhere = try Sandbox()
        expectRefused("GIT_OBJECT_DIRECTORY") {
            _ = try elsewhere.repository(["GIT_OBJECT_DIRECTORY": "/tmp"])
        }
        let unknown = try Sandbox()
        try unknown.git("config", "core.repositoryFormatVersion", "1")
        try unknown.git("config", "extensions.wholeNew", "true")
        #expect(throws: RepositoryError.self) { _ = try unknown.repository() }
        let newer = try Sandbox()
        try newer.git("config", "core.repositoryFormatVersion", "2")
        #expect(throws: RepositoryError.self) { _ = try newer.repository() }
    }

    @Test(arguments: ["true", "yes", "on", "1", "TRUE", "false", "no", "0", ""])
    func settingsOfTheWorkTreeCountWhereGitCountsThem(_ value: String) throws {
        let sandbox = try Sandbox()
        try sandbox.write(".git/config.worktree", "[a]\n\tb = worktree\n")
        try sandbox.git("config", "a.b", "local")
        try sandbox.git("config", "extensions.worktreeConfig", value)
        #expect(
            try sandbox.repository().configuration.string("a.b") == sandbox.git("config", "a.b"))
    }

    @Test func anothersRepositoryIsRefusedUnlessItIsListed() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1"])
        let chown = try sandbox.run(["chown", "-R", "4321", sandbox.folder.string])
        // Only root can give files away.
        guard chown.status == 0 else { return }
        #expect(try sandbox.tryGit(["status"]).status != 0)
        let error = #expect(throws: RepositoryError.self) { _ = try sandbox.repository() }
        guard case .notOwned? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let settings = sandbox.root.appending("settings")
        for (value, more) in [
            (sandbox.folder.string, "[safe]\n\tdirectory = \(sandbox.folder)\n"), ("*", ""),
            ("/elsewhere", ""), ("", "[safe]\n\tdirectory =\n"),
        ] {
            try sandbox.write(
                settings, Array((more.isEmpty ? "[safe]\n\tdirectory = \(value)\n" : more).utf8))
            let git =
                try sandbox.tryGit(["status"], ["GIT_CONFIG_GLOBAL": settings.string]).status == 0
            let ours = (try? sandbox.repository(["GIT_CONFIG_GLOBAL": settings.string])) != nil
            #expect(ours == git, "\(value)")
        }
        // The repository does not vouch for itself.
        try sandbox.shell("printf '[safe]\\n\\tdirectory = *\\n' >> .git/config")
        #expect(throws: RepositoryError.self) { _ = try sandbox.repository() }
        _ = try sandbox.repository(["GIT_DIR": sandbox.folder.appending(".git").string])
        _ = try sandbox.repository(["GIT_CONFIG_PARAMETERS": "'safe.directory'='*'"])
    }

    @Test func operationsInProgressAreNamed() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1\n"])
        try sandbox.git("switch", "-q", "-c", "other")
        let other = try sandbox.commit(["a": "2\n"])
        try sandbox.git("switch", "-q", "main")
        try sandbox.commit(["a": "3\n"])
        let repository = try sandbox.repository()
        #expect(try repository.unfinished() == nil)
        _ = try sandbox.tryGit(["merge", "other"])
        #expect(try repository.unfinished() == .merge)
        try sandbox.git("merge", "--abort")
        _ = try sandbox.tryGit(["cherry-pick", other.hex])
        #expect(try repository.unfinished() == .cherryPick)
        try sandbox.git("cherry-pick", "--abort")
        _ = try sandbox.tryGit(["revert", "--no-edit", other.hex])
        #expect(try repository.unfinished() == .revert)
        try sandbox.git("revert", "--abort")

        let patch = try sandbox.git("format-patch", "--stdout", "-1", "other")
        try sandbox.write(".git/patch", patch)
        _ = try sandbox.tryGit(["am", "--3way", ".git/patch"])
        #expect(try repository.unfinished() == .am)
        try sandbox.git("am", "--abort")
        for backend in ["--merge", "--apply"] {
            _ = try sandbox.tryGit(["rebase", backend, "other"])
            #expect(try repository.unfinished() == .rebase)
            try sandbox.git("rebase", "--abort")
            #expect(try repository.unfinished() == nil)
        }
    }

    @Test func aRebaseThatStopsForTheUserTakesCommits() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1\n"])
        try sandbox.commit(["a": "2\n"])
        for stop in ["sed -i s/pick/edit/", "sed -i 1ibreak", "sed -i '1iexec false'"] {
            _ = try sandbox.tryGit(["-c", "sequence.editor=\(stop)", "rebase", "-i", "HEAD~1"])
            #expect(try sandbox.repository().unfinished() == nil)
            try sandbox.git("rebase", "--abort")
        }
    }

    /// libgit2 takes no folder for a repository in which HEAD leads nowhere, and would go on to
    /// the one above.
    @Test(arguments: [true, false])
    func aHeadThatIsALinkToAPackedBranchIsRefused(_ isNamed: Bool) throws {
        let sandbox = try Sandbox()
        let inner = sandbox.folder.appending("inner")
        try sandbox.git("init", "-q", "-b", "main", inner.string)
        try sandbox.shell("rm inner/.git/HEAD; ln -s refs/heads/main inner/.git/HEAD")
        let named: [String: String?] = isNamed ? ["GIT_DIR": inner.appending(".git").string] : [:]
        let error = #expect(throws: RepositoryError.self) {
            _ = try sandbox.repository(named, in: inner)
        }
        guard case .unsupported(_, let remedy?)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        try sandbox.shell("cd inner; git pack-refs --all; \(remedy)")
        #expect(try sandbox.repository(named, in: inner).head().branch == "refs/heads/main")
    }

    @Test(.enabled(if: OtherFileSystem.isThere, "there is no second file system"))
    func theIndexMayBeOnAnotherFileSystem() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1"])
        let other = try OtherFileSystem()
        let index = other.folder.appending("index")
        try sandbox.shell("cp .git/index \(index)")
        let repository = try sandbox.repository(["GIT_INDEX_FILE": index.string])
        var update = try repository.lockIndex(timeout: .zero)
        try update.prepare(["b": .set(.regular, sandbox.blob("2"), nil)])
        try update.commit()
        #expect(try sandbox.git(["ls-files"], ["GIT_INDEX_FILE": index.string]) == "a\nb")
        #expect(try FileSystem().names(in: other.folder) == ["index"])
    }
}
