import Cposix
import Glibc
public import SystemPackage

/// What comes from outside: clock, chance, environment, folder, file system.
///
/// It enters at the top as one value, so that tests can fix the clock and inject faults.
public struct World: Sendable {
    /// The time now.
    public var now: @Sendable () -> Timestamp
    /// That many random bytes.
    public var random: @Sendable (Int) -> [UInt8]
    /// The environment variables.
    public var environment: [String: String]
    /// The folder that relative paths start from.
    public var currentFolder: FilePath
    /// The file system.
    public var files: FileSystem
    /// All of standard input.
    public var input: @Sendable () throws(FileError) -> [UInt8]
    /// Asks the person at the terminal and returns the line they answer; nil where nobody sits
    /// there.
    public var ask: @Sendable (String) -> String?
    /// Lets time pass while another process is waited for.
    public var pause: @Sendable (Duration) -> Void

    /// A world of the given parts.
    public init(
        now: @escaping @Sendable () -> Timestamp,
        random: @escaping @Sendable (Int) -> [UInt8],
        environment: [String: String],
        currentFolder: FilePath,
        files: FileSystem = FileSystem(),
        input: @escaping @Sendable () throws(FileError) -> [UInt8] = World.standardInput,
        ask: @escaping @Sendable (String) -> String? = { _ in nil },
        pause: @escaping @Sendable (Duration) -> Void = World.sleep
    ) {
        self.now = now
        self.random = random
        self.environment = environment
        self.currentFolder = currentFolder
        self.files = files
        self.input = input
        self.ask = ask
        self.pause = pause
    }

    /// The world this process runs in.
    public static func real() -> World {
        World(
            now: Timestamp.now, random: systemRandom, environment: processEnvironment(),
            currentFolder: workingFolder(), ask: askOnTerminal)
    }

    /// This world with another current folder, which is taken from the one before.
    public func moved(to folder: String) -> World {
        var world = self
        world.currentFolder = currentFolder.pushing(FilePath(folder))
        return world
    }

    /// The number of this process.
    public static var processID: Int32 { getpid() }

    /// The number of the user that this process acts for.
    public static var effectiveUser: UInt32 { geteuid() }

    /// Stops this thread for `duration`.
    public static func sleep(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var wait = timespec(
            tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        var left = timespec()
        while nanosleep(&wait, &left) != 0 && errno == EINTR { wait = left }
    }

    /// All bytes of this process's standard input, to its end.
    public static func standardInput() throws(FileError) -> [UInt8] {
        try bytes(from: .standardInput, named: "/dev/stdin")
    }

    /// All bytes that come from a descriptor which this process was given open, to their end.
    public static func bytes(
        from descriptor: FileDescriptor, named name: FilePath
    ) throws(FileError) -> [UInt8] {
        do {
            var bytes: [UInt8] = []
            while true {
                let part = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                    count = try descriptor.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
                if part.isEmpty { return bytes }
                bytes += part
            }
        } catch {
            throw FileError(.read, name, error as? Errno ?? .ioError)
        }
    }

    /// Asks on the terminal, where standard input and standard error both are one.
    private static func askOnTerminal(_ question: String) -> String? {
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return nil }
        _ = try? FileDescriptor.standardError.writeAll("\(question) ".utf8)
        return readLine()
    }

    private static func systemRandom(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    private static func processEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        visitEnvironment { bytes in
            let entry = String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard let equals = entry.firstIndex(of: "=") else { return }
            variables[String(entry[..<equals])] = String(entry[entry.index(after: equals)...])
        }
        return variables
    }

    /// Calls `body` with each entry of this process's environment, without its zero byte.
    static func visitEnvironment(_ body: ([CChar]) -> Void) {
        guard var next = docvc_environment() else { return }
        while let text = next.pointee {
            next += 1
            body(Array(UnsafeBufferPointer(start: text, count: strlen(text))))
        }
    }

    private static func workingFolder() -> FilePath {
        guard let folder = getcwd(nil, 0) else { return "/" }
        defer { free(folder) }
        return FilePath(platformString: folder)
    }
}
