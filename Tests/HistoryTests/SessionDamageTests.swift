import Documents
import Git
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// Journals and checkpoints that are damaged, torn, newer or gone: nothing crashes, and what
/// stands before the damage is there.
@Suite struct SessionDamageTests {
    /// A repository with a session of several operations, not all of them saved.
    private func session(
        _ repository: TemporaryRepository
    ) throws -> (session: Session, journal: [UInt8], file: FilePath) {
        let workspace = try Workspace(in: repository.world())
        try repository.write("a.md", "---\ntitle: one\n---\ntext\n")
        _ = try workspace.save(SaveRequest(["a.md"]))
        let title = try FieldPath(parsing: "title")
        for value in ["two", "three"] {
            _ = try workspace.edit("a.md", [.set(title, .guess(value))])
        }
        _ = try workspace.save(SaveRequest(["a.md"]))
        _ = try workspace.edit("a.md", [.replaceBody(Array("body\n".utf8))])
        _ = try workspace.undo("a.md")
        _ = try workspace.redo("a.md")
        _ = try workspace.edit("a.md", [.set(title, .guess("four"))])
        let session = try #require(try workspace.session(of: "a.md"))
        let file = Session.file(of: session.id, in: workspace)
        return (session, try FileSystem().read(file), file)
    }

    /// Journals of different pasts.
    enum Past: CaseIterable, Sendable { case edited, everyRecord, compacted }

    /// A journal with records of every kind; or one that was written anew, with more after it.
    private func journal(_ past: Past) throws -> [UInt8] {
        let repository = try TemporaryRepository()
        if past == .edited { return try session(repository).journal }
        var world = repository.world()
        if past == .compacted { world.environment["DOCVC_HISTORY_OPERATIONS"] = "3" }
        let workspace = try Workspace(in: world)
        let text = "---\ntitle: one\n---\ntext\n"
        try repository.write("a.md", text)
        _ = try workspace.save(SaveRequest(["a.md"]))
        let title = try FieldPath(parsing: "title")
        func edit(_ value: String) throws {
            _ = try workspace.edit("a.md", [.set(title, .guess(value))])
        }
        if past == .compacted {
            // Written anew by the last of these: 2 * 3 + 64 records are the most.
            for number in 0..<70 { try edit("t\(number)") }
        }
        // A change on disk and a commit by others, which is taken in, and merged.
        try repository.write("a.md", text + "theirs\n")
        try repository.git("commit", "--quiet", "-a", "-m", "theirs")
        var request = SaveRequest(["a.md"])
        request.onConflict = .merge
        if past == .compacted { _ = try workspace.save(request) }
        try edit("two")
        try repository.write("a.md", try #require(try repository.read("a.md")) + "again\n")
        _ = try? workspace.save(request)
        _ = try workspace.undo("a.md")
        _ = try workspace.redo("a.md")
        try edit("three")
        _ = try workspace.checkpoint("a.md")
        try edit("four")
        let id = try #require(try workspace.session(of: "a.md")).id
        return try FileSystem().read(Session.file(of: id, in: workspace))
    }

    /// The states that a journal goes through, by how many of its records are read; and for each
    /// of its bytes the record that it belongs to.
    private func states(
        _ journal: [UInt8]
    ) throws -> (states: [SessionState?], record: [Int]) {
        let records = try Journal("/journal", draft: "/draft", journal).records
        let states = try (0...records.count).map {
            try load(Journal.bytes(of: Array(records[..<$0])))?.state
        }
        let header = Journal.bytes(of: []).count
        let record =
            [Int](repeating: 0, count: header)
            + records.enumerated().flatMap { [Int](repeating: $0, count: 8 + $1.count) }
        return (states, record)
    }

    private func load(_ journal: [UInt8]) throws -> Session? {
        try Session.load(Journal("/journal", draft: "/draft", journal), bounds: HistoryBounds())
    }

    @Test func thePastsHaveEveryRecord() throws {
        var tags: Set<UInt8> = []
        for payload in try Journal("/journal", draft: "/draft", journal(.everyRecord)).records {
            tags.insert(payload[0])
        }
        #expect(tags == Set(1...7))
        // The snapshot begins where the past was cut off.
        let compacted = try #require(try load(journal(.compacted)))
        #expect(compacted.operations.first.map { $0.sequence > 60 } ?? false)
    }

    /// Exactly what stands before the damage is there; all of it, where the first line is damaged.
    @Test(arguments: Past.allCases)
    func everyFlippedByteLosesNothingBefore(_ past: Past) throws {
        let journal = try journal(past)
        let (states, record) = try states(journal)
        let header = Journal.bytes(of: []).count
        #expect(record.count == journal.count && states.count > 8)
        for index in journal.indices {
            for mask in [UInt8(1) << UInt8(index % 8), 0xff] {
                var damaged = journal
                damaged[index] ^= mask
                let loaded = try load(damaged)
                let expected = index < header ? states.last : states[record[index]]
                #expect(loaded?.state == expected, "byte \(index), mask \(mask)")
                #expect(loaded?.wasDamaged ?? true)
            }
        }
    }

    @Test(arguments: Past.allCases)
    func everyTruncationLosesNothingBefore(_ past: Past) throws {
        let journal = try journal(past)
        let (states, record) = try states(journal)
        for length in journal.indices {
            let loaded = try load(Array(journal[..<length]))
            #expect(loaded?.state == states[record[length]], "length \(length)")
        }
    }

    @Test func aSessionGoesOnBeforeTheDamage() throws {
        let repository = try TemporaryRepository()
        let (_, journal, file) = try session(repository)
        // On disk: the session goes on from there, and the torn end is kept aside.
        try FileSystem().replace(file, with: journal.dropLast(3))
        let workspace = try Workspace(in: repository.world(seed: 50))
        let report = try workspace.edit("a.md", [.replaceBody(Array("on\n".utf8))])
        #expect(damage(report.warnings) == [file.appendingToName(".damaged-1")])
        #expect(try workspace.session(of: "a.md")?.operations.count == 4)
        #expect(
            try FileSystem().status(of: file.appendingToName(".damaged-1"))?.kind == .file)
        #expect(try workspace.edit("a.md", [.replaceBody(Array("off\n".utf8))]).warnings.isEmpty)
        // The second time it is another file, also where a save finds it.
        try FileSystem().replace(file, with: FileSystem().read(file).dropLast(2))
        let saved = try workspace.save(SaveRequest(["a.md"]))
        #expect(damage(saved.warnings) == [file.appendingToName(".damaged-2")])
    }

