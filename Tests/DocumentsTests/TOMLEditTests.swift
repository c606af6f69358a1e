import Documents
import Testing

@Suite("Edits of TOML")
struct TOMLEditTests {
    private let page = """
        +++
        # about the title
        title = 'A' # the name
        date = 2024-01-02
        tags = ["a", "b"]
        seo.title = "S"

        [extra]
        n = 1
        [extra.deep]
        x = { a = 1 }

        [[links]]
        url = "u1"
        [[links]]
        url = "u2"
        +++
        body

        """

    @Test("reads order, types and places")
    func read() throws {
        let read = try Document(page).readFrontMatter()
        #expect(
            read.entries.map(\.key.string) == ["title", "date", "tags", "seo", "extra", "links"])
        #expect(read.node(at: try path("date"))?.scalar?.type == .date)
        #expect(read.node(at: try path("links[1].url"))?.scalar?.text == "u2")
        #expect(read.node(at: try path("extra.deep.x.a"))?.scalar?.text == "1")
        let node = try #require(read.node(at: try path("title")))
        #expect(read.source(node.range) == "'A'")
        #expect(read.position(at: node.range.lowerBound).description == "3:9")
    }

    @Test("keeps quotes and comments")
    func setValues() throws {
        #expect(try edited(page, set("title", "B")) == page.replacing("'A'", with: "'B'"))
        #expect(try edited(page, set("title", "it's")) == page.replacing("'A'", with: "\"it's\""))
        #expect(
            try edited(page, set("date", "2024-02-03"))
                == page.replacing("2024-01-02", with: "2024-02-03"))
        #expect(
            try edited(page, set("extra.deep.x.a", "2")) == page.replacing("a = 1", with: "a = 2"))
        #expect(try edited(page, set("links[0].url", "no")) == page.replacing("u1", with: "no"))
    }

    @Test("refuses values that TOML has not, and says so")
    func invalidValues() throws {
        for (text, kind) in [
            ("1e400", NewValue.Kind.float), ("-1e999", .float), ("2024-02-30", .date),
            ("99999999999999999999", .integer),
        ] {
            for key in ["date", "new"] {
                #expect {
                    try Edit.set(path(key), .typed(text, kind)).apply(to: Document(page))
                } throws: { error in
                    guard case .invalidValue(let named, _)? = error as? EditError else {
                        return false
                    }
                    return named.contains(text)
                }
            }
        }
        #expect(try edited(page, set("new", "1e400")).contains("new = \"1e400\""))
        #expect(try edited(page, set("new", "2024-02-30")).contains("new = \"2024-02-30\""))
        #expect(try edited(page, .set(path("date"), .typed("inf", .float))).contains("date = inf"))
        #expect {
            try Edit.set(path("date"), .source("1e400")).apply(to: Document(page))
        } throws: { error in
            if case .invalidValue("1e400", _)? = error as? EditError { true } else { false }
        }
    }

    @Test("sets tables in place")
    func setTables() throws {
        #expect(try edited(page, set("links[1]", "{url: u3}")) == page.replacing("u2", with: "u3"))
        #expect(
            try edited(page, set("seo", "{title: T}")) == page.replacing("\"S\"", with: "\"T\""))
        #expect(
            try edited(page, set("extra", "plain"))
                == page.replacing("[extra]\nn = 1\n[extra.deep]\nx = { a = 1 }\n", with: "")
                .replacing("\"S\"\n", with: "\"S\"\nextra = \"plain\"\n"))
    }

    @Test("adds keys where they belong")
    func add() throws {
        #expect(
            try edited(page, set("draft", "true"))
                == page.replacing("seo.title = \"S\"\n", with: "seo.title = \"S\"\ndraft = true\n"))
        #expect(
            try edited(page, set("seo.desc", "d"))
                == page.replacing(
                    "seo.title = \"S\"\n", with: "seo.title = \"S\"\nseo.desc = \"d\"\n"))
        #expect(
            try edited(page, set("extra.m", "2"))
                == page.replacing("n = 1\n", with: "n = 1\nm = 2\n"))
        #expect(
            try edited(page, set("links[1].name", "x"))
                == page.replacing("url = \"u2\"\n", with: "url = \"u2\"\nname = \"x\"\n"))
        #expect(
            try edited(page, set("extra.deep.x.b", "true"))
                == page.replacing("{ a = 1 }", with: "{ a = 1, b = true }"))
        #expect(
            try edited(page, .append(path("tags"), .guess("c")))
                == page.replacing("\"b\"]", with: "\"b\", \"c\"]"))
        #expect(
            try edited(page, set("new.deep", "1"))
                == page.replacing("+++\nbody", with: "\n[new]\ndeep = 1\n+++\nbody"))
        #expect(
            try edited("+++\n[a]\nx = 1\n+++\n", set("t", "1")) == "+++\nt = 1\n[a]\nx = 1\n+++\n")
        #expect(
            try edited("+++\n[a.b]\nx = 1\n+++\n", set("a.t", "1"))
                == "+++\n[a.b]\nx = 1\n\n[a]\nt = 1\n+++\n")
    }

    @Test("removes keys and tables with their comments")
    func unset() throws {
        #expect(
            try edited(page, .unset(path("title")))
                == page.replacing("# about the title\ntitle = 'A' # the name\n", with: ""))
        #expect(
            try edited(page, .unset(path("extra")))
                == page.replacing("[extra]\nn = 1\n[extra.deep]\nx = { a = 1 }\n", with: ""))
        #expect(
            try edited(page, .unset(path("links[0]")))
                == page.replacing("[[links]]\nurl = \"u1\"\n", with: ""))
        #expect(
            try edited(page, .unset(path("seo.title")))
                == page.replacing("seo.title = \"S\"\n", with: ""))
        #expect(
            try edited(page, .remove(path("tags"), .guess("a")))
                == page.replacing("[\"a\", \"b\"]", with: "[\"b\"]"))
    }

    @Test("renames keys and tables")
    func rename() throws {
        #expect(
            try edited(page, .rename(path("extra"), to: "more"))
                == page.replacing("[extra", with: "[more"))
        #expect(
            try edited(page, .rename(path("extra.deep"), to: "far"))
                == page.replacing("extra.deep", with: "extra.far"))
        #expect(
            try edited(page, .rename(path("seo"), to: "og"))
                == page.replacing("seo.title", with: "og.title"))
    }
}
