import Git
import Platform
import SystemPackage
import Testing

/// A folder of its own with a home, a work tree and a hermetic environment; it goes when
/// its last owner does.
final class Sandbox: Sendable {
    /// The temporary folder, without links.
    let root: FilePath
    /// The work tree.
    let folder: FilePath
    /// The environment of Git and of docvc alike.
    let environment: [String: String]

    /// A fresh repository, made by `git init` with `options`; nil makes none.
    init(_ options: [String]? = []) throws {
        let files = FileSystem()
        let name = "docvc-git-\(UInt64.random(in: 0 ... .max))"
        let temporary = try #require(try files.realPath(of: "/tmp"))
        root = temporary.appending(name)
        folder = root.appending("work")
        try files.makeFolders(root.appending("home"))
        try files.makeFolders(folder)
        environment = [
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": root.appending("home").string,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "Ann",
            "GIT_AUTHOR_EMAIL": "ann@example.org",
            "GIT_AUTHOR_DATE": "1700000000 +0100",
            "GIT_COMMITTER_NAME": "Bob",
            "GIT_COMMITTER_EMAIL": "bob@example.org",
            "GIT_COMMITTER_DATE": "1700000000 +0100",
            "LC_ALL": "C", "TZ": "UTC",
        ]
        if let options { try git(["init", "-q", "-b", "main"] + options) }
    }

    deinit { try? FileSystem().removeTree(root) }

    /// The outside as docvc sees it, standing in `folder`.
    func world(
        _ more: [String: String?] = [:], in folder: FilePath? = nil
    ) -> World {
        World(
            now: { Timestamp(seconds: 1_700_000_000, offset: 60) },
            random: { [UInt8](repeating: 7, count: $0) },
            environment: merged(more), currentFolder: folder ?? self.folder)
    }

    func repository(
        _ more: [String: String?] = [:], in folder: FilePath? = nil
    ) throws -> Repository {
        try Repository(in: world(more, in: folder))
    }

    private func merged(_ more: [String: String?]) -> [String: String] {
        var environment = environment
        for (name, value) in more { environment[name] = value }
        return environment
    }

    // MARK: Git

    /// What a run of Git answered.
    struct Run {
        let status: Int32
        let bytes: [UInt8]
        let errors: String
        /// The output, without the line feeds at its end.
        var text: String {
            var rest = bytes[...]
            while rest.last == UInt8(ascii: "\n") { rest.removeLast() }
            return String(decoding: rest, as: UTF8.self)
        }
        var lines: [String] { bytes.isEmpty ? [] : text.split(separator: "\n").map(String.init) }
    }

    /// Runs Git and answers what it said; a failure is the caller's to judge.
    func tryGit(
        _ arguments: [String], input: [UInt8] = [], _ more: [String: String?] = [:],
        in folder: FilePath? = nil
    ) throws -> Run {
        try run(["git"] + arguments, input: input, more, in: folder)
    }

    /// Runs Git, which must succeed, and answers its output.
    @discardableResult
    func git(
        _ arguments: [String], input: [UInt8] = [], _ more: [String: String?] = [:],
        in folder: FilePath? = nil
    ) throws -> String {
        let run = try tryGit(arguments, input: input, more, in: folder)
        try #require(run.status == 0, "git \(arguments): \(run.errors)")
        return run.text
    }

    @discardableResult
    func git(_ arguments: String...) throws -> String { try git(arguments) }

    /// Runs a program in the sandbox.
    func run(
        _ arguments: [String], input: [UInt8] = [], _ more: [String: String?] = [:],
        in folder: FilePath? = nil
    ) throws -> Run {
        let result = try Program(
            arguments, environment: merged(more), folder: folder ?? self.folder
        ).capture(input: input)
        return Run(
            status: result.status, bytes: result.output,
            errors: String(decoding: result.errors, as: UTF8.self))
    }

    /// Sends `script` through a shell that must succeed, and answers its output.
    @discardableResult
    func shell(
        _ script: String, _ more: [String: String?] = [:], input: String = ""
    ) throws -> String {
        let run = try run(["sh", "-ec", script], input: Array(input.utf8), more)
        try #require(run.status == 0, "\(script): \(run.errors)")
        return run.text
    }

    // MARK: Files

    /// Writes a file of the work tree, in place.
    func write(_ path: String, _ text: some Sequence<UInt8>) throws {
        try write(folder.pushing(FilePath(path)), text)
    }

    func write(_ path: String, _ text: String) throws { try write(path, Array(text.utf8)) }

    func write(_ path: FilePath, _ bytes: some Sequence<UInt8>) throws {
        let files = FileSystem()
        try files.makeFolders(path.removingLastComponent())
        try files.remove(path)
        try files.create(path).write(bytes)
    }

    /// Writes a program by another one.
    ///
    /// What this process has open for writing, each child has too that another test is starting
    /// just then, until it becomes another program; and what anybody has open for writing is not
    /// run (ETXTBSY).
    func writeProgram(_ path: FilePath, _ script: String) throws {
        let files = FileSystem()
        try files.makeFolders(path.removingLastComponent())
        try files.remove(path)
        try shell("cat > \"$FILE\"; chmod +x \"$FILE\"", ["FILE": path.string], input: script)
    }

    func read(_ path: String) throws -> [UInt8] {
        try FileSystem().read(folder.pushing(FilePath(path)))
    }

    /// Commits `files` on the current branch with Git, and answers the commit.
    @discardableResult
    func commit(
        _ files: [String: String], _ message: String = "A commit", at seconds: Int = 1_700_000_000
    ) throws -> ObjectID {
        for (path, text) in files { try write(path, text) }
        try git("add", "-A")
        let date: [String: String?] = [
            "GIT_AUTHOR_DATE": "\(seconds) +0000", "GIT_COMMITTER_DATE": "\(seconds) +0000",
        ]
        try git(["commit", "-q", "--allow-empty", "-m", message], date)
        return try id("HEAD")
    }

    func id(_ name: String) throws -> ObjectID {
        try #require(ObjectID(hex: try git("rev-parse", name)))
    }

    /// Writes a blob with Git, and answers its id.
    func blob(_ text: String) throws -> ObjectID {
        let hex = try git(["hash-object", "-w", "--stdin"], input: Array(text.utf8))
        return try #require(ObjectID(hex: hex))
    }
}

/// Who acts in tests.
let ann = Signature(
    name: "Ann", email: "ann@example.org", time: Timestamp(seconds: 1_700_000_000, offset: 60))

/// Chance that repeats itself (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
