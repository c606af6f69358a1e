import Platform
import SystemPackage
import Testing
import TestSupport

/// Merges by Git itself of a branch that was migrated and one that was not.
@Suite(.enabled(if: ProofTests.program != nil, "the program is not built"))
struct MigratedMergeTests {
    private static let old = "---\ntitle: A\nsummary: s  # kept\ndraft: \"yes\"\nx: 1\n---\nBody\n"
    private static let migration = """
        migration: 0001-schema
        operations:
          - rename: { from: summary, to: description }
          - coerce: { key: draft, to: boolean }

        """

    /// A repository on `main`, which is migrated; `side` is not, and has edits.
    private func repository() throws -> TemporaryRepository {
        let program = try #require(ProofTests.program).string
        let repository = try TemporaryRepository()
        try repository.git(
            "config", "merge.docvc.driver",
            "'\(program)' merge-driver -- %O %A %B %L %P %S %X %Y")
        try repository.write(".gitattributes", "*.md merge=docvc\n")
        try repository.write("a.md", MigratedMergeTests.old)
        try repository.git("add", ".")
        try repository.git("commit", "--quiet", "--message", "start")
        try repository.git("switch", "--quiet", "--create", "side")
        try repository.write(
            "a.md",
            MigratedMergeTests.old.replacing("summary: s", with: "summary: edited").replacing(
                "\"yes\"", with: "\"no\""
            ).replacing("Body", with: "Other body"))
        try repository.git("commit", "--quiet", "--all", "--message", "edit")
        try repository.git("switch", "--quiet", "main")
        try repository.write(".docvc/migrations/0001-schema.yaml", MigratedMergeTests.migration)
        try repository.run([program, "migrate", "apply", "--yes", "--quiet"])
        try repository.run([program, "set", "a.md", "x=2", "--save", "--quiet"])
        return repository
    }

    private static let merged =
        "---\ntitle: A\ndescription: edited  # kept\ndraft: false\nx: 2\n---\nOther body\n"

    @Test func takesTheOlderBranchIn() throws {
        let repository = try repository()
        try repository.git("merge", "--quiet", "--message", "merge", "side")
        #expect(try repository.read("a.md") == MigratedMergeTests.merged)
    }

    @Test func takesTheMigratedBranchIn() throws {
        let repository = try repository()
        try repository.git("switch", "--quiet", "side")
        try repository.git("merge", "--quiet", "--message", "merge", "main")
        #expect(try repository.read("a.md") == MigratedMergeTests.merged)
    }

    @Test func rebasesTheOlderBranch() throws {
        let repository = try repository()
        try repository.git("switch", "--quiet", "side")
        try repository.git("rebase", "--quiet", "main")
        #expect(try repository.read("a.md") == MigratedMergeTests.merged)
    }
}
