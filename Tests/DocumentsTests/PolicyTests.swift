import Documents
import Testing

@Suite struct GlobTests {
    @Test(arguments: [
        ("*.md", "a.md", true), ("*.md", "x/y/a.md", true), ("*.md", "a.mdx", false),
        ("/*.md", "a.md", true), ("/*.md", "x/a.md", false),
        ("content/**/*.md", "content/a.md", true), ("content/**/*.md", "content/x/y/a.md", true),
        ("content/**/*.md", "other/content/a.md", false), ("content/*.md", "content/x/a.md", false),
        ("**/a.md", "a.md", true), ("**/a.md", "x/y/a.md", true), ("**/x/**", "x/a", true),
        ("**/x/**", "a/x", false), ("docs/**", "docs/a/b", true), ("docs/**", "docs", false),
        ("a/**/b/**/c", "a/b/c", true), ("a/**/b/**/c", "a/1/b/2/b/3/c", true),
        ("a/**/b/**/c", "a/1/c", false), ("docs", "docs/a.md", true), ("docs", "x/docs/a", true),
        ("docs/", "docs", false), ("docs/", "docs/a", true), ("/docs", "x/docs/a", false),
        ("docs/*", "docs/a/b", false), ("[a-c]?.md", "b1.md", true), ("[!a-c]?.md", "b1.md", false),
        ("[]x].md", "].md", true), ("?.md", "é.md", true), ("?.md", "ab.md", false),
        ("\\*.md", "*.md", true), ("\\*.md", "a.md", false), ("a*b*c", "aXbYbZc", true),
        ("a*b*c", "aXbYbZ", false), ("*", ".hidden", true), ("**", "a/b", true),
        ("x/**/**/y", "x/y", true), ("a**b", "aXb", true), ("a**b", "a/b", false),
    ])
    func matches(_ pattern: String, _ path: String, _ expected: Bool) throws {
        #expect(try Glob(parsing: pattern).matches(path) == expected)
    }

    @Test(arguments: ["", "/", "a//b", "../a", "a/./b", "[ab", "a\\", "*.{md,mdx}", "[c-a]"])
    func refuses(_ pattern: String) {
        #expect(throws: Glob.SyntaxError.self) { try Glob(parsing: pattern) }
    }

    @Test func isQuickOnPatternsThatRepeat() throws {
        let glob = try Glob(parsing: String(repeating: "a*", count: 40) + "b")
        #expect(!glob.matches(String(repeating: "a", count: 20_000)))
        let deep = try Glob(parsing: String(repeating: "**/a/", count: 40) + "b")
        #expect(!deep.matches(String(repeating: "a/", count: 5_000) + "c"))
    }

    @Test func letsTheLastMatchDecide() throws {
        let list = try GlobList(parsing: ["*.md", "!drafts/", "drafts/keep.md"])
        #expect(list.matches("a.md"))
        #expect(!list.matches("drafts/a.md"))
        #expect(list.matches("drafts/keep.md"))
        #expect(list.texts == ["*.md", "!drafts/", "drafts/keep.md"])
    }
}

@Suite struct PolicyTests {
    @Test func readsWhatIsAgreed() throws {
        let text = """
            # Agreed in March.
            documents: ["content/**/*.md", "!content/drafts/"]
            version-key: meta.schema
            merge:
              sets: [tags]
            """
        let policy = try Policy(Array(text.utf8))
        #expect(policy.isDocument("content/a/b.md"))
        #expect(!policy.isDocument("content/drafts/b.md"))
        #expect(!policy.isDocument("README.md"))
        #expect(policy.versionKey?.description == "meta.schema")
        #expect(policy.merge?.mapping?["sets"]?.value.items?.count == 1)
    }

    @Test(arguments: ["", "# nothing yet\n", "---\n", "\u{feff}documents: '*.md'\n"])
    func readsLittle(_ text: String) throws {
        let policy = try Policy(Array(text.utf8))
        #expect(policy.isDocument("x/a.md"))
        #expect(!policy.isDocument("x/a.txt"))
    }

    @Test func takesMarkdownForDocuments() {
        #expect(Policy().isDocument("a/B.Markdown"))
        #expect(!Policy().isDocument("a.md/b"))
    }

    @Test func namesEveryProblem() {
        let text = "document: [a]\nversion-key: a..b\nmerge: 1\nmerge: 2\ndocuments: ['[a', {}]\n"
        let error = #expect(throws: ConfigurationError.self) { try Policy(Array(text.utf8)) }
        #expect(
            error?.problems.map(\.description) == [
                "1:1: the policy has no 'document'; did you mean documents?",
                "2:14: version-key: 'a..b' names no key: a key is missing",
                "4:1: the policy has 'merge' more than once",
                "5:13: '[a' is not a pattern: a '[' is never closed",
                "5:19: a pattern of documents must be a text",
            ])
    }

    @Test(arguments: ["a: [", "- a\n", "a: &x 1\nb: *y\n", "a: 1\n---\nb: 2\n"])
    func refusesWhatIsNoMap(_ text: String) {
        #expect(throws: ConfigurationError.self) { try Policy(Array(text.utf8)) }
    }
}
