import Documents
import Migrations
import TestSupport
import Testing

/// Every operation on documents that a seed makes, in every language: what is not its key stays
/// in value and in bytes, twice is as once, and it can be taken back.
@Suite struct OperationPropertyTests {
    @Test(arguments: Syntax.allCases, 0..<40)
    func touchesItsKeysOnly(_ syntax: Syntax, _ round: Int) throws {
        for number in 0..<8 {
            var maker = Maker(seed: UInt64(round * 8 + number) &* 3 &+ 1)
            let made = maker.document(syntax)
            let (operations, touched) = maker.operations(on: made)
            let chain = try chain(operations.map { "- \($0)" }.joined(separator: "\n"))
            let comment = Comment(rawValue: "\(operations) on\n\(made.text)")

            let outcome = run(chain, made.text)
            #expect(outcome.failures.map(\.message) == [], comment)
            #expect(outcome.foreignBytes == 0, comment)
            let isUnstable = outcome.isUnstable
            #expect(!isUnstable, comment)
            expect(made, keeps: touched, in: outcome.document.bytes, comment)

            let text = String(decoding: outcome.document.bytes, as: UTF8.self)
            #expect(run(chain, text).document.bytes == outcome.document.bytes, comment)
            guard let change = outcome.changes.first?.change else { continue }
            let record = MigrationRecord.Document(path: "a.md", before: "", after: "", change)
            let exact = Reversal(of: record, on: outcome.document, isAsLeft: true)
            #expect(exact.document.bytes == Array(made.text.utf8), comment)

            let edited = Reversal(of: record, on: Document(text + "More.\n"), isAsLeft: false)
            #expect(edited.kept == [], comment)
            #expect(String(decoding: edited.document.bodyBytes, as: UTF8.self).hasSuffix("More.\n"))
            expect(made, keeps: touched, in: edited.document.bytes, comment)
            let old = try Document(made.text).readFrontMatter().value
            let new = try edited.document.readFrontMatter().value
            #expect(new.isEquivalent(to: old), comment)
        }
    }

    /// The entries that no operation is about have their values and their bytes, in their order.
    private func expect(
        _ made: Made, keeps touched: Set<String>, in bytes: [UInt8], _ comment: Comment
    ) {
        let text = String(decoding: bytes, as: UTF8.self)
        var rest = text[...]
        for entry in made.entries where !touched.contains(entry.key) {
            guard let found = rest.firstRange(of: entry.text) else {
                Issue.record("'\(entry.text)' is not as it was in\n\(text)\n\(comment)")
                continue
            }
            rest = rest[found.upperBound...]
        }
        #expect(text.contains(made.body))
        guard let old = try? Document(made.text).readFrontMatter(),
            let new = try? Document(bytes).readFrontMatter()
        else {
            Issue.record("cannot be read any more: \(text)")
            return
        }
        for entry in old.entries where !touched.contains(entry.key.string) {
            let path = FieldPath([.key(entry.key)])
            #expect(new.node(at: path)?.value == entry.value.value, comment)
        }
    }
}

/// An entry of front matter as it stands in the text.
private struct Entry {
    enum Kind: CaseIterable { case words, digits, flag, single, list, map, people }

    let key: String
    let kind: Kind
    let text: String

    /// The key as a path.
    var path: String { key.contains(".") ? "'\"\(key)\"'" : key }
}

private struct Made {
    let text: String
    let body: String
    let entries: [Entry]
}

