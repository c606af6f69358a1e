import Git
import Platform
import SystemPackage
import TestSupport
import Testing

@testable import History

/// What `init` and `deinit` do with the file of attributes.
struct SetupTests {
    private static let line = "*.txt text\n"

    /// Sets up and tears down in the work tree at `folder`, where others have attributes too.
    private func roundTrip(_ folder: FilePath, _ repository: TemporaryRepository) throws {
        let files = FileSystem()
        var world = repository.world()
        world.currentFolder = folder
        let workspace = try Workspace(in: world)
        let path = folder.appending(".gitattributes")
        let names = try files.names(in: folder).sorted()
        #expect(try workspace.setUp().parts.contains(.mergeAttributes))
        #expect(try workspace.missingSetup() == [])
        let text = try String(decoding: files.read(path), as: UTF8.self)
        #expect(text.hasSuffix(SetupTests.line) && text.contains("*.md merge=docvc\n"))
        #expect(try files.names(in: folder).sorted() == names)
        #expect(try workspace.tearDown().parts == SetupPart.allCases)
        #expect(try files.read(path) == Array(SetupTests.line.utf8))
        #expect(try files.names(in: folder).sorted() == names)
    }

    private func repository() throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        try repository.write(".gitattributes", SetupTests.line)
        try repository.git("add", ".gitattributes")
        try repository.git("commit", "--quiet", "-m", "attributes")
        return repository
    }

    @Test func filesAreAsTheyWere() throws {
        let repository = try repository()
        try roundTrip(repository.folder, repository)
    }

    @Test(.enabled(if: OtherFileSystem.isThere, "there is no second file system"))
    func aWorkTreeMayBeOnAnotherFileSystem() throws {
        let repository = try repository()
        let other = try OtherFileSystem()
        let linked = other.folder.appending("linked")
        try repository.git("worktree", "add", "--quiet", linked.string)
        // Where a kill left half a file beside the attributes, it is written anew.
        try FileSystem().replace(
            linked.appending(".docvc-attributes.tmp"), with: "half a fi".utf8)
        var world = repository.world()
        world.currentFolder = linked
        _ = try Workspace(in: world).setUp()
        _ = try Workspace(in: world).tearDown()
        try roundTrip(linked, repository)
    }
}
