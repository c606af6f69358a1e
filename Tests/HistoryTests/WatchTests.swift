import Documents
import Git
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// Watching what other programs write, in real folders.
@Suite struct WatchTests {
    /// A repository whose document `a.md` is committed, with a workspace and a watcher.
    private struct Watched: ~Copyable {
        let repository: TemporaryRepository
        var workspace: Workspace
        var watcher: DocumentWatcher
        var news: [DocumentWatcher.News] = []

        init(
            _ paths: [String] = [], settings: [String: String] = [:],
            prepare: (TemporaryRepository) throws -> Void = { _ in }
        ) throws {
            let repository = try TemporaryRepository()
            try repository.write("a.md", "one\n")
            try repository.git("add", ".")
            try repository.git("commit", "--quiet", "-m", "start")
            try prepare(repository)
            for (name, value) in settings { try repository.git("config", name, value) }
            let workspace = try Workspace(in: repository.world())
            watcher = try workspace.watcher(of: paths)
            self.workspace = workspace
            self.repository = repository
        }

        /// Makes steps until `isDone`, at most for long.
        mutating func run(
            until isDone: (borrowing Workspace, [DocumentWatcher.News]) throws -> Bool,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let deadline = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < deadline {
                news += try watcher.step(in: workspace)
                if try isDone(workspace, news) { return }
                Readiness.wait(
                    for: [watcher.descriptor], atMost: min(watcher.nextStep - .now, .seconds(1)))
            }
            Issue.record("it did not happen", sourceLocation: sourceLocation)
        }

        /// Makes steps until the draft of the document is `text`.
        mutating func run(
            until path: String, is text: String?, sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            try run(
                until: { workspace, _ in
                    guard let session = try Session.find(path, asked: nil, in: workspace) else {
                        return false
                    }
                    return session.draft.map { String(decoding: $0, as: UTF8.self) } == text
                        && (text != nil || session.isOnDisk)
                }, sourceLocation: sourceLocation)
        }

        /// Makes steps until there is nothing more to do for a while.
        mutating func settle() throws {
            let end = ContinuousClock.now + .milliseconds(600)
            while ContinuousClock.now < end {
                news += try watcher.step(in: workspace)
                Readiness.wait(for: [watcher.descriptor], atMost: .milliseconds(30))
            }
        }

        func operations(_ path: String) throws -> [String] {
            try Session.find(path, asked: nil, in: workspace)?.operations.map {
                "\($0.kind.rawValue): \($0.intent)"
            } ?? []
        }
    }