    /// Where damaged ends were kept.
    private func damage(_ warnings: [SaveWarning]) -> [FilePath?] {
        warnings.compactMap { warning in
            if case .damagedJournal(_, let kept) = warning { kept } else { FilePath?.none }
        }
    }

    /// A kill while a journal was begun is no loss, and nothing to tell of; damage is.
    @Test(arguments: [0, 5, 16, 40])
    func whatWasNeverBegunIsNoSession(_ length: Int) throws {
        let repository = try TemporaryRepository()
        let (session, journal, file) = try session(repository)
        try FileSystem().replace(file, with: journal.prefix(length))
        let workspace = try Workspace(in: repository.world(seed: 50))
        let (_, unreadable) = try workspace.recoveryCandidates()
        #expect(unreadable.map(\.name) == (length > 16 ? ["the session \(session.id)"] : []))
        #expect(try workspace.session(of: "a.md") == nil)
        _ = try workspace.edit("a.md", [.replaceBody(Array("on\n".utf8))])
        #expect(try workspace.session(of: "a.md")?.operations.count == 1)
    }

    /// Numbers that a fetched journal may hold, and that nothing can be added to.
    @Test func numbersThatNoCountingComesToAreDamage() throws {
        let time = Timestamp(seconds: 1_700_000_000)
        let id = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        let session = try #require(ULID(RevisionTests.session))
        func operation(_ sequence: Int, at offset: Int = 0) -> SessionRecord {
            .operation(
                Operation(
                    sequence: sequence, kind: .edit, intent: "", actor: nil, source: .api,
                    time: time, before: id, after: id,
                    splices: [Splice(offset: offset, removed: [1], inserted: [])]), forgets: 0)
        }
        func saved(_ number: Int, _ sequence: Int) -> SessionRecord {
            .saved(
                .init(
                    revision: RevisionID(session: session, number: 1), commit: id, number: number,
                    sequence: sequence), head: nil)
        }
        let whole = [operation(1), saved(1, 1), .checkpointed(time)]
        for record in whole { #expect(try SessionRecord(record.payload) == record) }
        let damaged: [SessionRecord] = [
            .checkpointed(Timestamp(seconds: .min)), .checkpointed(Timestamp(seconds: .max)),
            .checkpointed(Timestamp(seconds: 0, offset: .min)),
            .checkpointed(Timestamp(seconds: 0, offset: .max)),
            operation(.max), operation(.min), operation(1, at: .max), saved(.max, 1),
            saved(1, .max), saved(-1, 1),
            .moved(sequence: .max, cursor: 0, .init(actor: nil, source: .api, time: time)),
        ]
        for record in damaged {
            #expect(throws: BadRecord.self, "\(record)") { try SessionRecord(record.payload) }
        }
    }

    @Test func newerJournalsAreNamedAndLeftAlone() throws {
        let repository = try TemporaryRepository()
        let (session, _, file) = try session(repository)
        let newer = Array("docvc journal 9\nwhat only they can read".utf8)
        try FileSystem().replace(file, with: newer)
        let workspace = try Workspace(in: repository.world(seed: 50))
        #expect(throws: HistoryError.self) { _ = try workspace.session(of: "a.md") }
        #expect(throws: HistoryError.self) {
            _ = try workspace.edit("a.md", [.replaceBody(Array("on\n".utf8))])
        }
        #expect(try FileSystem().read(file) == newer)
        let (_, unreadable) = try workspace.recoveryCandidates()
        #expect(unreadable.map(\.name) == ["the session \(session.id)"])
        // Other documents are no worse for it.
        try repository.write("b.md", "text\n")
        #expect(try workspace.save(SaveRequest(["b.md"])).saved.count == 1)
    }

