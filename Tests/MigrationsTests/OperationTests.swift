import Documents
import Migrations
import Testing

@Suite struct OperationTests {
    private static let yaml = """
        ---
        # The name.
        title: 'A "guide"'  # menu
        tags: [a, b]

        # Apart.

        seo:
          # Long.
          title: Long  # kept
          size: "12"
        draft: "yes"
        ---
        Body: title: x

        """
    private static let toml = """
        +++
        # The name.
        title = 'A guide'  # menu
        draft = "yes"

        [seo]
        title = "Long"
        size = "12"
        +++
        Body

        """
    private static let json = """
        {
          "title": "A guide",
          "draft": "yes",
          "seo": {"title": "Long", "size": "12"}
        }
        Body

        """

    /// Into a map of its own, and out of one: comments, quotes and order stay.
    @Test(arguments: [
        (
            "seo, to: seo.meta",
            "---\na: 1\nseo:\n    # the short one\n    title: \"T\"   # keep\n    tags: ['x',  y]\n---\nB\n",
            "---\na: 1\nseo:\n    meta:\n        # the short one\n        title: \"T\"   # keep\n        tags: ['x',  y]\n---\nB\n"
        ),
        (
            "t, to: t.a.b", "---\n# above\n't': \"T\"  # c\nz: 1\n---\n",
            "---\n't':\n  a:\n    # above\n    b: \"T\"  # c\nz: 1\n---\n"
        ),
        ("t, to: t.a", "---\nt: |+\n  x\n\nz: 1\n---\n", "---\nt:\n  a: |+\n    x\n\nz: 1\n---\n"),
        (
            "m.t, to: m.t.a", "---\nm: { t: 'T', z: 1 } # c\n---\n",
            "---\nm: { t: { a: 'T' }, z: 1 } # c\n---\n"
        ),
        (
            "t.a, to: t", "---\n# above\nt:\n  # inner\n  a: \"x\" # c\nz: 1\n---\n",
            "---\n# above\n# inner\nt: \"x\" # c\nz: 1\n---\n"
        ),
        (
            "t.a.b, to: t", "---\nt: # on it\n    a:\n      b:\n      - 'x' # c\n---\n",
            "---\nt: # on it\n- 'x' # c\n---\n"
        ),
        ("t.a, to: t", "---\nt: { a: 'x' } # c\n---\n", "---\nt: 'x' # c\n---\n"),
        (
            "seo, to: seo.meta",
            "+++\na = 1\n# above\n[seo] # c\ntitle = 'T' # t\n[seo.deep]\nx = 1\n+++\n",
            "+++\na = 1\n# above\n[seo.meta] # c\ntitle = 'T' # t\n[seo.meta.deep]\nx = 1\n+++\n"
        ),
        (
            "t, to: t.text", "+++\n# above\nt = 'T' # c\nz = 1\n+++\n",
            "+++\n# above\nt.text = 'T' # c\nz = 1\n+++\n"
        ),
        (
            "t.text, to: t", "+++\n# above\nt.text = 'T' # c\nz = 1\n+++\n",
            "+++\n# above\nt = 'T' # c\nz = 1\n+++\n"
        ),
        (
            "t.text, to: t", "+++\nz = 1\n[t]\n# above\ntext = 'T' # c\n[u]\nx = 1\n+++\n",
            "+++\nz = 1\n# above\nt = 'T' # c\n[u]\nx = 1\n+++\n"
        ),
        (
            "t, to: t.a", "{ \"t\": \"\\u0041\", \"z\": 1 }\n",
            "{ \"t\": {\"a\": \"\\u0041\"}, \"z\": 1 }\n"
        ),
    ])
    func movesIntoAndOutOfItself(_ paths: String, _ text: String, _ wanted: String) throws {
        #expect(try migrated("- move: { from: \(paths) }", text) == wanted)
        let row = plan(try chain("- move: { from: \(paths) }"), [text]).rows[0].operations[0]
        #expect(row.classification == .bijective)
        #expect(row.lostComments == 0)
    }

