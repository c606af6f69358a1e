import Commands
import Synchronization
import Testing
import TestSupport

/// What a terminal gets: nothing that a document says commands it, colors included.
@Suite struct TerminalTests {
    static let page = "---\nred: \"\\e[31mred\"\n\"\\e[32mkey\": 1\n---\n\u{1b}[31mbody\u{9b}2J\n"

    @Test(arguments: [
        ["get", "a.md", "red"], ["get", "a.md"], ["show", "a.md"], ["diff", "a.md"],
        ["diff", "a.md", "--text"], ["get", "a.md", "\u{1b}[31mkey"],
        ["set", "a.md", "\u{1b}[31mkey=x"],
    ])
    func documentsCommandNoTerminal(_ arguments: [String]) throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", TerminalTests.page)
        let printed = Mutex("")
        let output = Output(isTerminal: true) { bytes, _ in
            printed.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
        }
        _ = CommandLineTool.run(arguments, in: repository.world(), output: output)
        let text = printed.withLock { $0 }
        #expect(!text.isEmpty)
        // docvc's own colors are whole and end on the line that they begin on.
        for line in text.split(separator: "\n") {
            var rest = String(line)
            for color in ["31", "32", "33", "36"] {
                rest = rest.replacing(
                    try Regex("\u{1b}\\[\(color)m[^\u{1b}]*\u{1b}\\[0m"), with: "")
            }
            let controls = rest.unicodeScalars.filter {
                $0.value < 32 && $0 != "\t" || (127..<160).contains($0.value)
            }
            #expect(controls.isEmpty, "\(rest.debugDescription)")
        }
    }
}
