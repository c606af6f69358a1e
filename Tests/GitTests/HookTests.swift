import Git
import Platform
import SystemPackage
import Testing

/// Hooks, and the index that they see, against `git commit -o`.
struct HookTests {
    private func hook(_ sandbox: Sandbox, _ name: String, _ script: String) throws {
        try sandbox.writeProgram(
            sandbox.folder.pushing(FilePath(".git/hooks/\(name)")), script)
    }

    /// What a pre-commit hook of `git commit -o PATHS` sees, and what one of docvc's does.
    private func expectSameAsGit(
        _ sandbox: Sandbox, _ changes: [String: IndexFile.Change], prepare: () throws -> Void = {},
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let seen = sandbox.root.appending("seen")
        let script = """
            #!/bin/sh
            { pwd; git diff --cached --name-status; git ls-files -s; echo; git diff --name-only; \
            git ls-files --others; git ls-files -v; } > \(seen)
            exit 1

            """
        try hook(sandbox, "pre-commit", script)
        let repository = try sandbox.repository()
        let index = repository.gitFolder.appending("docvc-index")
        let before = try sandbox.read(".git/index")
        let head = try repository.head().commit
        let tree = try head.map { try repository.commit($0).tree }
        try repository.writeHookIndex(index, base: tree, changes: changes)
        let error = #expect(throws: RepositoryError.self, sourceLocation: sourceLocation) {
            try repository.runHook("pre-commit", index: index)
        }
        guard case .hookFailed("pre-commit", 1)? = error else {
            Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
            return
        }
        let ours = String(decoding: try FileSystem().read(seen), as: UTF8.self)
        #expect(try sandbox.read(".git/index") == before, sourceLocation: sourceLocation)
        let staged = try repository.changes(from: tree, toIndex: index).keys.sorted()
        try FileSystem().remove(index)