    /// What finds no place is counted, and the record brings it back.
    @Test(arguments: [
        ("move: { from: t.a, to: t }", "---\nt: # on it\n  a: x # c\n---\n", 1),
        ("move: { from: t.a, to: t }", "+++\nz = 1\n# about\n[t] # on it\na = 'x' # c\n+++\n", 2),
        ("wrap: { key: t }", "---\nt:\n  # inner\n  a: 1 # c\n---\n", 2),
        ("unwrap: { key: t }", "---\nt:\n  - # inner\n    a: 1\n---\n", 1),
    ])
    func countsCommentsThatFindNoPlace(_ operation: String, _ text: String, _ lost: Int) throws {
        _ = try migrated("- \(operation)", text)
        let row = plan(try chain("- \(operation)"), [text]).rows[0].operations[0]
        #expect(row.lostComments == lost)
        #expect(row.classification == .reversible)
    }

    @Test(arguments: [yaml, toml, json]) func everyOperationOnEverySyntax(_ text: String) throws {
        for operations in [
            "- rename: { from: title, to: headline }",
            "- rename: { from: seo.title, to: seo.headline }",
            "- move: { from: seo.size, to: size }",
            "- move: { from: title, to: og.title }",
            "- move: { from: draft, to: seo.draft }",
            "- move: { from: title, to: title.text }",
            "- copy: { from: title, to: og.title }",
            "- copy: { from: seo, to: og }",
            "- default: { key: status, value: draft }",
            "- default: { key: seo.robots, value: [a, b] }",
            "- set: { key: title, value: 1 }",
            "- set: { key: a.b.c, value: { d: e } }",
            "- coerce: { key: draft, to: boolean }",
            "- coerce: { key: seo.size, to: integer }",
            "- coerce: { key: seo.size, to: float }",
            "- coerce: { key: title, to: list }",
            "- map: { key: draft, values: { \"yes\": true } }",
            "- wrap: { key: title }",
            "- split: { key: seo.title, by: n, into: [seo.a, seo.b] }",
            "- split: { key: title, by: \" \", into: [title, rest] }",
            "- join: { keys: [title, draft], with: \" \", into: name }",
            "- join: { keys: [seo.title, seo.size], with: \" \", into: seo.title }",
            "- drop: { key: title }",
            "- drop: { key: seo.title }",
            "- reorder: { keys: [draft, title] }",
            "- rename: { from: title, to: t }\n- coerce: { key: draft, to: boolean }\n"
                + "- default: { key: n, value: 1 }",
            "- rename: { from: title, to: t }\n- set: { key: t, value: x }\n- drop: { key: draft }",
        ] {
            let result = try migrated(operations, text)
            #expect(result != text, "\(operations)")
        }
    }

    @Test(arguments: Syntax.allCases) func writesEverySyntax(_ syntax: Syntax) throws {
        for text in [OperationTests.yaml, OperationTests.toml, OperationTests.json] {
            let before = try Document(text).readFrontMatter().value
            let result = try migrated("- syntax: { to: \(syntax.rawValue) }", text)
            let after = Document(result)
            #expect(after.frontMatter?.syntax == syntax)
            #expect(try after.readFrontMatter().value.isEquivalent(to: before))
        }
    }

    @Test func carriesCommentsToAnotherSyntax() throws {
        let result = try migrated(
            "- syntax: { to: toml }", "---\n# Above.\ntitle: A  # behind\nn: 1\n---\nBody\n")
        #expect(result == "+++\n# Above.\ntitle = \"A\" # behind\nn = 1\n+++\nBody\n")
    }

