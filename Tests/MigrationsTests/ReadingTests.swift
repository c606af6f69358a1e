import Documents
import Migrations
import Testing

@Suite struct ReadingTests {
    private func problems(_ text: String, named name: String = "0002-x") -> [String] {
        do {
            _ = try Migration(Array(text.utf8), named: name)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func readsEverything() throws {
        let text = """
            migration: 0002-x
            after: 0001-y
            documents: ["content/**/*.md"]
            where: { type: post, exists: [a, b], missing: c, matches: { d: "^x+$" } }
            allow-destructive: "nobody reads it"
            operations:
              - rename: { from: a, to: b }
              - move: { from: seo.title, to: title }
              - copy: { from: title, to: og.title }
              - default: { key: status, value: draft }
              - set: { key: layout, value: { a: [1, 2] } }
              - coerce: { key: draft, to: boolean }
              - map: { key: status, values: { wip: draft, true: live } }
              - wrap: { key: author }
              - unwrap: { key: author }
              - split: { key: name, by: " ", into: [first, last] }
              - join: { keys: [first, last], with: "", into: name }
              - each: { key: authors, operations: [{ drop: { key: x } }] }
              - drop: { key: legacy_id }
              - reorder: { keys: [seo.title, seo.description] }
              - syntax: { to: toml }
              - assert: { key: title, type: string, required: true }
            """
        let migration = try Migration(Array(text.utf8), named: "0002-x")
        #expect(migration.number == 2)
        #expect(migration.after == "0001-y")
        #expect(migration.conditions.count == 5)
        #expect(migration.operations.count == 16)
        #expect(migration.operations[0].position.line == 7)
        #expect(migration.operations.map(\.isDestructiveByName).count { $0 } == 2)
    }

    @Test func namesEveryProblem() {
        let text = """
            migration: 0003-other
            documnets: ["["]
            where: { matches: { a: "(" }, matchs: [] }
            allow-destructive: true
            operations:
              - renmae: { from: a, to: b }
              - rename: { from: a, too: b }
              - coerce: { key: a, to: bool }
              - drop: { key: a..b }
              - split: { key: a, by: "", into: [b] }
              - set: { key: a }
              - assert: { key: a }
              - reorder: { keys: [a.b, c] }
              - { wrap: { key: a }, drop: { key: b } }
              - syntax: { to: tmol }
              - each: { key: a, operations: [{ nope: 1 }] }
              - rename: { from: a, to: a }
              - drop: { key: "a[0]" }
            """
        #expect(
            problems(text) == [
                "1:12: migration is '0003-other', but the file's name says '0002-x'",
                "2:1: a migration has no 'documnets'; did you mean documents?",
                "3:24: '(' is no regular expression: Unmatched ( or \\(",
                "4:20: allow-destructive takes the reason, in words",
                "6:5: there is no operation 'renmae'; did you mean rename?",
                "7:24: rename has no 'too'; did you mean to?",
                "8:27: there is no type 'bool' for coerce: string, integer, float, boolean, date, list",
                "9:18: drop: 'a..b' names no key: a key is missing",
                "10:12: by is empty",
                "11:10: set has no value",
                "12:13: assert says nothing: give a type, or required: true",
                "13:14: reorder takes keys of one map",
                "14:5: an operation is one word with its keys: rename: { from: a, to: b }",
                "15:19: there is no syntax 'tmol': yaml, toml or json",
                "16:36: there is no operation 'nope'",
                "17:13: rename: from and to are the same key",
                "18:18: drop: 'a[0]' is an item of a list, not a key",
            ])
    }

    @Test(arguments: [
        "", "# nothing\n", "migration: 0002-x\n", "- a\n", "migration: 0002-x\noperations: []\n",
    ])
    func refusesWhatDoesNothing(_ text: String) { #expect(!problems(text).isEmpty) }

    @Test(arguments: ["2-x", "0002", "0002-", "0002-X", "x", "0000-a", "0002 x"])
    func refusesNames(_ name: String) {
        #expect(Migration.number(of: name) == nil)
    }

    @Test(arguments: ["(a{100}){100}", "(a)\\1", "[", "a{2000}"])
    func refusesCostlyPatterns(_ pattern: String) {
        let quoted = pattern.replacing("\\", with: "\\\\")
        #expect(
            !problems(
                "migration: 0002-x\nwhere: { matches: { a: \"\(quoted)\" } }\n"
                    + "operations: [{ drop: { key: a } }]\n"
            ).isEmpty)
    }

    @Test func isQuickOnHostileText() throws {
        let chain = try Chain([
            .init(
                path: Migration.path(of: "0001-a"),
                bytes: Array(
                    "migration: 0001-a\nwhere: { matches: { a: \"^(a+)+$\" } }\noperations: [{ wrap: { key: a } }]\n"
                        .utf8))
        ])
        let text = "---\na: \(String(repeating: "a", count: 60_000))!\n---\n"
        #expect(run(chain, text).state == .skipped)
    }
}

@Suite struct ChainTests {
    private func problems(_ files: [(String, String?)]) -> [String] {
        do {
            _ = try Chain(
                files.map { name, after in
                    .init(
                        path: Migration.path(of: name),
                        bytes: Array(
                            "migration: \(name)\n\(after.map { "after: \($0)\n" } ?? "")operations: [{ drop: { key: a } }]\n"
                                .utf8))
                })
            return []
        } catch {
            return error.problems.map {
                "\($0.path.dropFirst(18)):\($0.position): \($0.rule.rawValue)"
            }
        }
    }

    @Test func putsInOrder() throws {
        let chain = try chain("- drop: { key: a }", "- drop: { key: b }", "- drop: { key: c }")
        #expect(chain.migrations.map(\.number) == [1, 2, 3])
        #expect(chain.migration(named: "2")?.name == "0002-test")
    }

    @Test func findsWhatDoesNotFit() {
        #expect(problems([("0001-a", nil), ("0002-b", "0001-a"), ("0002-c", "0001-a")]).count == 2)
        #expect(problems([("0001-a", nil), ("0002-b", nil)]).count == 2)
        #expect(
            problems([("0002-b", "0001-aa"), ("0003-c", "0002-b")])
                == ["0002-b.yaml:2:8: missing-predecessor"])
        #expect(
            problems([("0001-a", "0002-b"), ("0002-b", "0001-a")]).filter {
                $0.hasSuffix("migration-cycle")
            }.count == 2)
        #expect(
            problems([("0001-a", "0001-a")]) == ["0001-a.yaml:2:8: migration-cycle"])
        #expect(
            problems([("0001-a", nil), ("0001-b", "0001-a")])
                == ["0001-b.yaml:2:8: malformed-migration"])
        #expect(problems([("nonsense", nil)]).count == 1)
    }
}
