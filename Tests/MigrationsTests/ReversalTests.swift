import Documents
import Migrations
import Testing

@Suite struct ReversalTests {
    /// Migrates, makes an edit by hand, and takes the migration back.
    private func reverted(
        _ operations: String, _ text: String, _ edit: (String) -> String
    ) throws -> (text: String, kept: [String]) {
        let outcome = run(try chain(operations), text)
        let change = try #require(outcome.changes.first?.change)
        let record = MigrationRecord.Document(path: "a.md", before: "", after: "", change)
        let edited = edit(String(decoding: outcome.document.bytes, as: UTF8.self))
        let back = Reversal(of: record, on: Document(edited), isAsLeft: false)
        return (
            String(decoding: back.document.bytes, as: UTF8.self),
            back.kept.map { "\($0.key) \($0.reason)" }
        )
    }

    @Test func bringsDroppedKeysBackWithTheirComments() throws {
        let text = """
            ---
            title: A

            # Was the old key.
            # Nobody reads it.
            legacy_id: 12   # twelve
            legacy:
              # Inner.
              - a

            draft: true
            ---
            Body

            """
        let operations = "- drop: { key: legacy_id }\n- drop: { key: legacy }"
        let result = try reverted(operations, text) { $0.replacing("title: A", with: "title: B") }
        #expect(result.text == text.replacing("title: A", with: "title: B"))
        #expect(result.kept == [])
        let body = try reverted(operations, text) { $0.replacing("Body", with: "Other") }
        #expect(body.text == text.replacing("Body", with: "Other"))
        let comment = try reverted(operations, text) {
            $0.replacing("title: A", with: "# Mine.\ntitle: A  # too")
        }
        #expect(comment.text == text.replacing("title: A", with: "# Mine.\ntitle: A  # too"))
    }

    @Test(arguments: [
        ("---\na: 1\nb: 2\nc: 3\n---\n", "a"), ("---\na: 1\nb: 2\nc: 3\n---\n", "b"),
        ("---\na: 1\nb: 2\nc: 3\n---\n", "c"), ("---\na: 1\n\nb: 2\n\nc: 3\nx: 1\n---\n", "b"),
        ("---\n# top\na: 1\nx: 1\n---\n", "a"),
        ("---\nx: 1\nm:\n  # in\n  a: 1  # c\n---\n", "m.a"),
        ("---\nx: 1\nm:\n  a: 1\n  # in\n  b: 2\n---\n", "m.b"),
        ("+++\n# one\na = 1 # two\nx = 1\n+++\n", "a"),
        ("+++\nx = 1\na = 1\n[t]\nb = 2\n+++\n", "a"),
        ("+++\nx = 1\n[t]\nb = 2 # c\nd = 3\n+++\n", "t.b"),
        ("{\n  \"a\": 1,\n  \"x\": 1\n}\n", "a"),
        ("{\"x\": 1, \"m\": {\"a\": 1, \"b\": 2}}\n", "m.a"),
        ("---\nx: 1\nm: { a: 1, b: 2, c: 3 }\n---\n", "m.b"),
        ("---\nx: 1\na: |\n  text\n\n  more\nc: 3\n---\n", "a"),
        ("---\r\nx: 1\r\n# c\r\na: 1\r\nb: 1\r\n---\r\n", "a"),
        // Last, below a blank line that must not become part of the text.
        ("---\nx: 1\n\na: |+\n  text\n---\n", "a"),
        ("---\nx: 1\n\n# Alone.\n\n# c\na: 1\n\n# The end.\n---\n", "a"),
        ("---\nx: 1\nm:\n  b: 1\n\n  a: |+\n    text\nz: 1\n---\n", "m.a"),
        ("+++\nx = 1\n[t]\nb = 2\n\nd = 3\n\n[u]\n+++\n", "t.d"),
        ("+++\nx = 1\n[t] # c\n# about b\nb = 2\n\n[u]\n+++\n", "t.b"),
    ])
    func bringsAKeyBackWhereItStood(_ text: String, _ key: String) throws {
        let result = try reverted("- drop: { key: \(key) }", text) {
            $0.replacing("x: 1", with: "x: 9").replacing("x = 1", with: "x = 9").replacing(
                "\"x\": 1", with: "\"x\": 9")
        }
        let expected = text.replacing("x: 1", with: "x: 9").replacing("x = 1", with: "x = 9")
            .replacing("\"x\": 1", with: "\"x\": 9")
        #expect(result.kept == [])
        #expect(result.text == expected)
    }

