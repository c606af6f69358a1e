import Platform
import SystemPackage
import Testing
import TestSupport

/// The check in real commits of Git's: it sees what is staged, each way round.
@Suite(.enabled(if: ProofTests.program != nil, "the program is not built"))
struct CommitCheckTests {
    static let good = "---\ntitle: A\n---\n"
    static let broken = "---\ntitle: A\ntitle: B\n---\n"

    /// A repository whose commits are checked by the built program.
    private func repository() throws -> TemporaryRepository {
        let program = try #require(ProofTests.program)
        let repository = try TemporaryRepository()
        try repository.write("a.md", CommitCheckTests.good)
        try repository.write("b.md", CommitCheckTests.good)
        try repository.git("add", ".")
        try repository.git("commit", "--quiet", "--message", "start")
        try repository.run([program.string, "init"])
        return repository
    }

    private func commits(_ repository: TemporaryRepository, _ arguments: String...) throws -> Bool {
        let before = try repository.git("rev-parse", "HEAD")
        do {
            try repository.run(["git", "commit", "--quiet", "--message", "x"] + arguments)
        } catch let failure as CommandFailure {
            #expect(failure.output.contains("duplicate-key"), "\(failure)")
            #expect(try repository.git("rev-parse", "HEAD") == before)
            return false
        }
        return true
    }

    @Test func seesWhatIsStagedOnly() throws {
        let repository = try repository()
        try repository.write("a.md", CommitCheckTests.broken)
        try repository.git("add", "a.md")
        try repository.write("a.md", CommitCheckTests.good)
        #expect(try !commits(repository))
        try repository.git("add", "a.md")
        try repository.write("a.md", CommitCheckTests.broken)
        try repository.write("b.md", CommitCheckTests.good + "more\n")
        try repository.git("add", "b.md")
        #expect(try commits(repository))
    }

    @Test func seesWhatCommitAllTakes() throws {
        let repository = try repository()
        try repository.write("a.md", CommitCheckTests.broken)
        #expect(try !commits(repository, "-a"))
        try repository.write("a.md", CommitCheckTests.good + "more\n")
        #expect(try commits(repository, "-a"))
    }

    @Test func seesWhatCommitOnlyTakes() throws {
        let repository = try repository()
        try repository.write("a.md", CommitCheckTests.broken)
        try repository.git("add", "a.md")
        try repository.write("b.md", CommitCheckTests.good + "more\n")
        #expect(try commits(repository, "b.md"))
        #expect(try !commits(repository, "a.md"))
    }

    @Test(arguments: [("n", true), ("y", false)])
    func seesTheHunksThatAreTaken(_ answer: String, _ expected: Bool) throws {
        let repository = try repository()
        let filler = (1...20).map { "line \($0)\n" }.joined()
        try repository.write("a.md", CommitCheckTests.good + filler)
        try repository.git("commit", "--quiet", "--all", "--message", "long")
        try repository.write("a.md", CommitCheckTests.broken + filler + "end\n")
        try repository.write("answers", "\(answer)\ny\n")
        let before = try repository.git("rev-parse", "HEAD")
        _ = try? repository.run(["sh", "-c", "git commit --quiet --message x -p < answers"])
        #expect(try (repository.git("rev-parse", "HEAD") != before) == expected)
    }

