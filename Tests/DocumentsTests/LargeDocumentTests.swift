import Documents
import Testing

/// Documents as large and as deep as nobody writes them; made here, not kept as files.
@Suite("Large and deep documents", .serialized)
struct LargeDocumentTests {
    enum Flavour: String, CaseIterable, Sendable {
        case yaml, toml, json

        /// Front matter of this many keys, at least `bytes` long.
        func page(keys: Int, note: String = "") -> Document {
            var text = self == .toml ? "+++\n" : self == .json ? "{\n" : "---\n"
            for number in 0..<keys {
                switch self {
                case .yaml: text += "key\(number): value \(number)\(note)\n"
                case .toml: text += "key\(number) = \"value \(number)\(note)\"\n"
                case .json:
                    text +=
                        "\"key\(number)\": \"value \(number)\(note)\"\(number == keys - 1 ? "" : ",")\n"
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

    /// Ten times the text takes at most twelve times as long, and some slack for a busy machine:
    /// anything quadratic would take a hundred times as long.
    @Test("reading is linear", arguments: Flavour.allCases)
    func linear(flavour: Flavour) throws {
        let small = flavour.page(keys: 2_500, note: " # ünï — with some text to make it longer")
        let large = flavour.page(keys: 25_000, note: " # ünï — with some text to make it longer")
        let clock = ContinuousClock()
        var best = Double.infinity
        for _ in 0..<3 {
            let base = try clock.measure { for _ in 0..<2 { _ = try small.readFrontMatter() } }
            let ten = try clock.measure { for _ in 0..<2 { _ = try large.readFrontMatter() } }
            best = min(best, ten / base)
            if best < 12 { break }
        }
        print(
            "linearity: \(flavour): \(small.bytes.count) to \(large.bytes.count) bytes, \(best) times as long"
        )
        #expect(best < 20)
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
