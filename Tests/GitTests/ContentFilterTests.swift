import Git
import Platform
import SystemPackage
import Testing

/// What a file becomes as a blob and a blob as a file, against `git hash-object` and checkout.
struct ContentFilterTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let attributes: String
        var settings: [String] = []
        var testDescription: String { "\(attributes) \(settings)" }
    }

    private static let contents: [String] = [
        "", "one\ntwo\n", "one\r\ntwo\r\n", "one\r\ntwo\n", "one\rtwo\r\n", "no end\r\nhere",
        "\r\n",
        "a\0b\r\n", "$Id$ and $Id: 0123 $\r\n", "$Id$\n", "caf\u{e9}\r\n文\r\n", "\u{1a}x\r\n",
        "x\r\n\u{1a}", "\r",
        "\u{feff}bom\r\n", "\u{1}\u{2}\u{3}\r\n",
    ]

    @Test(arguments: [
        Case(attributes: ""), Case(attributes: "* text=auto"), Case(attributes: "* text"),
        Case(attributes: "* -text"), Case(attributes: "* eol=lf"), Case(attributes: "* eol=crlf"),
        Case(attributes: "* text=auto eol=crlf"), Case(attributes: "* text=auto eol=lf"),
        Case(attributes: "* -text eol=crlf"),
        Case(attributes: "* binary"), Case(attributes: "* ident"), Case(attributes: "* text ident"),
        Case(attributes: "* crlf"), Case(attributes: "* -crlf"), Case(attributes: "* crlf=input"),
        Case(attributes: "*.txt text\n*.md -text\nd/*.md eol=crlf"),
        Case(attributes: "", settings: ["core.autocrlf=true"]),
        Case(attributes: "", settings: ["core.autocrlf=input"]),
        Case(attributes: "* text=auto", settings: ["core.eol=crlf"]),
        Case(attributes: "* text", settings: ["core.eol=crlf"]),
        Case(attributes: "* text=auto", settings: ["core.autocrlf=true"]),
        Case(attributes: "* -text", settings: ["core.autocrlf=true"]),
        Case(attributes: "* text=auto", settings: ["core.autocrlf=input", "core.eol=crlf"]),
        Case(attributes: "* text", settings: ["core.safecrlf=true"]),
    ])
    func bytesAreConvertedAsGitConvertsThem(_ test: Case) throws {
        let sandbox = try Sandbox()
        try sandbox.write(".gitattributes", test.attributes + "\n")
        for setting in test.settings {
            let parts = setting.split(separator: "=").map(String.init)
            try sandbox.git("config", parts[0], parts[1])
        }
        let repository = try sandbox.repository()
        let contents = ContentFilterTests.contents.enumerated().map {
            (path: "d/f\($0.offset).md", text: $0.element)
        }
        for (path, text) in contents { try sandbox.write(path, text) }
        let paths = contents.map { "\($0.path)\n" }.joined()
        let raw = try sandbox.git(
            ["hash-object", "-w", "--no-filters", "--stdin-paths"], input: Array(paths.utf8))
        let cleaned = try sandbox.git(
            ["-c", "core.safecrlf=false", "hash-object", "--stdin-paths"], input: Array(paths.utf8))
        for ((path, text), blob) in zip(contents, cleaned.split(separator: "\n")) {
            let ours = try repository.clean(Array(text.utf8), path: path, index: [:])
            #expect(try Repository.blobID(of: ours).hex == blob, "clean \(text.debugDescription)")
        }

        // Blobs that hold the texts as they are, and what checkout makes of them.
        let lines = zip(contents, raw.split(separator: "\n")).map { "100644 \($1) 0\t\($0.path)\n" }
        try sandbox.git(["update-index", "--index-info"], input: Array(lines.joined().utf8))
        try sandbox.shell("rm -r d")
        try sandbox.git("checkout-index", "-a")
        for (path, text) in contents {
            let ours = try repository.smudge(Array(text.utf8), path: path, index: [:])
            #expect(try sandbox.read(path) == ours, "smudge \(text.debugDescription)")
        }
    }

    @Test(arguments: ["core.autocrlf=true", "core.eol=crlf", "core.attributesFile=../attributes"])
    func settingsOfTheEnvironmentCount(_ setting: String) throws {
        let sandbox = try Sandbox()
        try sandbox.git("config", "core.autocrlf", "false")
        try sandbox.write(sandbox.root.appending("attributes"), Array("b text\n".utf8))
        try sandbox.write(".gitattributes", "a text\n")
        let more: [String: String?] = [
            "GIT_CONFIG_PARAMETERS": "'\(setting)' 'a.b'='\"c\" \\ \r\n\t'"
        ]
        let repository = try sandbox.repository(more)
        let text = Array("one\r\n".utf8)
        for path in ["a", "b", "c"] {
            let ours = try repository.clean(text, path: path, index: [:])
            let git = try sandbox.git(
                ["hash-object", "--stdin", "--path=\(path)"], input: text, more)
            #expect(try Repository.blobID(of: ours).hex == git, "\(path)")
        }
    }

    /// With text=auto, a file whose blob has CR LF stays as it is.
    @Test func linesEndAsInTheIndex() throws {
        let sandbox = try Sandbox()
        try sandbox.git("config", "core.autocrlf", "false")
        try sandbox.commit(["a": "one\r\ntwo\r\n", "b": "one\ntwo\n"])
        try sandbox.write(".gitattributes", "* text=auto\n")
        let repository = try sandbox.repository()
        for path in ["a", "b"] {
            let text = "one\r\ntwo\r\nthree\r\n"
            try sandbox.write(path, text)
            let entries = try IndexFile(of: repository).entries(
                for: Repository.indexPaths(for: path))
            let ours = try repository.clean(Array(text.utf8), path: path, index: entries)
            try sandbox.git("add", path)
            #expect(try Repository.blobID(of: ours) == sandbox.id(":\(path)"), "\(path)")
        }
    }

    /// What of a blob keeps CR LF in its file: pairs of them, in what is a text to Git.
    @Test(arguments: [
        "one\r\n", "one\rtwo\n", "one\r", "one\r\n\0", "one\r\ntwo\rthree\n", "one\n",
        "\u{1}\r\n", "one\r\n\u{1a}", "\t\u{7f}one\r\n", "\r\r\n", "文\r\n\u{8}",
    ])
    func onlyPairsInATextCount(_ blob: String) throws {
        let sandbox = try Sandbox()
        try sandbox.git("config", "core.autocrlf", "false")
        try sandbox.commit(["a": blob])
        try sandbox.git("config", "core.autocrlf", "true")
        let text = "one\r\nthree\r\n"
        try sandbox.write("a", text)
        let repository = try sandbox.repository()
        let entries = try IndexFile(of: repository).entries(for: Repository.indexPaths(for: "a"))
        let ours = try repository.clean(Array(text.utf8), path: "a", index: entries)
        try sandbox.git("add", "a")
        #expect(try Repository.blobID(of: ours) == sandbox.id(":a"), "\(blob.debugDescription)")
    }

    @Test func attributesComeFromFoldersFromTheIndexAndFromTheRepository() throws {
        let sandbox = try Sandbox()
        try sandbox.write(".gitattributes", "*.md text\n")
        try sandbox.write("d/.gitattributes", "*.md -text\n")
        try sandbox.write("d/e/.gitattributes", "x.md eol=lf\n")
        try sandbox.write("gone/.gitattributes", "*.md -text\n")
        try sandbox.git("add", "-A")
        try sandbox.shell("rm -r gone; mkdir gone")
        try sandbox.write(".git/info/attributes", "special.md -text\n")
        let repository = try sandbox.repository()
        let text = "one\r\ntwo\r\n"
        for path in [
            "a.md", "a.txt", "d/a.md", "d/e/a.md", "d/e/x.md", "gone/a.md", "special.md", "文/a.md",
        ] {
            try sandbox.write(path, text)
            let index = try IndexFile(of: repository).entries(for: Repository.indexPaths(for: path))
            let ours = try repository.clean(Array(text.utf8), path: path, index: index)
            try sandbox.git("add", path)
            #expect(try Repository.blobID(of: ours) == sandbox.id(":\(path)"), "\(path)")
        }
    }

    /// What the work tree has counts alone, also where it says less than the index.
    @Test(arguments: [": > .gitattributes", "mkdir .gitattributes", "true"])
    func theIndexCountsOnlyWhereNothingIs(_ script: String) throws {
        let sandbox = try Sandbox()
        try sandbox.commit([".gitattributes": "*.md text\n"])
        try sandbox.shell("rm .gitattributes; \(script)")
        let text = "one\r\n"
        try sandbox.write("a.md", text)
        let repository = try sandbox.repository()
        let index = try IndexFile(of: repository).entries(for: Repository.indexPaths(for: "a.md"))
        let ours = try repository.clean(Array(text.utf8), path: "a.md", index: index)
        try sandbox.git("add", "a.md")
        #expect(try Repository.blobID(of: ours) == sandbox.id(":a.md"))
    }

    /// Git does not follow a link there, and nobody is to wait for a pipe.
    @Test(arguments: ["ln -s ../attributes", "ln -s none", "mkfifo", "ln -s ../pipe"])
    func attributesInNoRegularFileAreRefusedByName(_ make: String) throws {
        let sandbox = try Sandbox()
        try sandbox.shell(
            "echo '*.md text' > attributes; mkfifo pipe; mkdir d; \(make) d/.gitattributes")
        let repository = try sandbox.repository()
        let text = Array("one\r\n".utf8)
        let error = #expect(throws: RepositoryError.self) {
            try repository.clean(text, path: "d/a.md", index: [:])
        }
        guard case .unsupported("a 'd/.gitattributes' that is no regular file", _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(throws: RepositoryError.self) {
            try repository.smudge(text, path: "d/a.md", index: [:])
        }
        #expect(try repository.clean(text, path: "a.md", index: [:]) == text)
    }

    @Test func whatAnotherProgramConvertsIsRefusedByName() throws {
        let sandbox = try Sandbox()
        try sandbox.git("config", "filter.mine.clean", "cat")
        try sandbox.git("config", "filter.theirs.process", "cat")
        try sandbox.git("config", "filter.out.smudge", "cat")
        try sandbox.git("config", "filter.needed.required", "true")
        try sandbox.git("config", "filter.unneeded.required", "false")
        try sandbox.write(
            ".gitattributes",
            """
            lfs filter=lfs
            mine filter=mine
            theirs filter=theirs
            out filter=out
            needed filter=needed
            unneeded filter=unneeded
            unknown filter=unknown
            none -filter
            utf16 working-tree-encoding=UTF-16LE
            utf8 working-tree-encoding=utf-8

            """)
        let repository = try sandbox.repository()
        for (path, word) in [
            ("lfs", "filter=lfs"), ("mine", "filter=mine"), ("theirs", "filter=theirs"),
            ("out", "filter=out"), ("needed", "filter=needed"),
            ("utf16", "working-tree-encoding=UTF-16LE"),
        ] {
            let error = #expect(throws: RepositoryError.self, "\(path)") {
                try repository.clean([1], path: path, index: [:])
            }
            guard case .converted(path, word)? = error else {
                Issue.record("\(path): \(String(describing: error))")
                continue
            }
        }
        for path in ["unknown", "unneeded", "none", "utf8", "other"] {
            #expect(try repository.clean([1], path: path, index: [:]) == [1])
        }
    }
}
