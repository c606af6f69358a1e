import Documents
import Git
import Platform
import Synchronization
import SystemPackage
import Testing
import TestSupport

@testable import History

/// Each call on the file system fails in turn: either nothing was changed, or the save is
/// complete; and the next save goes through.
@Suite struct FaultTests {
    static let reasons: [Errno] = [.noSpace, .ioError, .permissionDenied, .readOnlyFileSystem]

    @Test func everyCallOfASaveFails() throws {
        try failing { repository, workspace in
            try repository.write("docs/a.md", "new\n")
            _ = try workspace.save(SaveRequest(["docs/a.md"]))
        }
    }

    @Test func everyCallOfARestoreFails() throws {
        try failing { _, workspace in
            _ = try workspace.restore("docs/a.md", from: "HEAD~1", saving: DraftSaving())
        }
    }

    @Test func everyCallOfAnEditFails() throws {
        try failing { _, workspace in
            _ = try workspace.edit(
                "docs/a.md", [.replaceBody(Array("new\n".utf8))], saving: DraftSaving())
        }
    }

    /// From some call on every one fails, as on a disk that has become read-only: what says that
    /// nothing was changed is right, and what cannot be taken back says so.
    @Test func everyCallOfASaveFailsFromOneOn() throws {
        try failing(staying: true) { repository, workspace in
            try repository.write("docs/a.md", "new\n")
            _ = try workspace.save(SaveRequest(["docs/a.md"]))
        }
    }

    /// Fails one call in turn, or where that `stays` all from it on, but for those that read.
    private func failing(
        staying stays: Bool = false,
        _ operation: (TemporaryRepository, borrowing Workspace) throws -> Void
    ) throws {
        let repository = try TemporaryRepository()
        try repository.write("docs/a.md", "one\n")
        _ = try Workspace(in: repository.world()).save(SaveRequest(["docs/a.md"]))
        try repository.write("docs/a.md", "two\n")
        _ = try Workspace(in: repository.world(seed: 2)).save(SaveRequest(["docs/a.md"]))

        var number: UInt64 = 0
        var isDone = false
        while !isDone {
            number += 1
            let before = try repository.git("rev-parse", "HEAD")
            let textBefore = try repository.read("docs/a.md")
            let calls = Counter(0)
            let failAt = number
            let reason = FaultTests.reasons[Int(number) % FaultTests.reasons.count]
            var world = repository.world(seed: number * 1_000)
            let failed = Mutex("")
            world.files.fault = { call, path in
                // Looks that fail change nothing and are many; the rest is what can break.
                if call == .inspect || call == .list { return nil }
                if stays && (call == .open || call == .read) { return nil }
                guard case let number = calls.next(), stays ? number >= failAt : number == failAt
                else { return nil }
                failed.withLock { $0 = "call \(failAt), \(call.rawValue) \(path)" }
                return reason
            }
            do {
                let workspace = try Workspace(in: world)
                try operation(repository, workspace)
                isDone = calls.next() <= failAt
            } catch HistoryError.unsettled {
                #expect(stays, "at \(failed.withLock { $0 })")
            } catch is HistoryError {
                let now = try repository.git("rev-parse", "HEAD")
                #expect(now == before, "at \(failed.withLock { $0 })")
                let text = try repository.read("docs/a.md")
                #expect(
                    text == textBefore || ["new\n", "one\n"].contains(text),
                    "at \(failed.withLock { $0 })")
            }
            // An ordinary command mends what is left.
            let mending = try Workspace(in: repository.world(seed: number * 1_000 + 500))
            _ = try mending.recoverInterruptedSave()
            let after = try repository.git("rev-parse", "HEAD")
            if after != before {
                #expect(try repository.git("rev-parse", "HEAD~1") == before)
                #expect(
                    try repository.git("status", "--porcelain").isEmpty,
                    "at \(failed.withLock { $0 })")
                #expect(try mending.verify().findings.isEmpty, "at \(failed.withLock { $0 })")
            } else {
                #expect(try repository.git("diff", "--cached", "--name-only").isEmpty)
            }
            try repository.check()
            // Back to where it began.
            try repository.git("reset", "--quiet", "--hard", String(before.dropLast()))
        }
        #expect(number > 20)
    }
}
