import Documents
import Migrations
import Testing

/// A migration of these operations.
func migration(
    _ operations: String, _ head: String = "", name: String = "0001-test"
) throws -> Migration {
    let lines = operations.split(separator: "\n").map { "  \($0)\n" }.joined()
    let text = "migration: \(name)\n\(head)operations:\n\(lines)"
    return try Migration(Array(text.utf8), named: name)
}

/// The chain of migrations of these operations, in order.
func chain(_ operations: String...) throws -> Chain { try chain(operations) }

/// The same.
func chain(_ operations: [String]) throws -> Chain {
    var files: [Chain.File] = []
    var before: String?
    for (index, text) in operations.enumerated() {
        let name = "000\(index + 1)-test"
        let lines = text.split(separator: "\n").map { "  \($0)\n" }.joined()
        let after = before.map { "after: \($0)\n" } ?? ""
        files.append(
            Chain.File(
                path: Migration.path(of: name),
                bytes: Array("migration: \(name)\n\(after)operations:\n\(lines)".utf8)))
        before = name
    }
    return try Chain(files)
}

/// What a chain makes of a document.
func run(_ chain: Chain, _ text: String, policy: Policy = Policy()) -> MigrationRunner.Outcome {
    let runner = MigrationRunner(chain, policy: policy)
    return runner.run(Document(text), at: "a.md", checksStability: true)
}

/// What operations make of a document, with every promise checked: nothing outside the keys
/// changes, it comes to rest, and the record takes it back to the byte.
func migrated(_ operations: String, _ text: String) throws -> String {
    let chain = try chain(operations)
    let outcome = run(chain, text)
    #expect(outcome.failures.map(\.message) == [])
    #expect(outcome.foreignBytes == 0)
    let isUnstable = outcome.isUnstable
    #expect(!isUnstable, "\(operations)")
    for (_, change) in outcome.changes {
        let record = MigrationRecord.Document(path: "a.md", before: "", after: "", change)
        let back = Reversal(of: record, on: outcome.document, isAsLeft: true)
        #expect(back.document.bytes == Array(text.utf8))
        // Key by key the values come back too.
        let slow = Reversal(of: record, on: outcome.document, isAsLeft: false)
        #expect(slow.kept == [])
        let old = try Document(text).readFrontMatter().value
        let new = try slow.document.readFrontMatter().value
        #expect(
            new.isEquivalent(to: old), "\(String(decoding: slow.document.bytes, as: UTF8.self))")
    }
    return String(decoding: outcome.document.bytes, as: UTF8.self)
}

/// Why operations cannot be made of a document.
func failures(_ operations: String, _ text: String) throws -> [String] {
    let outcome = run(try chain(operations), text)
    #expect(outcome.document.bytes == Array(text.utf8))
    return outcome.failures.map { "\($0.position): \($0.message)" }
}

/// The plan of a chain over documents.
func plan(_ chain: Chain, _ texts: [String], policy: Policy = Policy()) -> MigrationPlan {
    let runner = MigrationRunner(chain, policy: policy)
    var plan = MigrationPlan(runner)
    for (index, text) in texts.enumerated() {
        let document = Document(text)
        plan.add("\(index).md", document.bytes, runner.run(document, at: "\(index).md"))
    }
    return plan
}
