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

    /// Runs the program with `input` on standard input and ends it, with all the processes
    /// it started in its group, when `limit` has passed; returns nil then. What it prints goes
    /// to this process's standard error.
    public func run(input: [UInt8], limit: Duration) throws(Failure) -> Result? {
        let file = memoryFile(holding: input)
        guard file >= 0 else { throw failure(Glibc.errno) }
        defer { close(file) }
        var program = try start(
            input: file, output: STDERR_FILENO, errors: STDERR_FILENO, ownGroup: true)
        return try waitForEnd(of: &program, within: limit).map {
            Result(status: $0, output: [], errors: [])
        }
    }

    /// Waits for the end of a program that has a group of its own; when `limit` has passed all
    /// of the group is killed, and nil returned.
    private func waitForEnd(
        of program: inout RunningProgram, within limit: Duration
    ) throws(Failure) -> Int32? {
        let deadline = ContinuousClock.now + limit
        while true {
            if let status = try program.status() { return status }
            let left = deadline - .now
            guard left > .zero else { break }
            program.wait(atMost: left)
        }
        program.signalGroup(SIGKILL)
        _ = try program.waitForEnd()
        return nil
    }

    /// Starts the program with this process's terminal: standard input, output (standard error
    /// in its place where `outputToErrors` says so) and standard error.
    ///
    /// SIGINT and SIGQUIT end it, also where this process ignores them. It inherits the
    /// descriptors `inherited`.
    public func start(
        outputToErrors: Bool = false, inherited: [Int32] = []
    ) throws(Failure) -> RunningProgram {
        try start(
            input: STDIN_FILENO, output: outputToErrors ? STDERR_FILENO : STDOUT_FILENO,
            errors: STDERR_FILENO, inherited: inherited)
    }

    private func run(input: Int32, output: Int32, errors: Int32) throws(Failure) -> Result {
        var program = try start(input: input, output: output, errors: errors)
        return Result(status: try program.waitForEnd(), output: [], errors: [])
    }

    private func start(
        input: Int32, output: Int32, errors: Int32, ownGroup: Bool = false,
        inherited: [Int32] = []
    ) throws(Failure) -> RunningProgram {
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
        // Onto itself: only the mark goes that closes it.
        for descriptor in inherited {
            posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor)
        }
        _ = folder.withPlatformString { posix_spawn_file_actions_addchdir_np(&actions, $0) }

        // docvc ignores SIGPIPE, and an editor's SIGINT; programs expect them to end them.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGPIPE, SIGINT, SIGQUIT] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // Threads of Swift's pool block most signals; a program must not inherit that.
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        let group = ownGroup ? POSIX_SPAWN_SETPGROUP : 0
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | group))

        var process = pid_t()
        let entries = environmentEntries
        func spawn(_ arguments: [String]) -> Int32 {
            withStrings(arguments.map { Array($0.utf8CString) }) { arguments in
                withStrings(entries) { environment in
                    guard let name = arguments[0] else { return EINVAL }
                    return posix_spawnp(
                        &process, name, &actions, &attributes, arguments, environment)
                }
            }
        }
        var started = spawn(arguments)
        // A script without a first line that names its shell is the shell's, as for Git.
        if started == ENOEXEC { started = spawn(["/bin/sh"] + arguments) }
        guard started == 0 else { throw failure(started) }
        return RunningProgram(process: process, name: arguments.first ?? "")
    }

    /// The entries of the program's environment, to the byte: one of this process's that is not
    /// UTF-8 goes on as it is, though what is read of it in Swift is another text.
    private var environmentEntries: [[CChar]] {
        var foreign: [String: [CChar]] = [:]
        World.visitEnvironment { bytes in
            let text = String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if !text.utf8.elementsEqual(bytes.lazy.map { UInt8(bitPattern: $0) }) {
                foreign[text] = bytes + [0]
            }
        }
        return environment.map { (name, value) in
            let text = "\(name)=\(value)"
            return foreign[text] ?? Array(text.utf8CString)
        }
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
        else {
            // The reason is what the caller reports.
            let reason = Glibc.errno
            close(file)
            Glibc.errno = reason
            return -1
        }
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

/// Calls `body` with `strings`, each with its zero byte, as C wants them: an array of pointers that
/// ends with null.
private func withStrings<Result>(
    _ strings: [[CChar]], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}
