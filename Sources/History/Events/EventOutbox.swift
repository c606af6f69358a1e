import Platform
import Synchronization

/// The events of an operation until it is done: then they are logged, while the docvc lock is
/// still held, so that their order is that of the operations; and when the lock is free, those
/// who wait for them are told.
struct EventOutbox: Sendable {
    private final class Queue: Sendable {
        let events = Mutex<[Event]>([])
    }

    let log: EventLog
    let hooks: EventHooks
    /// Told of each event, after it is in the log.
    var onEvent: @Sendable (Event) -> Void = { _ in }
    /// Told of what went wrong with an event.
    var onFailure: @Sendable (EventFailure) -> Void = { _ in }
    private let queue = Queue()

    init(_ log: EventLog, _ hooks: EventHooks) {
        self.log = log
        self.hooks = hooks
    }

    /// Adds an event of the operation.
    func post(_ event: Event) { queue.events.withLock { $0.append(event) } }

    /// Takes back what the journal of a session told of: it was taken back itself.
    func takeBack(_ session: ULID) {
        queue.events.withLock { $0.removeAll { $0.session == session && $0.isOfJournal } }
    }

    /// Logs the events of the operation, and returns them.
    func flush() -> [Event] {
        let events = queue.events.withLock { queue in
            defer { queue = [] }
            return queue
        }
        guard !events.isEmpty else { return [] }
        do {
            return try log.append(events)
        } catch {
            onFailure(.log(EventOutbox.reason(error)))
            return events
        }
    }

    /// Tells those who wait for `events`. Only when the docvc lock is free: they may run docvc.
    func tell(_ events: [Event]) {
        for event in events {
            onEvent(event)
            if let failure = hooks.run(for: event) { onFailure(failure) }
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case KernelLock.Failure.held(let holder): "\(holder) keeps writing to it"
        case KernelLock.Failure.file(let error): "\(error)"
        default: "\(error)"
        }
    }
}

extension Workspace {
    /// The events of this work tree.
    public var eventLog: EventLog { outbox.log }

    /// Called for each event of this workspace's operations, when the docvc lock is free.
    public var onEvent: @Sendable (Event) -> Void {
        get { outbox.onEvent }
        set { outbox.onEvent = newValue }
    }

    /// Called where an event could not be logged, or its hook failed; what it tells of stands.
    public var onEventFailure: @Sendable (EventFailure) -> Void {
        get { outbox.onFailure }
        set { outbox.onFailure = newValue }
    }

    /// Tells of an event at once, where the docvc lock is not held.
    func announce(_ event: Event) {
        outbox.post(event)
        outbox.tell(outbox.flush())
    }
}
