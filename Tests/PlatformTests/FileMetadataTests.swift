import Glibc
import SystemPackage
import Testing

@testable import Platform

/// Mode, owner, attributes and access control lists, copied from a file to another.
struct FileMetadataTests {
    private let files = FileSystem()

    /// What the system tells of a file, in a form that can be compared.
    private func metadata(_ folder: TemporaryFolder, _ name: String) throws -> String {
        try folder.run(
            "sh", "-c",
            "stat -c '%a %u %g' \(name); getfacl -cp \(name); getfattr -d -m - \(name) | grep -v '^#' || true"
        )
    }

    private func copy(_ folder: TemporaryFolder, from one: String, to other: String) throws {
        let source = try files.open(folder[one])
        let target = try files.openForAppending(folder[other])
        try target.copyMetadata(from: source)
    }

    @Test(arguments: [0o600, 0o640, 0o755, 0o4755, 0o444, 0o666, 0o7777] as [UInt32])
    func theModeIsCopied(_ mode: UInt32) throws {
        let folder = try TemporaryFolder()
        try folder.write("one", "x")
        try folder.run("chmod", String(mode, radix: 8), "one")
        try folder.write("two", "x")
        try copy(folder, from: "one", to: "two")
        #expect(try files.status(of: folder["two"])?.permissions == mode)
    }

    @Test func attributesAndListsAreCopied() throws {
        let folder = try TemporaryFolder()
        try folder.write("one", "x", mode: 0o640)
        try folder.run("setfattr", "-n", "user.name", "-v", "value", "one")
        try folder.run("setfattr", "-n", "user.empty", "one")
        try folder.run(
            "setfattr", "-n", "user.long", "-v", String(repeating: "x", count: 2_000), "one")
        try folder.run("setfacl", "-m", "u:4321:rw,g:4322:r", "one")
        try folder.write("two", "y")
        try copy(folder, from: "one", to: "two")
        #expect(try metadata(folder, "two") == metadata(folder, "one"))
        #expect(try folder.read("two") == "y")
    }

    /// A new file inherits what its folder gives by default; the original had none of it.
    @Test func whatTheOriginalDoesNotHaveGoes() throws {
        let folder = try TemporaryFolder()
        try folder.write("one", "x", mode: 0o600)
        try folder.run("setfacl", "-d", "-m", "u:4321:rwx,g::rwx", ".")
        try folder.write("two", "x")
        try folder.run("setfattr", "-n", "user.name", "-v", "value", "two")
        #expect(try metadata(folder, "two").contains("4321"))
        try copy(folder, from: "one", to: "two")
        #expect(try metadata(folder, "two") == metadata(folder, "one"))
    }

    @Test func theOwnerIsCopiedWhereItMayBe() throws {
        let folder = try TemporaryFolder()
        try folder.write("one", "x")
        guard (try? folder.run("chown", "4321:4322", "one")) != nil else { return }
        try folder.run("chmod", "6755", "one")
        try folder.write("two", "x")
        try copy(folder, from: "one", to: "two")
        #expect(try metadata(folder, "two") == metadata(folder, "one"))
    }

    @Test func aFaultIsReported() throws {
        let folder = try TemporaryFolder()
        try folder.write("one", "x")
        let faulty = FileSystem { call, _ in call == .copyMetadata ? .notPermitted : nil }
        let source = try files.open(folder["one"])
        let target = try faulty.create(folder["two"])
        #expect(throws: FileError.self) { try target.copyMetadata(from: source) }
    }

    @Test func anotherOpenDescriptorIsSeen() throws {
        let folder = try TemporaryFolder()
        try folder.writeElsewhere("one", "x")
        let file = try files.open(folder["one"])
        #expect(file.isOpenHereOnly() ?? true)
        let other = try files.openForAppending(folder["one"])
        #expect(!(file.isOpenHereOnly() ?? false))
        try other.write([1])
    }

    /// Whoever opens the file at the moment of the look sends a signal, which must not end docvc:
    /// here it would end the tests.
    @Test func anOpeningAtThatMomentDoesNoHarm() throws {
        let folder = try TemporaryFolder()
        try folder.writeElsewhere("one", "x")
        let file = try files.open(folder["one"])
        let answer = file.isOpenHereOnly {
            let other = open(folder["one"].string, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            #expect(other < 0 && errno == EWOULDBLOCK)
        }
        #expect(answer ?? true)
    }
}
