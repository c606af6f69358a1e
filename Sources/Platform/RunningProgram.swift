import Cposix
import Glibc
import SystemPackage

/// A program that was started and whose end is to be waited for.
///
/// One that is let go while it runs goes on without this process.
public struct RunningProgram: ~Copyable {
    private let process: pid_t
    private let name: String
    /// Can be read from when the program has ended; -1 where the kernel has no such thing.
    public let descriptor: Int32
    private var ended: Int32?

    init(process: pid_t, name: String) {
        self.process = process
        self.name = name
        descriptor = docvc_process_descriptor(process)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The exit status, or 128 and the signal's number where a signal ended it; nil while the
    /// program runs.
    public mutating func status() throws(Program.Failure) -> Int32? {
        try collect(WNOHANG)
    }

    /// Waits for the program's end and returns its status.
    public mutating func waitForEnd() throws(Program.Failure) -> Int32 {
        while true { if let status = try collect(0) { return status } }
    }

    /// Waits for the program's end, at most `duration`.
    public func wait(atMost duration: Duration) {
        // Without a descriptor to wait for, it is looked at a hundred times a second.
        let patience = descriptor >= 0 ? duration : min(duration, .milliseconds(10))
        Readiness.wait(for: [descriptor], atMost: patience)
    }

    /// Sends the program a signal.
    public func signal(_ number: Int32) {
        if ended == nil { kill(process, number) }
    }

    /// Sends a signal to all processes of the program's own group.
    func signalGroup(_ number: Int32) {
        if ended == nil { kill(-process, number) }
    }

    private mutating func collect(_ options: Int32) throws(Program.Failure) -> Int32? {
        if let ended { return ended }
        var status: Int32 = 0
        let result = waitpid(process, &status, options)
        if result == 0 { return nil }
        guard result > 0 else {
            if Glibc.errno == EINTR { return nil }
            throw Program.Failure(name: name, errno: .current)
        }
        let signal = status & 0x7f
        ended = signal == 0 ? (status >> 8) & 0xff : 128 + signal
        return ended
    }
}
