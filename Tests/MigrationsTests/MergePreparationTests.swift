import Documents
import Migrations
import Testing

@Suite struct MergePreparationTests {
    private static let old = "---\nsummary: s\ndraft: 'yes'\nx: 1\n---\nBody\n"
    private static let new = "---\ndescription: s\ndraft: true\nx: 1\n---\nBody\n"

    private func prepared(_ base: String, _ ours: String, _ theirs: String) throws -> [String] {
        let chain = try chain(
            "- rename: { from: summary, to: description }\n- coerce: { key: draft, to: boolean }")
        let result = MergePreparation(
            base: Array(base.utf8), ours: Array(ours.utf8), theirs: Array(theirs.utf8),
            at: "a.md", by: MigrationRunner(chain, policy: Policy()))
        return [result.base, result.ours, result.theirs].map { String(decoding: $0, as: UTF8.self) }
            + result.applied
    }

    @Test func migratesTheOlderSide() throws {
        let (old, new) = (MergePreparationTests.old, MergePreparationTests.new)
        let edited = old.replacing("x: 1", with: "x: 2").replacing("summary: s", with: "summary: t")
        let ahead = new.replacing("x: 1", with: "x: 2").replacing(
            "description: s", with: "description: t")
        #expect(try prepared(old, new, edited) == [new, new, ahead, "0001-test"])
        #expect(try prepared(old, edited, new) == [new, ahead, new, "0001-test"])
    }

    /// What both sides made of an old key is not what both have added.
    @Test func migratesABaseThatBothSidesLeftBehind() throws {
        let (old, new) = (MergePreparationTests.old, MergePreparationTests.new)
        let edited = new.replacing("description: s", with: "description: t")
        #expect(try prepared(old, new, edited) == [new, new, edited, "0001-test"])
    }

    /// What was edited is not dropped, cut or written over by a migration that nobody ran on it.
    @Test(arguments: [
        ("coerce: { key: n, to: integer }", "n: 1.0", "n: 1", "n: 2.7"),
        ("drop: { key: n }", "n: 1", "", "n: 2"),
        ("set: { key: n, value: post }", "n: page", "n: post", "n: custom"),
        (
            "drop: { key: n }", "n: \(String(repeating: "long ", count: 30))1", "",
            "n: \(String(repeating: "long ", count: 30))2"
        ),
    ])
    func losesNoEdit(_ operation: String, _ old: String, _ new: String, _ edit: String) throws {
        func prepared(_ ours: String, _ theirs: String) throws -> [String] {
            let texts = [old, ours, theirs].map { Array("---\nx: 1\n\($0)\n---\n".utf8) }
            let runner = MigrationRunner(try chain("- \(operation)"), policy: Policy())
            return MergePreparation(
                base: texts[0], ours: texts[1], theirs: texts[2], at: "a.md", by: runner
            ).applied
        }
        #expect(try prepared(new, edit) == [])
        #expect(try prepared(edit, new) == [])
        // A long value is not compared to its end.
        #expect(try prepared(new, old) == (old.count < 80 ? ["0001-test"] : []))
    }

    @Test func leavesOthersAlone() throws {
        let (old, new) = (MergePreparationTests.old, MergePreparationTests.new)
        // Both are old, or one cannot be migrated.
        #expect(try prepared(old, old, old + "more\n") == [old, old, old + "more\n"])
        let stuck = old.replacing("'yes'", with: "perhaps")
        #expect(try prepared(old, new, stuck) == [old, new, stuck])
        #expect(try prepared("", new, old) == ["", new, new, "0001-test"])
    }
}
