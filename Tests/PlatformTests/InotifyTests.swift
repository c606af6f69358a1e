import Platform
import SystemPackage
import Testing

/// What the kernel tells of folders, and waiting for it.
struct InotifyTests {
    private func notices(_ inotify: borrowing Inotify) throws -> [Inotify.Notice] {
        Readiness.wait(for: [inotify.descriptor], atMost: .seconds(60))
        return try inotify.notices()
    }

    @Test func changesAreTold() throws {
        let folder = try TemporaryFolder()
        let inotify = try Inotify(FileSystem())
        let watched = try inotify.watch(folder.path)
        #expect(try inotify.watch(folder.path) == watched)
        #expect(try inotify.notices().isEmpty)
        try folder.writeElsewhere("a", "text")
        var told = try notices(inotify)
        #expect(told.map(\.kind) == [.created, .written, .closed])
        #expect(told.allSatisfy { $0.name?.string == "a" && $0.folder == watched })
        try FileSystem().rename(folder["a"], to: folder["b"])
        told = try notices(inotify)
        #expect(told.map(\.kind) == [.movedAway, .movedHere])
        try FileSystem().makeFolders(folder["inner"])
        try FileSystem().remove(folder["b"])
        told = try notices(inotify)
        #expect(told.map(\.kind) == [[.created, .isFolder], .removed])
        inotify.forget(watched)
        #expect(try notices(inotify).map(\.kind) == [.ended])
        try folder.write("c", "")
        #expect(try inotify.notices().isEmpty)
    }

    @Test func linksAndFilesAreNotWatched() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "")
        try folder.run("ln", "-s", ".", "link")
        let inotify = try Inotify(FileSystem())
        for name in ["file", "link", "none"] {
            #expect(throws: FileError.self) { _ = try inotify.watch(folder[name]) }
        }
        let faulty = try Inotify(
            FileSystem { call, path in
                call == .watch && path != "inotify" ? .noSpace : nil
            })
        #expect(throws: FileError(.watch, folder.path, .noSpace)) {
            _ = try faulty.watch(folder.path)
        }
    }

    /// A full queue is told of; `fs.inotify.max_queued_events` says how long it is.
    @Test func overflowIsTold() throws {
        let folder = try TemporaryFolder()
        let text = try folder.run("cat", "/proc/sys/fs/inotify/max_queued_events")
        let limit = Int(text.dropLast()) ?? 0
        try #require(limit > 0)
        guard limit <= 65_536 else { return }
        let inotify = try Inotify(FileSystem())
        _ = try inotify.watch(folder.path)
        try folder.run(
            "sh", "-c",
            "i=0; while [ $i -lt \(limit / 2 + 1) ]; do : > a; : > b; i=$((i + 1)); done")
        let told = try notices(inotify)
        #expect(told.last?.kind == .overflow)
        #expect(told.last?.name == nil)
    }

    @Test func waitingEnds() throws {
        let start = ContinuousClock.now
        #expect(Readiness.wait(for: [-1], atMost: .milliseconds(20)) == [false])
        #expect(ContinuousClock.now - start >= .milliseconds(20))
    }

    /// A program that runs can be waited for, and looked at without waiting.
    @Test func programsAreWaitedFor() throws {
        let folder = try TemporaryFolder()
        var program = try Program(
            ["sh", "-c", "while ! test -e go; do sleep 0.01; done; exit 3"],
            environment: ["PATH": "/usr/bin:/bin"], folder: folder.path
        ).start()
        #expect(try program.status() == nil)
        program.wait(atMost: .milliseconds(5))
        #expect(try program.status() == nil)
        try folder.write("go", "")
        program.wait(atMost: .seconds(20))
        #expect(try program.waitForEnd() == 3)
        #expect(try program.status() == 3)
    }

    @Test func programsAreEndedInTime() throws {
        let folder = try TemporaryFolder()
        func program(_ script: String) -> Program {
            Program(
                ["sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"], folder: folder.path)
        }
        let start = ContinuousClock.now
        let slow = program("exec sleep 600")
        #expect(try slow.run(input: Array("text".utf8), limit: .milliseconds(300)) == nil)
        #expect(ContinuousClock.now - start < .seconds(300))
        let quick = program("cat > got")
        #expect(try quick.run(input: Array("text".utf8), limit: .seconds(300))?.status == 0)
        #expect(try folder.read("got") == "text")
    }
}
