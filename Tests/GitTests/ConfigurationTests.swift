import Git
import Platform
import SystemPackage
import Testing

/// Settings as Git reads them, of every level.
struct ConfigurationTests {
    /// What Git and docvc say of `name`; both must say the same.
    private func expectSame(
        _ name: String, _ sandbox: Sandbox, _ more: [String: String?] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let run = try sandbox.tryGit(["config", name], more)
        let ours = try sandbox.repository(more).configuration.string(name)
        #expect(ours == (run.status == 0 ? run.text : nil), sourceLocation: sourceLocation)
    }

    @Test func eachLevelOverridesTheOneBefore() throws {
        let sandbox = try Sandbox()
        let home = sandbox.root.appending("home")
        func write(_ path: FilePath, _ names: String...) throws {
            let text =
                "[a]\n"
                + names.map { "\t\($0) = \(path.lastComponent?.string ?? "")-\($0)\n" }.joined()
            try sandbox.write(path, Array(text.utf8))
        }
        let system = sandbox.root.appending("system")
        try write(system, "one", "two", "three", "four", "five", "six")
        try write(home.pushing(".config/git/config"), "two", "three", "four", "five", "six")
        try write(home.appending(".gitconfig"), "three", "four", "five", "six")
        try sandbox.git("config", "a.four", "local")
        try sandbox.git("config", "a.five", "local")
        try sandbox.git("config", "a.six", "local")
        try sandbox.git("config", "extensions.worktreeConfig", "true")
        try sandbox.git("config", "--worktree", "a.five", "worktree")
        try sandbox.git("config", "--worktree", "a.six", "worktree")
        let elsewhere = sandbox.root.appending("elsewhere")
        try write(elsewhere.pushing("git/config"), "two", "three")
        let levels: [[String: String?]] = [
            [
                "GIT_CONFIG_NOSYSTEM": nil, "GIT_CONFIG_SYSTEM": system.string,
                "GIT_CONFIG_GLOBAL": nil,
            ],
            ["GIT_CONFIG_NOSYSTEM": "0", "GIT_CONFIG_SYSTEM": system.string],
            [
                "GIT_CONFIG_NOSYSTEM": "yes", "GIT_CONFIG_SYSTEM": system.string,
                "GIT_CONFIG_GLOBAL": nil,
            ],
            ["GIT_CONFIG_GLOBAL": nil, "XDG_CONFIG_HOME": elsewhere.string],
            ["GIT_CONFIG_GLOBAL": nil, "XDG_CONFIG_HOME": ""],
            ["GIT_CONFIG_GLOBAL": ""],
            ["GIT_CONFIG_GLOBAL": system.string],
            [
                "GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "A.Six", "GIT_CONFIG_VALUE_0": "first",
                "GIT_CONFIG_KEY_1": "a.six", "GIT_CONFIG_VALUE_1": "last",
            ],
            [
                "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.six", "GIT_CONFIG_VALUE_0": "count",
                "GIT_CONFIG_PARAMETERS": "'a.six'='parameters'",
            ],
        ]
        for level in levels {
            for name in ["one", "two", "three", "four", "five", "six", "seven"] {
                try expectSame("a.\(name)", sandbox, level)
            }
        }
    }

    @Test(arguments: [
        "'a.b=c'", "'a.b'='c'", "'a.b=c=d'", "'a.b'='c=d'", "'a.b'='it'\\''s'", "'a.b=it'\\''s'",
        "'a.b'=''", "'a.b='", "'a.b'='x' 'a.b'='y'", "'a.b'='x'  'a.b=y'", "'a.b'='wow'\\!''",
        "'A.B'='c'", "'a.Sub.B'='c'", "'a.x=y.b'='c'", "'a.b'=' two words '", "'a.b'='\u{301}x'",
        "'a.b'='line\nline'", "",
    ])
    func parametersAreReadAsGitWritesThem(_ parameters: String) throws {
        let sandbox = try Sandbox()
        for name in ["a.b", "a.Sub.b", "a.sub.b", "a.x=y.b"] {
            try expectSame(name, sandbox, ["GIT_CONFIG_PARAMETERS": parameters])
        }
    }

