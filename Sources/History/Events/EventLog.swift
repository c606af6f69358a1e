import Platform
import SystemPackage

/// The events of a work tree, as all processes wrote them: `$GIT_DIR/docvc/events.ndjson`.
///
/// Each line is a JSON object (`docvc.event/1`). When the file is full it becomes
/// `events.ndjson.1`, whose place it takes: what is older than both is gone. A lock keeps the
/// lines of several processes apart. The log is not flushed to the disk: it tells what happened,
/// and is not what docvc remembers by.
public struct EventLog: Sendable {
    let file: FilePath
    let world: World
    /// How many bytes a file may have before it is put aside.
    var limit: Int64 = 1 << 20
    /// How long to wait for another process that appends.
    var patience = Duration.seconds(1)

    init(in folder: FilePath, world: World) {
        file = folder.appending("events.ndjson")
        self.world = world
    }

    /// The file that was full.
    var older: FilePath { file.appendingToName(".1") }

    // MARK: Writing

    /// Numbers `events` and appends them, in one write.
    func append(_ events: [Event]) throws -> [Event] {
        let lock = try KernelLock(
            file.removingLastComponent().appending("events-lock"),
            holder: "process \(World.processID)", timeout: patience,
            world: world)
        let files = world.files
        var log = try files.openForAppending(file, creating: true)
        var size = try log.status().size
        var numbered = events
        let last = try EventLog.lastSequence(in: log, size) ?? lastOlderSequence()
        var bytes: [UInt8] = []
        if size > 0, try log.read(from: size - 1, atMost: 1) != [newline] {
            // What a kill or a full disk tore is a line of its own, which says nothing.
            bytes.append(newline)
        }
        for index in numbered.indices {
            numbered[index].sequence = last + 1 + index
            bytes += try JSON.bytes(of: numbered[index]) + [newline]
        }
        if size > 0, size + Int64(bytes.count) > limit {
            try files.rename(file, to: older)
            log = try files.openForAppending(file, creating: true)
            size = try log.status().size
        }
        do {
            try log.write(bytes)
        } catch {
            try? log.truncate(to: size)
            throw error
        }
        _ = consume lock
        return numbered
    }

    private func lastOlderSequence() throws -> Int {
        guard try world.files.status(of: older) != nil else { return 0 }
        let log = try world.files.open(older)
        return try EventLog.lastSequence(in: log, log.status().size) ?? 0
    }

    /// The number of the last event in `log`; nil where there is none.
    private static func lastSequence(in log: borrowing File, _ size: Int64) throws -> Int? {
        var length: Int64 = 1 << 12
        while size > 0 {
            let start = max(0, size - length)
            let bytes = try log.read(from: start, atMost: Int(size - start))
            let lines = bytes.split(separator: newline)
            // The first line of a part may be the end of a longer one.
            for line in lines.dropFirst(start == 0 ? 0 : 1).reversed() {
                if let event = EventLog.event(in: line) { return event.sequence }
            }
            if start == 0 { return nil }
            length *= 4
        }
        return nil
    }

    // MARK: Reading

    /// The events that are still in the log, oldest first; with `after`, those with higher
    /// numbers.
    public func events(after: Int = 0) throws(HistoryError) -> [Event] {
        var reader = EventReader(self, after: after)
        return try reader.next()
    }

    /// The event that a line tells of; nil where it tells of none.
    static func event(in line: some Sequence<UInt8>) -> Event? {
        try? JSON.value(Event.self, from: Array(line))
    }
}

private let newline = UInt8(ascii: "\n")

/// Reads the log from a point on, again and again, however often it is put aside meanwhile.
struct EventReader: ~Copyable {
    private let log: EventLog
    /// The last number that was read.
    private var last: Int
    /// The file that is read from, which keeps it apart from the one that takes its place.
    private var open: File?
    private var offset: Int64 = 0

    init(_ log: EventLog, after: Int) {
        self.log = log
        last = after
    }

    /// The events that were appended since the last call, oldest first.
    mutating func next() throws(HistoryError) -> [Event] {
        var events: [Event] = []
        try lifting {
            events += try rest()
            while try hasMoved() {
                // What is left of the file that was read from, or what came between, is in the
                // older one; numbers tell what was read already.
                let file = try openIfPresent(log.file)
                let before = try log.world.files.readIfPresent(log.older)
                events += parse(before ?? []).events
                open = file
                offset = 0
                events += try rest()
            }
        }
        return events
    }

    private func openIfPresent(_ path: FilePath) throws -> File? {
        guard try log.world.files.status(of: path) != nil else { return nil }
        do throws(FileError) {
            return try log.world.files.open(path)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }

    /// Whether another file than the one that is read from has its name.
    private func hasMoved() throws -> Bool {
        let named = try log.world.files.status(of: log.file)
        let opened = try open?.status()
        guard let named else { return false }
        return opened.map { !$0.isSameFile(as: named) } ?? true
    }

    private mutating func rest() throws -> [Event] {
        let part: [UInt8]
        switch open {
        case .some(let file):
            let size = try file.status().size
            guard size > offset else { return [] }
            part = try file.read(from: offset, atMost: Int(size - offset))
        case nil: return []
        }
        let (events, length) = parse(part)
        offset += Int64(length)
        return events
    }

    /// The events in `bytes` that were not read yet, and how long their whole lines are.
    private mutating func parse(_ bytes: [UInt8]) -> (events: [Event], length: Int) {
        guard let end = bytes.lastIndex(of: newline) else { return ([], 0) }
        var events: [Event] = []
        for line in bytes[..<end].split(separator: newline) {
            guard let event = EventLog.event(in: line), event.sequence > last else { continue }
            last = event.sequence
            events.append(event)
        }
        return (events, end + 1)
    }
}
