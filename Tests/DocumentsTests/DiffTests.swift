import Documents
import Testing

@Suite("Differences")
struct DiffTests {
    @Test("by key")
    func keys() throws {
        let old = Document("---\na: 1\nb: two words\nc: {x: 1, y: [1]}\nd: 'same'\n---\n")
        let new = Document(
            "---\nd: \"same\"\na: 2\nbb: two words\nc: {x: 1, y: [1, 2]}\ne: ~\n---\n")
        let diff = DocumentDiff(from: old, to: new)
        let one = Value.scalar(.integer, "1")
        let two = Value.scalar(.integer, "2")
        #expect(
            diff.keys == [
                .changed(try path("a"), from: one, to: two),
                .renamed(try path("b"), to: "bb", .string("two words")),
                .changed(try path("c.y"), from: .list([one]), to: .list([one, two])),
                .added(try path("e"), .scalar(.null, "~")),
                .reordered(FieldPath([]), ["d", "a", "c"]),
            ])
        #expect(diff.body.isEmpty)
        #expect(DocumentDiff(from: old, to: old).isEmpty)
    }

    @Test("by the comments of each key")
    func comments() throws {
        let old = Document(
            "---\n# alone\n\n# above\na: 1 # same\nb: 'x # y' # old\nc: # map\n  d: [1] # gone\n---\n"
        )
        let new = Document(
            """
            ---
            # alone

            # over
            a: 2 # same
            b: 'x # y' # new
            c: # map
              d: [1]
              # end
              e: 1 # e
            ---

            """)
        let diff = DocumentDiff(from: old, to: new)
        #expect(
            diff.comments.map { "\($0.path): \($0.from ?? "none") -> \($0.to ?? "none")" } == [
                "a: # above\n# same -> # over\n# same", "b: # old -> # new",
                "c.d: # gone -> none",
            ])
        #expect(diff.keys.count == 2)
        let toml = DocumentDiff(
            from: Document("+++\n# a\n[t]\nx = 1 # x\n+++\n"),
            to: Document("+++\n# b\n[t]\nx = 1\n+++\n"))
        #expect(toml.comments.map(\.path) == [try path("t"), try path("t.x")])
        #expect(!toml.isEmpty)
    }

    @Test("in other syntaxes the same values are the same")
    func syntaxes() {
        let yaml = Document("---\na: 1\nb: [x]\n---\n")
        let toml = Document("+++\na = 1\nb = [\"x\"]\n+++\n")
        #expect(DocumentDiff(from: yaml, to: toml).keys.isEmpty)
    }

    @Test("by block, fences kept together")
    func blocks() {
        let old = Document("# A\nText one.\n\n```\na\n\nb\n```\n\nLast.\n")
        let new = Document("# A\nText two.\n\nNew.\n\n```\na\n\nb\n```\n")
        let diff = DocumentDiff(from: old, to: new)
        #expect(diff.keys.isEmpty)
        #expect(BodyBlock.blocks(of: old).map(\.line) == [1, 2, 4, 10])
        let texts = diff.body.map { change in
            switch change {
            case .added(let block): "+\(block.text)"
            case .removed(let block): "-\(block.text)"
            case .changed(let old, let new): "-\(old.text)+\(new.text)"
            }
        }
        #expect(texts == ["-Text one.\n+Text two.\n", "+New.\n", "-Last.\n"])
    }

    @Test("unreadable front matter is compared as text")
    func unreadable() {
        let diff = DocumentDiff(
            from: Document("---\na: [\n---\n"), to: Document("---\na: 1\n---\n"))
        #expect(diff.isFrontMatterUnreadable)
        #expect(diff.keys.isEmpty)
    }
}
