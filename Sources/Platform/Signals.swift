import Cposix
import Glibc
import SystemPackage

/// Signals that are waited for instead of ending the process.
///
/// They are blocked in the thread that makes it, which must be the only one, or the first, so
/// that later threads inherit it; they have their old effect when it is let go.
public struct Signals: ~Copyable {
    private let file: FileDescriptor
    private var old = sigset_t()

    /// Can be read from when a signal has come.
    public var descriptor: Int32 { file.rawValue }

    /// Waits for the signals `numbers`.
    public init(_ numbers: [Int32]) throws(FileError) {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        let descriptor = signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
        guard descriptor >= 0 else { throw FileError(.watch, "signals", .current) }
        file = FileDescriptor(rawValue: descriptor)
        pthread_sigmask(SIG_BLOCK, &set, &old)
    }

    deinit {
        // What came and was not asked for has had its effect: the wait is over.
        while next() != nil {}
        try? file.close()
        var mask = old
        pthread_sigmask(SIG_SETMASK, &mask, nil)
    }

    /// The signal that came first; nil where none did.
    public func next() -> Int32? {
        var info = signalfd_siginfo()
        let count = withUnsafeMutableBytes(of: &info) { try? file.read(into: $0) }
        return (count ?? 0) > 0 ? Int32(info.ssi_signo) : nil
    }

    /// Lets the signal `number` do to this process what it does by default.
    public static func raise(_ number: Int32) {
        signal(number, SIG_DFL)
        Glibc.raise(number)
    }

    /// Ignores the signals that the keyboard sends, while another program has the terminal.
    public static func leaveKeyboardToOthers(_ leave: Bool) {
        for number in [SIGINT, SIGQUIT] { signal(number, leave ? SIG_IGN : SIG_DFL) }
    }
}
