import Documents
import FoundationEssentials
import Testing

/// Every nasty document under Fixtures/documents has one outcome, written down here.
@Suite("Nasty documents")
struct FixtureTests {
    /// What happens to an edit.
    enum Outcome: Sendable, CustomTestStringConvertible {
        /// The document is as before, but for this text.
        case replaces(String, String)
        /// A refusal; part of what it says, with the place.
        case refuses(String)
        /// The value reads as this.
        case reads(ScalarType, String)

        var testDescription: String {
            switch self {
            case .replaces(let old, let new):
                "\(old.debugDescription) becomes \(new.debugDescription)"
            case .refuses(let reason): "refused: \(reason)"
            case .reads(let type, let text): "reads as \(type) \(text.debugDescription)"
            }
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let key: String
        let outcome: Outcome
        /// Nil to unset the key.
        var value: String? = "New"

        init(_ name: String, _ key: String, _ outcome: Outcome, value: String? = "New") {
            self.name = name
            self.key = key
            self.outcome = outcome
            self.value = value
        }

        var testDescription: String { "\(name): \(key), \(outcome.testDescription)" }
    }

    static let cases: [Case] = [
        Case("bom-crlf", "title", .replaces("Old", "New")),
        Case("bom-crlf", "tags[1]", .replaces("  - a\r\n", "  - a\r\n  - New\r\n")),
        Case("bom-crlf", "more", .replaces("  - a\r\n", "  - a\r\nmore: New\r\n")),
        Case("mixed-endings", "title", .replaces("Old", "New")),
        Case("mixed-endings", "more", .replaces("[a]\n", "[a]\nmore: New\n")),
        Case("no-final-newline", "title", .replaces("Old", "New")),
        Case("fence-at-end-of-file", "title", .replaces("Old", "New")),
        Case("fence-at-end-of-file", "more", .replaces("Old\n", "Old\nmore: New\n")),
        Case("empty-front-matter", "title", .replaces("---\n---", "---\ntitle: New\n---")),
        Case("comment-only", "title", .replaces("yet\n", "yet\ntitle: New\n")),
        Case("fence-in-block-scalar", "title", .replaces("Old", "New")),
        Case("fence-in-block-scalar", "text", .reads(.string, "above\n---\nbelow\n")),
        Case("fence-in-block-scalar", "text", .replaces("above\n  ---\n  below", "New")),
        Case("dots-closing", "title", .replaces("Old", "New")),
        Case("body-starts-with-thematic-break", "title", .replaces("Old", "New")),
        Case("thematic-break-only", "title", .replaces("---\n\n", "---\ntitle: New\n---\n---\n\n")),
        Case("keep-last", "text", .reads(.string, "a\n\n\n")),
        Case("keep-last", "text", .replaces("  a\n\n\n", "  New\n")),
        Case("keep-last", "more", .replaces("a\n\n\n", "a\n\n\nmore: New\n")),
        Case("keep-last", "title", .replaces("title: Old\n", ""), value: nil),
        Case("folded-strip-last", "text", .replaces("  a\n  b", "  New")),
        Case("folded-strip-last", "text", .reads(.string, "a b")),
        Case("folded-strip-last", "more", .replaces("  b\n", "  b\nmore: New\n")),
        Case("indent-indicator-last", "text", .reads(.string, "  a\nb\n")),
        Case("indent-indicator-last", "title", .replaces("Old", "New")),
        Case("indent-indicator-last", "text", .replaces("|2\n    a\n  b", "|\n    New")),
        Case("flow-trailing-comment", "tags[1]", .replaces("b]", "New]")),
        Case("flow-trailing-comment", "tags[2]", .replaces("b]", "b, New]")),
        Case(
            "flow-trailing-comment", "tags", .replaces("tags: [a, b] # keep, me\n", ""), value: nil),
        Case("flow-multiline-trailing-comma", "tags[2]", .replaces("# two\n", "# two\n  New,\n")),
        Case("flow-multiline-trailing-comma", "tags[0]", .replaces("  a, # one\n", ""), value: nil),
        Case("hashes", "title", .replaces("Old # not a comment", "New")),
        Case("hashes", "url", .reads(.string, "https://example.org/a#b")),
        Case("hashes", "sharp", .replaces("c#", "New")),
        Case("zero-indent-list", "tags[1]", .replaces("# about b\n- b\n", ""), value: nil),
        Case("zero-indent-list", "tags[2]", .replaces("- b\n", "- b\n- New\n")),
        Case("anchors-and-merge-keys", "title", .replaces("title: Old", "title: New")),
        Case("anchors-and-merge-keys", "name", .refuses("7:7 has an anchor")),
        Case("anchors-and-merge-keys", "copy", .replaces("*n", "New")),
        Case("anchors-and-merge-keys", "other.a", .replaces("  b: 2\n", "  b: 2\n  a: New\n")),
        Case("anchors-and-merge-keys", "base.a", .replaces("a: 1", "a: New")),
        Case("anchors-and-merge-keys", "copy.x", .refuses("8:7 is an alias")),
        Case("anchors-and-merge-keys", "base", .refuses("2:7 has an anchor"), value: nil),
        Case("undefined-alias", "title", .refuses("3:8")),
        Case("tags", "title", .reads(.string, "2024")),
        Case("tags", "title", .replaces("!!str 2024", "New")),
        Case("tags", "ref", .replaces("!Ref Old", "New")),
        Case("tags", "set.a", .replaces("{a, b}", "{a: New, b}")),
        Case("duplicate-key", "title", .refuses("2:1 and 4:1")),
        Case("duplicate-key", "tags[0]", .replaces("[a]", "[New]")),
        Case("duplicate-quoted", "a", .refuses("2:1 and 3:1")),
        Case("duplicate-quoted", "b", .replaces("b: 3", "b: New")),
        Case("nfc-and-nfd", "caf\u{E9}", .replaces("Old", "New")),
        Case("nfc-and-nfd", "cafe\u{301}", .replaces("other", "New")),
        Case("nfd-only", "caf\u{E9}", .refuses("there already, at 2:1")),
        Case("complex-keys", "title", .replaces("title: Old", "title: New")),
        Case("complex-keys", "explicit", .replaces(": Old\n{", ": New\n{")),
        Case("complex-keys", "explicit", .replaces("? explicit\n: Old\n", ""), value: nil),
        Case("templates", "title", .refuses("4:8")),
        Case("templates-quoted", "date", .replaces("{{ .Date }}", "New")),
        Case("templates-quoted", "url", .reads(.string, "/{{ slug }}/")),
        Case("toml-dotted-and-tables", "title", .replaces("Old", "New")),
        Case("toml-dotted-and-tables", "seo.\"a.b\"", .replaces("= 1\n\n", "= \"New\"\n\n")),
        Case("toml-dotted-and-tables", "draft", .replaces("1\n\n#", "1\ndraft = \"New\"\n\n#")),
        Case(
            "toml-dotted-and-tables", "menu.main.name",
            .replaces("# first\n", "# first\nname = \"New\"\n")),
        Case(
            "toml-dotted-and-tables", "links[0]", .replaces("[[links]]\nurl = \"u\"\n", ""),
            value: nil),
        Case(
            "toml-dotted-and-tables", "menu",
            .replaces("# the menu\n[menu.main]\nweight = 1 # first\n", ""), value: nil),
        Case("toml-dates", "a", .reads(.date, "2024-01-02")),
        Case("toml-dates", "b", .reads(.date, "2024-01-02T10:00:00")),
        Case("toml-dates", "c", .reads(.date, "10:00:00")),
        Case("toml-dates", "d", .reads(.date, "2024-01-02 10:00:00Z")),
        Case("toml-dates", "c", .replaces("10:00:00\nd", "11:30:00\nd"), value: "11:30:00"),
        Case("toml-table-first", "title", .replaces("[params]", "title = \"New\"\n[params]")),
        Case("toml-unreadable", "title", .refuses("2:9")),
        // Found by fuzzing: libyaml ends lines at lone carriage returns.
        Case("carriage-returns-between-keys", "explicit", .refuses("begin a line"), value: nil),
        // Found by fuzzing: an assertion in toml++, which says no place.
        Case("toml-header-without-key", "x", .refuses("2:1")),
        Case("tabs", "title", .replaces("\tOld", "\tNew")),
        Case("tabs", "text", .reads(.string, "a\tb")),
        Case("tab-indent", "title", .refuses("4:1")),
        Case("nul", "title", .refuses("3:5")),
        Case("nul-in-body", "title", .replaces("Old", "New")),
        Case("nul-without-front-matter", "title", .refuses("2:5")),
        Case("utf-16-little-endian", "title", .refuses("1:1: the document is in UTF-16")),
        Case("utf-16-big-endian", "title", .refuses("1:1: the document is in UTF-16")),
        Case("utf-16-without-mark", "title", .refuses("1:2")),
        Case("utf-32-big-endian", "title", .refuses("1:1: the document is in UTF-32")),
        Case("invalid-utf8", "title", .refuses("3:4")),
        Case("invalid-utf8-in-body", "title", .replaces("Old", "New")),
        Case("unclosed", "title", .refuses("1:1")),
        Case("json-hugo", "title", .replaces("Old", "New")),
        Case("json-hugo", "more", .replaces("[\"a\"]\n", "[\"a\"],\n  \"more\": \"New\"\n")),
        Case("json-hugo", "tags", .replaces(",\n  \"tags\": [\"a\"]\n", "\n"), value: nil),
        Case("json-named", "n.x", .replaces("{}", "{\"x\": \"New\"}")),
        Case("json-trailing-comma", "title", .refuses("2:17")),
        Case("toml-named", "title", .replaces("Old", "New")),
        Case("leading-blank-lines", "title", .replaces("Old", "New")),
        Case("html-comment", "title", .replaces("<!--\n", "---\ntitle: New\n---\n<!--\n")),
        Case("template-body", "title", .replaces("{{<", "---\ntitle: New\n---\n{{<")),
        Case("second-document", "a", .refuses("3:1")),
        Case("not-a-map", "title", .refuses("2:1")),
        Case("conflict-markers", "title", .refuses("3:6")),
        Case(
            "carriage-returns-only", "title",
            .replaces("---\rtitle", "---\ntitle: New\n---\n---\rtitle")),
        Case("plain-over-lines", "title", .reads(.string, "Old and more")),
        Case("plain-over-lines", "title", .replaces("Old\n  and more", "New")),
        Case("quoted-over-lines", "title", .replaces("Old\n  and more", "New")),
        Case("emoji-and-cjk", "標題", .replaces("古い 🎉", "New")),
        Case("emoji-and-cjk", "title", .replaces("title: Old", "title: New")),
        Case("line-separators", "b", .replaces("b: 1", "b: New")),
        Case("empty", "title", .replaces("", "---\ntitle: New\n---\n")),
    ]