    /// Another key was edited meanwhile: every other byte is as it was before the migration.
    @Test(arguments: [
        ("default: { key: m.st, value: x }", "---\nkeep: 1\nm:\n  # todo: fill in\n---\nb\n"),
        ("default: { key: m.st, value: x }", "---\nkeep: 1\nm:\n---\nb\n"),
        ("move: { from: keep2, to: m.st }", "---\nkeep: 1\nkeep2: 2\nm: ~\nz: 1\n---\nb\n"),
        ("default: { key: layout, value: post }", "---\nkeep: 1\n\n# the end\n---\nb\n"),
        ("default: { key: layout, value: post }", "---\nkeep: 1\n# the end\n---\nb\n"),
        (
            "set: { key: seo, value: flat }",
            "---\nkeep: 1\nseo: # seoc\n  # inner\n  title: ST\n---\nb\n"
        ),
        ("wrap: { key: seo }", "---\nkeep: 1\nseo: # seoc\n  # inner\n  title: ST\n---\nb\n"),
        (
            "set: { key: a, value: [q] }",
            "---\nkeep: 1\na:\n  - x # c0\n  - {name: E} # fl\nz: 1\n---\nb\n"
        ),
        (
            "set: { key: title, value: \"a\\nb\\n\" }",
            "---\nkeep: 1\ntitle: Hello # tc\nz: 1\n---\nb\n"
        ),
        ("wrap: { key: t }", "---\nkeep: 1\nlist:\n- a\nt: |\n  kp\nz: 1\n---\nb\n"),
        ("wrap: { key: title }", "---\nlist:\n  - a\ntitle: T\nkeep: 1\n---\nb\n"),
        (
            "move: { from: a.b, to: c }",
            "---\nkeep: 1\na:\n  x: 1\n  # Why.\n  b: 2 # two\n  y: 1\nz: 1\n---\n"
        ),
        ("move: { from: h, to: m.h }", "---\nkeep: 1\n# head\nh: 1 # c\nz: 1\n---\n"),
        (
            "move: { from: seo, to: meta.seo }",
            "+++\nkeep = 1\n\n# about\n[seo] # seoc\n# inner\ntitle = \"ST\" # stc\n\n[z]\na = 1\n+++\nb\n"
        ),
        (
            "move: { from: list, to: og.list }",
            "+++\nkeep = 1\n# about list\nlist = [ \"x\", # why x\n \"y\"]\nz = 1\n+++\nb\n"
        ),
    ])
    func bringsEveryByteBack(_ operation: String, _ text: String) throws {
        func edited(_ text: String) -> String {
            text.replacing("keep: 1", with: "keep: 9").replacing("keep = 1", with: "keep = 9")
        }
        let result = try reverted("- \(operation)", text, edited)
        #expect(result.kept == [])
        // A TOML section brought an empty line along.
        #expect(result.text.replacing("\n\n+++\n", with: "\n+++\n") == edited(text))
    }

    @Test func bringsTheOnlyKeyBackBelowTheLinesAboveIt() throws {
        let text = "---\n\nonly: |+\n  text\n\n---\nBody\n"
        let result = try reverted("- drop: { key: only }", text) { $0 + "More\n" }
        #expect(result.kept == [])
        #expect(result.text == text + "More\n")
    }

    /// A blank line that came since would become part of the text.
    @Test(arguments: ["drop: { key: z }", "set: { key: z, value: 1 }"])
    func keepsOutWhatWouldBeReadAsAnotherValue(_ operation: String) throws {
        var edited = ""
        let result = try reverted("- \(operation)", "---\nx: 1\nz: |+\n  text\n---\n") {
            edited = $0.replacing("\n---\n", with: "\n\n---\n")
            return edited
        }
        #expect(result.kept == ["z would have another value than it had"])
        #expect(result.text == edited)
    }

