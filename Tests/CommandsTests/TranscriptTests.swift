import Commands
import Git
import Platform
import Synchronization
import SystemPackage
import Testing
import TestSupport

/// Whole stories on the command line: each file in `Fixtures/transcripts` holds commands and
/// what they print, in a repository, at a time and with a chance that are always the same.
///
/// A line `$ …` is a command: `docvc` (in this process; ` < FILE` at its end is its standard
/// input), `write FILE TEXT`, or a line for the shell. What follows is its output, standard error marked with `! `, and `(exit N)` unless
/// that is 0. Lines that start with `#` are for the reader. With DOCVC_RECORD set in the
/// environment the files are written anew, and the test fails so that nobody forgets to read
/// them.
@Suite struct TranscriptTests {
    static let folder = Project.root.appending("Fixtures/transcripts")
    static let names = ((try? FileSystem().names(in: folder)) ?? []).filter { $0.hasSuffix(".txt") }
        .sorted()

    @Test func transcriptsAreThere() {
        #expect(TranscriptTests.names.count >= 5)
    }

    @Test(arguments: names)
    func transcriptHolds(_ name: String) throws {
        let path = TranscriptTests.folder.appending(name)
        let expected = try String(decoding: FileSystem().read(path), as: UTF8.self)
        let actual = try Transcript().replay(expected)
        if World.real().environment["DOCVC_RECORD"] != nil {
            try FileSystem().replace(path, with: actual.utf8)
            Issue.record("recorded \(name); read it, and run again without DOCVC_RECORD")
        }
        let pairs = zip(expected.split(separator: "\n"), actual.split(separator: "\n"))
        if let (wanted, found) = pairs.first(where: { $0 != $1 }) {
            Issue.record("\(name): expected\n  \(wanted)\nand found\n  \(found)")
        }
        #expect(expected.count == actual.count, "\(name):\n\(actual)")
    }
}

/// One transcript as it runs.
private final class Transcript {
    private let repository: TemporaryRepository
    private let world: World
    private var result = ""

    init() throws {
        repository = try TemporaryRepository()
        world = repository.world()
    }

    func replay(_ script: String) throws -> String {
        for line in script.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("#") || line.isEmpty {
                result += line + "\n"
            } else if line.hasPrefix("$ ") {
                result += line + "\n"
                try perform(String(line.dropFirst(2)))
            }
        }
        while result.hasSuffix("\n\n") { result.removeLast() }
        return result
    }

    private func perform(_ line: String) throws {
        if line.hasPrefix("docvc ") {
            docvc(words(String(line.dropFirst(6))))
        } else if line.hasPrefix("write ") {
            let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
            let text = parts.count > 2 ? parts[2] : ""
            let plain = text.replacing("\\n", with: "\n").replacing("\\r", with: "\r")
            if parts[1].hasPrefix(".git/hooks/") {
                try repository.writeElsewhere(parts[1], plain)
            } else {
                try repository.write(parts[1], plain)
            }
        } else {
            let program = Program(
                ["sh", "-c", line], environment: repository.environment, folder: repository.folder)
            let done = try program.capture()
            print(done.output, marked: "")
            print(done.errors, marked: "! ")
            if done.status != 0 { result += "(exit \(done.status))\n" }
        }
    }

    private func docvc(_ arguments: [String]) {
        var (arguments, world) = (arguments, world)
        if arguments.dropLast().last == "<", let name = arguments.last {
            arguments.removeLast(2)
            let input = repository.folder.appending(name)
            world.input = { () throws(FileError) in try FileSystem().read(input) }
        }
        let printed = Printed()
        let status = CommandLineTool.run(
            arguments, in: world, output: Output { bytes, stream in printed.add(bytes, stream) })
        for (bytes, stream) in printed.all { print(bytes, marked: stream == .error ? "! " : "") }
        if status != 0 { result += "(exit \(status))\n" }
    }

    private func print(_ bytes: [UInt8], marked mark: String) {
        let text = String(decoding: bytes, as: UTF8.self)
            .replacing(repository.folder.string, with: "<work>")
        guard !text.isEmpty else { return }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for line in text.hasSuffix("\n") ? lines.dropLast() : lines[...] {
            // Two spaces keep output apart from commands, comments and statuses.
            result += "  \(mark)\(line)\n"
        }
    }

    /// The words of a line; single quotes hold words together.
    private func words(_ line: String) -> [String] {
        var words: [String] = []
        for (index, part) in line.split(separator: "'", omittingEmptySubsequences: false)
            .enumerated()
        {
            if index % 2 == 1 {
                words.append(String(part).replacing("\\n", with: "\n"))
            } else {
                words += part.split(separator: " ").map { String($0) }
            }
        }
        return words
    }
}

/// What a command printed, in order.
private final class Printed: Sendable {
    private let parts = Mutex<[([UInt8], Output.Stream)]>([])

    func add(_ bytes: [UInt8], _ stream: Output.Stream) {
        parts.withLock { $0.append((bytes, stream)) }
    }

    var all: [([UInt8], Output.Stream)] { parts.withLock { $0 } }
}
