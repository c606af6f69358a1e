import Glibc
import SystemPackage
import Testing

@testable import Platform

/// Files below a confined folder are reached without following links, whatever the call.
@Suite struct ConfinementTests {
    /// A folder `top` with `in/a`, a link `out` to the folder beside it, and `.git`, a link too.
    private func make() throws -> (folder: TemporaryFolder, files: FileSystem) {
        let folder = try TemporaryFolder()
        for name in ["top/in", "beside"] { try FileSystem().makeFolders(folder[name]) }
        for name in ["top/in/a", "beside/a"] { try folder.write(name, "text\n") }
        try folder.run("ln", "-s", "../beside", "top/out")
        try folder.run("ln", "-s", "../beside", "top/.git")
        var files = FileSystem()
        files.confinement = Confinement(to: folder["top"], except: [folder["top/.git"]])
        return (folder, files)
    }

    private func expectRefusal(
        _ errno: Errno, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () throws -> Void
    ) {
        let error = #expect(throws: FileError.self, sourceLocation: sourceLocation) { try body() }
        #expect(error?.errno == errno, sourceLocation: sourceLocation)
    }

    @Test func noCallFollowsALink() throws {
        let (folder, files) = try make()
        let inner = folder["top/in/a"]
        let outer = folder["top/out/a"]
        expectRefusal(.tooManySymbolicLinkLevels) { _ = try files.read(outer) }
        expectRefusal(.tooManySymbolicLinkLevels) { _ = try files.create(folder["top/out/b"]) }
        expectRefusal(.tooManySymbolicLinkLevels) { _ = try files.openForAppending(outer) }
        expectRefusal(.tooManySymbolicLinkLevels) { try files.rename(inner, to: outer) }
        expectRefusal(.tooManySymbolicLinkLevels) { try files.rename(outer, to: inner) }
        expectRefusal(.tooManySymbolicLinkLevels) { try files.renameToNew(inner, to: outer) }
        expectRefusal(.tooManySymbolicLinkLevels) { try files.exchange(inner, outer) }
        expectRefusal(.tooManySymbolicLinkLevels) { try files.link(inner, to: outer) }
        expectRefusal(.tooManySymbolicLinkLevels) { try files.remove(outer) }
        expectRefusal(.tooManySymbolicLinkLevels) { try files.makeFolders(folder["top/out/new"]) }
        expectRefusal(.tooManySymbolicLinkLevels) { _ = try files.names(in: folder["top/out/x"]) }
        expectRefusal(.notDirectory) { _ = try files.names(in: folder["top/out"]) }
        #expect(try FileSystem().names(in: folder["beside"]) == ["a"])
        #expect(try folder.read("beside/a") == "text\n")
    }

    @Test func noPathLeadsUp() throws {
        let (folder, files) = try make()
        expectRefusal(.improperLink) { _ = try files.read(folder["top/../beside/a"]) }
        expectRefusal(.improperLink) { try files.remove(folder["top/in/../../beside/a"]) }
    }

    @Test func everyOtherPathIsReachedAsEver() throws {
        let (folder, files) = try make()
        #expect(try files.read(folder["top/.git/a"]) == Array("text\n".utf8))
        #expect(try files.read(folder["beside/a"]) == Array("text\n".utf8))
        try files.rename(folder["top/in/a"], to: folder["top/in/b"])
        try files.exchange(folder["top/in/b"], folder["beside/a"])
        #expect(try files.names(in: folder["top/in"]) == ["b"])
        #expect(try files.names(in: folder["top/nothing"]).isEmpty)
        try files.makeFolders(folder["top/new/er"])
        try files.removeFolderIfEmpty(folder["top/new/er"])
    }

    /// A kernel that cannot refuse links at once: a folder at a time, with the same outcome.
    @Test func stepsComeToTheSame() throws {
        let (folder, _) = try make()
        for (name, errno) in [("top/in", 0), ("top/out", ELOOP), ("top/in/a", ENOTDIR)]
            + [("top/nothing", ENOENT), ("top/out/in", ELOOP)]
        {
            let descriptor = Place.pinBySteps(folder[name])
            let found = descriptor < 0 ? Glibc.errno : 0
            #expect(found == errno, "\(name)")
            if descriptor >= 0 { close(descriptor) }
        }
    }
}