/// Makes documents and operations from a seed.
private struct Maker {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    private mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[Int.random(in: choices.indices, using: &random)]
    }

    // MARK: Documents

    mutating func document(_ syntax: Syntax) -> Made {
        let keys = ["alpha", "beta", "c.d", "gamma", "delta", "omega", "last"].shuffled(
            using: &random)
        let entries = keys.prefix(Int.random(in: 3...7, using: &random)).map { key in
            entry(key, syntax)
        }
        let body = "Body: alpha\n"
        var text = ""
        switch syntax {
        case .yaml:
            text = "---\n" + entries.map { $0.text + gap() }.joined() + "---\n"
        case .toml:
            text = "+++\n" + entries.map { $0.text + gap() }.joined() + "+++\n"
        case .json:
            let mark = pick([",\n  ", ", "])
            text = "{\n  " + entries.map(\.text).joined(separator: mark) + "\n}\n"
        }
        return Made(text: text + body, body: body, entries: entries)
    }

    private mutating func gap() -> String { chance(20) ? "\n" : "" }

    private mutating func entry(_ key: String, _ syntax: Syntax) -> Entry {
        let kind = pick(Entry.Kind.allCases)
        let quoted = key.contains(".") || syntax == .json ? "\"\(key)\"" : key
        let value =
            switch syntax {
            case .yaml: yaml(kind)
            case .toml: flow(kind, mark: " = ", quotesKeys: false)
            case .json: flow(kind, mark: ": ", quotesKeys: true)
            }
        if syntax == .json { return Entry(key: key, kind: kind, text: "\(quoted): \(value)") }
        let above = chance(30) ? "# About it.\n" : ""
        let behind = chance(30) && !value.contains("\n") ? "  # behind" : ""
        let mark = syntax == .toml ? " = " : value.hasPrefix("\n") ? ":" : ": "
        return Entry(key: key, kind: kind, text: "\(above)\(quoted)\(mark)\(value)\(behind)\n")
    }

    private mutating func yaml(_ kind: Entry.Kind) -> String {
        switch kind {
        case .words: pick(["two words", "'two words'", "\"two words\""])
        case .digits: pick(["'12'", "\"12\""])
        case .flag: pick(["yes", "'yes'", "\"yes\""])
        case .single: pick(["[one]", "\n  - one", "\n- one"])
        case .list:
            pick(["[one, 'two']", "\n  - one\n  # Of two.\n  - two  # x", "\n- one\n- two"])
        case .map:
            pick([
                "{ in: one, n: '3' }", "\n  in: one  # in\n  n: '3'", "\n    n: '3'\n    in: one",
            ])
        case .people:
            pick([
                "[{ u: one, n: '1' }, { u: two }]", "\n  - u: one\n    n: '1'\n  - u: two",
                "\n- u: one  # first\n  n: \"1\"\n- u: two",
            ])
        }
    }

    private mutating func flow(_ kind: Entry.Kind, mark: String, quotesKeys: Bool) -> String {
        func key(_ name: String) -> String { (quotesKeys ? "\"\(name)\"" : name) + mark }
        return switch kind {
        case .words: "\"two words\""
        case .digits: "\"12\""
        case .flag: "\"yes\""
        case .single: "[\"one\"]"
        case .list: pick(["[\"one\", \"two\"]", "[\n    \"one\",\n    \"two\"\n  ]"])
        case .map: "{ \(key("in"))\"one\", \(key("n"))\"3\" }"
        case .people: "[{ \(key("u"))\"one\", \(key("n"))\"1\" }, { \(key("u"))\"two\" }]"
        }
    }

    // MARK: Operations

    /// Some operations, each on keys of its own, and the keys of the root that they are about.
    mutating func operations(on made: Made) -> (operations: [String], touched: Set<String>) {
        var operations: [String] = []
        var touched: Set<String> = []
        for entry in made.entries where chance(45) || touched.isEmpty {
            operations.append(operation(on: entry, number: operations.count))
            touched.insert(entry.key)
        }
        if chance(25) { operations.append("default: { key: fresh, value: [1, two] }") }
        if chance(25) { operations.append("set: { key: made.up, value: { x: 'y z' } }") }
        return (operations.shuffled(using: &random), touched)
    }

    private mutating func operation(on entry: Entry, number: Int) -> String {
        let path = entry.path
        let name = "new\(number)"
        var choices = [
            "rename: { from: \(path), to: \(name) }", "move: { from: \(path), to: deep.\(name) }",
            "copy: { from: \(path), to: \(name).copy }", "set: { key: \(path), value: 7.5 }",
            "coerce: { key: \(path), to: list }", "wrap: { key: \(path) }",
            "drop: { key: \(path) }",
        ]
        switch entry.kind {
        case .words:
            choices += [
                "split: { key: \(path), by: ' ', into: [\(name), \(name)b] }",
                "map: { key: \(path), values: { two words: 2024-01-02 } }",
            ]
        case .digits:
            choices += ["integer", "float", "string"].map { "coerce: { key: \(path), to: \($0) }" }
        case .flag: choices.append("coerce: { key: \(path), to: boolean }")
        case .single: choices.append("unwrap: { key: \(path) }")
        case .list: choices.append("map: { key: \(path), values: { one: eins, two: zwei } }")
        case .map:
            guard !entry.key.contains(".") else { break }
            choices += [
                "move: { from: \(path).in, to: \(name) }",
                "rename: { from: \(path).in, to: \(path).out }",
                "default: { key: \(path).more, value: true }", "drop: { key: \(path).n }",
                "coerce: { key: \(path).n, to: integer }",
                "join: { keys: [\(path).in, \(path).n], with: '-', into: \(path).both }",
                "reorder: { keys: [\(path).n, \(path).in] }",
            ]
        case .people:
            choices += [
                "rename: { from: u, to: url }", "coerce: { key: n, to: integer }",
                "drop: { key: n }", "default: { key: role, value: x }", "wrap: { key: u }",
            ].map { "each: { key: \(path), operations: [{ \($0) }] }" }
        }
        return pick(choices)
    }
}
