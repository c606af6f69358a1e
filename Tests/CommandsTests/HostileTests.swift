import Platform
import SystemPackage
import Testing
import TestSupport

/// What a hostile repository, remote or caller tries on the built program: nothing is written
/// outside the work tree or in `.git`, nothing is run, and every refusal says why.
@Suite(.enabled(if: ProofTests.program != nil, "the program is not built"))
struct HostileTests {
    /// A repository with one document, beside a folder that is nobody's business.
    private struct Place {
        let repository: TemporaryRepository
        private let program: FilePath

        init() throws {
            program = try #require(ProofTests.program)
            repository = try TemporaryRepository()
            try repository.write("a.md", "---\ntitle: A\n---\nBody\n")
            try repository.write("../out/secret.md", "---\ntitle: Secret\n---\n")
            try repository.git("add", ".")
            try repository.git("commit", "--quiet", "--message", "start")
        }

        /// Runs the program and returns all that it printed; one that has had a processor for
        /// ten seconds is ended, by which its status is above 128.
        func docvc(
            _ arguments: String..., environment: [String: String] = [:]
        ) throws -> (status: Int32, text: String) {
            try run(arguments, environment)
        }

        func run(
            _ arguments: [String], _ environment: [String: String] = [:]
        ) throws -> (status: Int32, text: String) {
            let program = Program(
                ["timeout", "600", "prlimit", "--cpu=10", program.string] + arguments,
                environment: repository.environment.merging(environment) { $1 },
                folder: repository.folder)
            let result = try program.capture()
            return (
                result.status, String(decoding: result.output + result.errors, as: UTF8.self)
            )
        }

        @discardableResult
        func shell(_ script: String) throws -> String {
            try repository.run(["sh", "-c", script])
        }

        /// What is outside the work tree, and Git's own files, as they were.
        func expectUntouched(sourceLocation: SourceLocation = #_sourceLocation) throws {
            let secret = try repository.read("../out/secret.md")
            #expect(secret == "---\ntitle: Secret\n---\n", sourceLocation: sourceLocation)
            let names = try FileSystem().names(in: repository.folder.appending("../out"))
            #expect(names == ["secret.md"], sourceLocation: sourceLocation)
            let hooks = try shell("ls .git/hooks | grep -v sample || true")
            #expect(hooks.isEmpty, sourceLocation: sourceLocation)
        }
    }

    /// What is not UTF-8 reaches the programs that docvc runs as it is.
    @Test func theEnvironmentReachesHooksToTheByte() throws {
        let place = try Place()
        let program = try #require(ProofTests.program)
        try place.shell(
            """
            printf '#!/bin/sh\\nprintf "%%s" "$LATIN" | od -An -tx1 > .git/seen\\n' > .git/hooks/pre-commit
            chmod +x .git/hooks/pre-commit; echo more >> a.md
            LATIN=$(printf 'caf\\351') \(program) save --quiet a.md
            """)
        #expect(try place.repository.read(".git/seen") == " 63 61 66 e9\n")
    }

    // MARK: Names

    @Test(arguments: [
        "../out/secret.md", ".git/config", ".GIT/config", "git~1/config", ".git ./x.md", "a.md/b",
        ".git::$INDEX_ALLOCATION/x.md", ".g\u{200c}it/x.md", "", "/", ".", "..", "/etc/passwd",
        "/dev/null", "link/secret.md", "link.md", "loop.md", "nested/b.md", "pipe.md", "folder.md",
    ])
    func noNameLeadsAstray(_ name: String) throws {
        let place = try Place()
        try place.shell(
            """
            ln -s ../out link; ln -s ../out/secret.md link.md; ln -s loop.md loop.md
            mkfifo pipe.md; mkdir folder.md; git init --quiet nested; echo x > nested/b.md
            """)
        for command in [["save", "--", name], ["set", "--save", "--", name, "title=Evil"]]
            + [["get", "--", name], ["body", "--save", "--from", "a.md", "--", name]]
        {
            let status = try place.run(command).status
            #expect([64, 66, 74].contains(status), "\(command): \(status)")
        }
        try place.expectUntouched()
    }

