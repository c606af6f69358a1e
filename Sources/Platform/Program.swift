import Cposix
import Glibc
public import SystemPackage

/// Another program, run to its end: a Git hook, a signing tool.
public struct Program: Sendable {
    /// What a run left.
    public struct Result: Sendable {
        /// The exit status, or 128 and the signal's number where a signal ended it.
        public let status: Int32
        /// What it wrote to standard output, where that was captured.
        public let output: [UInt8]
        /// What it wrote to standard error, where that was captured.
        public let errors: [UInt8]
    }

    /// A program that could not be started.
    public struct Failure: Error, Sendable {
        /// The program's name as it was given.
        public let name: String
        /// Why the system did not start it.
        public let errno: Errno
    }

    /// The program and its arguments; a name without a slash is looked for in `PATH`.
    public var arguments: [String]
    /// The whole environment of the program.
    public var environment: [String: String]
    /// The folder it runs in.
    public var folder: FilePath
    /// How long it may run; past that it is killed, with what it started. `nil` is forever.
    public var timeLimit: Duration?

    /// A program that is to run with `arguments`, the first of which is its name.
    public init(_ arguments: [String], environment: [String: String], folder: FilePath) {
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }

    /// Runs the program; what it prints goes to this process's standard error, as Git
    /// does with hooks. Its standard input is empty.
    public func run() throws(Failure) -> Result {
        try run(input: -1, output: STDERR_FILENO, errors: STDERR_FILENO)
    }

    /// Runs the program with `input` on standard input and returns all that it printed.
    public func capture(input: [UInt8] = []) throws(Failure) -> Result {
        // Files in memory instead of pipes: whichever side reads or writes first, none
        // waits for the other.
        let files = [input, [], []].map { memoryFile(holding: $0) }
        defer { for file in files where file >= 0 { close(file) } }
        guard files.allSatisfy({ $0 >= 0 }) else { throw failure(Glibc.errno) }
        let result = try run(input: files[0], output: files[1], errors: files[2])
        return Result(
            status: result.status, output: content(of: files[1]), errors: content(of: files[2]))
    }

    private func run(input: Int32, output: Int32, errors: Int32) throws(Failure) -> Result {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if input < 0 {
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        } else {
            posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        _ = folder.withPlatformString { posix_spawn_file_actions_addchdir_np(&actions, $0) }

        // docvc ignores SIGPIPE; programs expect it to end them.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // Threads of Swift's pool block most signals; a program must not inherit that.
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        var flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        // A group of its own, so that what it started can be ended with it.
        if timeLimit != nil { flags |= POSIX_SPAWN_SETPGROUP }
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var process = pid_t()
        func start(_ arguments: [String]) -> Int32 {
            withStrings(arguments) { arguments in
                withStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
                    guard let name = arguments[0] else { return EINVAL }
                    return posix_spawnp(
                        &process, name, &actions, &attributes, arguments, environment)
                }
            }
        }
        var started = start(arguments)
        // A script without a first line that names its shell is the shell's, as for Git.
        if started == ENOEXEC { started = start(["/bin/sh"] + arguments) }
        guard started == 0 else { throw failure(started) }

        let status = try wait(for: process)
        let signal = status & 0x7f
        return Result(
            status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: [], errors: [])
    }

    /// Waits for the end of a process, or ends it when its time is over.
    private func wait(for process: pid_t) throws(Failure) -> Int32 {
        var status: Int32 = 0
        if let timeLimit {
            let end = ContinuousClock.now + timeLimit
            while ContinuousClock.now < end {
                let found = waitpid(process, &status, WNOHANG)
                if found == process { return status }
                guard found == 0 || Glibc.errno == EINTR else { throw failure(Glibc.errno) }
                usleep(2_000)
            }
            kill(-process, SIGKILL)
        }
        while waitpid(process, &status, 0) < 0 {
            guard Glibc.errno == EINTR else { throw failure(Glibc.errno) }
        }
        return status
    }

    private func failure(_ errno: Int32) -> Failure {
        Failure(name: arguments.first ?? "", errno: Errno(rawValue: errno))
    }

    private func memoryFile(holding bytes: [UInt8]) -> Int32 {
        let file = docvc_memory_file("docvc")
        guard file >= 0, !bytes.isEmpty else { return file }
        let descriptor = FileDescriptor(rawValue: file)
        guard (try? descriptor.writeAll(bytes)) != nil,
            (try? descriptor.seek(offset: 0, from: .start)) != nil
        else { return -1 }
        return file
    }

    private func content(of file: Int32) -> [UInt8] {
        let descriptor = FileDescriptor(rawValue: file)
        guard let size = try? descriptor.seek(offset: 0, from: .end), size > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            count =
                (try? descriptor.read(
                    fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
        }
    }
}

/// Calls `body` with `strings` as C wants them: an array of pointers that ends with null.
private func withStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}
