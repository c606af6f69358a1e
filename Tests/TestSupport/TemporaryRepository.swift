package import Platform
import Synchronization
package import SystemPackage

/// A repository in a temporary folder, which goes when the last reference does.
///
/// Nothing of the machine reaches it: settings, clock and chance are its own.
package final class TemporaryRepository: Sendable {
    package let folder: FilePath
    private let base: FilePath

    /// A new repository; `named` false leaves out who commits.
    package init(initialized: Bool = true) throws {
        var random = SystemRandomNumberGenerator()
        let files = FileSystem()
        let temporary = FilePath("/tmp").appending("docvc-test-\(random.next())")
        try files.makeFolders(temporary.appending("work"))
        base = temporary
        folder = temporary.appending("work")
        if initialized { try git("init", "--quiet", "--initial-branch=main") }
    }

    deinit { try? FileSystem().removeTree(base) }

    /// The environment of every command run here.
    package var environment: [String: String] {
        var environment = [
            "HOME": base.string, "LC_ALL": "C.UTF-8", "TZ": "UTC", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CEILING_DIRECTORIES": base.string,
            "DOCVC_LOCK_TIMEOUT": "60s", "PATH": World.real().environment["PATH"] ?? "",
        ]
        for role in ["AUTHOR", "COMMITTER"] {
            environment["GIT_\(role)_NAME"] = "Ann"
            environment["GIT_\(role)_EMAIL"] = "ann@example.org"
            environment["GIT_\(role)_DATE"] = "1790000000 +0200"
        }
        return environment
    }

    /// A world that stands here, in which time passes a second a look and chance repeats.
    package func world(seed: UInt64 = 1) -> World {
        let ticks = Counter(0)
        let chance = Counter(seed)
        return World(
            now: { Timestamp(seconds: 1_790_000_000 + Int64(ticks.next()), offset: 120) },
            random: { count in
                (0..<count).map { _ in UInt8(truncatingIfNeeded: mixed(chance.next()) >> 24) }
            }, environment: environment, currentFolder: folder)
    }

    // MARK: Git and files

    /// Runs Git and returns what it printed; throws where it fails.
    @discardableResult
    package func git(_ arguments: String...) throws -> String {
        try run(["git"] + arguments)
    }

    /// Runs a program here and returns what it printed; throws where it fails.
    @discardableResult
    package func run(_ arguments: [String]) throws -> String {
        let result = try Program(arguments, environment: environment, folder: folder).capture()
        let output = String(decoding: result.output, as: UTF8.self)
        guard result.status == 0 else {
            throw CommandFailure(
                command: arguments.joined(separator: " "), status: result.status,
                output: output + String(decoding: result.errors, as: UTF8.self))
        }
        return output
    }

    /// Writes `text` to the file `name` in place, as most editors do.
    package func write(_ name: String, _ text: String) throws {
        try write(name, Array(text.utf8))
    }

    /// Writes `bytes` to the file `name` in place.
    package func write(_ name: String, _ bytes: [UInt8]) throws {
        let path = folder.appending(name)
        try FileSystem().makeFolders(path.removingLastComponent())
        let descriptor = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec],
            permissions: .init(rawValue: 0o644))
        try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
    }

    /// Writes `text` to the file `name` by another program.
    ///
    /// What this process has open for writing, each child has too that another test is starting
    /// just then, until it becomes another program; and what anybody has open for writing is not
    /// run (ETXTBSY).
    package func writeElsewhere(_ name: String, _ text: String) throws {
        let path = folder.appending(name)
        try FileSystem().makeFolders(path.removingLastComponent())
        try run(["sh", "-c", "printf %s \"$1\" > \"$2\"", "sh", text, path.string])
    }

    /// Writes the program `text` to the file `name`, ready to be run.
    package func writeProgram(_ name: String, _ text: String) throws {
        try writeElsewhere(name, text)
        try run(["chmod", "+x", folder.appending(name).string])
    }

    /// Writes `text` to another file and renames it to `name`, as careful editors do.
    package func replace(_ name: String, _ text: String) throws {
        try write(name + ".editor", text)
        try FileSystem().rename(folder.appending(name + ".editor"), to: folder.appending(name))
    }

    /// The text of the file `name`; nil where there is none.
    package func read(_ name: String) throws -> String? {
        try FileSystem().readIfPresent(folder.appending(name)).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Throws where Git finds the repository damaged, or a lock was left in it.
    package func check() throws {
        let complaints = try git("fsck", "--strict", "--no-dangling")
        let left = try run(["find", ".", "-name", "*.lock", "-o", "-name", ".docvc-*"])
        guard complaints.isEmpty, left.isEmpty else {
            throw CommandFailure(command: "git fsck", status: 0, output: complaints + left)
        }
    }
}

/// A program that failed in a test.
package struct CommandFailure: Error, CustomStringConvertible {
    package let command: String
    package let status: Int32
    package let output: String

    package init(command: String, status: Int32, output: String) {
        self.command = command
        self.status = status
        self.output = output
    }

    package var description: String { "\(command): exit \(status)\n\(output)" }
}

/// Numbers that count up, from any thread.
package final class Counter: Sendable {
    private let value: Mutex<UInt64>

    package init(_ start: UInt64) { value = Mutex(start) }

    /// The next number.
    package func next() -> UInt64 {
        value.withLock { value in
            value += 1
            return value
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the number that belongs to `state`, well mixed.
package func mixed(_ state: UInt64) -> UInt64 {
    var z = state &* 0x9e37_79b9_7f4a_7c15
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
}

/// A generator whose numbers follow from its seed.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 1
        return mixed(state)
    }
}
