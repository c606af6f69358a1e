import Git
import Platform
import SystemPackage
import TestSupport
import Testing

/// What is ignored, against `git check-ignore`.
@Suite struct IgnoreRulesTests {
    /// What Git ignores of `paths`; none of them needs to be there.
    private func ignoredByGit(_ paths: [String], in sandbox: Sandbox) throws -> Set<String> {
        let input = paths.map { $0 + "\0" }.joined()
        let run = try sandbox.tryGit(
            ["check-ignore", "--no-index", "--stdin", "-z"], input: Array(input.utf8))
        #expect(run.status == 0 || run.status == 1, "\(run.errors)")
        return Set(run.text.split(separator: "\0").map(String.init))
    }

    private func expectGitsAnswers(_ paths: [String], in sandbox: Sandbox) throws {
        let repository = try sandbox.repository()
        var rules = try repository.ignoreRules()
        let expected = try ignoredByGit(paths, in: sandbox)
        for path in paths {
            // Git looks for itself whether it is a folder.
            let isFolder =
                try FileSystem().status(of: sandbox.folder.appending(path))?.kind == .folder
            let ours = try rules.ignores(isFolder ? path + "/" : path)
            #expect(ours == expected.contains(path), "\(path)")
        }
    }

    @Test func filesTakeBackWhatOthersName() throws {
        let sandbox = try Sandbox()
        try sandbox.write(
            ".gitignore", "*.log\n!keep.log\n/build/\nd/*.tmp\ndocs/*\n!README.md\nall/\n!all/x\n")
        try sandbox.write("d/.gitignore", "!x.tmp\n")
        try sandbox.write(".git/info/exclude", "secret\n")
        try sandbox.write("build/a.md", "")
        let paths = [
            "a.log", "keep.log", "d/a.log", "build", "build/a.md", "d/build/a.md", "d/a.tmp",
            "d/x.tmp", "secret", "a.md", "docs/README.md", "docs/a.md", "docs/a/README.md", "all/x",
        ]
        try expectGitsAnswers(paths, in: sandbox)
        let repository = try sandbox.repository()
        #expect(try repository.isIgnored("docs/a.md"))
        #expect(try !repository.isIgnored("docs/README.md"))
    }

    @Test(arguments: ["configured", "xdg", "home", "none"])
    func theUsersOwnFileCounts(_ place: String) throws {
        let sandbox = try Sandbox()
        let home = sandbox.root.appending("home")
        try FileSystem().makeFolders(home.appending("xdg/git"))
        try FileSystem().makeFolders(home.appending(".config/git"))
        var more: [String: String?] = [:]
        switch place {
        case "configured":
            try sandbox.git("config", "core.excludesFile", "~/mine")
            // As where somebody keeps all settings in one folder.
            try FileSystem().replace(home.appending("theirs"), with: "*.mine\n".utf8)
            try sandbox.shell("ln -s theirs ../home/mine")
        case "xdg":
            more["XDG_CONFIG_HOME"] = home.appending("xdg").string
            try FileSystem().replace(home.appending("xdg/git/ignore"), with: "*.mine\n".utf8)
        case "home":
            try FileSystem().replace(home.appending(".config/git/ignore"), with: "*.mine\n".utf8)
        default: break
        }
        #expect(try sandbox.repository(more).isIgnored("d/a.mine") == (place != "none"))
    }

    /// A link in a folder's place could lead out of the work tree.
    @Test func linksAreNotFollowed() throws {
        let sandbox = try Sandbox()
        try sandbox.write("patterns", "*.md\n")
        try sandbox.shell("ln -s patterns .gitignore")
        try expectGitsAnswers(["a.md", "d/a.md"], in: sandbox)
    }

    /// Git's own matcher takes for ever on such patterns.
    @Test func manyWildcardsTakeNoTime() throws {
        let sandbox = try Sandbox()
        let pattern = String(repeating: "**/*a", count: 40) + "b"
        try sandbox.write(".gitignore", pattern + "\n")
        let path = String(repeating: "aa/", count: 60) + String(repeating: "a", count: 60)
        let start = processorTime()
        #expect(try !sandbox.repository().isIgnored(path))
        #expect(processorTime() - start < 60)
    }

    private static let parts = [
        "a", "b", "d", "e", "d/", "e/", "*", "**", "**/", "/**", "?", "/", "/", "[ab]", "[!a]",
        "[^b-e]", "[a-]", "[]a]", "[]-a]", "[[:alpha:]]", "[[:upper:]x]", "[[:no:]]", "[[:]", "[a",
        "[a-\\c]", "[\\]]", "\\", "\\a", "\\*", "!", "#", " ", ".md", "A", "B", "\r", "\t", "é",
    ]

    /// Patterns of all forms, in all files, on paths that they are near to.
    @Test(arguments: 0..<8) func randomPatternsMatchAsInGit(_ seed: Int) throws {
        var random = Seeded(UInt64(seed))
        let names = [
            "a", "b", "ab", "A", "d", "e", "a.md", "é", "[a", "a ", "!a", "#", "]", "-", "b\\",
        ]
        let sandbox = try Sandbox()
        try sandbox.git("config", "core.excludesFile", "../mine")
        for round in 0..<12 {
            try sandbox.git("config", "core.ignoreCase", round % 4 == 0 ? "true" : "false")
            func patterns() -> String {
                var text = Int.random(in: 0..<6, using: &random) == 0 ? "\u{feff}" : ""
                for _ in 0..<Int.random(in: 0...5, using: &random) {
                    if Int.random(in: 0..<3, using: &random) == 0 { text += "!" }
                    for _ in 0..<Int.random(in: 1...5, using: &random) {
                        text += IgnoreRulesTests.parts.randomElement(using: &random)!
                    }
                    text += ["\n", "\n", "\r\n", " \n", "  \\ \n"].randomElement(using: &random)!
                }
                return text
            }
            for file in [
                ".gitignore", "d/.gitignore", "d/e/.gitignore", ".git/info/exclude", "../mine",
            ] {
                try sandbox.write(file, patterns())
            }
            let paths = (0..<120).map { _ in
                (0...Int.random(in: 0...4, using: &random)).map { _ in
                    names.randomElement(using: &random)!
                }.joined(separator: "/")
            }
            try expectGitsAnswers(paths + ["d", "d/e"], in: sandbox)
        }
    }
}
