import Documents
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// What `verify` says beyond trailers and notes: conflicts and journals.
@Suite struct VerificationTests {
    private func saved(_ text: String) throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        try repository.write("a.md", text)
        _ = try Workspace(in: repository.world()).save(SaveRequest(["a.md"]))
        return repository
    }

    @Test func conflictsInCommentsAreFound() throws {
        let repository = try saved("one\n")
        try repository.write(
            "a.md", "---\n# docvc-conflict: title\ntitle: A\n# docvc-conflict-end\n---\ntext\n")
        try repository.git("commit", "--quiet", "-am", "with a conflict")
        let findings = try Workspace(in: repository.world(seed: 9)).verify().findings
        #expect(findings.map(\.problem) == [.conflict])
        #expect(findings.map(\.revision) == ["a.md"])
        #expect(findings.map(\.message) == ["a conflict in line 2 is not settled"])
    }

    /// A document may tell of markers.
    @Test func markersAreText() throws {
        let repository = try saved("one\n")
        try repository.write(
            "a.md", "So:\n<<<<<<< ours\nmine\n=======\ntheirs\n>>>>>>> theirs\n")
        try repository.git("commit", "--quiet", "-am", "on conflicts")
        #expect(try Workspace(in: repository.world(seed: 9)).verify().findings.isEmpty)
    }

    /// What a shallow clone leaves out is not damage.
    @Test(arguments: [1, 2, 3]) func aShallowCloneIsWhole(_ depth: Int) throws {
        let repository = try saved("one\n")
        for (number, name) in ["b.md", "a.md", "b.md", "a.md"].enumerated() {
            try repository.write(name, "\(number)\n")
            _ = try Workspace(in: repository.world(seed: 9 + UInt64(number))).save(
                SaveRequest([name]))
        }
        try repository.run([
            "git", "clone", "-q", "--depth=\(depth)", "file://\(repository.folder)", "../clone",
        ])
        try repository.run([
            "git", "-C", "../clone", "fetch", "-q", "origin", "refs/notes/docvc:refs/notes/docvc",
        ])
        var world = repository.world()
        world.currentFolder = repository.folder.removingLastComponent().appending("clone")
        let report = try Workspace(in: world).verify()
        #expect(report.findings.isEmpty && report.revisions == depth)
    }

    @Test func damagedJournalsAreFound() throws {
        let repository = try saved("one\n")
        let workspace = try Workspace(in: repository.world(seed: 9))
        let session = try #require(try workspace.session(of: "a.md"))
        #expect(try workspace.verify().findings.isEmpty)
        let file = Session.file(of: session.id, in: workspace)
        try FileSystem().replace(file, with: FileSystem().read(file) + [1, 2, 3])
        let findings = try workspace.verify().findings
        #expect(findings.map(\.problem) == [.journal])
        #expect(findings.map(\.revision) == ["\(session.id)"])
        #expect(findings.map(\.commit) == [nil])
    }
}
