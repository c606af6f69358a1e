import Documents
import Testing

@Suite("Edits of YAML")
struct YAMLEditTests {
    /// Front matter around lines, and a body.
    private func page(_ lines: String) -> String { "---\n\(lines)\n---\nbody\n" }

    private func expect(
        _ before: String, _ after: String, _ edits: Edit...,
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let result = try Edit.apply(edits, to: Document(page(before)))
        let text = String(decoding: result.document.bytes, as: UTF8.self)
        #expect(text == page(after), sourceLocation: location)
    }

    @Test(
        "a new value keeps the style it finds",
        arguments: [
            ("t: a # c", "t: b # c"), ("t: 'a'", "t: 'b'"), ("t: \"a\" # c", "t: \"b\" # c"),
            ("t: |\n  a\n  b\nu: 1", "t: |\n  b\nu: 1"), ("t: >-\n    a\n    b", "t: >-\n    b"),
            ("t:", "t: b"), ("t:   # c", "t: b   # c"), ("t: [a, b] # c", "t: b # c"),
            ("t:\n  - a\n  - c # x\nu: 1", "t: b\nu: 1"),
            ("t: # c\n  a: 1\nu: 1", "t: b # c\nu: 1"),
            ("{t: a, u: 1}", "{t: b, u: 1}"), ("t:\n  a b\n  c", "t:\n  b"),
            ("t: | # c\n  a\n\n\nu: 1", "t: | # c\n  b\n\n\nu: 1"),
            ("t: |+\n  a\n\nu: 1", "t: |+\n  b\nu: 1"),
            ("? t\n: a", "? t\n: b"), ("t: !!str a", "t: b"), ("t: &x a", "t: b"),
            ("\"t\": a", "\"t\": b"),
        ])
    func setKeepsStyle(before: String, after: String) throws {
        try expect(before, after, set("t", "b"))
    }

    @Test(
        "a value is written so that it keeps its type",
        arguments: [
            ("no", "\"no\""), ("1.10", "1.10"), ("010", "010"), ("2024-01-02", "2024-01-02"),
            ("12:30", "\"12:30\""), ("~", "~"), ("null", "null"), ("a: b", "\"a: b\""),
            ("a #b", "\"a #b\""), ("@home", "\"@home\""), ("[[wikilink]]", "\"[[wikilink]]\""),
            ("{{ title }}", "\"{{ title }}\""), ("🎉 party", "🎉 party"), ("[a, b]", "[a, b]"),
            ("{a: 1}", "\n  a: 1"), ("true", "true"), ("Yes", "\"Yes\""), ("- a", "\"- a\""),
            ("'q'", "q"),
            ("a'b", "a'b"), ("https://x.y/#z", "https://x.y/#z"), ("*a", "\"*a\""),
            ("x:", "\"x:\""),
            ("1_000", "\"1_000\""), ("0x1F", "0x1F"), ("a\tb", "\"a\\tb\""),
            ("a\nb", "|-\n  a\n  b"),
            (" a", "\" a\""), ("%", "\"%\""), ("...", "\"...\""), ("=", "\"=\""),
            ("1.0.0", "1.0.0"), ("18f", "18f"), ("0b11", "\"0b11\""), ("1,000", "\"1,000\""),
            ("86f7e724-9508", "86f7e724-9508"), ("2024-13-45", "\"2024-13-45\""),
            ("08:30:00", "\"08:30:00\""),
            ("1:99", "\"1:99\""), ("10:1:abc", "10:1:abc"), ("2e0c4f", "2e0c4f"),
            ("2024-1", "2024-1"), (".inf", ".inf"),
            // Dates and times that there are not: other readers fail on them.
            ("2024-02-30", "\"2024-02-30\""), ("2023-02-29", "\"2023-02-29\""),
            ("2024-02-29", "2024-02-29"), ("1900-02-29", "\"1900-02-29\""),
            ("0000-01-01", "\"0000-01-01\""), ("2024-01-01T10:00:59", "2024-01-01T10:00:59"),
            ("2024-01-01T10:00:60", "\"2024-01-01T10:00:60\""),
            ("2024-01-01T10:00:00+99:99", "\"2024-01-01T10:00:00+99:99\""),
            ("2024-01-01T10:00:00-2400", "\"2024-01-01T10:00:00-2400\""),
            ("2024-01-01T10:00:00+05:30", "2024-01-01T10:00:00+05:30"),
            // Numbers without digits, and symbols.
            ("0b_", "\"0b_\""), ("0x_", "\"0x_\""), (":foo", "\":foo\""), ("a:b", "a:b"),
        ])
    func typeIsKept(text: String, written: String) throws {
        let style = text == "[a, b]" ? "u: [x]\n" : ""
        let gap = written.first == "\n" ? "" : " "
        try expect("\(style)t: old", "\(style)t:\(gap)\(written)", set("t", text))
        try expect("\(style)k: 1", "\(style)k: 1\nt:\(gap)\(written)", set("t", text))
    }

