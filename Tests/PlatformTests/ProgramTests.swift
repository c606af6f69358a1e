import Platform
import SystemPackage
import Testing

/// Programs: status, output, environment, and those that cannot be started.
struct ProgramTests {
    private func sh(
        _ script: String, input: [UInt8] = [], _ environment: [String: String] = [:],
        in folder: FilePath = "/"
    ) throws -> Program.Result {
        try Program(["/bin/sh", "-c", script], environment: environment, folder: folder).capture(
            input: input)
    }

    @Test func statusAndOutputComeBack() throws {
        let result = try sh("cat; echo out; echo err >&2; exit 3", input: Array("in\n".utf8))
        #expect(result.status == 3)
        #expect(result.output == Array("in\nout\n".utf8))
        #expect(result.errors == Array("err\n".utf8))
        #expect(try sh("true").status == 0)
        #expect(try sh("read x && echo \"$x\" || echo end").output == Array("end\n".utf8))
    }

    @Test func aSignalIsAStatus() throws {
        #expect(try sh("kill -9 $$").status == 137)
        #expect(try sh("kill -15 $$").status == 143)
        // A program's own SIGPIPE ends it.
        #expect(try sh("kill -13 $$; echo alive").status == 141)
    }

    @Test func muchInputAndOutputDoNotWaitForEachOther() throws {
        let input = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
        let result = try sh("tee /dev/stderr", input: input)
        #expect(result.output == input)
        #expect(result.errors == input)
        #expect(try sh("exit 0", input: input).status == 0)
    }

    @Test func theEnvironmentAndTheFolderAreTheGivenOnes() throws {
        let folder = try TemporaryFolder()
        let result = try sh(
            "pwd; echo \"$A$B\"; env | grep -c HOME", ["A": "x=y", "B": "文"], in: folder.path)
        #expect(String(decoding: result.output, as: UTF8.self) == "\(folder.path)\nx=y文\n0\n")
    }

    @Test func whatCannotStartIsNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write("plain", "text")
        for (name, errno) in [
            ("/nonexistent/program", Errno.noSuchFileOrDirectory),
            ("docvc-no-such-program", .noSuchFileOrDirectory),
            (folder["plain"].string, .permissionDenied), ("/", .permissionDenied),
        ] {
            let error = #expect(throws: Program.Failure.self) {
                try Program([name], environment: [:], folder: folder.path).capture()
            }
            #expect(error?.name == name && error?.errno == errno)
        }
        #expect(throws: Program.Failure.self) {
            try Program(["/bin/true"], environment: [:], folder: folder["none"]).capture()
        }
        #expect(throws: Program.Failure.self) {
            try Program([], environment: [:], folder: folder.path).capture()
        }
    }

    @Test func aScriptWithoutAFirstLineIsTheShells() throws {
        let folder = try TemporaryFolder()
        try folder.writeElsewhere("script", "echo \"$1\"\n", mode: 0o777)
        let result = try Program(
            [folder["script"].string, "x"], environment: [:], folder: folder.path
        ).capture()
        #expect(result.output == Array("x\n".utf8))
    }

    @Test func noDescriptorLeaks() throws {
        let folder = try TemporaryFolder()
        try folder.write("open", "x")
        let file = try FileSystem().open(folder["open"])
        let result = try sh("ls -l /proc/self/fd", ["PATH": "/bin:/usr/bin"])
        #expect(!String(decoding: result.output, as: UTF8.self).contains(folder.path.string))
        #expect(try file.status().size == 1)
    }
}