    @Test func checksTheSavesOfDocvcToo() throws {
        let program = try #require(ProofTests.program)
        let repository = try repository()
        try repository.write("a.md", CommitCheckTests.broken)
        #expect(throws: CommandFailure.self) {
            try repository.run([program.string, "save", "a.md"])
        }
        try repository.write("a.md", CommitCheckTests.good + "more\n")
        try repository.run([program.string, "save", "a.md"])
    }

    // MARK: Migrations

    private static func migration(_ name: String, after: String? = nil, _ operation: String)
        -> String
    {
        "migration: \(name)\n" + (after.map { "after: \($0)\n" } ?? "")
            + "operations:\n  - \(operation)\n"
    }

    /// A repository with two migrations that are pending, and a hook of the user's that runs
    /// before docvc's and says what it was told.
    private func migratingRepository() throws -> (TemporaryRepository, String) {
        let program = try #require(ProofTests.program)
        let repository = try TemporaryRepository()
        try repository.write("a.md", "---\ntitle: A\nsummary: s\n---\n")
        try repository.write(
            ".docvc/migrations/0001-one.yaml",
            CommitCheckTests.migration("0001-one", "rename: { from: summary, to: description }"))
        try repository.write(
            ".docvc/migrations/0002-two.yaml",
            CommitCheckTests.migration(
                "0002-two", after: "0001-one", "set: { key: layout, value: post }"))
        try repository.git("add", ".")
        try repository.git("commit", "--quiet", "--message", "start")
        try repository.writeProgram(
            ".git/hooks/pre-commit", "#!/bin/sh\necho \"$DOCVC_MIGRATING\" >> .git/told\n")
        try repository.run([program.string, "init"])
        return (repository, program.string)
    }

    /// What a migration's commit leaves pending is its purpose, not an oversight.
    @Test func letsMigrationsLeaveOthersPending() throws {
        let (repository, program) = try migratingRepository()
        let before = try repository.read("a.md")
        try repository.run([program, "migrate", "apply", "--yes", "0001-one"])
        try repository.run([program, "migrate", "apply", "--yes", "0002-two"])
        try repository.run([program, "migrate", "revert", "--yes", "0002-two"])
        try repository.run([program, "migrate", "revert", "--yes", "0001-one"])
        #expect(try repository.read("a.md") == before)
        #expect(
            try repository.read(".git/told") == "0001-one\n0002-two\n0002-two\n0001-one\n")
        // Other commits are checked as ever, and so is CI.
        try repository.write("a.md", (before ?? "") + "more\n")
        #expect(throws: CommandFailure.self) { try repository.run([program, "save", "a.md"]) }
        #expect(throws: CommandFailure.self) { try repository.run([program, "migrate", "check"]) }
    }

    /// Whatever else is wrong stops a migration's commit as any other.
    @Test func stopsMigrationsForAllElse() throws {
        let (repository, program) = try migratingRepository()
        try repository.write("b.md", CommitCheckTests.good + "<<<<<<< a\n=======\n>>>>>>> b\n")
        try repository.git("add", ".")
        try repository.git("commit", "--quiet", "--no-verify", "--message", "conflict")
        let failure = #expect(throws: CommandFailure.self) {
            try repository.run([program, "migrate", "apply", "--yes", "0001-one"])
        }
        #expect(failure?.output.contains("conflict-markers") ?? false)
        #expect(failure?.output.contains("pending") == false)
    }

    /// A document that the other side brings cannot be migrated before it is in HEAD.
    @Test func letsAMergeBringWhatIsNotMigrated() throws {
        let (repository, program) = try migratingRepository()
        try repository.git("checkout", "--quiet", "-b", "other")
        try repository.write("new.md", "---\ntitle: N\nsummary: n\n---\n")
        try repository.write("c.txt", "theirs\n")
        try repository.git("add", ".")
        try repository.git("commit", "--quiet", "--no-verify", "--message", "theirs")
        try repository.git("checkout", "--quiet", "main")
        try repository.run([program, "migrate", "apply", "--yes"])
        try repository.write("c.txt", "ours\n")
        try repository.git("add", ".")
        try repository.git("commit", "--quiet", "--message", "ours")
        #expect(throws: CommandFailure.self) { try repository.git("merge", "--quiet", "other") }
        try repository.write("c.txt", "both\n")
        try repository.git("add", "c.txt")

        let told = try repository.run(["sh", "-c", "git commit --quiet --no-edit 2>&1"])
        #expect(told.contains("new.md:3:1: 0001-one is pending"), "\(told)")
        #expect(told.contains("docvc migrate apply 0001-one"), "\(told)")
        try repository.run([program, "migrate", "apply", "--yes"])
        #expect(try repository.read("new.md")?.contains("description: n") ?? false)
        try repository.run([program, "migrate", "check"])
    }
}
