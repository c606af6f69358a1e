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
        try repository.writeProgram(".git/hooks/\(name)", "#!/bin/sh\n\(script)\n")
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
        // Older than the index: Git believes what that says of the file.
        try repository.run(["touch", "-d", "@1600000000", "a.md"])
        try hook(
            repository, "pre-commit",
            "git diff-files --name-only > .git/seen; git diff --cached --name-only >> .git/seen")
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        #expect(try repository.read(".git/seen") == "a.md\na.md\n")
        #expect(try repository.git("status", "--porcelain").isEmpty)
    }

    @Test func aDraftThatTheHookChangedIsRefusedByName() throws {
        let (repository, world) = try withDraft()
        for script in ["sed -i 's/n:/n: /' a.md; git add a.md", "git rm -qf --cached a.md"] {
            try hook(repository, "pre-commit", script)
            let error = #expect(throws: HistoryError.self, "\(script)") {
                _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
            }
            guard case .hookChangedDraft("a.md", isOnDisk: false)? = error else {
                Issue.record("\(script): \(String(describing: error))")
                continue
            }
            try repository.git("checkout", "--quiet", "a.md")
        }
        try repository.write("b.md", "one\n")
        try hook(repository, "pre-commit", "git update-index --chmod=+x b.md")
        let error = #expect(throws: HistoryError.self) {
            _ = try Workspace(in: world).save(SaveRequest(["b.md"]))
        }
        guard case .hookChangedDraft("b.md", isOnDisk: true)? = error else {
            return #expect(Bool(false))
        }
    }

    /// A deletion beside a document that the hook formats.
    @Test func whatTheHookLeavesAloneIsSavedAsItWas() throws {
        let repository = try TemporaryRepository()
        let world = repository.world()
        for name in ["a.md", "b.md"] { try repository.write(name, "one\n") }
        _ = try Workspace(in: world).save(SaveRequest(["a.md", "b.md"]))
        try FileSystem().remove(repository.folder.appending("b.md"))
        try repository.write("a.md", "two\n")
        try hook(repository, "pre-commit", "sed -i s/two/formatted/ a.md && git add a.md")
        var request = SaveRequest(["a.md", "b.md"])
        request.savesDeletions = true
        _ = try Workspace(in: world).save(request)
        #expect(try repository.git("ls-tree", "--name-only", "HEAD") == "a.md\n")
        #expect(try repository.git("show", "HEAD:a.md") == "formatted\n")
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

    /// The hooks of the message see the index of `git commit -o`, also without pre-commit's.
    @Test(arguments: [true, false]) func theMessagesHooksSeeWhatIsSaved(verifies: Bool) throws {
        let (repository, world) = try withDraft()
        try repository.write("other.txt", "staged\n")
        try repository.git("add", "other.txt")
        for name in ["prepare-commit-msg", "commit-msg"] {
            try hook(
                repository, name,
                "{ git diff --cached --name-only; git show :a.md; } > .git/\(name)-seen")
        }
        var request = SaveRequest(["a.md"])
        request.runsHooks = verifies
        _ = try Workspace(in: world).save(request)
        let seen = "a.md\n---\nn: 2\n---\n"
        #expect(try repository.read(".git/prepare-commit-msg-seen") == seen)
        #expect(try repository.read(".git/commit-msg-seen") == (verifies ? seen : nil))
        #expect(try repository.read(".git/docvc/hook-index") == nil)
        #expect(try repository.git("status", "--porcelain") == "A  other.txt\n")

        try hook(repository, "prepare-commit-msg", "exit 1")
        try repository.write("a.md", "three\n")
        #expect(throws: HistoryError.self) { _ = try Workspace(in: world).save(request) }
        #expect(try repository.read(".git/docvc/hook-index") == nil)
    }
}
