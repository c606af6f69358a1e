import Cposix
import Glibc

/// Waiting for descriptors that can be read from.
public enum Readiness {
    /// Waits until one of `descriptors` can be read from, or `duration` has passed, and says
    /// which can; a negative one never can. Without a duration it waits as long as it takes;
    /// a signal may end the wait early.
    ///
    /// `output`, where it is given, is a descriptor that is written to: the last of the answers
    /// says whether whoever reads it has gone, which ends the wait too.
    @discardableResult
    public static func wait(
        for descriptors: [Int32], output: Int32? = nil, atMost duration: Duration?
    ) -> [Bool] {
        var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        if let output { polled.append(pollfd(fd: output, events: 0, revents: 0)) }
        var milliseconds: Int32 = -1
        if let duration {
            let (seconds, attoseconds) = max(duration, .zero).components
            // Rounded up, so that the time has passed when the wait is over.
            let wait = seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
            milliseconds = Int32(clamping: wait)
        }
        let count = poll(&polled, nfds_t(polled.count), milliseconds)
        guard count > 0 else { return polled.map { _ in false } }
        return polled.map { $0.revents != 0 }
    }
}