        let run = try sandbox.tryGit(["commit", "-o", "-m", "x", "--"] + changes.keys.sorted())
        #expect(run.status == 1, "\(run.errors)", sourceLocation: sourceLocation)
        let git = String(decoding: try FileSystem().read(seen), as: UTF8.self)
        #expect(ours == git, sourceLocation: sourceLocation)
        #expect(staged == changes.keys.sorted(), sourceLocation: sourceLocation)
    }

    private func set(_ sandbox: Sandbox, _ path: String, _ text: String) throws -> IndexFile.Change
    {
        try sandbox.write(path, text)
        let status = try FileSystem().status(of: sandbox.folder.pushing(FilePath(path)))
        return try .set(.regular, sandbox.blob(text), status)
    }

    @Test func theHookSeesHeadWithTheChanges() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1\n", "b": "1\n", "c": "1\n", "d/e": "1\n"])
        // Staged by the user, and no part of the save.
        try sandbox.write("c", "staged\n")
        try sandbox.write("new", "staged\n")
        try sandbox.git("add", "c", "new")
        try sandbox.write("b", "edited\n")
        try expectSameAsGit(sandbox, ["a": set(sandbox, "a", "2\n")])
        try sandbox.shell("rm d/e")
        try expectSameAsGit(sandbox, ["a": set(sandbox, "a", "3\n"), "d/e": .remove])
    }

    /// A hook that takes back or stages what has changed leaves alone what the user set apart.
    @Test func theUsersMarksAreInTheHooksIndex() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1\n", "skipped": "1\n", "assumed": "1\n", "other": "1\n"])
        try sandbox.shell(
            """
            name=$(printf 'caf\\351'); echo 1 > "$name"; git add .; git commit -qm name
            git update-index --skip-worktree skipped "$name"; git update-index --assume-unchanged assumed
            for file in skipped assumed "$name"; do echo local > "$file"; done
            """)
        try sandbox.write("added", "1\n")
        try sandbox.write("other", "staged\n")
        try sandbox.git("add", "other")
        try sandbox.git("add", "-N", "added")
        try expectSameAsGit(sandbox, ["a": set(sandbox, "a", "2\n")])
    }

    /// What tells a hook where it is: in the main work tree, in a linked one, and where the caller
    /// names the folders.
    @Test(arguments: [
        ("", [:]), ("docs", [:]), ("../linked/docs", [:]), ("", ["GIT_DIR": ".git"]),
        ("docs", ["GIT_DIR": "../.git", "GIT_WORK_TREE": ".."]), ("docs", ["GIT_WORK_TREE": ".."]),
    ])
    func theHookIsToldWhereItIs(_ folder: String, _ variables: [String: String]) throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["docs/a": "1\n"])
        try sandbox.git("worktree", "add", "-q", "../linked")
        let seen = sandbox.root.appending("seen")
        try hook(
            sandbox, "pre-commit",
            """
            #!/bin/sh
            {
                echo "$GIT_EDITOR <$GIT_PREFIX> ${GIT_DIR+named} ${GIT_WORK_TREE+named}"
                git rev-parse --show-toplevel --absolute-git-dir
                test "$GIT_DIR$GIT_WORK_TREE" || { cd docs; git rev-parse --show-prefix; }
            } > \(seen)
            exit 1

            """)
        let place = sandbox.folder.pushing(FilePath(folder)).lexicallyNormalized()
        let more = variables.mapValues { Optional($0) }
        let repository = try sandbox.repository(more, in: place)
        #expect(throws: RepositoryError.self) {
            try repository.runHook("pre-commit", index: repository.indexPath)
        }
        let ours = try String(decoding: FileSystem().read(seen), as: UTF8.self)
        let run = try sandbox.tryGit(["commit", "--allow-empty", "-m", "x"], more, in: place)
        #expect(run.status == 1, "\(run.errors)")
        #expect(try ours == String(decoding: FileSystem().read(seen), as: UTF8.self))
    }

    @Test func theFirstCommitHasAHookToo() throws {
        let sandbox = try Sandbox()
        try sandbox.write("staged", "x\n")
        try sandbox.git("add", "staged")
        try sandbox.write("a", "x\n")
        try sandbox.git("add", "-N", "a")
        let seen = sandbox.root.appending("seen")
        try hook(
            sandbox, "pre-commit",
            "#!/bin/sh\ngit diff --cached --name-only --no-ext-diff > \(seen)\n")
        let repository = try sandbox.repository()
        let index = repository.gitFolder.appending("docvc-index")
        try repository.writeHookIndex(index, base: nil, changes: ["a": set(sandbox, "a", "x\n")])
        try repository.runHook("pre-commit", index: index)
        #expect(try FileSystem().read(seen) == Array("a\n".utf8))
    }

    /// The entries' file status is kept: a hook that looks at the work tree reads no file.
    @Test func theHooksIndexIsFresh() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1\n", "b": "1\n"])
        try sandbox.shell("touch -d @1600000000 b; git update-index --refresh")
        let before = try sandbox.git("ls-files", "--debug", "b")
        let repository = try sandbox.repository()
        let index = repository.gitFolder.appending("docvc-index")
        let tree = try sandbox.id("HEAD^{tree}")
        try repository.writeHookIndex(index, base: tree, changes: ["a": set(sandbox, "a", "2\n")])
        #expect(
            try sandbox.git(["ls-files", "--debug", "b"], ["GIT_INDEX_FILE": index.string])
                == before)
    }

    @Test func hooksAreFoundWhereGitLooks() throws {
        let sandbox = try Sandbox()
        let repository = try sandbox.repository()
        #expect(try repository.hook("pre-commit") == nil)
        try sandbox.write(".git/hooks/pre-commit", "#!/bin/sh\n")
        #expect(try repository.hook("pre-commit") == nil)
        try hook(sandbox, "pre-commit", "#!/bin/sh\n")
        #expect(
            try repository.hook("pre-commit") == sandbox.folder.pushing(".git/hooks/pre-commit"))
        try sandbox.writeProgram(sandbox.folder.pushing("tools/pre-commit"), "#!/bin/sh\n")
        try sandbox.git("config", "core.hooksPath", "tools")
        #expect(
            try sandbox.repository().hook("pre-commit")
                == sandbox.folder.pushing("tools/pre-commit"))
    }

    @Test func aHookNeedsNoFirstLine() throws {
        let sandbox = try Sandbox()
        let repository = try sandbox.repository()
        try hook(sandbox, "post-commit", "printf '%s' \"$1$GIT_EDITOR\" > ../seen\n")
        try repository.runHook("post-commit", arguments: ["x"], index: repository.indexPath)
        #expect(try FileSystem().read(sandbox.root.appending("seen")) == Array("x:".utf8))
        try repository.runHook("missing", index: repository.indexPath)
    }
}
