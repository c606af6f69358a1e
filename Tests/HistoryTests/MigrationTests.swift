import Documents
import Git
import Migrations
import Platform
import Synchronization
import SystemPackage
import Testing
import TestSupport

@testable import History

/// Migrations in a repository: all documents or none, recorded, and taken back.
@Suite struct MigrationTests {
    static let old = "---\n# Why.\nsummary: s  # c\nn: \"1\"\nlegacy: x\n---\nBody\n"
    static let new = "---\n# Why.\ndescription: s  # c\nn: 1\n---\nBody\n"
    static let file = """
        migration: 0001-schema
        allow-destructive: "a test"
        operations:
          - rename: { from: summary, to: description }
          - coerce: { key: n, to: integer }
          - drop: { key: legacy }

        """
    static let names = ["a.md", "docs/b.md", "docs/c.md"]

    /// A repository with three documents and a migration for them.
    private func repository() throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        for name in MigrationTests.names { try repository.write(name, MigrationTests.old) }
        try repository.write(".docvc/migrations/0001-schema.yaml", MigrationTests.file)
        try repository.git("add", ".")
        try repository.git("commit", "--quiet", "--message", "start")
        return repository
    }

    private var destructive: MigrationApplication {
        var application = MigrationApplication()
        application.allowsDestructive = true
        return application
    }

    private func texts(_ repository: TemporaryRepository) throws -> Set<String> {
        Set(try MigrationTests.names.compactMap { try repository.read($0) })
    }

    private func blockers(_ repository: TemporaryRepository) throws -> [String] {
        do {
            _ = try Workspace(in: repository.world()).applyMigration(
                MigrationRequest(nil), destructive)
            return []
        } catch MigrationError.refused(let refusals) {
            guard case .failing(let failures, _, let blockers)? = refusals.first else { return [] }
            return failures.map { "\($0.path): \($0.failure.kind)" }
                + blockers.map { "\($0.path): \($0.kind.rawValue)" }
        }
    }

    @Test func appliesAndTakesBack() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let applied = try workspace.applyMigration(MigrationRequest("1"), destructive)
        #expect(applied.save.saved.map(\.path).sorted() == MigrationTests.names)
        #expect(try texts(repository) == [MigrationTests.new])
        #expect(try repository.git("status", "--porcelain").isEmpty)
        #expect(try workspace.appliedMigrations(["0001-schema"]).count == 1)
        #expect(try workspace.recordedMigrations() == ["0001-schema"])
        let (planned, _) = try workspace.revertMigration(MigrationRequest(nil))
        #expect(planned.asLeft == 3)
        #expect(try texts(repository) == [MigrationTests.old])
        #expect(try workspace.recordedMigrations().isEmpty)
        #expect(try workspace.appliedMigrations(["0001-schema"]).isEmpty)
        #expect(try workspace.verify().findings.isEmpty)
        try repository.check()
    }

    /// A document that came later is migrated later; both go back together.
    @Test func addsToWhatWasRecorded() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.applyMigration(MigrationRequest(nil), destructive)
        try repository.write("late.md", MigrationTests.old)
        _ = try workspace.save(SaveRequest(["late.md"]))
        _ = try workspace.applyMigration(MigrationRequest(nil), destructive)
        #expect(try repository.read("late.md") == MigrationTests.new)
        #expect(try workspace.recordedMigration("0001-schema")?.count == 2)
        let (planned, _) = try workspace.revertMigration(MigrationRequest(nil))
        #expect(planned.documents == MigrationTests.names + ["late.md"].sorted())
        #expect(try repository.read("late.md") == MigrationTests.old)
        #expect(try texts(repository) == [MigrationTests.old])
    }

    /// A record has to last until all that it holds was taken back: what was dropped is nowhere
    /// else.
    @Test func keepsTheRecordUntilAllIsTakenBack() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.applyMigration(MigrationRequest(nil), destructive)
        try repository.git("mv", "a.md", "z.md")
        try repository.git("commit", "--quiet", "--message", "rename")
        let (planned, _) = try workspace.revertMigration(MigrationRequest(nil))
        #expect(planned.documents == ["docs/b.md", "docs/c.md"])
        #expect(planned.gone == [.init(path: "a.md", isReplaced: false)])
        #expect(try texts(repository) == [MigrationTests.old])
        #expect(try workspace.recordedMigrations() == ["0001-schema"])

        let before = try repository.git("rev-parse", "HEAD")
        #expect(throws: MigrationError.self) {
            try workspace.revertMigration(MigrationRequest(nil))
        }
        #expect(try repository.git("rev-parse", "HEAD") == before)
        #expect(try workspace.recordedMigrations() == ["0001-schema"])

        try repository.git("mv", "z.md", "a.md")
        try repository.git("commit", "--quiet", "--message", "back")
        _ = try workspace.revertMigration(MigrationRequest(nil))
        #expect(try texts(repository) == [MigrationTests.old])
        #expect(try workspace.recordedMigrations().isEmpty)
    }

    /// On a branch from before the migration nothing is to be taken back, and the other one
    /// needs the record still.
    @Test func keepsTheRecordOfAnotherBranch() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        try repository.git("branch", "old")
        _ = try workspace.applyMigration(MigrationRequest(nil), destructive)
        try repository.git("checkout", "--quiet", "old")
        let (planned, save) = try workspace.revertMigration(MigrationRequest(nil))
        #expect(planned.untouched == MigrationTests.names)
        #expect(save.commit == nil)
        #expect(try workspace.recordedMigrations() == ["0001-schema"])
        try repository.git("checkout", "--quiet", "main")
        _ = try workspace.revertMigration(MigrationRequest(nil))
        #expect(try texts(repository) == [MigrationTests.old])
        #expect(try workspace.recordedMigrations().isEmpty)
    }

    /// A kill between the commit and the end of the record is made good by the next revert.
    @Test func forgetsTheRecordOfWhatWasTakenBackBefore() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.applyMigration(MigrationRequest(nil), destructive)
        let reference = MigrationRecords.prefix + "0001-schema"
        let record = try repository.git("rev-parse", reference)
        _ = try workspace.revertMigration(MigrationRequest(nil))
        try repository.git("update-ref", reference, String(record.dropLast()))
        _ = try workspace.revertMigration(MigrationRequest(nil))
        #expect(try workspace.recordedMigrations().isEmpty)
    }

    /// A clone must be able to read its migrations: all of the chain is in the commit.
    @Test func commitsTheFilesBeforeToo() throws {
        let repository = try repository()
        let two = ".docvc/migrations/0002-two.yaml"
        let three = ".docvc/migrations/0003-three.yaml"
        let four = ".docvc/migrations/0004-four.yaml"
        try repository.write(
            two,
            "migration: 0002-two\nafter: 0001-schema\noperations:\n"
                + "  - default: { key: n, value: 1 }\n")
        try repository.write(
            three,
            "migration: 0003-three\nafter: 0002-two\noperations:\n  - wrap: { key: n }\n")
        try repository.write(
            four, "migration: 0004-four\nafter: 0003-three\noperations:\n  - wrap: { key: m }\n")
        let workspace = try Workspace(in: repository.world())
        let applied = try workspace.applyMigration(MigrationRequest(nil), destructive)
        #expect(applied.planned.pending.map(\.name) == ["0001-schema", "0003-three"])
        #expect(applied.save.saved.map(\.path).sorted() == [two, three] + MigrationTests.names)
        #expect(applied.save.unchanged.isEmpty)
        #expect(
            try repository.git("ls-files", ".docvc") == """
                .docvc/migrations/0001-schema.yaml
                \(two)
                \(three)

                """)
    }

    /// No link is followed, and none hides the migrations from a check.
    @Test(arguments: [
        ("mv .docvc d && ln -s d .docvc", ".docvc"),
        ("mv .docvc/migrations m && ln -s ../m .docvc/migrations", ".docvc/migrations"),
        ("rm -r .docvc/migrations && echo > .docvc/migrations", ".docvc/migrations"),
        (
            "mv .docvc/migrations/0001-schema.yaml m && ln -s ../../m"
                + " .docvc/migrations/0001-schema.yaml", ".docvc/migrations/0001-schema.yaml"
        ),
        (
            "cd .docvc/migrations && mkdir 0002-two.yaml && touch 0002-two.yaml/x",
            ".docvc/migrations/0002-two.yaml"
        ),
    ])
    func refusesWhatIsNoMigrationFile(_ command: String, _ path: String) throws {
        let repository = try repository()
        try repository.run(["sh", "-c", command])
        let workspace = try Workspace(in: repository.world())
        #expect(throws: MigrationError.self) { try workspace.listMigrations() }
        #expect(throws: MigrationError.self) {
            try workspace.planMigration(MigrationRequest(nil))
        }
        try repository.git("add", "--all")
        try repository.git("commit", "--quiet", "--message", "link")
        for view in [DocumentView.workTree, .index, .commit("HEAD")] {
            var request = CheckRequest()
            request.view = view
            let found = try workspace.check(request).findings.filter {
                $0.rule == .malformedMigration
            }
            #expect(found.map(\.path) == [path], "\(view)")
        }
    }

    @Test func refusesAPipeForAMigrationFile() throws {
        let repository = try repository()
        try repository.run(["mkfifo", ".docvc/migrations/0002-two.yaml"])
        let workspace = try Workspace(in: repository.world())
        #expect(throws: MigrationError.self) { try workspace.listMigrations() }
        let rules = try workspace.check(CheckRequest()).findings.map(\.rule)
        #expect(rules == [.malformedMigration])
    }

    @Test func namesAllThatIsInTheWayAtOnce() throws {
        let repository = try repository()
        try repository.write("a.md", MigrationTests.old + "unsaved\n")
        try repository.write("new.md", MigrationTests.old)
        try repository.write("broken.md", "---\na: [\n---\n")
        try repository.run(["chmod", "a-w", "docs/b.md"])
        try repository.run(["ln", "docs/c.md", "docs/other.txt"])
        let workspace = try Workspace(in: repository.world())
        let before = try repository.git("rev-parse", "HEAD")
        #expect(
            try blockers(repository).sorted() == [
                "a.md: modified-on-disk", "broken.md: unparsable", "docs/b.md: read-only",
                "docs/c.md: hard-linked", "new.md: untracked",
            ])
        #expect(try repository.git("rev-parse", "HEAD") == before)
        #expect(try repository.read("docs/b.md") == MigrationTests.old)
        #expect(try workspace.recordedMigrations().isEmpty)
    }

    @Test func refusesADocumentWithADraft() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.edit("a.md", [.replaceBody(Array("draft\n".utf8))])
        #expect(try blockers(repository) == ["a.md: draft"])
    }

    @Test func refusesAnotherPlan() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let planned = try workspace.planMigration(MigrationRequest(nil))
        try repository.write("docs/c.md", MigrationTests.old + "more\n")
        _ = try workspace.save(SaveRequest(["docs/c.md"]))
        var application = destructive
        application.plan = planned.hash
        #expect(throws: MigrationError.self) {
            try workspace.applyMigration(MigrationRequest(nil), application)
        }
        #expect(try repository.read("a.md") == MigrationTests.old)
    }

    /// Each call on the file system fails in turn: all documents are old, or all are new.
    @Test func everyCallThatFailsLeavesAllOrNone() throws {
        let repository = try repository()
        let start = try repository.git("rev-parse", "HEAD")
        var number: UInt64 = 0
        var isDone = false
        while !isDone {
            number += 1
            let failAt = number
            let calls = Counter(0)
            let failed = Mutex("")
            var world = repository.world(seed: number * 1_000)
            world.files.fault = { call, path in
                if call == .inspect || call == .list { return nil }
                guard calls.next() == failAt else { return nil }
                failed.withLock { $0 = "call \(failAt), \(call.rawValue) \(path)" }
                return FaultTests.reasons[Int(failAt) % FaultTests.reasons.count]
            }
            do {
                let workspace = try Workspace(in: world)
                _ = try workspace.applyMigration(MigrationRequest(nil), destructive)
                isDone = calls.next() <= failAt
            } catch is HistoryError {
            } catch is RepositoryError {
            } catch is FileError {}
            let place = failed.withLock { $0 }
            let mending = try Workspace(in: repository.world(seed: number * 1_000 + 500))
            _ = try mending.recoverInterruptedSave()
            let isApplied = try repository.git("rev-parse", "HEAD") != start
            let expected = isApplied ? MigrationTests.new : MigrationTests.old
            #expect(try texts(repository) == [expected], "at \(place)")
            if isApplied {
                #expect(try mending.recordedMigrations() == ["0001-schema"], "at \(place)")
                #expect(try repository.git("status", "--porcelain").isEmpty, "at \(place)")
            }
            try repository.check()
            try repository.git("reset", "--quiet", "--hard", String(start.dropLast()))
        }
        #expect(number > 30)
    }
}
