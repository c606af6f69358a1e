import Documents
import Merging
import Testing

/// What a strategy may answer, and what cannot stand.
@Suite struct AnswerTests {
    private struct Answer: MergeStrategy {
        let subject: String
        let text: String

        func resolve(_ question: MergeQuestion) throws -> [UInt8]? {
            question.subject.description == subject ? Array(text.utf8) : nil
        }
    }

    /// Merges two changes of the word `old` in a text, and answers one question.
    private func merge(_ base: String, _ subject: String, _ text: String) -> MergeResult {
        let options = MergeOptions(strategy: Answer(subject: subject, text: text))
        return DocumentMerge(options).merge(
            base: Array(base.utf8), ours: Array(base.replacing("old", with: "mine").utf8),
            theirs: Array(base.replacing("old", with: "yours").utf8))
    }

    private static let yaml = "---\ntitle: old\nm:\n  a: old\n  b: 1\nslug: s\n---\nBody\n"
    private static let toml = "+++\ntitle = \"old\"\nslug = \"s\"\n+++\nBody\n"

    @Test(arguments: [
        (yaml, "title", "title: H\n---\n"), (yaml, "title", "---\n"),
        (yaml, "title", "title: H\n...\n"), (yaml, "title", "foo: 1\n"),
        (yaml, "title", "title: H\nfoo: 1\n"), (yaml, "title", "# gone\n"),
        (yaml, "title", "title: H\0\n"), (yaml, "title", "title:\n- H\nslug: t\n"),
        (yaml, "m.a", "  a: 9\nq:\n"), (yaml, "m.a", "  c: 9\n"), (yaml, "m.a", "a: 9\n"),
        (toml, "title", "title = 1\n[t]\n"), (toml, "title", "title = 1\n+++\n"),
        ("---\ntitle: A\n---\nold\n", "the body", "H\0\n"),
        ("old\n", "the body", "---\na: 1\n---\n"),
    ])
    func whatChangesMoreIsNotTaken(_ base: String, _ subject: String, _ text: String) {
        let (answered, left) = (merge(base, subject, text), merge(base, "nothing", ""))
        #expect(answered.bytes == left.bytes)
        #expect(answered.conflicts == left.conflicts && !left.isClean)
        guard case .hookRefused(let about, _)? = answered.diagnostics.last else {
            return #expect(Bool(false), "\(answered.diagnostics)")
        }
        #expect(about.description == subject)
    }

    @Test(arguments: [
        (yaml, "title", "title: [H, I]\n", "title: [H, I]\n"), (yaml, "title", "", "---\nm:\n"),
        (yaml, "title", "# Why\ntitle: H\n", "---\n# Why\ntitle: H\nm:\n"),
        (yaml, "m.a", "  a:\n    c: 1\n", "m:\n  a:\n    c: 1\n  b: 1\n"),
        (yaml, "m.a", "", "m:\n  b: 1\nslug: s\n"),
        (toml, "title", "title = 'H'", "+++\ntitle = 'H'\nslug"),
        ("---\nm:\n  a: old\n---\n", "m.a", "", "---\nm:\n---\n"),
        ("---\ntitle: A\n---\nold\n", "the body", "---\nH\n---\n", "---\n---\nH\n---\n"),
    ])
    func whatSettlesItsSubjectIsTaken(
        _ base: String, _ subject: String, _ text: String, _ result: String
    ) {
        let answered = merge(base, subject, text)
        #expect(String(decoding: answered.bytes, as: UTF8.self).contains(result))
        #expect(!answered.conflicts.contains { $0.subject.description == subject })
    }

    /// One answer that cannot stand does not take the others with it.
    @Test func eachAnswerStandsAlone() {
        struct Both: MergeStrategy {
            func resolve(_ question: MergeQuestion) throws -> [UInt8]? {
                Array((question.subject.description == "title" ? "foo: 1\n" : "  a: H\n").utf8)
            }
        }
        let text = AnswerTests.yaml
        let result = DocumentMerge(MergeOptions(strategy: Both())).merge(
            base: Array(text.utf8), ours: Array(text.replacing("old", with: "mine").utf8),
            theirs: Array(text.replacing("old", with: "yours").utf8))
        #expect(result.conflicts.map(\.subject.description) == ["title"])
        #expect(String(decoding: result.bytes, as: UTF8.self).contains("  a: H\n  b: 1\n"))
    }
}
