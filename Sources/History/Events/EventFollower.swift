@preconcurrency import Dispatch
import Platform
import Synchronization
import SystemPackage

/// Waits for events as they come, from this process and others.
///
/// An embedder has `EventLog.stream`; this is for callers with a loop of their own.
public struct EventFollower: ~Copyable {
    private let log: EventLog
    private var reader: EventReader
    private let notices: Inotify

    /// Can be read from when there may be new events.
    public var descriptor: Int32 { notices.descriptor }

    init(_ log: EventLog, after: Int) throws(HistoryError) {
        let notices = try lifting { try Inotify(log.world.files) }
        try EventFollower.watch(log, by: notices)
        self.log = log
        reader = EventReader(log, after: after)
        self.notices = notices
    }

    private static func watch(
        _ log: EventLog, by notices: borrowing Inotify
    ) throws(HistoryError) {
        let folder = log.file.removingLastComponent()
        do throws(FileError) {
            try log.world.files.makeFolders(folder)
            _ = try notices.watch(folder)
        } catch {
            throw .file(error)
        }
    }

    /// The events that came since the last call, oldest first.
    public mutating func next() throws(HistoryError) -> [Event] {
        let waiting = try lifting { try notices.notices() }
        // Somebody cleared docvc's state away: the folder is another one now.
        if waiting.contains(where: { $0.kind.contains(.ended) }) {
            try EventFollower.watch(log, by: notices)
        }
        return try reader.next()
    }
}

extension EventLog {
    /// A reader of the events after the number `after` and of those to come; without a number,
    /// of those to come.
    public func follow(after: Int? = nil) throws(HistoryError) -> EventFollower {
        let start = if let after { after } else { try events().last?.sequence ?? 0 }
        return try EventFollower(self, after: start)
    }

    /// The events after the number `after` and those to come, of this process and others;
    /// without a number, those to come.
    ///
    /// It ends when its consumer does, or when the log cannot be read any more. No thread waits
    /// for it, and events that nobody has taken yet are kept in memory.
    public func stream(after: Int? = nil) throws(HistoryError) -> AsyncStream<Event> {
        let follower = try FollowerBox(follow(after: after))
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self)
        let queue = DispatchQueue(label: "docvc.events")
        let source = DispatchSource.makeReadSource(
            fileDescriptor: follower.descriptor, queue: queue)
        let read: @Sendable () -> Void = {
            guard let events = follower.next() else { return continuation.finish() }
            for event in events { continuation.yield(event) }
        }
        source.setEventHandler(handler: read)
        // The descriptor must live until the source has let go of it.
        source.setCancelHandler { _ = follower }
        continuation.onTermination = { _ in source.cancel() }
        source.activate()
        // What came before the source was there.
        queue.async(execute: read)
        return stream
    }
}

/// A follower that a queue's blocks share.
private final class FollowerBox: Sendable {
    private let follower: Mutex<EventFollower>
    let descriptor: Int32

    init(_ follower: consuming sending EventFollower) {
        descriptor = follower.descriptor
        self.follower = Mutex(follower)
    }

    /// The next events; nil where they cannot be read.
    func next() -> [Event]? { follower.withLock { try? $0.next() } }
}
