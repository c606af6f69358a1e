import Documents
import Migrations
import TestSupport
import Testing

/// Migrations of front matter that a seed makes are taken back beside an edit of the body: every
/// byte of front matter is as it was.
@Suite struct ReversalPropertyTests {
    private static let operations = [
        "drop: { key: c }", "drop: { key: m.x }", "drop: { key: m }",
        "rename: { from: c, to: d }", "move: { from: c, to: c.inner }", "wrap: { key: c }",
        "wrap: { key: m }", "set: { key: c, value: 7.5 }",
    ]

    @Test(
        arguments: [
            Syntax.yaml: operations + [
                "move: { from: c, to: deep.d }", "move: { from: m.x, to: x }",
            ],
            .toml: operations + ["move: { from: m.x, to: x }"],
        ].flatMap { syntax, operations in operations.map { (syntax, $0) } })
    func givesEveryByteBack(_ syntax: Syntax, _ operation: String) throws {
        let chain = try chain("- \(operation)")
        var changed = 0
        for seed in 0..<60 {
            var maker = Maker(random: SeededGenerator(seed: UInt64(seed)))
            let text = syntax == .yaml ? maker.yaml() : maker.toml()
            let outcome = run(chain, text)
            // Some have nothing that may go without taking blank lines along.
            guard outcome.failures.isEmpty, let change = outcome.changes.first?.change else {
                continue
            }
            changed += 1
            let record = MigrationRecord.Document(path: "a.md", before: "", after: "", change)
            let edited = String(decoding: outcome.document.bytes, as: UTF8.self) + "More.\n"
            let back = Reversal(of: record, on: Document(edited), isAsLeft: false)
            let result = String(decoding: back.document.bytes, as: UTF8.self)
            #expect(back.kept == [])
            #expect(result == text + "More.\n", "\(operation) made of\n\(text)\nthis:\n\(edited)")
        }
        #expect(changed > 10)
    }
}

/// Front matter with what stands between keys: blank lines, comments that stand alone, and block
/// scalars to which the lines below them belong.
private struct Maker {
    var random: SeededGenerator

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices[Int.random(in: choices.indices, using: &random)]
    }

    private mutating func gap() -> String {
        pick(["", "", "", "\n", "\n\n", "# Alone.\n\n", "\n# Alone.\n\n"])
    }

    private mutating func above(_ indent: String, _ key: String) -> String {
        chance(30) ? "\(indent)# About \(key).\n" : ""
    }

    /// Some of these, in any order.
    private mutating func some(of keys: [String]) -> ArraySlice<String> {
        keys.shuffled(using: &random).prefix(Int.random(in: 1...keys.count, using: &random))
    }

    mutating func yaml() -> String {
        var text = "---\n" + pick(["", "", "\n", "# Top.\n\n"])
        for key in some(of: ["a", "b", "c", "m", "z"]) {
            text += above("", key)
            if key == "m" {
                text += "m:" + pick(["\n", " # on it\n"])
                for inner in some(of: ["w", "x", "y"]) {
                    text += above("  ", inner) + "  \(inner):" + value("  ")
                    if chance(20) { text += "\n" }
                }
            } else {
                text += "\(key):" + value("")
            }
            text += gap()
        }
        return text + "---\nBody\n"
    }

    /// What stands behind a colon, with its line ending.
    private mutating func value(_ indent: String) -> String {
        let lines = pick([
            " 1", " 'q'", " \"d\"  # c", " |\n  x", " |+\n  x", " |+\n  x\n", " |-\n  x\n  y",
            " >\n  f\n  g", " [a, 'b']", "\n  - p  # one\n  - q", "\n- p", " { i: 1 }",
            "\n  in: 1\n  # Inner.\n  jn: 'z'  # two", " plain\n  more", "",
        ])
        return lines.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
            $0.offset > 0 && !$0.element.isEmpty ? indent + $0.element : String($0.element)
        }.joined(separator: "\n") + "\n"
    }

    mutating func toml() -> String {
        var text = "+++\n" + pick(["", "\n"])
        let isTable = chance(30)
        for key in some(of: isTable ? ["a", "b", "z"] : ["a", "b", "c", "z"]) {
            text += above("", key) + pair(key) + gap()
        }
        for table in some(of: isTable ? ["m", "n", "c"] : ["m", "n"]) {
            text += above("", table) + "[\(table)]" + pick(["\n", " # on it\n"])
            for key in some(of: ["x", "y"]) {
                text += above("", key) + pair(key)
                if chance(30) { text += gap() }
            }
            text += gap()
        }
        return text + "+++\nBody\n"
    }

    private mutating func pair(_ key: String) -> String {
        let value = pick([
            "1", "'q'", "\"d\" # c", "[ \"a\", # x\n  \"b\" ]", "{ i = 1 }", "\"\"\"\nx\n\"\"\"",
            "2024-01-02",
        ])
        return "\(key) = \(value)\n"
    }
}