    @Test func awkwardNamesAreOnlyNames() throws {
        let place = try Place()
        let names = [
            "a\nb.md", "q\"uote.md", "it's.md", " lead.md", "\u{2028}.md", "\u{301}x.md",
            "back\\slash.md", "\u{1b}[31mred.md", "-dash.md",
        ]
        for name in names { try place.repository.write(name, "text\n") }
        for name in names { #expect(try place.docvc("save", "--", name).status == 0, "\(name)") }
        let verified = try place.docvc("verify")
        #expect(verified.status == 0, "\(verified.text)")
        try place.repository.check()
    }

    @Test func gitsOwnNamesAreLeftOutOfAll() throws {
        let place = try Place()
        for name in ["git~1/x.md", ".git ./x.md", "b.md"] {
            try place.repository.write(name, "text\n")
        }
        #expect(try place.docvc("save", "--all").status == 0)
        let files = try place.repository.git("ls-tree", "-r", "--name-only", "HEAD")
        #expect(files == "a.md\nb.md\n")
    }

    @Test func whatASymbolicLinkTookThePlaceOfIsNotWritten() throws {
        let place = try Place()
        try place.repository.write("docs/secret.md", "---\ntitle: In\n---\n")
        #expect(try place.docvc("save", "docs/secret.md").status == 0)
        #expect(try place.docvc("set", "docs/secret.md", "title=Draft").status == 0)
        try place.shell("rm -r docs && ln -s ../out docs")
        for arguments in [["save"], ["save", "--all"], ["save", "--on-conflict", "overwrite"]]
            + [["save", "--on-conflict", "merge"]]
        {
            let answer = try place.run(arguments)
            #expect(answer.status == 0, "\(arguments)")
            #expect(answer.text.contains("left out the draft of docs/secret.md"), "\(answer)")
        }
        try place.expectUntouched()
    }

    @Test func aFileThatClaimsToBeHugeIsRefused() throws {
        let place = try Place()
        try place.shell("truncate -s 100G b.md")
        for command in [["save", "b.md"], ["set", "b.md", "t=1"], ["get", "b.md"]] {
            let answer = try place.run(command)
            #expect(answer.status == 2 && answer.text.contains("256 MiB"), "\(answer)")
        }
        #expect(try place.docvc("status").status == 0)
        #expect(try place.docvc("merge-file", "b.md", "a.md", "a.md").text.contains("256 MiB"))
    }

    /// As with git merge-file: whichever file it is, and whatever the others have in common.
    @Test func aBinaryFileIsNotMergedByHand() throws {
        let place = try Place()
        try place.shell("printf 'x\\n' >x.md; cp x.md y.md; printf 'a\\0b' >z.md; cp z.md w.md")
        for files in [
            ["x.md", "y.md", "z.md"], ["z.md", "x.md", "y.md"], ["x.md", "z.md", "y.md"],
            ["z.md", "w.md", "x.md"], ["z.md", "z.md", "z.md"],
        ] {
            let answer = try place.run(["merge-file", "-p"] + files)
            #expect(answer.status == 255 && answer.text.contains("'z.md' is binary"), "\(answer)")
        }
    }

    // MARK: What was fetched

    /// A checkpoint and a kept text of a hostile path, as `git fetch` may bring them.
    @Test(arguments: [
        "../out/secret.md", "../out/new.md", ".git/hooks/post-checkout", "/etc/passwd",
        "a/../../out/new.md", ".GIT/hooks/post-checkout",
    ])
    func nothingFetchedLeadsAstray(_ path: String) throws {
        let place = try Place()
        let id = "01JDK4T0V6M9Q8R3YB2X7Z5WHC"
        try place.repository.write(
            "facts",
            """
            {"schema":"docvc.checkpoint/1","session":"\(id)","id":"\(id)","path":"\(path)",\
            "time":"2024-01-02T03:04:05Z","operations":1,"workTree":"","reason":"x"}
            """)
        try place.shell(
            """
            json=$(git hash-object -w facts) text=$(echo '#!/bin/sh' | git hash-object -w --stdin)
            for names in "checkpoints session.json draft" "kept kept.json document"; do
                set -- $names
                tree=$(printf '100644 blob %s\\t%s\\n' $text $3 $json $2 | git mktree)
                git update-ref refs/docvc/$1/\(id) $tree
            done
            rm facts
            """)
        let listed = try place.docvc("recover", "list")
        #expect(listed.status == 0 && listed.text.contains("is no path of a document"))
        for command in [["recover", "apply", id, "--on-conflict", "force"], ["save"]]
            + [["recover", "discard", id, "--yes"], ["save", "--all"]]
        {
            _ = try place.run(command)
        }
        try place.expectUntouched()
    }

    @Test(arguments: [
        "documents: ['../../*', '/etc/*', '../out/*.md']\n",
        "where: { matches: { title: '(a+)+(a+)+(a|a)*(.*)*$' } }\n",
        "where: { matches: { title: '((((a{9}){9}){9}){9}){9}' } }\n",
        "where: &a [*a, *a]\n", "where: \(String(repeating: "[", count: 100_000))\n",
        "after: \(String(repeating: "9", count: 100_000))\n",
        "\(String(repeating: "k", count: 1_000_000)): 1\n",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
    ])
    func noMigrationDoesHarm(_ lines: String) throws {
        let place = try Place()
        let title = String(repeating: "a", count: 60_000) + "!"
        try place.repository.write("a.md", "---\ntitle: \(title)\n---\n")
        #expect(try place.docvc("save", "--all").status == 0)
        try place.repository.write(
            ".docvc/migrations/0001-evil.yaml",
            "migration: 0001-evil\n\(lines)operations:\n  - set: { key: title, value: Evil }\n")
        for command in [["plan"], ["apply", "--yes"], ["check"]] {
            let answer = try place.run(["migrate"] + command)
            #expect([0, 1, 2, 65].contains(answer.status), "\(command): \(answer)")
        }
        try place.expectUntouched()
    }

    @Test(arguments: [
        String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
        String(repeating: "- ", count: 100_000), "a: " + String(repeating: "9", count: 100_000),
        String(repeating: "k", count: 1_000_000) + ": 1",
        (1...20).map { "a\($0): &a\($0) [*a\(max(1, $0 - 1)), *a\(max(1, $0 - 1))]" }
            .joined(separator: "\n"),
    ])
    func noDocumentDoesHarm(_ text: String) throws {
        let place = try Place()
        for (open, close) in [("---", "---"), ("+++", "+++"), ("---json", "---")] {
            try place.repository.write("a.md", "\(open)\n\(text)\n\(close)\nBody\n")
            for command in [["get", "a.md"], ["set", "a.md", "t=1"], ["diff", "a.md"]] {
                let status = try place.run(command).status
                #expect([0, 2, 64, 65, 66].contains(status), "\(command): \(status)")
            }
            #expect(try place.docvc("save", "a.md", "--on-conflict", "overwrite").status == 0)
        }
    }

    // MARK: Callers

    @Test func aClosedOrFullOutputIsToldOf() throws {
        let place = try Place()
        let program = try #require(ProofTests.program)
        func status(_ script: String) throws -> String {
            try place.shell("\(script.replacing("docvc", with: program.string)) 2>errors; echo $?")
        }
        #expect(try status("docvc get a.md > /dev/full") == "74\n")
        #expect(try place.repository.read("errors")?.contains("No space left") == true)
        #expect(try status("docvc get a.md --json > /dev/full") == "74\n")
        #expect(try status("docvc get a.md >&-") == "74\n")
        // A reader that has gone is no fault.
        let long = (1...20_000).map { "line \($0)\n" }.joined()
        try place.repository.write("a.md", long)
        #expect(try status("docvc show a.md | head -1").hasPrefix("line 1\n0\n"))
        #expect(try place.repository.read("errors") == "")
    }

    @Test func aPipeThatTheShellOpenedIsRead() throws {
        let place = try Place()
        let program = try #require(ProofTests.program)
        try place.shell("printf 'New\n' | \(program) body a.md --from /dev/fd/0")
        #expect(try place.docvc("show", "a.md").text == "---\ntitle: A\n---\nNew\n")
    }

    @Test func anEmptyEnvironmentIsEnough() throws {
        let place = try Place()
        let program = try #require(ProofTests.program)
        let answer = try place.shell("env -i \(program) get a.md title")
        #expect(answer == "A\n")
        let odd = try place.shell("env -i LC_ALL=xx_YY HOME=/nowhere \(program) status")
        #expect(odd.contains("clean"))
    }

    @Test func anArgumentThatIsNotUTF8IsRefused() throws {
        let place = try Place()
        let program = try #require(ProofTests.program)
        let answer = try place.shell(
            "printf 'x' > \"$(printf 'b\\377.md')\"; "
                + "\(program) save \"$(printf 'b\\377.md')\" 2>&1; echo $?")
        #expect(answer.hasSuffix("66\n"), "\(answer)")
        #expect(try place.docvc("status").status == 0)
        #expect(try place.docvc("save", "--all").status == 0)
    }

    @Test func aRepositoryOfAnotherUsersIsNotOpened() throws {
        guard World.effectiveUser == 0 else { return }
        let place = try Place()
        try place.shell("chown -R 65534 .")
        let answer = try place.docvc("status")
        #expect(answer.status == 69 && answer.text.contains("safe.directory"), "\(answer)")
        let folder = place.repository.folder.string
        try place.repository.write("../own.config", "[safe]\n\tdirectory = \(folder)\n")
        let config = place.repository.folder.removingLastComponent().appending("own.config")
        let trusted = try place.docvc(
            "status", environment: ["GIT_CONFIG_GLOBAL": config.string])
        #expect(trusted.status == 0, "\(trusted)")
        // A repository cannot vouch for itself.
        try place.repository.git("config", "-f", ".git/config", "safe.directory", "*")
        #expect(try place.docvc("status").status == 69)
    }
}