    /// Into a map of its own and out of it, also where the result was edited.
    @Test(arguments: [
        "---\nkeep: 1\n# above\nt: # on it\n  # inner\n  u: \"x\"  # c\nz: 1\n---\nb\n",
        "---\nkeep: 1\nt: { u: 'x' } # c\n---\nb\n",
        "+++\nkeep = 1\n# about\n[t] # on it\n# inner\nu = 'x' # c\n[z]\na = 1\n+++\nb\n",
    ])
    func takesNestedMovesBack(_ text: String) throws {
        for operation in ["move: { from: t.u, to: t }", "move: { from: t, to: t.more }"] {
            let result = try reverted("- \(operation)", text) {
                $0.replacing("keep: 1", with: "keep: 9").replacing("keep = 1", with: "keep = 9")
            }
            #expect(result.kept == [])
            #expect(
                result.text
                    == text.replacing("keep: 1", with: "keep: 9").replacing(
                        "keep = 1", with: "keep = 9"))
        }
        let edited = try reverted("- move: { from: t.u, to: t }", text) {
            $0.replacing("\"x\"", with: "\"y\"").replacing("'x'", with: "'y'")
        }
        #expect(edited.kept == [])
        let value = try Document(edited.text).readFrontMatter().node(at: FieldPath(parsing: "t.u"))
        #expect(value?.scalar?.text == "y")
    }

    @Test func keepsACommentThatWasShortenedSince() throws {
        let text = "---\nseo:  # about it\n  title: ST\n---\n"
        let result = try reverted("- set: { key: seo, value: flat }", text) {
            $0.replacing("# about it", with: "# about")
        }
        #expect(result.text == "---\nseo: flat  # about\n---\n")
        #expect(result.kept == ["seo has other comments than before"])
    }

    @Test func reportsACommentInAMapThatWasMade() throws {
        let result = try reverted(
            "- default: { key: m.st, value: x }", "---\nkeep: 1\n---\n"
        ) { $0.replacing("  st: x", with: "  # mine\n  st: x") }
        #expect(result.text == "---\nkeep: 1\nm:\n  # mine\n  st: x\n---\n")
        #expect(result.kept == ["m.st has a comment above it, which would go too"])
    }

    @Test func reportsACommentBehindAKeyThatWasAdded() throws {
        let result = try reverted(
            "- default: { key: layout, value: post }", "---\nkeep: 1\n---\n"
        ) { $0.replacing("post", with: "post  # mine") }
        #expect(result.text == "---\nkeep: 1\nlayout: post  # mine\n---\n")
        #expect(result.kept == ["layout has a comment behind it, which would go too"])
    }

    @Test(arguments: ["drop: { key: extra }", "set: { key: extra, value: 1 }"])
    func bringsATableBackWithItsSubtables(_ operation: String) throws {
        let text = """
            +++
            x = 1
            a = 2

            [extra]
            b = 3

            # Who.
            [extra.author]
            name = "V"
            [[extra.links]]
            c = 4
            [extra.links.of]
            d = 5
            [other]
            e = 6
            +++

            """
        let result = try reverted("- \(operation)", text) {
            $0.replacing("x = 1", with: "x = 9")
        }
        #expect(result.kept == [])
        #expect(result.text == text.replacing("x = 1", with: "x = 9"))
        let apart = text.replacing("[extra.author]", with: "[between]\nf = 7\n[extra.author]")
        #expect(
            try failures("- \(operation)", apart) == [
                "5:1: extra stands in several places, or twice, and cannot be taken out"
            ])
    }

    @Test func keepsEditsOfRenamedKeys() throws {
        let result = try reverted(
            "- rename: { from: summary, to: description }", "---\nsummary: a  # c\nx: 1\n---\n"
        ) { $0.replacing("description: a", with: "description: b") }
        #expect(result.text == "---\nsummary: b  # c\nx: 1\n---\n")
        #expect(result.kept == [])
    }

    @Test func reportsWhatWasChangedSince() throws {
        let coerced = try reverted(
            "- coerce: { key: n, to: integer }", "---\nn: \"1\"\nx: 1\n---\n"
        ) { $0.replacing("n: 1", with: "n: 2") }
        #expect(coerced.text == "---\nn: 2\nx: 1\n---\n")
        #expect(coerced.kept == ["n was changed since"])
        let added = try reverted("- default: { key: s, value: a }", "---\nx: 1\n---\n") {
            $0.replacing("s: a", with: "s: b")
        }
        #expect(added.kept == ["s was changed since"])
        let again = try reverted("- drop: { key: s }", "---\ns: a\nx: 1\n---\n") {
            $0.replacing("x: 1", with: "x: 1\ns: new")
        }
        #expect(again.text == "---\nx: 1\ns: new\n---\n")
        #expect(again.kept == ["s is there again, with another value"])
    }

    @Test func putsOldSpellingsBack() throws {
        let result = try reverted(
            "- coerce: { key: n, to: integer }\n- unwrap: { key: a }\n- default: { key: og.t, value: 1 }",
            "---\nn: '01'  # one\na:\n  - z # item\nx: 1\n---\n"
        ) { $0.replacing("x: 1", with: "x: 2") }
        #expect(result.kept == [])
        #expect(result.text == "---\nn: '01'  # one\na:\n  - z # item\nx: 2\n---\n")
    }

    @Test func returnsToTheOldSyntaxWithEditsKept() throws {
        let result = try reverted(
            "- syntax: { to: toml }", "---\n# Head.\nn: '01'  # one\nx: 1\n---\nBody\n"
        ) { $0.replacing("x = 1", with: "x = 2") }
        #expect(result.kept == [])
        #expect(result.text == "---\n# Head.\nn: '01'  # one\nx: 2\n---\nBody\n")
    }
}
