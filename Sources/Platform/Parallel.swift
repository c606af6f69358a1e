import Dispatch
import Synchronization

/// Work on many values on all processors.
public enum Parallel {
    /// What `body` makes of each value, in their order. Returns when all is done.
    ///
    /// `body` runs on several threads at once; it must not wait for another of its calls.
    public static func map<Value: Sendable, Result: Sendable>(
        _ values: [Value], _ body: @Sendable (Value) -> Result
    ) -> [Result] {
        // A few parts for each processor, so that none waits long for the last one.
        let parts = 8
        guard values.count > parts else { return values.map(body) }
        let results = Mutex<[Int: [Result]]>([:])
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let range = (values.count * part / parts)..<(values.count * (part + 1) / parts)
            let made = values[range].map(body)
            results.withLock { $0[part] = made }
        }
        return results.withLock { all in (0..<parts).flatMap { all[$0] ?? [] } }
    }

    /// Begins ``map(_:_:)`` and returns at once.
    public static func start<Value: Sendable, Result: Sendable>(
        _ values: [Value], _ body: @escaping @Sendable (Value) -> Result
    ) -> Pending<Result> {
        let pending = Pending<Result>()
        DispatchQueue.global().async { pending.finish(map(values, body)) }
        return pending
    }

    /// Work that goes on while its caller does something else.
    public final class Pending<Result: Sendable>: Sendable {
        private let results = Mutex<[Result]>([])
        private let end = DispatchSemaphore(value: 0)

        fileprivate func finish(_ made: [Result]) {
            results.withLock { $0 = made }
            end.signal()
        }

        /// Waits for the results; to be called once.
        public func wait() -> [Result] {
            end.wait()
            return results.withLock { $0 }
        }
    }
}
