import Git
import Testing

@Suite struct TreePathTests {
    @Test(arguments: [
        "a", "docs/a.md", ".gitignore", ".github/a.md", "a.git/b", "git~2", "a b", "\u{301}.md",
        "a\nb", "-a", "...", ".docvc/policy.yaml", "\u{200c}a",
    ])
    func namesFiles(_ path: String) {
        #expect(TreePath.isValid(path))
    }

    @Test(arguments: [
        "", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "./a", "a\0b", ".git", ".git/config",
        "a/.git/b", ".GIT/config", ".Git", "git~1/config", "GIT~1", ".git.", ".git ./a", ".git...",
        ".git::$INDEX_ALLOCATION/a", ".git:a", ".g\u{200c}it/config", "\u{feff}.git",
    ])
    func namesNone(_ path: String) {
        #expect(!TreePath.isValid(path))
    }
}
