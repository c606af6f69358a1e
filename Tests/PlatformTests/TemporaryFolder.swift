import Platform
import SystemPackage
import Testing

/// A folder of its own that goes when its last owner does.
final class TemporaryFolder: Sendable {
    /// The folder, without links.
    let path: FilePath
    private let files = FileSystem()

    init() throws {
        let temporary = try #require(try files.realPath(of: "/tmp"))
        path = temporary.appending("docvc-platform-\(UInt64.random(in: 0 ... .max))")
        try files.makeFolders(path)
    }

    deinit {
        _ = try? run("chmod", "-R", "u+rwX", path.string); _ = try? run("rm", "-rf", path.string)
    }

    /// A path in the folder.
    subscript(_ name: String) -> FilePath { path.appending(name) }

    /// Writes a new file.
    func write(_ name: String, _ text: String, mode: UInt32 = 0o666) throws {
        try files.create(self[name], permissions: mode).write(text.utf8)
    }

    /// Writes a new file by another program.
    ///
    /// What this process has open for writing, each child has too that another test is starting
    /// just then, until it becomes another program: so long the file cannot be run, is not told of
    /// as closed, and no lease on it is to be had.
    func writeElsewhere(_ name: String, _ text: String, mode: UInt32 = 0o666) throws {
        try run(
            "sh", "-c", "printf %s \"$1\" > \"$2\" && chmod \"$3\" \"$2\"", "sh", text, name,
            String(mode, radix: 8))
    }

    func read(_ name: String) throws -> String {
        String(decoding: try files.read(self[name]), as: UTF8.self)
    }

    /// Runs a program in the folder, which must succeed, and answers its output.
    @discardableResult
    func run(_ arguments: String...) throws -> String {
        let result = try Program(
            arguments, environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"], folder: path
        ).capture()
        try #require(
            result.status == 0, "\(arguments): \(String(decoding: result.errors, as: UTF8.self))")
        return String(decoding: result.output, as: UTF8.self)
    }

    /// A world that stands in the folder.
    func world(files: FileSystem = FileSystem()) -> World {
        World(
            now: { Timestamp(seconds: 1_700_000_000) },
            random: { [UInt8](repeating: 1, count: $0) },
            environment: [:], currentFolder: path, files: files)
    }
}
