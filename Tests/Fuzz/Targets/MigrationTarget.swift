import Documents
import Migrations

/// Migrations: nothing outside the keys changes, and the record takes a migration back.
enum MigrationTarget {
    static func check(_ input: [UInt8]) throws {
        var input = FuzzInput(input, texts: 2)
        let document = Document(input.texts[1])
        let name = "0001-a"
        try run([.init(path: Migration.path(of: name), bytes: input.texts[0])], on: document)
        let made = operations(on: document, &input.choices)
        let text = "migration: \(name)\ndocuments: ['*.md']\noperations:\n\(made)"
        try run([.init(path: Migration.path(of: name), bytes: Array(text.utf8))], on: document)
    }

    private static func run(_ files: [Chain.File], on document: Document) throws {
        guard let chain = try? Chain(files) else { return }
        let runner = MigrationRunner(chain, policy: Policy())
        let outcome = runner.run(document, at: "a.md", checksStability: true)
        func text(_ bytes: some Collection<UInt8>) -> String {
            String(decoding: bytes, as: UTF8.self)
        }
        try hold(
            outcome.foreignBytes == 0,
            """
            bytes outside the keys changed: \(files.map { text($0.bytes) }), \
            \(text(document.bytes).debugDescription) became \
            \(text(outcome.document.bytes).debugDescription)
            """)
        try hold(
            outcome.document.bodyBytes.elementsEqual(document.bodyBytes)
                || outcome.gainsFrontMatter,
            "the body changed")
        guard outcome.failures.isEmpty else {
            return try hold(outcome.document.bytes == document.bytes, "failed, and changed")
        }
        for (_, change) in outcome.changes {
            try hold(
                (try? change.splices.applied(to: document.bytes)) == outcome.document.bytes,
                "the splices make another document")
            let record = MigrationRecord.Document(path: "a.md", before: "", after: "", change)
            let back = Reversal(of: record, on: outcome.document, isAsLeft: true)
            try hold(back.document.bytes == document.bytes, "taken back, it is another document")
            // Key by key: what could not be taken back is named.
            let slow = Reversal(of: record, on: outcome.document, isAsLeft: false)
            guard slow.kept.isEmpty else { continue }
            let old = try document.readFrontMatter().value
            guard let new = try? slow.document.readFrontMatter().value else {
                throw Broken("taken back by keys, it cannot be read")
            }
            try hold(
                new.isEquivalent(to: old),
                """
                taken back by keys, it has other values: \(files.map { text($0.bytes) }), \
                \(text(document.bytes).debugDescription) became \
                \(text(slow.document.bytes).debugDescription)
                """)
        }
    }

    /// Operations on keys that the document has.
    private static func operations(
        on document: Document, _ choices: inout FuzzInput.Choices
    ) -> String {
        let paths = (try? document.readFrontMatter().paths) ?? []
        let names = paths.map(\.description) + ["new", "a.b", "tags"]
        func operation() -> String {
            let first = key(names, &choices)
            return switch choices(13) {
            case 0: "rename: { from: \(first), to: renamed }"
            case 1: "move: { from: \(first), to: \(key(names, &choices)) }"
            case 2: "copy: { from: \(first), to: copy.of }"
            case 3: "default: { key: \(first), value: 1 }"
            case 4: "set: { key: \(first), value: [a, {b: c}] }"
            case 5: "coerce: { key: \(first), to: \(choices(of: kinds)) }"
            case 6: "map: { key: \(first), values: { a: b, 1: 2, true: x } }"
            case 7: "wrap: { key: \(first) }"
            case 8: "unwrap: { key: \(first) }"
            case 9: "split: { key: \(first), by: ' ', into: [one, two] }"
            case 10: "join: { keys: [\(first), \(key(names, &choices))], with: ', ', into: all }"
            case 11: "drop: { key: \(first) }"
            default: "syntax: { to: \(choices(of: ["yaml", "toml", "json"])) }"
            }
        }
        return (0...choices(3)).map { _ in "  - \(operation())\n" }.joined()
    }

    private static func key(_ names: [String], _ choices: inout FuzzInput.Choices) -> String {
        "'" + choices(of: names).replacing("'", with: "''").replacing("\n", with: " ") + "'"
    }

    private static let kinds = ["string", "integer", "float", "boolean", "date", "list"]

    static func seeds(_ documents: [[UInt8]]) -> [[UInt8]] {
        let file = """
            migration: 0001-a
            documents: ["**/*.md", "!x/"]
            where: { type: post, exists: a, missing: [b], matches: { title: "^A+b{1,3}$" } }
            allow-destructive: "nothing reads it"
            operations:
              - rename: { from: title, to: name }
              - each: { key: authors, operations: [ { drop: { key: b } } ] }
              - reorder: { keys: [title, date] }
              - assert: { key: title, type: string, required: true }

            """
        return documents.map { FuzzInput.joined([Array(file.utf8), $0]) }
    }
}
