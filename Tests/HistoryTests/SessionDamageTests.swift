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

    /// For each length of a beginning of `journal`, how many operations are whole in it.
    private func wholeOperations(_ journal: [UInt8]) throws -> [Int] {
        var counts: [Int] = []
        var end = 16
        let records = try Journal("/journal", journal).records
        for (index, record) in records.enumerated() {
            let load = try Journal("/journal", Journal.bytes(of: Array(records[..<index])))
            let count = try Session.load(load, bounds: HistoryBounds())?.operations.count ?? 0
            let next = end + 8 + record.count
            while counts.count < next { counts.append(count) }
            end = next
        }
        return counts
    }

    @Test func everyFlippedBitLosesNothingBefore() throws {
        let repository = try TemporaryRepository()
        let (session, journal, _) = try session(repository)
        #expect(session.operations.count == 4)
        let whole = try wholeOperations(journal)
        for index in journal.indices {
            for bit in 0..<8 {
                var damaged = journal
                damaged[index] ^= 1 << UInt8(bit)
                let read = try? Journal("/journal", damaged)
                let loaded = try read.flatMap { try Session.load($0, bounds: HistoryBounds()) }
                let found = loaded?.operations ?? []
                #expect(found.count >= whole[index], "bit \(bit) of byte \(index)")
                #expect(session.operations.starts(with: found))
                if let loaded { #expect(loaded.wasDamaged) }
            }
        }
        #expect(whole.last == 3)
    }

    @Test func everyTruncationLosesNothingBefore() throws {
        let repository = try TemporaryRepository()
        let (session, journal, file) = try session(repository)
        let whole = try wholeOperations(journal)
        for length in journal.indices {
            let read = try Journal("/journal", Array(journal[..<length]))
            let found = try Session.load(read, bounds: HistoryBounds())?.operations ?? []
            #expect(found.count >= whole[length])
            #expect(session.operations.starts(with: found))
        }
        // On disk: the session goes on from there, and the torn end is kept aside.
        try FileSystem().replace(file, with: journal.dropLast(3))
        let workspace = try Workspace(in: repository.world(seed: 50))
        let report = try workspace.edit("a.md", [.replaceBody(Array("on\n".utf8))])
        #expect(report.warnings.count == 1)
        #expect(try workspace.session(of: "a.md")?.operations.count == 4)
        #expect(
            try FileSystem().status(of: file.appendingToName(".damaged-1"))?.kind == .file)
        #expect(try workspace.edit("a.md", [.replaceBody(Array("off\n".utf8))]).warnings.isEmpty)
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