    @Test(arguments: [
        ["a.b=c"], ["a.b="], ["a.b"], ["a.b=it's"], ["a.x y.b=c d"], ["a.b=1", "a.b=2"],
        ["a.b=!\\'\"$"], ["a.x=y.b=c"],
    ])
    func parametersReachAProgramThatGitStarts(_ values: [String]) throws {
        let sandbox = try Sandbox()
        try sandbox.git("config", "alias.show", "!printf %s \"$GIT_CONFIG_PARAMETERS\"")
        let options = values.flatMap { ["-c", $0] }
        let parameters = try sandbox.tryGit(options + ["show-it"])
        _ = parameters
        try sandbox.git("config", "alias.printparameters", "!printf %s \"$GIT_CONFIG_PARAMETERS\"")
        let text = String(
            decoding: try sandbox.tryGit(options + ["printparameters"]).bytes, as: UTF8.self)
        #expect(text.hasPrefix("'"))
        for name in ["a.b", "a.x y.b", "a.x=y.b"] {
            let run = try sandbox.tryGit(options + ["config", name])
            let repository = try sandbox.repository(["GIT_CONFIG_PARAMETERS": text])
            let ours = try repository.configuration.string(name)
            // A name alone is true, which `git config` prints as nothing.
            let isAlone = values.contains(name)
            #expect(ours == (isAlone ? "true" : run.status == 0 ? run.text : nil))
            if isAlone { #expect(try repository.configuration.boolean(name) == true) }
        }
    }

    @Test(arguments: [
        "true", "yes", "on", "1", "TRUE", "Yes", "2", "-1", "false", "no", "off", "0", "",
        "1k", "maybe", "tru", "10g", "08", "0x10", "1.5", " true ", "k", "9223372036854775808",
    ])
    func booleansAndNumbersAreGits(_ text: String) throws {
        let sandbox = try Sandbox()
        try sandbox.git("config", "a.b", text)
        let repository = try sandbox.repository()
        let boolean = try sandbox.tryGit(["config", "--type=bool", "a.b"])
        let ours = try? repository.configuration.boolean("a.b")
        #expect(ours == (boolean.status == 0 ? boolean.text == "true" : nil))
        let number = try sandbox.tryGit(["config", "--type=int", "a.b"])
        let integer = try? repository.configuration.integer("a.b")
        #expect(integer == (number.status == 0 ? Int(number.text) : nil))
    }

    @Test func aNameAloneIsTrue() throws {
        let sandbox = try Sandbox()
        try sandbox.shell("printf '[commit]\\n\\tgpgsign\\n' >> .git/config")
        #expect(try sandbox.git("config", "--type=bool", "commit.gpgsign") == "true")
        #expect(try sandbox.repository().configuration.boolean("commit.gpgsign") == true)
    }

    @Test func includesAreFollowed() throws {
        let sandbox = try Sandbox()
        try sandbox.write(
            sandbox.root.appending("one"), Array("[a]\n\tone = included\n\tlast = included\n".utf8))
        try sandbox.write(sandbox.root.appending("two"), Array("[a]\n\ttwo = included\n".utf8))
        try sandbox.write(sandbox.root.appending("three"), Array("[a]\n\tthree = included\n".utf8))
        try sandbox.git("config", "a.last", "early")
        try sandbox.git("config", "include.path", "../../one")
        try sandbox.git(
            "config", "includeIf.gitdir:\(sandbox.folder)/.path",
            sandbox.root.appending("two").string)
        try sandbox.git(
            "config", "includeIf.gitdir:/elsewhere/.path", sandbox.root.appending("three").string)
        for name in ["a.one", "a.two", "a.three", "a.last"] { try expectSame(name, sandbox) }
        #expect(try sandbox.repository().configuration.string("a.two") == "included")
    }

    @Test func pathsMayStartAtHome() throws {
        let sandbox = try Sandbox()
        try sandbox.git("config", "a.b", "~/x/y")
        try sandbox.git("config", "a.c", "/x")
        let configuration = try sandbox.repository().configuration.path("a.b")
        #expect(configuration == sandbox.root.pushing("home/x/y"))
        #expect(try sandbox.repository().configuration.path("a.c") == "/x")
        #expect(throws: RepositoryError.self) {
            try sandbox.repository(["HOME": nil]).configuration.path("a.b")
        }
    }

