import Glibc
import History
import Platform
import Synchronization

/// How far long work is, on a terminal's standard error: a line that is written over, with rate
/// and time left. Nothing where standard error is no terminal, and nothing in the first second.
final class Progress: Sendable {
    private struct State {
        var stage: MigrationStage?
        var began: Int64 = 0
        var shown: Int64 = 0
        var hasLine = false
        var written = 0
        var toWrite = 0
    }

    private let state = Mutex(State())
    private let isShown: Bool

    init(_ output: Output) {
        isShown = !output.isQuiet && isatty(STDERR_FILENO) == 1
    }

    /// Milliseconds from some fixed point, never going back.
    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    func note(_ stage: MigrationStage, _ done: Int, _ total: Int) {
        guard isShown else { return }
        let now = Progress.now()
        state.withLock { state in
            if stage == .writing { state.toWrite = total }
            if state.stage != stage {
                state.stage = stage
                state.began = now
                state.shown = now + 800
            }
            guard now - state.shown >= 200 else { return }
            state.shown = now
            state.hasLine = true
            let seconds = Double(max(1, now - state.began)) / 1_000
            let rate = Double(done) / seconds
            let left = Int(Double(total - done) / max(rate, 0.001))
            Progress.write(
                "\r\u{1b}[Kdocvc: \(stage.rawValue) \(done) of \(total), \(Int(rate))/s, \(left) s left"
            )
        }
    }

    /// Counts the documents that a workspace puts on disk.
    func watch(_ workspace: inout Workspace) {
        guard isShown else { return }
        workspace.atStep = { [self] step in
            guard case .beforeExchange = step else { return }
            let (written, total) = state.withLock { state in
                state.written += 1
                return (state.written, state.toWrite)
            }
            note(.writing, written, max(written, total))
        }
    }

    /// Takes the line away.
    func end() {
        state.withLock { state in
            if state.hasLine { Progress.write("\r\u{1b}[K") }
            state.hasLine = false
        }
    }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        // What cannot be shown is not missed.
        _ = Glibc.write(STDERR_FILENO, bytes, bytes.count)
    }
}
