import Documents
import TestSupport
import Testing

/// Documents as large and as deep as nobody writes them; made here, not kept as files.
@Suite("Large and deep documents", .serialized)
struct LargeDocumentTests {
    enum Flavour: String, CaseIterable, Sendable {
        case yaml, toml, json

        /// Front matter of this many keys.
        func page(keys: Int) -> Document {
            var text = self == .toml ? "+++\n" : self == .json ? "{\n" : "---\n"
            for number in 0..<keys {
                switch self {
                case .yaml: text += "key\(number): value \(number)\n"
                case .toml: text += "key\(number) = \"value \(number)\"\n"
                case .json:
                    text +=
                        "\"key\(number)\": \"value \(number)\"\(number == keys - 1 ? "" : ",")\n"
                }
            }
            text += self == .toml ? "+++\n" : self == .json ? "}\n" : "---\n"
            return Document(text + "body\n")
        }
    }

    @Test("a scalar of 1 MB", arguments: Flavour.allCases)
    func scalar(flavour: Flavour) throws {
        let long = String(repeating: "wörd ", count: 175_000)
        let document = flavour.page(keys: 2)
        let path = try path("key1")
        let set = try Edit.set(path, .typed(long, .string)).apply(to: document)
        #expect(set.frontMatter?.node(at: path)?.scalar?.text == Text(long))
        let back = try Edit.set(path, .guess("value 1")).apply(to: set.document)
        #expect(try back.document.readFrontMatter().value == document.readFrontMatter().value)
    }

    @Test("100,000 keys: read, looked up, edited", arguments: Flavour.allCases)
    func keys(flavour: Flavour) throws {
        let document = flavour.page(keys: 100_000)
        let frontMatter = try document.readFrontMatter()
        let root = try #require(frontMatter.root.mapping)
        #expect(root.entries.count == 100_000)
        for number in 0..<100_000 where root.position(of: Text("key\(number)")) != number {
            Issue.record("key\(number) is not where it should be")
        }
        let edits: [Edit] = [
            try set("key77777", "new"), .unset(try path("key5")), try set("fresh", "x"),
            .rename(try path("key99999"), to: "last"),
        ]
        let result = try Edit.apply(edits, to: frontMatter)
        #expect(result.frontMatter?.entries.count == 100_000)
        #expect(try result.splices.inverted().applied(to: result.document.bytes) == document.bytes)
    }

    @Test(
        "10,000 deep is refused with its place",
        arguments: [
            Deep("---\na: " + String(repeating: "[", count: 10_000) + "\n---\n", 2),
            Deep("---\na: " + String(repeating: "{a: ", count: 10_000) + "\n---\n", 2),
            Deep(
                "---\n" + (0..<2_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
                    + "---\n", 130
            ),
            Deep("---\na: " + String(repeating: "- ", count: 10_000) + "\n---\n", 2),
            Deep("---\na:\n  " + String(repeating: "- ", count: 10_000) + "x\n---\n", 3),
            Deep("+++\na = " + String(repeating: "[", count: 10_000) + "\n+++\n", 2),
            Deep("+++\na = " + String(repeating: "{a = ", count: 10_000) + "\n+++\n", 2),
            Deep("+++\n" + String(repeating: "a.", count: 10_000) + "a = 1\n+++\n", 2),
            Deep("+++\n[" + String(repeating: "a.", count: 10_000) + "a]\n+++\n", 2),
            Deep(
                "{\"a\": " + String(repeating: "[", count: 10_000)
                    + String(repeating: "]", count: 10_000) + "}\n", 1
            ),
            Deep(
                "{\"a\": " + String(repeating: "{\"a\":", count: 10_000) + "1"
                    + String(repeating: "}", count: 10_001) + "\n", 1
            ),
        ])
    func depth(_ deep: Deep) throws {
        let document = Document(deep.text)
        let error = #expect(throws: ParseError.self) { try document.readFrontMatter() }
        #expect(error?.position.line == deep.line)
    }

    @Test("100 deep is read and edited")
    func deep() throws {
        let text =
            "---\n" + (0..<100).map { String(repeating: "  ", count: $0) + "a:\n" }.joined()
            + "---\n"
        let path = FieldPath(Array(repeating: .key("a"), count: 100))
        let result = try Edit.set(path, .guess("x")).apply(to: Document(text))
        #expect(result.frontMatter?.node(at: path)?.scalar?.text == "x")
    }

    /// Anything quadratic would take a hundred times as long.
    @Test("1 MB takes at most twelve times as long as 100 KB", arguments: Shape.allCases)
    func linear(shape: Shape) throws {
        let small = shape.page(size: 100_000)
        let large = shape.page(size: 1_000_000)
        func time(_ document: Document) throws -> Double {
            let start = processorTime()
            _ = try document.readFrontMatter()
            return processorTime() - start
        }
        var base = try time(small)
        var ten = try time(large)
        // The least of several: a busy machine spoils caches, and makes nothing faster.
        for _ in 0..<5 where ten / base > 12 {
            for _ in 0..<5 { base = min(base, try time(small)) }
            ten = min(ten, try time(large))
        }
        print("linearity: \(shape): \(base) s for 100 KB, \(ten) s for 1 MB: \(ten / base) times")
        #expect(ten / base <= 12)
    }
}

/// What much front matter may be made of.
enum Shape: CaseIterable, Sendable {
    case yamlKeys, yamlMap, yamlMaps, yamlList, yamlText
    case tomlKeys, tomlTable, tomlTables, tomlDotted, tomlArray, tomlText
    case jsonKeys, jsonList