    @Test("explicit types")
    func explicitTypes() throws {
        try expect("t: old", "t: \"12\"", .set(path("t"), .typed("12", .string)))
        try expect("t: \"1\"", "t: 2", .set(path("t"), .typed("2", .integer)))
        try expect(
            "t: 1", "t:\n  - 1\n  - a: null", .set(path("t"), .typed("[1, {\"a\": null}]", .json)))
        #expect(throws: EditError.self) {
            try Edit.set(path("t"), .typed("x", .integer)).apply(to: Document("---\nt: 1\n---\n"))
        }
    }

    @Test("a list or map set anew keeps what is the same in it")
    func setCollection() throws {
        try expect("l:\n  - 'a' # c\n  - b", "l:\n  - 'a' # c\n  - d\n  - e", set("l", "[a, d, e]"))
        try expect("l: [ a, # c\n  b, d ]", "l: [ a, # c\n  d ]", set("l", "[a, d]"))
        try expect(
            "m:\n  # on a\n  a: 1\n  b: {c: 'x'}\n  d: 1",
            "m:\n  # on a\n  a: 1\n  b: {c: 'y'}\n  e: 2",
            .set(path("m"), .typed("{\"a\": 1, \"b\": {\"c\": \"y\"}, \"e\": 2}", .json)))
        try expect("l:\n- a: 1 # c\n  b: 2", "l:\n- a: 1 # c\n  b: 3", set("l", "[{a: 1, b: 3}]"))
        try expect("l: [a]", "l: []", set("l", "[]"))
    }

    @Test("nothing at all is null, and back")
    func null() throws {
        try expect("t: a # c", "t: # c", set("t", ""))
        try expect("t: # c", "t: a # c", set("t", "a"))
        try expect("t: 'a'", "t: ''", set("t", ""))
    }

    @Test(
        "new keys, in the file's own style",
        arguments: [
            ("a: 1\n# end", "a: 1\nt: b\n# end"),
            ("a:\n    b: 1\n    # c: 2\n", "a:\n    b: 1\n    # c: 2\nt: b\n"),
            ("{a: 1}", "{a: 1, t: b}"), ("a: |+\n  x\n", "a: |+\n  x\n\nt: b"),
            ("# only", "# only\nt: b"),
        ])
    func addKey(before: String, after: String) throws {
        try expect(before, after, set("t", "b"))
    }

    @Test(
        "new keys at every depth",
        arguments: [
            ("s:\n    a: 1", "s:\n    a: 1\n    t: b", "s.t"),
            ("s: {a: 1}", "s: {a: 1, t: b}", "s.t"),
            ("x: 1", "x: 1\ns:\n  t: b", "s.t"), ("s:", "s:\n  t: b", "s.t"),
            ("s: {}", "s: {t: b}", "s.t"),
            ("l:\n- a: 1\n- a: 2", "l:\n- a: 1\n  t: b\n- a: 2", "l[0].t"),
            ("l:\n- a: 1\n- a: 2", "l:\n- a: 1\n- a: 2\n  t: b", "l[1].t"),
            ("l: [x]", "l: [x, b]", "l[1]"),
            ("l:\n  - x", "l:\n  - x\n  - b", "l[1]"),
        ])
    func addNested(before: String, after: String, key: String) throws {
        try expect(before, after, set(key, "b"))
    }

    @Test(
        "items of lists",
        arguments: [
            ("l: [a, x]", "l: [a, x, b]"), ("l: [ 'a' ]", "l: [ 'a', 'b' ]"), ("l: []", "l: [b]"),
            ("l:", "l:\n  - b"),
            ("l: [\n  a,\n  c, # d\n] # e", "l: [\n  a,\n  c, # d\n  b,\n] # e"),
            ("l: [\n  a, # d\n  c # e\n]", "l: [\n  a, # d\n  c, # e\n  b\n]"),
            ("l:\n- \"a\" # c\nm: 1", "l:\n- \"a\" # c\n- \"b\"\nm: 1"),
            ("x:\n- 1", "x:\n- 1\nl:\n- b"),
            ("l:\n  -   a", "l:\n  -   a\n  -   b"), ("l: [a,x]", "l: [a,x,b]"),
        ])
    func append(before: String, after: String) throws {
        try expect(before, after, .append(path("l"), .guess("b")))
    }

    @Test(
        "items taken away",
        arguments: [
            ("l: [a, b, c]", "l: [a, c]"), ("l: [b]", "l: []"), ("l: [a, b]", "l: [a]"),
            ("l: [b, a]", "l: [a]"),
            ("l: [\n  a,\n  # why\n  b, # c\n  d\n]", "l: [\n  a,\n  d\n]"),
            ("l: [\n  a,\n  b\n]", "l: [\n  a\n]"),
            ("l:\n  - a\n  # why\n  - b # c\n  - d", "l:\n  - a\n  - d"),
            ("l:\n- b\nm: 1", "l: []\nm: 1"),
            ("l: [b, a, b]", "l: [a]"), ("l:\n  - b # x", "l: []"),
        ])
    func removeItems(before: String, after: String) throws {
        try expect(before, after, .remove(path("l"), .guess("b")))
    }

    @Test(
        "keys taken away with their comments, and no other's",
        arguments: [
            ("a: 1\n# about t\nt: 2 # c\nb: 3", "a: 1\nb: 3", "t"),
            ("# head\n\n# about t\nt: 2\nb: 3", "# head\n\nb: 3", "t"),
            ("a:\n  b: 1\n  # of a\nt: 2\nc: 3", "a:\n  b: 1\n  # of a\nc: 3", "t"),
            ("t:\n  b: 1\n  # of t\nc: 3", "c: 3", "t"), ("s:\n  t: 1\nc: 3", "s: {}\nc: 3", "s.t"),
            ("s: # why\n  t: 1", "s: {} # why", "s.t"), ("{a: 1, t: 2}", "{a: 1}", "t"),
            ("l:\n- t: 1\n  b: 2", "l:\n- b: 2", "l[0].t"), ("l:\n- t: 1", "l:\n- {}", "l[0].t"),
            ("l:\n- t: 1\n  # of b\n  b: 2", "l:\n-\n  # of b\n  b: 2", "l[0].t"),
            ("a: 1\nt: |+\n  x\n\nb: 2", "a: 1\nb: 2", "t"),
            ("a: 1\nt: |\n  x\n\nb: 2", "a: 1\n\nb: 2", "t"),
            ("? t\n: 1\nb: 2", "b: 2", "t"), ("t:\nb: 2", "b: 2", "t"),
        ])
    func unset(before: String, after: String, key: String) throws {
        try expect(before, after, .unset(path(key)))
    }

    @Test("keys renamed in place")
    func rename() throws {
        try expect("a: 1\nt: 2 # c", "a: 1\nb: 2 # c", .rename(path("t"), to: "b"))
        try expect("'t': 2", "'b': 2", .rename(path("t"), to: "b"))
        try expect("s: {t: 2}", "s: {\"b: c\": 2}", .rename(path("s.t"), to: "b: c"))
        #expect(throws: EditError.self) {
            try Edit.rename(path("a"), to: "b").apply(to: Document("---\na: 1\nb: 2\n---\n"))
        }
    }

    @Test("front matter where there was none")
    func create() throws {
        #expect(try edited("# Hi\n", set("t", "b")) == "---\nt: b\n---\n# Hi\n")
        #expect(try edited("", set("t.u", "b")) == "---\nt:\n  u: b\n---\n")
        #expect(
            try edited("\u{FEFF}x\r\ny\r\n", set("t", "b"))
                == "\u{FEFF}---\r\nt: b\r\n---\r\nx\r\ny\r\n")
    }

    @Test("several edits are one list of splices")
    func several() throws {
        try expect(
            "a: 1\nb: 2\nc: [x]", "z: 9\nc: [x, w]\nd: 4\ne: 5",
            .rename(path("a"), to: "z"), set("z", "9"), .unset(path("b")),
            .append(path("c"), .guess("w")), set("d", "4"), set("e", "5"))
        try expect("s:\n  a: 1\n  b: 2", "s: {}", .unset(path("s.a")), .unset(path("s.b")))
    }
}
