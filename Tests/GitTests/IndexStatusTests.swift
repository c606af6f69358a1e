@testable import Git
import Platform
import SystemPackage
import Testing

/// What the index says of files on disk.
struct IndexStatusTests {
    private func apply(_ changes: [String: IndexFile.Change], _ sandbox: Sandbox) throws {
        let repository = try sandbox.repository()
        var update = try repository.lockIndex(timeout: .seconds(1))
        try update.prepare(changes)
        try update.commit()
    }

    @Test func anEntryWithItsFilesStatusIsCleanForGit() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "one\n"])
        try sandbox.write("a", "two\n")
        let status = try FileSystem().status(of: sandbox.folder.appending("a"))
        try apply(["a": .set(.regular, sandbox.blob("two\n"), status)], sandbox)
        #expect(try sandbox.git("diff-files") == "")
        #expect(try sandbox.git("status", "--porcelain") == "M  a")
        // Every number that Git keeps is the one Git itself would have kept.
        let ours = try sandbox.git("ls-files", "--debug", "a")
        try sandbox.git("add", "a")
        #expect(try sandbox.git("ls-files", "--debug", "a") == ours)
    }

    @Test func entriesThatWereNotTouchedKeepTheirNumbers() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "one\n", "b": "two\n"])
        try sandbox.shell("touch -d '2 seconds ago' a b && git update-index --refresh")
        let before = try sandbox.git("ls-files", "--debug", "b")
        try apply(["a": .remove], sandbox)
        #expect(try sandbox.git("ls-files", "--debug", "b") == before)
    }

    @Test(arguments: 0..<5)
    func anEditRightAfterTheIndexWasWrittenIsNoticed(_ attempt: Int) throws {
        let sandbox = try Sandbox()
        // Neighbours: one edited in place in the instant of `git add`, one after docvc's write.
        try sandbox.write("a", "one\n")
        try sandbox.write("b", "one\n")
        try sandbox.git("add", "a", "b")
        let path = sandbox.folder.appending("a")
        try sandbox.shell("printf 'two\\n' > a")
        try apply(["c": .set(.regular, sandbox.blob("c"), nil)], sandbox)
        #expect(try sandbox.git("diff", "--name-only") == "a\nc")

        let status = try FileSystem().status(of: path)
        try apply(["a": .set(.regular, sandbox.blob("two\n"), status)], sandbox)
        let file = try FileSystem().openForAppending(path)
        try file.truncate(to: 0)
        try file.write("six\n".utf8)
        #expect(try sandbox.git("diff", "--name-only") == "a\nc")
    }

    /// An edit that neither the times nor the size tell of, in a file whose name is not UTF-8, or
    /// that cannot be looked at.
    @Test(arguments: [(#"b\377"#, nil), ("b", Errno.permissionDenied)])
    func anEditInTheInstantOfTheIndexIsNoticed(_ name: String, _ fault: Errno?) throws {
        let sandbox = try Sandbox()
        let file = "\"$(printf '\(name)')\""
        try sandbox.git("config", "core.trustctime", "false")
        try sandbox.shell(
            """
            printf 'one\\n' > \(file); touch -d '2024-01-01 12:00' \(file); git add \(file)
            printf 'two\\n' > \(file); touch -d '2024-01-01 12:00' \(file) .git/index
            """)
        var world = sandbox.world()
        if let fault {
            let path = sandbox.folder.appending(name)
            world.files.fault = { $0 == .inspect && $1 == path ? fault : nil }
        }
        let repository = try Repository(in: world)
        var update = try repository.lockIndex(timeout: .seconds(1))
        try update.prepare(["c": .set(.regular, sandbox.blob("c"), nil)])
        try update.commit()
        #expect(try sandbox.shell("git diff --name-only | wc -l") == "2")
    }

    @Test func theIndexMayBeALink() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "one\n"])
        try sandbox.shell("mv .git/index .git/kept; ln -s kept .git/index")
        try apply(["b": .set(.regular, sandbox.blob("two\n"), nil)], sandbox)
        #expect(try sandbox.git("ls-files") == "a\nb")
        #expect(try sandbox.shell("readlink .git/index; ls .git | grep kept") == "kept\nkept")
    }

    @Test func aFileAsNewAsTheIndexIsNotTakenForUnchanged() throws {
        let sandbox = try Sandbox()
        try sandbox.write("a", "one\n")
        try sandbox.git("add", "a")
        let status = try #require(try FileSystem().status(of: sandbox.folder.appending("a")))
        let bytes = try sandbox.read(".git/index")
        let racy = try IndexFile(bytes, written: status.modified)
        let entry = try #require(try racy.entries(for: ["a"])["a"]?.first)
        #expect(!racy.isUnchanged(entry, status))
        let later = try IndexFile(
            bytes, written: .init(seconds: status.changed.seconds + 1, nanoseconds: 0))
        #expect(later.isUnchanged(entry, status))
        // The old file stays, so that the new one is another however fast it comes.
        try sandbox.shell("ln a kept")
        try sandbox.write("a", "two\n")
        let other = try #require(try FileSystem().status(of: sandbox.folder.appending("a")))
        #expect(!later.isUnchanged(entry, other))
    }

    /// A file monitor vouches for entries by number; docvc's new entry is not vouched for.
    @Test func aFileMonitorDoesNotHideADifference() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "one\n", "b": "two\n", "c": "three\n"])
        let hook = sandbox.root.appending("monitor")
        try sandbox.writeProgram(hook, "#!/bin/sh\nprintf 'token\\0'\n")
        try sandbox.git("config", "core.fsmonitor", hook.string)
        try sandbox.git("update-index", "--fsmonitor")
        try sandbox.git("status")
        try sandbox.git("update-index", "--force-write-index")
        #expect(try sandbox.git("ls-files", "-f", "b") == "h b")
        // The entry changes, the file does not.
        try apply(["b": .set(.regular, sandbox.blob("other\n"), nil)], sandbox)
        #expect(try sandbox.git("diff-files", "--name-only") == "b")
    }

    @Test func anUntrackedCacheDoesNotHideAFileThatLeftTheIndex() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "one\n", "d/b": "two\n", "d/c": "two\n"])
        try sandbox.git("config", "core.untrackedCache", "true")
        try sandbox.git("status")
        World.sleep(.milliseconds(20))
        try sandbox.git("status")
        try apply(["d/b": .remove], sandbox)
        #expect(try sandbox.git("status", "--porcelain") == "D  d/b\n?? d/b")
        try apply(["d/b": .set(.regular, sandbox.blob("two\n"), nil)], sandbox)
        #expect(try sandbox.git("status", "--porcelain") == "")
    }
}
