import Documents
import Testing

@Suite("Edits of the body")
struct BodyTests {
    private let page = "---\nt: 1\n---\none\ntwo\nthree\ntwo\n"

    private func patch(_ text: String) throws -> Edit {
        .patchBody(try UnifiedDiff(parsing: Array(text.utf8)))
    }

    @Test("full replacement changes only what differs")
    func replace() throws {
        let result = try Edit.replaceBody(Array("one\n2\nthree\ntwo\n".utf8)).apply(
            to: Document(page))
        #expect(
            result.splices == [
                Splice(offset: 17, removed: Array("two".utf8), inserted: Array("2".utf8))
            ])
        #expect(try edited("plain\n", .replaceBody(Array("other".utf8))) == "other")
    }

    @Test(
        "a body that would be front matter is refused",
        arguments: ["---\na: 1\n---\n", "{\"a\": 1}\n", "---\nx"])
    func notFrontMatter(body: String) {
        #expect(throws: EditError.unprovable("the body would be read as front matter")) {
            try Edit.replaceBody(Array(body.utf8)).apply(to: Document("plain\n"))
        }
    }

    @Test("search and replace, in the body alone")
    func search() throws {
        func edit(_ find: String, all: Bool) -> Edit {
            .replaceText(find: Array(find.utf8), with: Array("X".utf8), all: all)
        }
        let all = try edit("two", all: true).apply(to: Document(page))
        #expect(all.replacements == 2)
        #expect(all.document == Document(page.replacing("two", with: "X")))
        #expect(try edited(page, edit("three", all: false)) == page.replacing("three", with: "X"))
        #expect(throws: EditError.textAmbiguous(count: 2)) {
            try edit("two", all: false).apply(to: Document(page))
        }
        #expect(throws: EditError.textNotFound) {
            try edit("t: 1", all: true).apply(to: Document(page))
        }
        #expect(throws: EditError.textNotFound) {
            try edit("", all: true).apply(to: Document(page))
        }
    }

    @Test("a patch counts lines from the body's start, or from the document's", arguments: [1, 4])
    func patchByNumber(start: Int) throws {
        let text = "--- a\n+++ b\n@@ -\(start),3 +\(start),3 @@\n one\n-two\n+2\n three\n"
        #expect(try edited(page, patch(text)) == page.replacing("one\ntwo", with: "one\n2"))
    }

    @Test("a patch whose numbers are off goes where its lines are, if only one place has them")
    func patchByContent() throws {
        #expect(
            try edited(page, patch("@@ -40,2 +40,3 @@\n three\n+new\n two\n"))
                == page.replacing("three\n", with: "three\nnew\n"))
        #expect(
            throws: EditError.hunkFailed(number: 1, reason: "its lines are there twice, at 5 and 7")
        ) {
            try patch("@@ -40 +40 @@\n-two\n+2\n").apply(to: Document(page))
        }
    }

    @Test("a patch is applied whole or not at all")
    func patchWhole() throws {
        let text = "@@ -1,2 +1,2 @@\n one\n-two\n+2\n@@ -3,2 +3,2 @@\n-four\n+4\n two\n"
        #expect(throws: EditError.hunkFailed(number: 2, reason: "its lines are not in the body")) {
            try patch(text).apply(to: Document(page))
        }
    }

    @Test("a patch never changes front matter, nor line endings by the way")
    func patchRefusals() throws {
        #expect(throws: EditError.hunkFailed(number: 1, reason: "it changes the front matter")) {
            try patch("@@ -2 +2 @@\n-t: 1\n+t: 2\n").apply(to: Document(page))
        }
        #expect(
            throws: EditError.hunkFailed(
                number: 1, reason: "its lines end otherwise than the body's")
        ) {
            try patch("@@ -1 +1 @@\n-one\n+1\n").apply(
                to: Document(page.replacing("\n", with: "\r\n")))
        }
    }

    @Test("the end of the file without a newline")
    func noNewline() throws {
        let text = "@@ -1 +1 @@\n-one\n\\ No newline at end of file\n+1\n"
        #expect(try edited("one", patch(text)) == "1\n")
        let back = "@@ -1 +1 @@\n-1\n+one\n\\ No newline at end of file\n"
        #expect(try edited("1\n", patch(back)) == "one")
    }

    @Test(
        "what is no patch says where",
        arguments: [
            ("", 1), ("hello\n", 1), ("@@ -1,2 +1,2 @@\n a\n", 2), ("@@ -1 +1 @@\n*a\n", 2),
            ("@@ -x +1 @@\n", 1),
            ("--- a\n+++ b\n@@ -1 +1 @@\n-a\n+b\n--- c\n+++ d\n@@ -1 +1 @@\n-a\n+b\n", 6),
        ])
    func syntax(text: String, line: Int) {
        #expect { try UnifiedDiff(parsing: Array(text.utf8)) } throws: {
            ($0 as? UnifiedDiff.SyntaxError)?.line == line
        }
    }

    @Test("front matter replaced as a whole")
    func frontMatter() throws {
        #expect(
            try edited(page, .replaceFrontMatter(Array("u: 2".utf8)))
                == page.replacing("t: 1", with: "u: 2"))
        #expect(
            try edited(page, .replaceFrontMatter(Array("+++\nu = 2\n+++\n".utf8)))
                == page.replacing("---\nt: 1\n---", with: "+++\nu = 2\n+++"))
        #expect(
            try edited("x\n", .replaceFrontMatter(Array("a: 1\n".utf8))) == "---\na: 1\n---\nx\n")
        #expect(throws: EditError.self) {
            try Edit.replaceFrontMatter(Array("a: [".utf8)).apply(to: Document(page))
        }
        #expect(throws: EditError.self) {
            try Edit.replaceFrontMatter(Array("---\na: 1\n---\nbody".utf8)).apply(
                to: Document(page))
        }
    }
}
