import Documents
import Testing

@Suite("Reading and output")
struct ReadingTests {
    @Test("every value knows its bytes, its source and its place")
    func places() throws {
        let frontMatter = try Document("\u{FEFF}---\na: ü\nb:\n  - {c: 'x'} # é\n---\n")
            .readFrontMatter()
        let node = try #require(frontMatter.node(at: try path("b[0].c")))
        #expect(frontMatter.source(node.range) == "'x'")
        #expect(node.style == .singleQuoted)
        #expect(frontMatter.position(at: node.range.lowerBound).description == "4:9")
        let entry = try #require(frontMatter.entry(at: try path("b[0].c")))
        #expect(frontMatter.source(entry.keyRange) == "c")
        let block = try #require(frontMatter.block)
        #expect(frontMatter.position(at: block.opening.lowerBound).description == "1:1")
    }

    @Test("spans hold comments and never overlap")
    func spans() throws {
        let frontMatter = try Document(
            "---\n# head\n\n# a1\n# a2\na: 1 # on a\n\nb: |+\n  x\n\nc:\n- 1\n- 2 # two\n---\n"
        )
        .readFrontMatter()
        let spans = frontMatter.ownedSpans(of: frontMatter.root)
        #expect(
            spans.map { frontMatter.source($0.whole) } == [
                "# a1\n# a2\na: 1 # on a\n", "b: |+\n  x\n\n", "c:\n- 1\n- 2 # two\n",
            ])
        #expect(frontMatter.source(spans[0].leadingComments) == "# a1\n# a2\n")
        #expect(frontMatter.source(spans[0].trailingComment) == "# on a")
        let list = try #require(frontMatter.node(at: try path("c")))
        #expect(
            frontMatter.ownedSpans(of: list).map { frontMatter.source($0.whole) } == [
                "- 1\n", "- 2 # two\n",
            ])
    }

    @Test("a key without a colon ends where it does, not at the next token")
    func spansOfKeysAlone() throws {
        for (text, wanted) in [
            ("a: 1\n? b: 2\nc: 3\n", ["a: 1\n", "? b: 2\n", "c: 3\n"]),
            ("m:\n  a:\n  ? b: 1\n\n# on c\nc:\n", ["m:\n  a:\n  ? b: 1\n", "# on c\nc:\n"]),
            ("? a # why\n\n? b\n: 1\n", ["? a # why\n", "? b\n: 1\n"]),
            ("f: {a, b: 1, ? c}\ng: 2\n", ["f: {a, b: 1, ? c}\n", "g: 2\n"]),
        ] {
            let frontMatter = try Document("---\n\(text)---\n").readFrontMatter()
            let spans = frontMatter.ownedSpans(of: frontMatter.root)
            #expect(spans.map { frontMatter.source($0.whole) } == wanted)
        }
    }

    @Test(
        "an anchor or a tag without a value does not take those of the next key",
        arguments: ["&b", "!t", "&b !t", "!t &b"], ["! a", "!x a", "&x a", "&x !y a", "!<x> a"])
    func propertiesWithoutValue(properties: String, key: String) throws {
        let lines = ["b: \(properties)\n", "\(key): s\n"]
        let frontMatter = try Document("---\n\(lines.joined())---\n").readFrontMatter()
        let spans = frontMatter.ownedSpans(of: frontMatter.root)
        #expect(spans.map { frontMatter.source($0.whole) } == lines)
        #expect(frontMatter.source(spans[0].value) == properties)
    }

    @Test("a tag in angle brackets runs to their end", arguments: ["[!<t,u> b]", "{c: !<t,u> b}"])
    func verbatimTag(list: String) throws {
        let frontMatter = try Document("---\na: \(list)\n---\n").readFrontMatter()
        let list = try #require(frontMatter.node(at: try path("a")))
        let spans = frontMatter.ownedSpans(of: list)
        #expect(spans.map { frontMatter.source($0.value) } == ["!<t,u> b"])
    }

    @Test("structure is put out as JSON")
    func json() throws {
        let value = try Document(
            "---\na: [1, 1.10, 010, ~, yes, true]\nb: {c: 2024-01-02, d: \"q\\\"\"}\n---\n"
        )
        .readFrontMatter().value
        #expect(
            value.jsonText
                == "{\"a\": [1, 1.10, \"010\", null, \"yes\", true], \"b\": {\"c\": \"2024-01-02\", \"d\": \"q\\\"\"}}"
        )
    }

    @Test("near misses are named")
    func nearMisses() throws {
        let frontMatter = try Document("---\ntitle: x\nms.date: y\nseo: {Title: z}\n---\n")
            .readFrontMatter()
        #expect(frontMatter.nearMisses(to: try path("titel")).map(\.description) == ["title"])
        #expect(
            frontMatter.nearMisses(to: try path("ms.date")).map(\.description) == ["\"ms.date\""])
        #expect(
            frontMatter.nearMisses(to: try path("seo.title")).map(\.description) == ["seo.Title"])
        #expect(frontMatter.nearMisses(to: try path("xyz")).isEmpty)
    }

    @Test("keys put in order, with their comments")
    func reorder() throws {
        #expect(
            try edited(
                "---\n# on a\na: 1\n\nb:\n  - x\nc: 3\n---\n", .reorder(FieldPath([]), ["c", "b"]))
                == "---\nc: 3\n\nb:\n  - x\n# on a\na: 1\n---\n")
        #expect(
            try edited("{\"a\": 1, \"b\": 2}\n", .reorder(FieldPath([]), ["b"]))
                == "{\"b\": 2, \"a\": 1}\n")
        // A TOML table stays behind the keys of the map it is in.
        #expect(
            try edited(
                "+++\na = 1\nc = 2\n[t]\nb = 1\n+++\n", .reorder(FieldPath([]), ["t", "c"]))
                == "+++\nc = 2\na = 1\n[t]\nb = 1\n+++\n")
    }

    @Test(
        "source text goes in as it is, also under a new key",
        arguments: [
            ("---\na: 1\n---\n", "'it''s'", "---\na: 1\ns:\n  t: 'it''s'\n---\n"),
            ("+++\na = 1\n+++\n", "'raw'", "+++\na = 1\n\n[s]\nt = 'raw'\n+++\n"),
            ("{\"a\": 1}\n", "[ 1 ]", "{\"a\": 1, \"s\": {\"t\": [ 1 ]}}\n"),
        ])
    func source(before: String, source: String, after: String) throws {
        #expect(try edited(before, .set(path("s.t"), .source(source))) == after)
        #expect(throws: EditError.self) { try edited(before, .set(path("s.t"), .source("[ 1"))) }
    }

    @Test("front matter written in another syntax has the same values", arguments: Syntax.allCases)
    func write(syntax: Syntax) throws {
        let document = Document(
            "---\nt: 'no'\nn: 1\nl: [a, {b: c}]\nm: {x: {y: true}, z: [1.5]}\n---\nbody\n")
        let value = try document.readFrontMatter().value
        let bytes = try FrontMatterWriter.bytes(value, as: syntax)
        let result = try Edit.replaceFrontMatter(bytes).apply(to: document)
        #expect(result.document.frontMatter?.syntax == syntax)
        #expect(try result.document.readFrontMatter().value.isEquivalent(to: value))
    }
}
