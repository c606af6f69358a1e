import Commands
import Git
import Platform
import Synchronization
import SystemPackage
import Testing
import TestSupport

/// What a terminal gets: nothing that a document, a name, a message or an event says commands it,
/// also where colors are on.
@Suite struct TerminalTests {
    /// docvc's own green, and all that it resets: the sequences that it writes itself.
    static let red = "\u{1b}[31mevil\u{1b}[0m"
    static let csi = "\u{9b}2J"
    static let page = """
        ---
        red: "\\e[31mevil\\e[0m"
        "\\e[32mkey\\e[0m": 1
        ---
        \(red)body\(csi)

        """
    static let name = "\(red).md"

    /// Each with what it prints from the repository: a value, a key, a text, a path, a message, an
    /// actor, an intent, an error.
    static let commands: [[String]] = [
        ["get", name, "red"], ["get", name], ["show", name], ["show", name, "--disk"],
        ["show", name, "--revision", "HEAD"], ["diff", name], ["diff", name, "--text"],
        ["diff", name, "HEAD~1", "HEAD"], ["diff", name, "--disk"],
        ["get", name, "\(red)key"], ["set", name, "\(red)key=x"], ["set", name, "red=\(red)"],
        ["unset", name, "\"\(red)\""], ["rename", name, "red", red],
        ["body", name, "--replace", "body", "--with", red], ["undo", name], ["redo", name],
        ["undo", name, "--steps", "99"], ["history", name], ["status"], ["status", name],
        ["log"], ["log", name], ["checkpoint"], ["checkpoint", name], ["save", name, "-m", red],
        ["save", "\(red)missing.md"], ["recover", "list"], ["recover", "show", red],
        ["events"], ["verify"], [red], ["set", name, "--\(red)"],
        ["show", name, "--revision", red],
        ["restore", name, "--revision", "HEAD~1"], ["save", name, "--on-conflict", red],
        ["--actor", red, "status"], ["--session", red, "status"], ["migrate", "plan", red],
        ["merge-file", "-p", name, name, name], ["resolve", name], ["init", "--check"],
    ]

    private func scene() throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        try repository.write(TerminalTests.name, "first\n")
        let quiet = Output { _, _ in }
        func docvc(_ arguments: String...) {
            _ = CommandLineTool.run(arguments, in: repository.world(), output: quiet)
        }
        docvc("save", TerminalTests.name, "-m", TerminalTests.red)
        try repository.write(TerminalTests.name, TerminalTests.page)
        docvc("--actor", "agent:\(TerminalTests.red)", "save", TerminalTests.name, "-m", "second")
        docvc("set", TerminalTests.name, "red=\(TerminalTests.red)x")
        return repository
    }

    @Test(arguments: [[], ["--color", "always"], ["--json"]])
    func documentsCommandNoTerminal(_ options: [String]) throws {
        let repository = try scene()
        let world = repository.world(seed: 500)
        for command in TerminalTests.commands {
            let printed = Mutex("")
            let output = Output(isTerminal: true) { bytes, _ in
                printed.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
            }
            _ = CommandLineTool.run(options + command, in: world, output: output)
            let text = printed.withLock { $0 }
            #expect(!text.isEmpty, "\(command)")
            #expect(!text.contains(TerminalTests.red), "\(command): \(text.debugDescription)")
            // What is left without docvc's own colors, whole on their lines, has no controls.
            for line in text.split(separator: "\n") {
                var rest = String(line)
                for color in ["31", "32", "33", "36"] {
                    rest = rest.replacing(
                        try Regex("\u{1b}\\[\(color)m[^\u{1b}]*\u{1b}\\[0m"), with: "")
                }
                let controls = rest.unicodeScalars.filter {
                    $0.value < 32 && $0 != "\t" || (127..<160).contains($0.value)
                }
                #expect(controls.isEmpty, "\(command): \(rest.debugDescription)")
            }
        }
    }

    /// A line feed in a name would forge a line.
    @Test func aNameStaysOnItsLine() throws {
        let repository = try TemporaryRepository()
        try repository.write("n\ndraft      a.md", "x")
        let printed = Mutex("")
        let output = Output { bytes, _ in
            printed.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
        }
        for command in [["status"], ["show", "missing\r\n.md"]] {
            _ = CommandLineTool.run(command, in: repository.world(), output: output)
        }
        let lines = printed.withLock { $0 }.split(separator: "\n")
        #expect(
            lines.prefix(2) == [
                #"untracked  n\x0adraft      a.md"#, #"docvc: 'missing\x0d\x0a.md' does not exist"#,
            ])
    }

    /// Another program gets a document's own bytes.
    @Test(arguments: [
        ["show", "a.md"], ["get", "a.md", "red"], ["merge-file", "-p", "a.md", "a.md", "a.md"],
    ])
    func programsGetTheBytes(_ command: [String]) throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", TerminalTests.page)
        let printed = Mutex<[UInt8]>([])
        let output = Output { bytes, _ in printed.withLock { $0 += bytes } }
        let status = CommandLineTool.run(command, in: repository.world(), output: output)
        #expect(status == 0)
        let expected = command[0] == "get" ? TerminalTests.red + "\n" : TerminalTests.page
        #expect(printed.withLock { $0 } == Array(expected.utf8))
    }

    @Test func linesEndAsTheyDo() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\r\ntwo\rthree\r\n")
        let printed = Mutex("")
        let output = Output(isTerminal: true) { bytes, _ in
            printed.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
        }
        _ = CommandLineTool.run(["show", "a.md"], in: repository.world(), output: output)
        #expect(printed.withLock { $0 } == "one\r\ntwo\\x0dthree\r\n")
    }
}