    /// All of docvc's own files are gone: the checkpoint brings draft and history back.
    @Test func theCheckpointAloneIsEnough() throws {
        let repository = try TemporaryRepository()
        let (session, _, _) = try session(repository)
        _ = try Workspace(in: repository.world(seed: 40)).checkpoint("a.md")
        try FileSystem().removeTree(repository.folder.appending(".git/docvc"))
        try repository.git("gc", "--quiet", "--prune=now")
        let workspace = try Workspace(in: repository.world(seed: 50))
        #expect(try workspace.pendingRecovery() == ["a.md"])
        let found = try workspace.recoveryCandidates().candidates
        #expect(found.map(\.kind) == [.checkpoint] && found.first?.disk == .unchanged)
        let id = try #require(found.first?.id)
        #expect(id == session.id)
        let report = try workspace.recover(id)
        #expect(report.isUnsaved && report.history == session.history)
        #expect(try workspace.draft("a.md") == session.draft)
        #expect(try workspace.session(of: "a.md")?.operations == session.operations)
        #expect(try workspace.pendingRecovery().isEmpty)
        _ = try workspace.undo("a.md", steps: 4)
        _ = try workspace.redo("a.md", steps: 4)
        let saved = try workspace.save(SaveRequest(["a.md"]))
        #expect(saved.revision?.id == RevisionID(session: session.id, number: 3))
        #expect(try repository.git("for-each-ref", "refs/docvc/checkpoints").isEmpty)
    }

    @Test func theJournalAloneIsEnough() throws {
        let repository = try TemporaryRepository()
        let (session, _, _) = try session(repository)
        let workspace = try Workspace(in: repository.world(seed: 50))
        _ = try workspace.checkpoint("a.md")
        try repository.git("update-ref", "-d", "refs/docvc/checkpoints/\(session.id)")
        #expect(try workspace.draft("a.md") == session.draft)
        #expect(try workspace.recoveryCandidates().candidates.isEmpty)
        #expect(try workspace.checkpoint("a.md").isNew)
    }

    @Test func aReferenceToAMissingObjectIsNamed() throws {
        let repository = try TemporaryRepository()
        let (session, _, _) = try session(repository)
        let name = ".git/refs/docvc/kept/\(session.id)"
        try repository.write(name, String(repeating: "12", count: 20) + "\n")
        let workspace = try Workspace(in: repository.world(seed: 50))
        let found = try workspace.recoveryCandidates()
        #expect(found.candidates.isEmpty)
        #expect(found.unreadable.map(\.name) == ["refs/docvc/kept/\(session.id)"])
        #expect(try workspace.save(SaveRequest(["a.md"])).saved.count == 1)
    }
}
