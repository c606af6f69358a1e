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

    @Test func docvcsTrailersStayAsTheyAreWritten() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        try repository.write("a.md", "one\n")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        for script in [
            "sed -i /^Docvc-Previous/d", "sed -i 's/^Docvc-Actor: .*/Docvc-Actor: ci:x/'",
            "sed -i 's/^Docvc-Document: a/Docvc-Document: b/'", "sed -i /^Docvc/d",
            "sed -i 's/^Docvc-Source/  Docvc-Source/'",
            "sed -i '$aDocvc-Documents: 3'", "sed -i '/^Docvc-Source/{p}'",
        ] {
            try hook(repository, "commit-msg", "\(script) \"$1\"")
            try repository.write("a.md", "two\n")
            let error = #expect(throws: HistoryError.self, "\(script)") {
                _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
            }
            guard case .badMessage? = error else {
                Issue.record("\(script): \(String(describing: error))")
                continue
            }
        }
        try hook(repository, "commit-msg", "echo 'Signed-off-by: Ann <a@b>' >> \"$1\"")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        #expect(try repository.git("log", "-1", "--format=%B").contains("Signed-off-by: Ann"))
        #expect(try Workspace(in: world).verify().findings.isEmpty)
    }
}
