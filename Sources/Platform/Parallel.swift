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
}
