import Documents
import Git
import Platform
import Synchronization
import SystemPackage
import Testing
import TestSupport

@testable import History

/// What is told of operations, and how it reaches other processes.
@Suite struct EventTests {
    private func repository() throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "---\ntitle: Old\n---\nbody\n")
        return repository
    }

    private func setTitle(_ value: String) throws -> Edit {
        .set(try FieldPath(parsing: "title"), .guess(value))
    }

    private func names(_ events: [Event]) -> [String] { events.map(\.event.rawValue) }

    private func log(_ repository: TemporaryRepository) -> EventLog {
        EventLog(in: repository.folder, world: repository.world())
    }

    private func event(_ number: Int, padding: Int = 0) -> Event {
        .migrated(
            "a.md", nil, by: "m\(number)" + String(repeating: "x", count: padding),
            at: Timestamp(seconds: 1))
    }

    // MARK: Operations

    @Test func operationsTellOfThemselves() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let log = workspace.eventLog
        func new(_ expected: String..., sourceLocation: SourceLocation = #_sourceLocation) throws
            -> [Event]
        {
            let events = try log.events(after: seen)
            seen += events.count
            #expect(names(events) == expected, sourceLocation: sourceLocation)
            return events
        }
        var seen = 0
        _ = try workspace.edit("a.md", [setTitle("New")])
        let edited = try new("opened", "edited", "history-state")
        #expect(edited.map(\.sequence) == [1, 2, 3])
        #expect(edited[1].operation?.intent == "set title")
        #expect(edited[1].operation?.how == "made")
        #expect(edited[2].history?.undoDepth == 1)
        _ = try workspace.undo("a.md")
        #expect(try new("edited", "history-state")[0].operation?.how == "undone")
        _ = try workspace.redo("a.md")
        #expect(try new("edited", "history-state")[1].history?.canRedo == false)
        let checkpoint = try workspace.checkpoint("a.md")
        #expect(try new("checkpointed")[0].tree == checkpoint.tree?.hex)
        let report = try workspace.save(SaveRequest(["a.md"]))
        let saved = try new("saved")[0]
        #expect(saved.revision == report.revision?.id.description)
        #expect(saved.commit == report.commit?.hex)
        #expect(saved.blob == report.saved.first?.blob?.hex)
        _ = try workspace.edit("a.md", [setTitle("Third")], saving: DraftSaving())
        _ = try new("edited", "history-state", "saved")
        // Another program's change is an operation too.
        try repository.write("a.md", "other\n")
        _ = try workspace.save(SaveRequest(["a.md"]))
        #expect(try new("edited", "saved", "history-state")[0].operation?.kind == "external")
        // What changes nothing tells of nothing.
        _ = try workspace.save(SaveRequest(["a.md"]))
        _ = try new()
    }

    /// What was refused and taken back is not told of; that it diverged is.
    @Test func refusedSavesTellOfTheDivergence() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.edit("a.md", [setTitle("New")])
        try repository.write("a.md", "other\n")
        let seen = try workspace.eventLog.events().count
        #expect(throws: HistoryError.self) {
            try workspace.edit("a.md", [setTitle("Newer")], saving: DraftSaving())
        }
        let events = try workspace.eventLog.events(after: seen)
        #expect(names(events) == ["diverged"])
        #expect(events.first?.divergence?.kind == "modified-on-disk")
        #expect(events.first?.session != nil)
    }

    /// The handler is called when the lock is free: it may use docvc itself.
    @Test func handlersMayGoOn() throws {
        let repository = try repository()
        var workspace = try Workspace(in: repository.world())
        let told = Mutex<[String]>([])
        workspace.onEvent = { event in
            told.withLock { $0.append(event.event.rawValue) }
            guard event.event == .edited else { return }
            var world = repository.world()
            world.environment["DOCVC_LOCK_TIMEOUT"] = "0"
            #expect(throws: Never.self) {
                try Workspace(in: world).checkpoint("a.md").isNew
            }
        }
        _ = try workspace.edit("a.md", [setTitle("New")])
        #expect(told.withLock { $0 } == ["opened", "edited", "history-state"])
    }

    // MARK: The log

    @Test func linesAreObjects() throws {
        let repository = try repository()
        _ = try log(repository).append([event(1), event(2)])
        let text = try #require(try repository.read("events.ndjson"))
        let expected =
            #"{"event":"migrated","migration":"m1","path":"a.md","schema":"docvc.event/1","#
            + #""sequence":1,"time":"1970-01-01T00:00:01+00:00"}"# + "\n"
        #expect(text.hasPrefix(expected))
        #expect(try log(repository).events().map(\.migration) == ["m1", "m2"])
    }

    /// A full log is put aside, with its numbers going on; a reader misses nothing that is still
    /// there, and reads nothing twice.
    @Test func rotationIsSurvived() throws {
        let repository = try repository()
        var log = log(repository)
        log.limit = 2_000
        var reader = EventReader(log, after: 0)
        var seen: [Int] = []
        for number in 1...200 {
            _ = try log.append([event(number, padding: number)])
            if number % 3 == 0 { seen += try reader.next().map(\.sequence) }
            for name in ["events.ndjson", "events.ndjson.1"] {
                let status = try FileSystem().status(of: repository.folder.appending(name))
                #expect(status?.size ?? 0 <= 2_000)
            }
        }
        seen += try reader.next().map(\.sequence)
        #expect(seen == Array(1...200))
        let kept = try log.events().map(\.sequence)
        #expect(kept.last == 200 && kept.count > 5 && kept == Array(kept[0]...200))
        // The numbers go on when the newer file is gone.
        try FileSystem().remove(log.file)
        let next = try log.append([event(0)])[0].sequence
        #expect(next > kept[0] && next <= 201)
    }

    /// A line that a kill tore is passed over, and damages no other.
    @Test func tornLinesSayNothing() throws {
        let repository = try repository()
        let log = log(repository)
        _ = try log.append([event(1)])
        let whole = try FileSystem().read(log.file)
        for length in 1..<whole.count {
            try repository.write("events.ndjson", whole + whole[..<length])
            _ = try log.append([event(2)])
            let numbers = try log.events().map(\.sequence)
            #expect(numbers == [1, 2])
        }
        // A line longer than what is read at first.
        _ = try log.append([event(3, padding: 20_000)])
        #expect(try log.append([event(4)])[0].sequence == 4)
    }

    /// A log that cannot be written harms no operation.
    @Test func failuresHarmNothing() throws {
        let repository = try repository()
        var workspace = try Workspace(in: repository.world())
        try FileSystem().makeFolders(workspace.eventLog.file)
        let failures = Counter(0)
        workspace.onEventFailure = { _ in _ = failures.next() }
        #expect(try workspace.edit("a.md", [setTitle("New")]).operation != nil)
        #expect(failures.next() == 2)
    }

    @Test func severalWritersLoseNothing() async throws {
        let repository = try repository()
        var log = log(repository)
        log.limit = 1 << 30
        log.patience = .seconds(60)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<6 {
                group.addTask { [log] in
                    for number in 0..<50 {
                        _ = try log.append([event(writer * 1000 + number, padding: writer * 99)])
                    }
                }
            }
            try await group.waitForAll()
        }
        let events = try log.events()
        #expect(events.map(\.sequence) == Array(1...300))
        #expect(Set(events.map(\.migration)).count == 300)
    }

    // MARK: Streams

    // Their time runs from when all tests begin, and these may be the last that come to go on: an
    // hour is for what hangs.

    @Test(.timeLimit(.minutes(60))) func streamsTellOfOtherProcesses() async throws {
        let repository = try repository()
        var log = log(repository)
        log.limit = 8_000
        _ = try log.append([event(0)])
        let stream = try log.stream()
        let writer = Task { [log] in
            for number in 1...100 {
                _ = try log.append([event(number)])
                // The log is put aside once meanwhile.
                try await Task.sleep(for: .milliseconds(3))
            }
        }
        var seen: [Int] = []
        for await event in stream {
            seen.append(event.sequence)
            if seen.count == 100 { break }
        }
        try await writer.value
        #expect(seen == Array(2...101))
    }

    @Test(.timeLimit(.minutes(60))) func streamsBeginWhereAsked() async throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.edit("a.md", [setTitle("New")])
        var seen: [String] = []
        for await event in try workspace.eventLog.stream(after: 1) {
            seen.append(event.event.rawValue)
            if seen.count == 2 { break }
        }
        #expect(seen == ["edited", "history-state"])
    }

    // MARK: Programs

    private func failures(
        _ settings: String..., environment: [String: String] = [:]
    ) throws -> (repository: TemporaryRepository, failures: [String]) {
        let repository = try repository()
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1).map { String($0) }
            try repository.git("config", parts[0], parts[1])
        }
        var world = repository.world()
        world.environment.merge(environment) { $1 }
        var workspace = try Workspace(in: world)
        let failures = Mutex<[String]>([])
        workspace.onEventFailure = { failure in failures.withLock { $0.append("\(failure)") } }
        _ = try workspace.edit("a.md", [setTitle("New")])
        let draft = try String(decoding: workspace.draft("a.md"), as: UTF8.self)
        #expect(draft.contains("New"))
        return (repository, failures.withLock { $0 })
    }

    @Test func programsGetTheEvent() throws {
        let done = try failures(
            "docvc.hook.edited=cat > got", "docvc.hook.opened=echo $DOCVC_HOOK > is",
            "docvc.hookTimeout=300")
        #expect(done.failures.isEmpty)
        let line = try #require(try done.repository.read("got"))
        let event = try JSON.value(Event.self, from: Array(line.utf8))
        #expect(event.event == .edited && event.sequence == 2)
        #expect(try done.repository.read("is") == "opened\n")
    }

    @Test func failedProgramsHarmNothing() throws {
        let done = try failures("docvc.hook.edited=exit 7", "docvc.hookTimeout=300")
        #expect(done.failures.count == 1 && done.failures[0].contains("7"))
    }

    /// What runs too long is killed, with what it started.
    @Test func slowProgramsAreKilled() throws {
        // On a busy machine they may not have begun after a second.
        for limit in [1, 5, 60] {
            let done = try failures(
                "docvc.hook.edited=(flock 9; : > begun; exec sleep 600) 9> alive & sleep 600",
                "docvc.hookTimeout=\(limit)")
            #expect(done.failures.count == 1)
            guard try done.repository.read("begun") != nil else { continue }
            // The dead hold no lock.
            _ = try KernelLock(
                done.repository.folder.appending("alive"), holder: "the test",
                timeout: .seconds(60), world: done.repository.world())
            return
        }
        Issue.record("they never began")
    }

    /// What a program does with docvc runs no program in turn.
    @Test func programsRunNoPrograms() throws {
        let done = try failures(
            "docvc.hook.edited=touch ran", environment: ["DOCVC_HOOK": "edited"])
        #expect(try done.repository.read("ran") == nil)
    }
}