    @Test func touchesNothingElse() throws {
        #expect(
            try migrated("- rename: { from: title, to: name }", OperationTests.yaml)
                == OperationTests.yaml.replacing("\ntitle: 'A", with: "\nname: 'A"))
        #expect(
            try migrated("- coerce: { key: draft, to: boolean }", OperationTests.yaml)
                == OperationTests.yaml.replacing("draft: \"yes\"", with: "draft: true"))
    }

    @Test(arguments: [
        "rename: { from: b, to: d }", "split: { key: b, by: '-', into: [one, two] }",
    ])
    func keepsKeysApartThatACarriageReturnParts(_ operation: String) throws {
        let result = try migrated("- \(operation)", "---\na: x\rb: y-z\rc: 1\n---\nText\n")
        #expect(result.hasPrefix("---\na: x\r"))
        #expect(result.contains("c: 1\n"))
    }

    @Test func movesAKeyWithItsComments() throws {
        let text = "---\na:\n  # Why.\n  b:  # list\n    - 1\n    - 2\n  c: 3\nd: 4\n---\n"
        #expect(
            try migrated("- move: { from: a.b, to: e }", text)
                == "---\na:\n  c: 3\nd: 4\n# Why.\ne:  # list\n  - 1\n  - 2\n---\n")
        #expect(
            try migrated("- move: { from: d, to: a.d }", text)
                == "---\na:\n  # Why.\n  b:  # list\n    - 1\n    - 2\n  c: 3\n  d: 4\n---\n")
        let plunged = try migrated("- move: { from: d, to: x.m.d }", text)
        #expect(
            plunged
                == "---\na:\n  # Why.\n  b:  # list\n    - 1\n    - 2\n  c: 3\nx:\n  m:\n    d: 4\n---\n"
        )
    }

    @Test(arguments: [
        (
            "move: { from: seo, to: meta.seo }",
            "+++\nk = 1\n\n# about\n[seo] # seoc\n# inner\ntitle = \"ST\" # stc\n[seo.x]\na = 1\n+++\n",
            "+++\nk = 1\n\n# about\n[meta.seo] # seoc\n# inner\ntitle = \"ST\" # stc\n[meta.seo.x]\na = 1\n+++\n"
        ),
        (
            "move: { from: authors, to: meta.authors }",
            "+++\nk = 1\n[[authors]] # auth\nname = \"A\"\n[[authors]]\nname = \"B\"\n[meta]\nx = 1\n+++\n",
            "+++\nk = 1\n[[meta.authors]] # auth\nname = \"A\"\n[[meta.authors]]\nname = \"B\"\n[meta]\nx = 1\n+++\n"
        ),
        (
            "move: { from: meta.seo, to: seo }", "+++\nk = 1\n[meta.seo]\na = 1 # c\n+++\n",
            "+++\nk = 1\n[seo]\na = 1 # c\n+++\n"
        ),
        (
            "move: { from: list, to: og.list }",
            "+++\n# about\nlist = [ \"x\", # why x\n \"y\"] # end\nz = 1\n+++\n",
            "+++\nz = 1\n\n[og]\n# about\nlist = [ \"x\", # why x\n \"y\"] # end\n+++\n"
        ),
        (
            "reorder: { keys: [seo, b] }", "+++\na = 1\nb = 2\n[seo]\nx = 1\n+++\n",
            "+++\nb = 2\na = 1\n[seo]\nx = 1\n+++\n"
        ),
        (
            "each: { key: authors, operations: [{ reorder: { keys: [site, name] } }] }",
            "---\nauthors:\n  - name: A # a\n    site: s\n  - site: t\n    name: B\n---\n",
            "---\nauthors:\n  - site: s\n    name: A # a\n  - site: t\n    name: B\n---\n"
        ),
        (
            "move: { from: title, to: inl.t }", "---\ntitle: ST # stc\ninl: {a: 1}\n---\n",
            "---\ninl: {a: 1, t: ST}\n---\n"
        ),
    ])
    func movesLines(_ operation: String, _ text: String, _ wanted: String) throws {
        #expect(try migrated("- \(operation)", text) == wanted)
    }

    @Test(arguments: ["---\nm:\n\n  a: 1\nz: 1\n---\nb\n", "---\nz: 1\nm:\n  \n    a: 1\n---\nb\n"])
    func dropsTheOnlyKeyBelowABlankLine(_ text: String) throws {
        let result = try migrated("- drop: { key: m.a }", text)
        #expect(result.contains("m: {}\n") && result.contains("z: 1\n"))
    }

    @Test(arguments: [
        (
            "each: { key: l, operations: [{ reorder: { keys: [b] } }] }",
            "---\nl:\n  - a: 1\n    # c\n    b: 2\n---\n",
            "5:5: l[0].b at 5:5: has a comment above, and keys that stand behind a dash have none"
        ),
        (
            "coerce: { key: n, to: float }", "+++\nt = 1\nn = \"007\"\n+++\n",
            "3:5: n: '007.0' cannot be written as a float in TOML"
        ),
    ])
    func namesThePlace(_ operation: String, _ text: String, _ wanted: String) throws {
        #expect(try failures("- \(operation)", text) == [wanted])
    }

    @Test func countsCommentsThatBracesCannotHold() throws {
        let plan = plan(
            try chain("- move: { from: title, to: inl.t }"),
            ["---\n# a\ntitle: ST # stc\ninl: {a: 1}\n---\n"])
        #expect(plan.rows.first?.operations.first?.lostComments == 2)
    }

    @Test func worksInListsOfMaps() throws {
        let text = """
            ---
            authors:
              - name: Ann Lee
                site: x
              - site: y   # only
                name: Bob
            ---

            """
        #expect(
            try migrated(
                "- each: { key: authors, operations: [{ rename: { from: site, to: url } }] }", text)
                == text.replacing("site:", with: "url:"))
        let split = try migrated(
            "- each: { key: authors, operations: [{ split: { key: name, by: ' ', into: [first, last] } }] }",
            text)
        #expect(split.contains("- first: Ann\n    site: x\n    last: Lee\n"))
        #expect(split.contains("first: Bob\n---"))
    }

    @Test(arguments: [
        ("string", "12", "\"12\""), ("string", "true", "\"true\""), ("integer", "'12'", "12"),
        ("integer", "12.0", "12"), ("float", "'1.5'", "1.5"), ("float", "3", "3.0"),
        ("boolean", "'yes'", "true"), ("boolean", "0", "false"), ("boolean", "'Off'", "false"),
        ("date", "'2024-01-02'", "2024-01-02"), ("date", "January 2, 2024", "2024-01-02"),
        ("date", "2 Feb 2024", "2024-02-02"), ("date", "2024/1/2", "2024-01-02"),
        ("date", "'2024-01-02 10:00:00 +01:00'", "2024-01-02 10:00:00 +01:00"),
        ("list", "a", "\n  - a"), ("string", "[a]", "a"),
    ])
    func coerces(_ kind: String, _ before: String, _ after: String) throws {
        let result = try migrated(
            "- coerce: { key: k, to: \(kind) }", "---\nk: \(before)\nz: 1\n---\n")
        #expect(result == "---\nk:\(after.hasPrefix("\n") ? "" : " ")\(after)\nz: 1\n---\n")
    }

    @Test(arguments: [
        ("integer", "many"), ("integer", "true"), ("boolean", "perhaps"), ("date", "03/04/2024"),
        ("date", "2023-02-29x"), ("date", "30 Feb 2024"), ("float", "1.2.3"), ("string", "[a, b]"),
        ("integer", "{a: 1}"),
    ])
    func refusesWhatCannotBeCoerced(_ kind: String, _ value: String) throws {
        let found = try failures(
            "- coerce: { key: k, to: \(kind) }", "---\na: 1\nk: \(value)\n---\n")
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("3:4: k is ") ?? false)
        #expect(
            found.first?.hasSuffix("which cannot be made \(kind == "integer" ? "an" : "a") \(kind)")
                ?? false)
    }

    @Test func namesEveryFailure() throws {
        #expect(
            try failures(
                "- rename: { from: a, to: b }\n- coerce: { key: c, to: integer }\n"
                    + "- assert: { key: d, type: string, required: true }\n- unwrap: { key: e }",
                "---\na: 1\nb: 2\nc: x\ne: [1, 2]\n---\n") == [
                    "3:4: a cannot become b, which is there already",
                    "4:4: c is \"x\", which cannot be made an integer",
                    "1:1: d is missing",
                    "5:4: e has 2 items: [1, 2]; unwrap takes one",
                ])
        #expect(
            try failures("- rename: { from: a, to: b }", "---\na: 1\na: 2\n---\n").first?.contains(
                "more than once") ?? false)
        #expect(
            try failures("- drop: { key: a }", "---\na: [\n---\n").first?.contains(
                "cannot be read") ?? false)
    }

    @Test func leavesWhatIsSoAlready() throws {
        for operations in [
            "- rename: { from: no, to: where }", "- default: { key: title, value: x }",
            "- coerce: { key: tags, to: list }", "- map: { key: draft, values: { no: yes } }",
            "- wrap: { key: tags }", "- unwrap: { key: title }", "- drop: { key: nothing }",
            "- reorder: { keys: [title, tags] }", "- syntax: { to: yaml }",
            "- copy: { from: title, to: seo.title }",
        ] {
            #expect(try migrated(operations, OperationTests.yaml) == OperationTests.yaml)
        }
    }

    @Test func unwraps() throws {
        #expect(try migrated("- unwrap: { key: a }", "---\na: [x]\n---\n") == "---\na: x\n---\n")
        #expect(
            try migrated("- unwrap: { key: a }", "---\na:\n  - x\nb: 1\n---\n")
                == "---\na: x\nb: 1\n---\n")
        #expect(try migrated("- unwrap: { key: a }", "---\na: []\n---\n") == "---\na:\n---\n")
    }

    @Test func mapsTheItemsOfLists() throws {
        #expect(
            try migrated(
                "- map: { key: tags, values: { js: javascript } }",
                "---\ntags:\n  - js  # old\n  - css\n---\n")
                == "---\ntags:\n  - javascript  # old\n  - css\n---\n")
    }

    @Test func givesFrontMatterToADocumentWithout() throws {
        let outcome = run(try chain("- default: { key: a, value: b }"), "Text\n")
        #expect(outcome.gainsFrontMatter)
        #expect(outcome.document.bytes == Array("---\na: b\n---\nText\n".utf8))
    }

    /// Each on its own would make the map.
    @Test func movesSeveralKeysIntoANewMap() throws {
        #expect(
            try migrated(
                "- move: { from: a, to: m.x }\n- move: { from: b, to: m.y }",
                "---\na: 1\nc: 3\nb: 2  # two\n---\n")
                == "---\nc: 3\nm:\n  x: 1\n  \"y\": 2  # two\n---\n")
    }

    /// The place that it leaves is the one that it goes to.
    @Test(arguments: [
        ("{\n  \"a\": 1,\n  \"z\": 2\n}\n", "{\n  \"a\": 1,\n  \"m\": {\"x\": 2}\n}\n"),
        ("{\"a\": 1, \"z\": 2}\n", "{\"a\": 1, \"m\": {\"x\": 2}}\n"),
        ("{\"z\": 2}\n", "{\"m\": {\"x\": 2}}\n"),
        ("---\na: 1\nz: 2\n---\n", "---\na: 1\nm:\n  x: 2\n---\n"),
        ("---\nz: 2\n---\n", "---\nm:\n  x: 2\n---\n"),
        ("---\n{ a: 1, z: 2 }\n---\n", "---\n{ a: 1, m: {x: 2} }\n---\n"),
        ("+++\na = 1\nz = 2\n+++\n", "+++\na = 1\n\n[m]\nx = 2\n+++\n"),
    ])
    func movesTheLastKeyToTheEnd(_ old: String, _ new: String) throws {
        #expect(try migrated("- move: { from: z, to: m.x }", old) == new)
    }

    @Test(arguments: [
        "default: { key: a, value: 2024-01-02 }", "set: { key: a, value: 2024-01-02 }",
        "map: { key: b, values: { x: 2024-01-02 } }", "set: { key: b, value: [{ d: 2024-01-02 }] }",
    ])
    func writesDatesIntoJSONAsStrings(_ operation: String) throws {
        let text = try migrated("- \(operation)", "{\"b\": \"x\"}\n")
        #expect(text.contains("\"2024-01-02\""))
    }
}