    /// In place, in place in several writes, by rename, by a backup and a new file, as vim does
    /// with `backupcopy=no`.
    @Test func editorsOfEveryKindAreSeen() throws {
        var watched = try Watched()
        let repository = watched.repository
        try repository.write("a.md", "in place\n")
        try watched.run(until: "a.md", is: "in place\n")
        try repository.run([
            "sh", "-c",
            "{ printf 'a\\n'; sleep 0.1; printf 'b\\n'; sleep 0.1; printf 'c\\n'; } > a.md",
        ])
        try watched.run(until: "a.md", is: "a\nb\nc\n")
        try repository.replace("a.md", "by rename\n")
        try watched.run(until: "a.md", is: "by rename\n")
        try repository.run(
            [
                "sh", "-c",
                "mv a.md a.md~; printf 'as vim\\n' > a.md; rm a.md~; : > .a.md.swp; ln -s x '.#a.md'; rm '.#a.md'",
            ])
        try watched.run(until: "a.md", is: "as vim\n")
        try watched.settle()
        // Each was one operation, however it was written; and each can be undone.
        #expect(
            try watched.operations("a.md")
                == [String](repeating: "external: changed on disk", count: 4))
        let draft = try watched.workspace.undo("a.md", steps: 4)
        #expect(draft.history.undoDepth == 0)
        #expect(try watched.workspace.draft("a.md") == Array("one\n".utf8))
        #expect(try watched.workspace.status(of: []).map(\.path) == ["a.md"])
    }

    @Test func operationsAreTheWatchers() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        var overrides = Settings.Overrides()
        overrides.source = "watch"
        let workspace = try Workspace(in: repository.world(), overrides: overrides)
        _ = try workspace.observe("a.md", timeout: .zero)
        try repository.write("a.md", "two\n")
        let seen = try workspace.observe("a.md", timeout: .zero)
        #expect(seen.operation?.source == .watch)
        #expect(seen.operation?.actor == nil)
        #expect(seen.operation?.kind == .external)
    }

    @Test func foldersComeAndGo() throws {
        var watched = try Watched()
        let repository = watched.repository
        try repository.write("new/deep/b.md", "b\n")
        try watched.run(until: "new/deep/b.md", is: "b\n")
        try repository.write("new/deep/b.md", "b2\n")
        try watched.run(until: "new/deep/b.md", is: "b2\n")
        try repository.run(["mv", "new", "newer"])
        try watched.run(until: "newer/deep/b.md", is: "b2\n")
        try watched.run(until: "new/deep/b.md", is: nil)
        try repository.write("newer/deep/b.md", "b3\n")
        try watched.run(until: "newer/deep/b.md", is: "b3\n")
        try repository.run(["rm", "-r", "newer"])
        try watched.run(until: "newer/deep/b.md", is: nil)
        #expect(watched.watcher.folderCount == 1)
        // The text is still there for those who want it back.
        _ = try watched.workspace.undo("newer/deep/b.md")
        #expect(try watched.workspace.draft("newer/deep/b.md") == Array("b3\n".utf8))
    }

    @Test func whatIsIgnoredIsLeftAlone() throws {
        var watched = try Watched { repository in
            try repository.write(".gitignore", "ignored\nsecret.md\n")
            try repository.write("ignored/c.md", "c\n")
            try repository.write("inner/d.md", "d\n")
            try repository.run(["git", "init", "--quiet", "inner"])
        }
        let repository = watched.repository
        for name in [
            "ignored/c.md", "ignored/new/c.md", "secret.md", "inner/d.md", "text.txt", ".git/x.md",
        ] {
            try repository.write(name, "changed\n")
        }
        try repository.run(["ln", "-s", "/etc/passwd", "link.md"])
        // A document that a link replaces is not followed.
        try repository.run(["ln", "-sf", "/etc/passwd", "a.md"])
        try repository.write("b.md", "last\n")
        try watched.run(until: "b.md", is: "last\n")
        try watched.settle()
        #expect(watched.watcher.folderCount == 1)
        for name in ["ignored/c.md", "secret.md", "inner/d.md", "text.txt", "link.md", "a.md"] {
            #expect(try Session.find(name, asked: nil, in: watched.workspace) == nil, "\(name)")
        }
        // What is no longer ignored is watched.
        try repository.write(".gitignore", "")
        try watched.run(until: "ignored/c.md", is: "changed\n")
    }

    @Test func namedDocumentsAndFoldersOnly() throws {
        var watched = try Watched(["notes.txt", "docs", "deep/er/x.md"]) { repository in
            try repository.write("notes.txt", "n\n")
            try repository.write("docs/b.md", "b\n")
            try repository.write("other/c.md", "c\n")
        }
        let repository = watched.repository
        try repository.write("a.md", "changed\n")
        try repository.write("other/c.md", "changed\n")
        try repository.write("notes.txt", "n2\n")
        try repository.write("docs/b.md", "b2\n")
        try watched.run(until: "notes.txt", is: "n2\n")
        try watched.run(until: "docs/b.md", is: "b2\n")
        // The folders of a document may come later.
        try repository.write("deep/er/x.md", "x\n")
        try watched.run(until: "deep/er/x.md", is: "x\n")
        try watched.settle()
        for name in ["a.md", "other/c.md"] {
            #expect(try Session.find(name, asked: nil, in: watched.workspace) == nil, "\(name)")
        }
    }

    @Test func whatChangedBeforeIsSeenAtTheStart() throws {
        var watched = try Watched { try $0.write("a.md", "before\n") }
        try watched.run(until: "a.md", is: "before\n")
        #expect(try watched.operations("a.md") == ["external: changed on disk"])
    }

    /// A draft that is not saved is not overwritten, nor is the disk; it is told once.
    @Test func divergenceIsTold() throws {
        var watched = try Watched()
        let edit = Edit.replaceText(find: Array("one".utf8), with: Array("draft".utf8), all: false)
        _ = try watched.workspace.edit("a.md", [edit])
        try watched.repository.write("a.md", "disk\n")
        try watched.run(until: { _, news in
            news.contains {
                if case .observed(let seen) = $0 {
                    seen.divergence?.kind == .modifiedOnDisk
                } else {
                    false
                }
            }
        })
        try watched.repository.run(["touch", "a.md"])
        try watched.repository.write("a.md", "disk\n")
        try watched.settle()
        let told = try watched.workspace.eventLog.events().filter { $0.event == .diverged }
        #expect(told.count == 1)
        #expect(try watched.workspace.draft("a.md") == Array("draft\n".utf8))
        #expect(try watched.repository.read("a.md") == "disk\n")
    }

    /// A save by another command meanwhile is no change of another program's.
    @Test func savesAreNotSeenAsChanges() throws {
        var watched = try Watched()
        let edit = Edit.replaceText(find: Array("one".utf8), with: Array("saved".utf8), all: false)
        let other = try Workspace(in: watched.repository.world(seed: 9))
        _ = try other.edit("a.md", [edit], saving: DraftSaving())
        try watched.settle()
        #expect(try watched.operations("a.md") == ["body: replace text in body"])
        #expect(try watched.repository.git("status", "--porcelain").isEmpty)
    }

    /// What Git checks out is no edit of a document that has no session.
    @Test func checkoutsAreNoEdits() throws {
        var watched = try Watched { repository in
            try repository.git("checkout", "--quiet", "-b", "other")
            try repository.write("a.md", "other\n")
            try repository.git("commit", "--quiet", "-am", "other")
        }
        try watched.repository.git("checkout", "--quiet", "main")
        try watched.settle()
        #expect(try Session.find("a.md", asked: nil, in: watched.workspace) == nil)
    }

    // MARK: Checkpoints

    @Test func checkpointsAreTaken() throws {
        // None comes of the time that this takes.
        var watched = try Watched(settings: [
            "docvc.checkpoint.bytes": "100", "docvc.checkpoint.interval": "10d",
        ])
        let repository = watched.repository
        func checkpoints() throws -> Int {
            try repository.git("for-each-ref", "refs/docvc/checkpoints").split(separator: "\n")
                .count
        }
        try repository.write("a.md", "small\n")
        try watched.run(until: "a.md", is: "small\n")
        #expect(try checkpoints() == 0)
        try repository.write("a.md", String(repeating: "large ", count: 100))
        try watched.run(until: { _, _ in try checkpoints() == 1 })
        try repository.write("b.md", "small\n")
        try watched.run(until: "b.md", is: "small\n")
        let news = try watched.watcher.finish(in: watched.workspace)
        #expect(news.count == 1)
        #expect(try checkpoints() == 2)
    }

    @Test func timersTakeCheckpoints() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        var world = repository.world()
        // The test's clock goes its own way; the watcher's timer does not.
        world.now = { Timestamp(seconds: 1_790_000_000) }
        world.environment["DOCVC_CHECKPOINT_INTERVAL"] = "1s"
        let workspace = try Workspace(in: world)
        var watcher = try workspace.watcher(of: [])
        try repository.write("a.md", "two\n")
        var found = false
        let deadline = ContinuousClock.now + .seconds(60)
        while !found, ContinuousClock.now < deadline {
            for case .checkpointed(let report) in try watcher.step(in: workspace) {
                found = report.path == "a.md"
            }
            Readiness.wait(for: [watcher.descriptor], atMost: watcher.nextStep - .now)
        }
        #expect(found)
    }

    // MARK: Limits

    @Test func aSecondWatcherIsRefused() throws {
        let watched = try Watched()
        let other = try Workspace(in: watched.repository.world())
        let error = #expect(throws: HistoryError.self) { _ = try other.watcher(of: []) }
        guard case .watched(let holder)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(holder.contains("process"))
        let repository = watched.repository
        _ = consume watched
        _ = try other.watcher(of: [])
        try repository.check()
    }

    @Test func theLimitOfTheSystemIsNamed() throws {
        let repository = try TemporaryRepository()
        var world = repository.world()
        world.files = FileSystem { call, path in
            call == .watch && path.lastComponent?.string == "work" ? .noSpace : nil
        }
        let workspace = try Workspace(in: world)
        let error = #expect(throws: HistoryError.self) { _ = try workspace.watcher(of: []) }
        guard case .watchLimit("fs.inotify.max_user_watches")? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// More than the kernel's queue holds: nothing is missed.
    @Test func overflowIsMadeUpFor() throws {
        var watched = try Watched { try $0.write("z.md", "z\n") }
        try watched.settle()
        let repository = watched.repository
        let limit =
            try Int(repository.run(["cat", "/proc/sys/fs/inotify/max_queued_events"]).dropLast())
            ?? 0
        guard limit > 0, limit <= 20_000 else { return }
        try repository.run(
            [
                "sh", "-c",
                "i=0; while [ $i -lt \(limit / 2 + 2) ]; do : > x; : > y; i=$((i + 1)); done",
            ])
        try repository.write("z.md", "after\n")
        try repository.write("folder/n.md", "n\n")
        try watched.run(until: "z.md", is: "after\n")
        try watched.run(until: "folder/n.md", is: "n\n")
        #expect(watched.news.contains { if case .lostNotices = $0 { true } else { false } })
        #expect(watched.watcher.folderCount == 2)
    }

    @Test func manyFoldersAreWatched() throws {
        let watched = try Watched { repository in
            try repository.run(["sh", "-c", "mkdir -p $(seq -f 'd/%.0f/e' 1 200)"])
        }
        #expect(watched.watcher.folderCount == 402)
    }

    @Test func quietPeriodsEnd() {
        let start = ContinuousClock.now
        var period = QuietPeriod(.unfinished, at: start)
        #expect(period.end == start + .milliseconds(300))
        period.extend(.finished, at: start + .milliseconds(100))
        #expect(period.end == start + .milliseconds(150))
        for step in 1...100 { period.extend(.unfinished, at: start + .milliseconds(100 * step)) }
        #expect(period.end == start + .seconds(2))
    }
}