    @Test func aValueIsAddedAndRemovedAndTheRestStays() throws {
        let sandbox = try Sandbox()
        let text = """
            # a comment
            [user]
            \tname = Ann ; another
            [notes]
            \trewriteRef = refs/notes/commits
            \trewriteRef =
            [include]
            \tpath = ../missing

            """
        try sandbox.shell("cat >> .git/config <<'END'\n\(text)END")
        let before = try sandbox.read(".git/config")
        let repository = try sandbox.repository()
        let values = [
            "refs/notes/docvc", "a.*b", "docvc merge-driver %O %A %B %P --x='y z'",
            "\"q\" \\ # ; é 😀", "<>", "a_b",
        ]
        for value in values {
            #expect(try !repository.localConfiguration("notes.rewriteRef", has: value))
            try repository.addLocalConfiguration("notes.rewriteRef", value: value, timeout: .zero)
            #expect(try repository.localConfiguration("notes.rewriteRef", has: value))
        }
        #expect(
            try sandbox.git("config", "--get-all", "notes.rewriteRef").split(
                separator: "\n", omittingEmptySubsequences: false
            )
            .map(String.init) == ["refs/notes/commits", ""] + values)
        for value in values {
            try repository.removeLocalConfiguration(
                "notes.rewriteRef", value: value, timeout: .zero)
            #expect(try !repository.localConfiguration("notes.rewriteRef", has: value))
            try repository.removeLocalConfiguration(
                "notes.rewriteRef", value: value, timeout: .zero)
        }
        // The heading that libgit2 made for the values goes with the last of them.
        #expect(try sandbox.read(".git/config") == before)
        try repository.addLocalConfiguration("merge.docvc.driver", value: "x %P", timeout: .zero)
        #expect(try sandbox.git("config", "merge.docvc.driver") == "x %P")
        #expect(try sandbox.shell("find .git -name config.lock; find .git/docvc -type f") == "")
    }

    /// `git-new-workdir` makes the link.
    @Test func theFileMayBeALink() throws {
        let sandbox = try Sandbox()
        try sandbox.shell("mv .git/config .git/kept; ln -s kept .git/config")
        let repository = try sandbox.repository()
        try repository.addLocalConfiguration("a.b", value: "c", timeout: .zero)
        #expect(try sandbox.git("config", "a.b") == "c")
        try repository.removeLocalConfiguration("a.b", value: "c", timeout: .zero)
        #expect(try repository.localConfiguration("a.b") == [])
        #expect(try sandbox.shell("readlink .git/config; ls .git | grep kept") == "kept\nkept")
    }

    /// Only the heading that nothing follows goes with a value: not one with a comment or a key,
    /// and no line of a value that looks like one.
    @Test func anEmptyHeadingGoesWithItsValue() throws {
        let sandbox = try Sandbox()
        let text = """
            [notes]
            \trewriteRef = x
            [merge "docvc"]
            [notes]
            \t# why
            [notes]

            [a]
            \tb = \\
            [notes]
            [notes "sub"]

            """
        try sandbox.shell("cat > .git/other <<'END'\n\(text)END")
        try sandbox.shell("cat .git/other >> .git/config")
        let before = try String(decoding: sandbox.read(".git/config"), as: UTF8.self)
        let repository = try sandbox.repository()
        try repository.removeLocalConfiguration("notes.rewriteRef", value: "x", timeout: .zero)
        let after = before.replacing("[notes]\n\trewriteRef = x\n", with: "")
            .replacing("[notes]\n\n[a]", with: "\n[a]")
        #expect(try String(decoding: sandbox.read(".git/config"), as: UTF8.self) == after)
    }
}
