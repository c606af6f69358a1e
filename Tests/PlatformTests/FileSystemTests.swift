import Platform
import SystemPackage
import Testing

/// Files and names, with and without faults.
struct FileSystemTests {
    private let files = FileSystem()

    @Test func bytesComeBack() throws {
        let folder = try TemporaryFolder()
        for size in [0, 1, 255, 65_536, 300_000] {
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let path = folder["f\(size)"]
            let file = try files.create(path)
            try file.write(bytes)
            try file.sync()
            #expect(try files.read(path) == bytes)
            #expect(try files.status(of: path)?.size == Int64(size))
            let more = try files.openForAppending(path)
            try more.write([1, 2])
            #expect(try files.read(path) == bytes + [1, 2])
            try more.truncate(to: 1)
            #expect(try more.status().size == 1)
        }
        #expect(try files.readIfPresent(folder["none"]) == nil)
        #expect(try files.readIfPresent(folder["f0/none"]) == nil)
        // The kernel's files tell no size.
        #expect(try !files.read("/proc/self/stat").isEmpty)
    }

    @Test func kindsAreToldApart() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "x", mode: 0o755)
        try files.makeFolders(folder["a"].appending("b"))
        try folder.run("ln", "-s", "file", "link")
        try folder.run("ln", "-s", "nowhere", "dangling")
        try folder.run("mkfifo", "pipe")
        #expect(try files.status(of: folder["file"])?.kind == .file)
        #expect(try files.status(of: folder["file"])?.isExecutable == true)
        #expect(try files.status(of: folder["a"])?.kind == .folder)
        #expect(try files.status(of: folder["link"])?.kind == .link)
        #expect(try files.status(of: folder["pipe"])?.kind == .other)
        #expect(try files.status(of: folder["none"]) == nil)
        #expect(try files.status(of: folder["file"].appending("x")) == nil)
        #expect(try files.statusFollowingLinks(of: folder["link"])?.kind == .file)
        #expect(try files.statusFollowingLinks(of: folder["dangling"]) == nil)
        #expect(try files.linkTarget(of: folder["link"]) == Array("file".utf8))
        #expect(try files.realPath(of: folder["link"]) == folder["file"])
        #expect(try files.realPath(of: folder["dangling"]) == nil)
        #expect(try Set(files.names(in: folder.path)) == ["file", "a", "link", "dangling", "pipe"])
        #expect(try files.names(in: folder["none"]).isEmpty)
        // Neither a link nor a pipe is read through, and none is waited for.
        #expect(throws: FileError.self) { try files.read(folder["link"]) }
        _ = try? files.read(folder["pipe"])
        let long = String(repeating: "x", count: 1_000)
        try folder.run("ln", "-s", long, "long")
        #expect(try files.linkTarget(of: folder["long"]).count == 1_000)
    }

    @Test func namesAreExchangedLinkedAndMoved() throws {
        let folder = try TemporaryFolder()
        try folder.write("one", "1")
        try folder.write("two", "2")
        try files.exchange(folder["one"], folder["two"])
        #expect(try folder.read("one") == "2" && folder.read("two") == "1")
        #expect(throws: FileError.self) { try files.exchange(folder["one"], folder["none"]) }
        try files.link(folder["one"], to: folder["three"])
        #expect(try files.status(of: folder["three"])?.links == 2)
        expect(.fileExists) { try files.link(folder["one"], to: folder["two"]) }
        expect(.fileExists) { try files.renameToNew(folder["one"], to: folder["two"]) }
        try files.renameToNew(folder["one"], to: folder["four"])
        try files.rename(folder["four"], to: folder["two"])
        #expect(try folder.read("two") == "2")
        expect(.fileExists) { _ = try files.create(folder["two"]) }
        #expect(try files.remove(folder["two"]))
        #expect(try !files.remove(folder["two"]))
        expect(.noSuchFileOrDirectory) { try files.rename(folder["two"], to: folder["x"]) }
    }

    @Test func foldersAreMadeAndRemoved() throws {
        let folder = try TemporaryFolder()
        let deep = folder["a"].appending("b").appending("c")
        try files.makeFolders(deep)
        try files.makeFolders(deep)
        #expect(try files.status(of: deep)?.kind == .folder)
        try files.removeFolderIfEmpty(folder["a"])
        #expect(try files.status(of: deep)?.kind == .folder)
        try files.removeFolderIfEmpty(deep)
        try files.removeFolderIfEmpty(deep)
        #expect(try files.status(of: deep) == nil)
        try folder.write("file", "x")
        #expect(throws: FileError.self) { try files.makeFolders(folder["file"]) }
        #expect(throws: FileError.self) { try files.makeFolders(folder["file"].appending("x")) }
    }

    @Test func aTreeIsRemovedWithoutFollowingLinks() throws {
        let folder = try TemporaryFolder()
        try files.makeFolders(folder["kept"])
        try folder.write("kept/file", "x")
        try files.makeFolders(folder["tree"].appending("inner"))
        try folder.write("tree/inner/file", "x")
        try folder.run("ln", "-s", folder["kept"].string, "tree/link")
        try folder.run("ln", "-s", "nowhere", "tree/inner/dangling")
        try folder.run(
            "sh", "-c",
            "touch \"$(printf 'tree/not-utf8-\\377')\"; mkdir \"$(printf 'tree/\\376')\"")
        try files.removeTree(folder["tree"])
        #expect(try files.status(of: folder["tree"]) == nil)
        #expect(try folder.read("kept/file") == "x")
        try folder.run("ln", "-s", folder["kept"].string, "link")
        try files.removeTree(folder["link"])
        #expect(try folder.read("kept/file") == "x")
        #expect(try files.status(of: folder["link"]) == nil)
        try files.removeTree(folder["none"])
    }

    @Test func aReplacedFileIsWholeOldOrWholeNew() throws {
        let folder = try TemporaryFolder()
        try files.replace(folder["file"], with: Array("one".utf8))
        try folder.write("file.new", "a dead one's")
        try files.replace(folder["file"], with: Array("two".utf8))
        #expect(try folder.read("file") == "two")
        for call in [FileCall.open, .write, .sync, .rename] {
            let faulty = FileSystem { $0 == call && $1.string.contains("file") ? .noSpace : nil }
            expect(.noSpace) { try faulty.replace(folder["file"], with: Array("three".utf8)) }
            #expect(try folder.read("file") == "two", "\(call)")
            #expect(try files.names(in: folder.path) == ["file"], "\(call)")
        }
    }

    @Test func faultsNameTheCallAndThePath() throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "x")
        let path = folder["file"]
        func faulty(_ call: FileCall) -> FileSystem {
            FileSystem { $0 == call && $1 == path ? .ioError : nil }
        }
        let calls: [(FileCall, (FileSystem) throws -> Void)] = [
            (.open, { _ = try $0.open(path) }), (.read, { _ = try $0.read(path) }),
            (.write, { try $0.openForAppending(path).write([1]) }),
            (.sync, { try $0.open(path).sync() }),
            (.rename, { try $0.rename(folder["x"], to: path) }),
            (.exchange, { try $0.exchange(folder["x"], path) }),
            (.link, { try $0.link(folder["x"], to: path) }), (.remove, { try $0.remove(path) }),
            (.list, { _ = try $0.names(in: path) }), (.inspect, { _ = try $0.status(of: path) }),
            (.makeFolder, { try $0.makeFolders(path) }),
        ]
        for (call, body) in calls {
            let error = #expect(throws: FileError.self, "\(call)") { try body(faulty(call)) }
            #expect(error == FileError(call, path, .ioError))
        }
        #expect(
            "\(FileError(.write, "/a/b", .noSpace))" == "cannot write /a/b: No space left on device"
        )
    }

    private func expect(
        _ errno: Errno, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) {
        let error = #expect(throws: FileError.self, sourceLocation: sourceLocation) { try body() }
        #expect(error?.errno == errno, sourceLocation: sourceLocation)
    }
}