    /// Front matter of at least this many bytes.
    func page(size: Int) -> Document {
        var text = start
        var number = 0
        while text.utf8.count < size {
            text += part(number)
            number += 1
        }
        return Document(text + end + "body\n")
    }

    private var start: String {
        switch self {
        case .yamlKeys, .yamlMaps: "---\n"
        case .yamlMap: "---\nm:\n"
        case .yamlList: "---\nl:\n"
        case .yamlText: "---\nt: |\n"
        case .tomlKeys, .tomlTables, .tomlDotted, .tomlArray: "+++\n"
        case .tomlTable: "+++\n[t]\n"
        case .tomlText: "+++\nt = '''\n"
        case .jsonKeys: "{\n"
        case .jsonList: "{\n\"l\": [\n"
        }
    }

    private func part(_ number: Int) -> String {
        let comma = number == 0 ? "" : ",\n"
        return switch self {
        case .yamlKeys: "key\(number): value \(number) # ünï — some text to make it longer\n"
        case .yamlMap: "  key\(number): value \(number)\n"
        case .yamlMaps: "table\(number):\n  a: 1\n  b: [x, y]\n"
        case .yamlList: "  - name: n\(number)\n    weight: \(number)\n"
        case .yamlText, .tomlText: "  some line \(number)\n"
        case .tomlKeys: "key\(number) = \"value \(number)\" # ünï — some text to make it longer\n"
        case .tomlTable: "key\(number) = \(number)\n"
        case .tomlTables: "[table\(number)]\na = 1\nb = [\"x\", 'y']\n"
        case .tomlDotted: "a.b\(number % 100).c\(number) = \(number)\n"
        case .tomlArray: "[[item]]\nname = \"n\(number)\"\nweight = \(number)\n"
        case .jsonKeys: comma + "\"key\(number)\": \"value \(number) — some text, longer\""
        case .jsonList: comma + "{\"a\": \(number)}"
        }
    }

    private var end: String {
        switch self {
        case .yamlKeys, .yamlMap, .yamlMaps, .yamlList, .yamlText: "---\n"
        case .tomlKeys, .tomlTable, .tomlTables, .tomlDotted, .tomlArray: "+++\n"
        case .tomlText: "'''\n+++\n"
        case .jsonKeys: "\n}\n"
        case .jsonList: "]\n}\n"
        }
    }
}

/// A document nested deeper than is read, and the line where that shows.
struct Deep: CustomTestStringConvertible {
    let text: String
    let line: Int

    init(_ text: String, _ line: Int) {
        self.text = text
        self.line = line
    }

    /// Its start: the whole would be pages.
    var testDescription: String { String(text.prefix(16)) }
}