    @Test("has the outcome written down", arguments: cases)
    func outcome(_ test: Case) throws {
        let file = Corpus.root.appending(path: "Fixtures/documents/\(test.name).md")
        let bytes = Array(try Data(contentsOf: file))
        let path = try FieldPath(parsing: test.key)
        if case .reads(let type, let text) = test.outcome {
            let scalar = try Document(bytes).readFrontMatter().node(at: path)?.scalar
            #expect(scalar?.type == type)
            #expect(scalar?.text == Text(text))
            return
        }
        let edit: Edit = test.value.map { .set(path, .guess($0)) } ?? .unset(path)
        do {
            let result = try edit.apply(to: Document(bytes))
            guard case .replaces(let old, let new) = test.outcome else {
                Issue.record(
                    "not refused: \(String(decoding: result.document.bytes, as: UTF8.self))")
                return
            }
            #expect(result.document.bytes == replace(Array(old.utf8), Array(new.utf8), in: bytes))
            #expect(try result.splices.inverted().applied(to: result.document.bytes) == bytes)
        } catch let error as EditError {
            guard case .refuses(let reason) = test.outcome else { throw error }
            #expect(error.description.contains(reason), "\(error)")
        }
    }

    @Test(
        "gets no front matter where it is not in UTF-8",
        arguments: [
            "nul-without-front-matter", "utf-16-little-endian", "utf-16-big-endian",
            "utf-16-without-mark", "utf-32-big-endian",
        ])
    func notInUTF8(_ name: String) throws {
        let file = Corpus.root.appending(path: "Fixtures/documents/\(name).md")
        let document = Document(Array(try Data(contentsOf: file)))
        let edit = Edit.replaceFrontMatter(Array("title: New\n".utf8))
        #expect {
            try edit.apply(to: document)
        } throws: { error in
            guard case EditError.unparsable(let error) = error else { return false }
            return error.reason == .encoding
        }
        // The body is bytes, whatever they mean.
        let body = try Edit.replaceBody([0, 1]).apply(to: document).document
        #expect(body.bytes == [0, 1])
    }

    @Test("is in the table above, each")
    func complete() throws {
        let folder = Corpus.root.appending(path: "Fixtures/documents").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        let names = Set(files.filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) })
        #expect(names == Set(Self.cases.map(\.name)))
    }

    private func replace(_ old: [UInt8], _ new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        let place = bytes.indices.first { bytes[$0...].starts(with: old) } ?? 0
        return bytes[..<place] + new + bytes[(place + old.count)...]
    }
}
