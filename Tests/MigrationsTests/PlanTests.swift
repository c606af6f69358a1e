import Documents
import Migrations
import Testing

@Suite struct PlanTests {
    private func classes(_ operations: String, _ values: String...) throws -> String {
        let plan = plan(try chain(operations), values.map { "---\n\($0)\n---\n" })
        return plan.rows[0].operations.map(\.classification.word).joined(separator: " ")
    }

    @Test func classifiesByTheValuesFound() throws {
        #expect(try classes("- rename: { from: a, to: b }", "a: 1") == "bijective")
        #expect(try classes("- rename: { from: a, to: b }", "c: 1") == "none")
        #expect(try classes("- drop: { key: a }", "a: 1") == "destructive")
        #expect(try classes("- drop: { key: a }", "b: 1") == "none")
        #expect(try classes("- map: { key: a, values: { x: y } }", "a: x", "a: z") == "bijective")
        #expect(try classes("- map: { key: a, values: { x: y } }", "a: x", "a: y") == "reversible")
        #expect(
            try classes("- map: { key: a, values: { x: y, z: y } }", "a: x", "a: z")
                == "reversible")
        #expect(try classes("- map: { key: a, values: { x: null } }", "a: x") == "destructive")
        #expect(
            try classes("- map: { key: a, values: { x: y } }", "a: [x, y]") == "destructive")
        #expect(try classes("- wrap: { key: a }", "a: x") == "bijective")
        #expect(try classes("- wrap: { key: a }", "a: x", "a: [x]") == "reversible")
        #expect(try classes("- coerce: { key: a, to: integer }", "a: '12'") == "reversible")
        #expect(try classes("- coerce: { key: a, to: integer }", "a: 1.5") == "destructive")
        #expect(try classes("- coerce: { key: a, to: integer }", "a: '007'") == "destructive")
        #expect(try classes("- set: { key: a, value: 1 }", "a: 2") == "reversible")
        #expect(try classes("- default: { key: a, value: 1 }", "b: 2") == "reversible")
    }

    @Test func listsEveryDistinctLoss() throws {
        let plan = plan(
            try chain("- coerce: { key: a, to: boolean }\n- drop: { key: b }"),
            ["'yes'", "'true'", "'true'", "'no'"].map { "---\na: \($0)\nb: 1\n---\n" })
        let rows = plan.rows[0].operations
        #expect(
            rows[0].losses.map { "\($0.before) -> \($0.after ?? "-") \($0.count)" }
                == ["\"true\" -> true 2", "\"yes\" -> true 1"])
        #expect(rows[1].losses.map { "\($0.before) \($0.count)" } == ["1 4"])
        #expect(plan.withoutReason.count == 1)
    }

    @Test func countsDocuments() throws {
        let plan = plan(
            try chain("- rename: { from: a, to: b }"),
            ["---\na: 1\n---\n", "---\nb: 1\n---\n", "---\na: 1\nb: 1\n---\n", "---\na: [\n---\n"])
        #expect(plan.counts.matched == 4)
        #expect(plan.counts.changed == 1)
        #expect(plan.counts.unchanged == 1)
        #expect(plan.counts.failed == 2)
        #expect(plan.collisions == 1)
        #expect(plan.unparsable == 1)
        #expect(plan.samples.count == 1)
    }

    @Test func holdsToTheConditions() throws {
        let chain = try Chain([
            .init(
                path: Migration.path(of: "0001-a"),
                bytes: Array(
                    "migration: 0001-a\nwhere: { type: post, matches: { title: \"^A\" } }\noperations: [{ set: { key: b, value: 1 } }]\n"
                        .utf8))
        ])
        func state(_ text: String) -> MigrationRunner.State {
            run(chain, "---\n\(text)\n---\n").state
        }
        #expect(state("type: post\ntitle: An A") == .changed)
        #expect(state("type: post\ntitle: The A") == .skipped)
        #expect(state("type: page\ntitle: An A") == .skipped)
        #expect(state("type: post\ntitle: [x, A]") == .changed)
    }

    @Test func goesByTheVersionKey() throws {
        let policy = try Policy(Array("version-key: schema\n".utf8))
        let chain = try chain("- set: { key: a, value: 1 }", "- rename: { from: a, to: b }")
        let new = run(chain, "---\nx: 1\n---\n", policy: policy)
        #expect(new.document.bytes == Array("---\nx: 1\nb: 1\nschema: 2\n---\n".utf8))
        #expect(run(chain, "---\nschema: 2\na: 1\n---\n", policy: policy).state == .skipped)
        let half = run(chain, "---\nschema: 1\na: 5\n---\n", policy: policy)
        #expect(half.document.bytes == Array("---\nschema: 2\nb: 5\n---\n".utf8))
    }

    /// What a document has come through is not taken for what it lacks.
    @Test func knowsWhatLaterMigrationsDid() throws {
        for operations in [
            ["- default: { key: a, value: 1 }", "- rename: { from: a, to: b }"],
            ["- default: { key: a, value: 1 }", "- drop: { key: a }"],
            ["- rename: { from: a, to: b }", "- rename: { from: b, to: a }"],
            ["- set: { key: a, value: 1 }", "- set: { key: a, value: 2 }"],
            ["- coerce: { key: a, to: string }", "- coerce: { key: a, to: integer }"],
            ["- default: { key: n, value: x y }", "- split: { key: n, by: ' ', into: [f, l] }"],
            ["- assert: { key: a, required: true, type: string }", "- move: { from: a, to: x.a }"],
            ["- wrap: { key: a }", "- unwrap: { key: a }"],
        ] {
            let chain = try chain(operations[0], operations[1])
            for text in ["---\nz: 1\na: '1'\n---\n", "---\nz: 1\na: 5\n---\n", "---\nz: 1\n---\n"] {
                let outcome = run(chain, text)
                #expect(outcome.state != .failed || operations[0].contains("assert"))
                #expect(!outcome.isUnstable, "\(operations) \(text)")
            }
        }
    }

    @Test func seesWhatDoesNotComeToRest() throws {
        let swap = try chain("- map: { key: a, values: { x: y, y: x } }")
        #expect(run(swap, "---\na: x\n---\n").isUnstable)
    }

    /// A key that a later operation makes again is not taken for the old one.
    @Test(arguments: [
        (["drop: { key: s }", "rename: { from: d, to: s }"], "s: 1\nd: 2\n", "s: 2\n"),
        (["drop: { key: s }", "rename: { from: d, to: s }"], "s: 1\n", "s: 1\n"),
        (["drop: { key: s }", "set: { key: s, value: 2 }"], "s: 1\n", "s: 2\n"),
        (
            ["drop: { key: s }", "join: { keys: [a, b], with: '-', into: s }"],
            "s: 1\na: 2\nb: 3\n", "s: 2-3\n"
        ),
        (
            ["drop: { key: s }", "split: { key: n, by: ' ', into: [f, s] }"],
            "s: 1\nn: A B\n", "f: A\ns: B\n"
        ),
        (
            ["rename: { from: t, to: n }", "default: { key: t, value: none }"], "t: 1\n",
            "n: 1\nt: none\n"
        ),
        (
            ["rename: { from: t, to: n }", "rename: { from: h, to: t }"], "t: 1\nh: 2\n",
            "n: 1\nt: 2\n"
        ),
        (
            ["move: { from: t, to: m.t }", "copy: { from: h, to: t }", "drop: { key: h }"],
            "t: 1\nh: 2\n", "t: 2\nm:\n  t: 1\n"
        ),
        (
            ["rename: { from: d, to: e }", "drop: { key: s }", "rename: { from: e, to: s }"],
            "s: 1\nd: 2\n", "s: 2\n"
        ),
        (
            ["each: { key: l, operations: [drop: { key: s }, rename: { from: d, to: s }] }"],
            "l:\n  - s: 1\n    d: 2\n  - s: 3\n", "l:\n  - s: 2\n  - s: 3\n"
        ),
    ])
    func knowsAKeyThatIsMadeAgain(_ steps: [String], _ text: String, _ wanted: String) throws {
        for chain in [
            try chain(steps.map { "- \($0)" }.joined(separator: "\n")),
            try chain(steps.map { "- \($0)" }),
        ] {
            let once = run(chain, "---\n\(text)---\n")
            #expect(once.failures.map(\.message) == [])
            let document = once.document.bytes
            let result = try Document(document).readFrontMatter().value
            let expected = try Document("---\n\(wanted)---\n").readFrontMatter().value
            #expect(
                result.isEquivalent(to: expected), "\(String(decoding: document, as: UTF8.self))")
            let isUnstable = once.isUnstable
            #expect(!isUnstable)
            let again = run(chain, String(decoding: document, as: UTF8.self))
            #expect(again.state == .unchanged)
        }
    }

    /// Where a document cannot tell that, the migrations are refused; a version tells it.
    @Test(arguments: [
        (["drop: { key: s }", "default: { key: s, value: 1 }"], "z: 1\n"),
        (["drop: { key: s }", "copy: { from: d, to: s }"], "z: 1\n"),
        (
            [
                "rename: { from: a, to: t }", "rename: { from: b, to: a }",
                "rename: { from: t, to: b }",
            ],
            "a: 1\nb: 2\n"
        ),
        (["rename: { from: t, to: n }", "default: { key: t, value: none }"], "z: 1\n"),
        (["rename: { from: t, to: n }", "rename: { from: h, to: t }"], "h: 1\n"),
        (
            ["each: { key: l, operations: [drop: { key: s }, default: { key: s, value: 1 }] }"],
            "l:\n  - s: 2\n"
        ),
    ])
    func refusesWhatNoDocumentCanTell(_ steps: [String], _ text: String) throws {
        let chain = try chain(steps.map { "- \($0)" })
        let outcome = run(chain, "---\n\(text)---\n")
        #expect(outcome.failures.map(\.kind) == [.uncertain])
        #expect(outcome.failures[0].message.contains("version-key"))
        #expect(outcome.document.bytes == Array("---\n\(text)---\n".utf8))
        // Once, and not for each document, where the fault is in the migrations.
        if outcome.failures[0].file != nil {
            let refused = plan(chain, ["---\n\(text)---\n", "---\n\(text)---\n"])
            #expect(refused.counts.failed == 2)
            #expect(refused.failureCount == 1)
        }

        let policy = try Policy(Array("version-key: schema\n".utf8))
        let versioned = run(chain, "---\n\(text)---\n", policy: policy)
        #expect(versioned.failures.map(\.message) == [])
        #expect(versioned.state == .changed)
        let result = String(decoding: versioned.document.bytes, as: UTF8.self)
        #expect(run(chain, result, policy: policy).state == .skipped)
    }

    /// A document that one of the two is not for is not concerned.
    @Test func aRivalDecidesOnlyForItsDocuments() throws {
        let chain = try Chain([
            .init(
                path: Migration.path(of: "0001-a"),
                bytes: Array("migration: 0001-a\noperations:\n  - drop: { key: s }\n".utf8)),
            .init(
                path: Migration.path(of: "0002-b"),
                bytes: Array(
                    "migration: 0002-b\nafter: 0001-a\ndocuments: ['p/*.md']\noperations:\n  - default: { key: s, value: 1 }\n"
                        .utf8)),
        ])
        let runner = MigrationRunner(chain, policy: Policy())
        let other = runner.run(Document("---\ns: 2\nz: 1\n---\n"), at: "a.md")
        #expect(String(decoding: other.document.bytes, as: UTF8.self) == "---\nz: 1\n---\n")
        let both = runner.run(Document("---\ns: 2\nz: 1\n---\n"), at: "p/a.md")
        #expect(both.failures.map(\.kind) == [.uncertain])
        #expect(both.failures.map(\.file) == [".docvc/migrations/0001-a.yaml"])
    }

    @Test func waitsForTheMigrationBefore() throws {
        let chain = try chain("- rename: { from: a, to: b }", "- wrap: { key: b }")
        let second = try #require(chain.migration(named: "2"))
        let runner = MigrationRunner(chain, only: second, policy: Policy())
        #expect(runner.run(Document("---\na: 1\n---\n"), at: "a.md").pendingBefore == "0001-test")
        #expect(runner.run(Document("---\nb: 1\n---\n"), at: "a.md").pendingBefore == nil)
    }

    /// A later migration is not taken for one that is for no document.
    @Test func countsWhatFailsBeforeAsFailing() throws {
        let plan = plan(
            try chain("- coerce: { key: n, to: integer }", "- drop: { key: x }"),
            ["---\nn: many\nx: 1\n---\n"])
        #expect(plan.rows.map(\.counts.matched) == [1, 1])
        #expect(plan.rows.map(\.counts.failed) == [1, 1])
        #expect(plan.counts.failed == 1)
        #expect(plan.failureCount == 1)
    }

    /// Operations in order, and what they come to; once more they change nothing.
    @Test(arguments: [
        (["rename: { from: a, to: b }", "drop: { key: b }"], "a: 1\nz: 1\n", "z: 1\n"),
        (
            ["coerce: { key: d, to: date }", "wrap: { key: d }"], "d: 2024/1/2\n",
            "d:\n  - 2024-01-02\n"
        ),
        (
            ["coerce: { key: f, to: boolean }", "coerce: { key: f, to: string }"], "f: yes\n",
            "f: \"true\"\n"
        ),
        (
            ["coerce: { key: n, to: integer }", "coerce: { key: n, to: string }"], "n: '007'\n",
            "n: \"7\"\n"
        ),
        (["split: { key: n, by: ' ', into: [f, l] }", "drop: { key: f }"], "n: A B\n", "l: B\n"),
        (
            ["join: { keys: [a, b], with: ' ', into: c }", "drop: { key: c }"],
            "a: 1\nb: 2\nz: 1\n", "z: 1\n"
        ),
        (["move: { from: x, to: m.x }", "drop: { key: m }"], "x: 1\nz: 1\n", "z: 1\n"),
        (
            ["reorder: { keys: [a] }", "reorder: { keys: [b] }"], "x: 1\na: 1\nb: 1\n",
            "b: 1\na: 1\nx: 1\n"
        ),
        (
            ["default: { key: s, value: 1 }", "rename: { from: s, to: t }"], "z: 1\n",
            "z: 1\nt: 1\n"
        ),
        (["default: { key: s, value: 1 }", "drop: { key: s }"], "z: 1\n", "z: 1\n"),
        (["wrap: { key: a }", "unwrap: { key: a }"], "a: 1\n", "a: 1\n"),
    ])
    func doesWhatLaterOperationsNeed(_ steps: [String], _ text: String, _ wanted: String) throws {
        let document = "---\n\(text)---\n"
        for chain in [
            try chain(steps.map { "- \($0)" }.joined(separator: "\n")),
            try chain(steps.map { "- \($0)" }),
        ] {
            let once = run(chain, document)
            #expect(once.failures.map(\.message) == [])
            #expect(String(decoding: once.document.bytes, as: UTF8.self) == "---\n\(wanted)---\n")
            let again = run(chain, "---\n\(wanted)---\n")
            #expect(again.state == .unchanged)
            let isUnstable = once.isUnstable
            #expect(!isUnstable)
        }
    }

    /// What may have been done already excuses no other operation.
    @Test func failsForAnOperationBeforeOneThatMayBeDone() throws {
        let operations =
            "- coerce: { key: t.m, to: float }\n- coerce: { key: t, to: list }\n- wrap: { key: t }"
        #expect(
            try failures(operations, "+++\nt = { m = \"007\" }\n+++\n")
                == ["2:11: t.m: '007.0' cannot be written as a float in TOML"])
    }

    /// A later migration that is not for a document decides nothing about it.
    @Test(arguments: ["documents: ['s/*.md']\n", "where: { type: page }\n"])
    func laterMigrationsDecideOnlyForTheirDocuments(_ head: String) throws {
        let first =
            "- set: { key: layout, value: post }\n- default: { key: status, value: draft }\n"
            + "- rename: { from: kind, to: sort }"
        let second =
            "- set: { key: layout, value: special }\n- drop: { key: status }\n"
            + "- rename: { from: sort, to: kind }"
        let chain = try Chain([
            .init(
                path: Migration.path(of: "0001-a"),
                bytes: Array("migration: 0001-a\noperations:\n\(first)\n".utf8)),
            .init(
                path: Migration.path(of: "0002-b"),
                bytes: Array(
                    "migration: 0002-b\nafter: 0001-a\n\(head)operations:\n\(second)\n".utf8)),
        ])
        let runner = MigrationRunner(chain, policy: Policy())
        let document = Document("---\ntype: post\nkind: x\n---\n")
        let outcome = runner.run(document, at: "n/a.md")
        #expect(
            String(decoding: outcome.document.bytes, as: UTF8.self)
                == "---\ntype: post\nsort: x\nlayout: post\nstatus: draft\n---\n")
        let page = runner.run(Document("---\ntype: page\nkind: x\n---\n"), at: "s/b.md")
        #expect(
            String(decoding: page.document.bytes, as: UTF8.self)
                == "---\ntype: page\nkind: x\nlayout: special\n---\n")
    }
}
