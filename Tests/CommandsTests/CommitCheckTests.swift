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
}
