import Documents
import Git
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// What the hooks of a save see, and what they may change.
@Suite struct SaveHookTests {
    private func hook(
        _ repository: TemporaryRepository, _ name: String, _ script: String
    ) throws {
        try repository.write(".git/hooks/\(name)", "#!/bin/sh\n\(script)\n")
        try repository.run(["chmod", "+x", ".git/hooks/\(name)"])
    }

    /// A repository whose `a.md` says one, and whose draft of it says two.
    private func withDraft() throws -> (TemporaryRepository, World) {
        let repository = try TemporaryRepository()
        let world = repository.world()
        try repository.write("a.md", "---\nn: 1\n---\n")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        _ = try Workspace(in: world).edit("a.md", [.set(FieldPath(parsing: "n"), .guess("2"))])
        return (repository, world)
    }

    @Test func aDraftIsNotWhatTheWorkTreeHasYet() throws {
        let (repository, world) = try withDraft()
        try hook(
            repository, "pre-commit",
            "git diff-files --name-only > .git/seen; git diff --cached --name-only >> .git/seen")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        #expect(try repository.read(".git/seen") == "a.md\na.md\n")
        #expect(try repository.git("status", "--porcelain").isEmpty)
    }
}
