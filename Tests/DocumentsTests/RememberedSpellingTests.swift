import Documents
import Testing

@Suite("Remembered spellings")
struct RememberedSpellingTests {
    private func page(_ lines: String) -> String { "---\n\(lines)\n---\nbody\n" }

    /// The document after an edit that remembers an earlier text.
    private func edited(
        _ text: String, remembering earlier: String..., edits: [Edit]
    ) throws -> String {
        let result = try Edit.apply(
            edits, to: Document(text), remembering: earlier.map { Document($0) })
        #expect(
            try result.splices.inverted().applied(to: result.document.bytes) == Array(text.utf8))
        return String(decoding: result.document.bytes, as: UTF8.self)
    }

    private func value(of key: String, in text: String) throws -> Value {
        try #require(Document(text).readFrontMatter().node(at: path(key))).value
    }

    @Test(
        "a key that is set to a new value and back is what it was",
        arguments: [
            "k: >-\n  folded\n  text # no comment", "k: >- # why\n    folded\n    text\nz: 1",
            "k: |+\n  text\n\n\nz: 1", "k: \"a\\u0301 \\\n  b\" # c", "k:   'it''s'", "k: no",
            "k: 12:30", "k:\n  plain\n  lines # c", "k: [a,\n  b, # why\n  ]\nz: 1",
            "k: {a: 1,b: 'x'} # c", "k: # c\n- a # x\n# about b\n- b\n  # - d\nz: 1",
            "k:\n    a: 1\n\n    b: 2 # x\nz: 1",
            "k:\n  - a: 1\n    b: 2\n\n  - a: 3\n\nz: 1", "k: # c", "k: ~", "k: !Ref x # c",
            "k: &a x", "? k\n: a", "{j: 1, k, l: 2}", "{j: 1, k: [ a ]}", "\"k\": 0x1F",
            "# own\nk: >\n  a\n\n  b\n\n# other\nz: 1",
        ])
    func setAndBack(lines: String) throws {
        let start = page(lines)
        let old = try value(of: "k", in: start)
        for new in [
            NewValue.guess("new"), .typed("a\nb\n", .string), .value(.list([.string("x")])),
            .value(.map([.init("new", .string("x"))])), .typed("null", .json),
        ] {
            let changed = try edited(start, edits: [.set(path("k"), new)])
            let back = try edited(
                changed, remembering: start, edits: [.set(path("k"), .value(old))])
            #expect(back == start, "\(new): \(changed)")
        }
    }

    @Test(
        "a key that is unset and set again stands where it stood, with its comments",
        arguments: [
            "a: 1\n\n# own\nk: x # c\n\nz: 1", "k: x\nz: 1", "a: 1\nk: >\n  x\n  y",
            "{a: 1, k: x, z: 1}", "{a: 1, k: x}", "k: x",
        ])
    func unsetAndBack(lines: String) throws {
        let start = page(lines)
        let edits: [Edit] = [.set(try path("k"), .value(try value(of: "k", in: start)))]
        let changed = try edited(start, edits: [.unset(path("k"))])
        #expect(try edited(changed, remembering: start, edits: edits) == start)
        // Other keys are other by now, and one is new.
        let others = [try set("z", "2"), try set("new", "n")]
        let more = try edited(changed, edits: others)
        let back = try edited(more, remembering: start, edits: edits)
        let expected = try Document(edited(start, edits: others)).readFrontMatter().value
        #expect(try Document(back).readFrontMatter().value.isEquivalent(to: expected))
    }

    @Test(
        "a TOML table comes back where it stood, and a JSON value in its lines",
        arguments: [
            "+++\na = 1\n\n# the table\n[k]\n  x = 1 # one\n  [k.deep]\n  y = 'z'\n\n[z]\na = 1\n+++\n",
            "+++\nk.x = 1\nk.y = 2 # two\nz = 3\n+++\n",
            "+++\nk = [\n  'a', # why\n  'b',\n]\n+++\n",
            "+++\n[[k]]\na = 1\n\n[[k]]\na = 2\n+++\n",
            "{\n  \"k\": {\n    \"a\": 1e5\n  },\n  \"z\": 1\n}\n",
        ])
    func otherSyntaxes(start: String) throws {
        let old = try value(of: "k", in: start)
        for change in [
            try set("k", "new"), .unset(try path("k")),
            .set(try path("k"), .value(.map([.init("new", .string("x"))]))),
        ] {
            let changed = try edited(start, edits: [change])
            let back = try edited(
                changed, remembering: start, edits: [.set(path("k"), .value(old))])
            #expect(back == start, "\(change): \(changed)")
        }
    }

    @Test("the first earlier text that has the value tells how it is written")
    func precedence() throws {
        let back = try edited(
            page("k: x"), remembering: page("k: z"), page("k: 'a'"), page("k: \"a\""),
            edits: [set("k", "a")])
        #expect(back == page("k: 'a'"))
    }

    @Test("a value of another type is another value")
    func types() throws {
        let start = page("k: \"12\"")
        let guessed = try edited(page("k: x"), remembering: start, edits: [set("k", "12")])
        #expect(guessed == page("k: 12"))
        let typed = try edited(
            page("k: x"), remembering: start, edits: [.set(path("k"), .typed("12", .string))])
        #expect(typed == start)
    }

    @Test("what was changed meanwhile stays")
    func meanwhile() throws {
        // The comment on the line, another key, a comment within.
        #expect(
            try edited(
                page("# new\nk:  x # mine\nz: 2"), remembering: page("k:  'a' # c\nz: 1"),
                edits: [set("k", "a")]) == page("# new\nk:  'a' # mine\nz: 2"))
        #expect(
            try edited(
                page("k:\n  - a # mine\n  - c"), remembering: page("k: [a,b]"),
                edits: [set("k", "[a, b]")]) == page("k:\n  - a # mine\n  - b"))
        // A comment that stayed when its key went.
        #expect(
            try edited(
                page("# about k\nz: 1"), remembering: page("# about k\nk: 'a'\nz: 1"),
                edits: [set("k", "a")]) == page("# about k\nz: 1\nk: a"))
        // Lines end as they do now.
        func withCRLF(_ text: String) -> String {
            text.split(separator: "\n", omittingEmptySubsequences: false).joined(
                separator: "\r\n")
        }
        let folded = page("k: >-\n  a\n  b\nz: 1")
        #expect(
            try edited(
                withCRLF(page("k: x\nz: 1")), remembering: folded, edits: [set("k", "a b")])
                == withCRLF(folded))
    }

    @Test("several keys of one edit come back together")
    func several() throws {
        let start = page("a: 'x'\nb: >-\n  y\n  z\nc: no\nd: 1")
        let changed = try edited(
            start, edits: [set("a", "1"), set("b", "2"), .unset(path("c")), set("d", "2")])
        let back = try edited(
            changed, remembering: start,
            edits: [
                set("d", "3"), .set(path("a"), .typed("x", .string)), set("b", "y z"),
                .set(path("c"), .typed("no", .string)), set("d", "4"), set("d", "1"),
            ])
        #expect(back == start)
    }

    @Test("for generated documents and edits", arguments: 0..<4)
    func generated(shard: UInt64) throws {
        var inPlace = 0
        var refused = 0
        var elsewhere: [String] = []
        for seed in (shard * 150)..<((shard + 1) * 150) {
            var generator = DocumentGenerator(seed: seed &+ 77_000)
            let start = Document(generator.yaml())
            let before = try start.readFrontMatter()
            guard !before.paths.isEmpty else { continue }
            let key = generator.pick(before.paths)
            guard let value = before.node(at: key)?.value else { continue }
            let change: Edit =
                generator.chance(50)
                ? .set(key, .typed(generator.string(), .string))
                : .set(key, .value(.list([.string("p"), .string("no")])))
            do {
                let changed = try Edit.apply([change], to: before)
                let back = try Edit.apply(
                    [.set(key, .value(value))], to: changed.document, remembering: [start])
                if back.document == start {
                    inPlace += 1
                } else {
                    elsewhere.append(
                        "seed \(seed) \(key): \(start.bytes.text)\n\(changed.document.bytes.text)\n"
                            + back.document.bytes.text)
                }
            } catch {
                refused += 1
            }
        }
        print(
            "properties: shard \(shard): \(inPlace) set and back byte-identical, \(refused) refused"
        )
        for text in elsewhere.prefix(5) { print(text) }
        #expect(elsewhere.isEmpty)
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
