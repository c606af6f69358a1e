import Glibc

/// What `lstat` tells of a file.
public struct FileStatus: Equatable, Sendable {
    /// What kind of thing a path names.
    public enum Kind: Sendable { case file, folder, link, other }

    /// A point in time as the file system keeps it.
    public struct Time: Equatable, Comparable, Sendable {
        /// Seconds since the epoch.
        public let seconds: Int64
        /// Nanoseconds, from 0 to 999,999,999.
        public let nanoseconds: UInt32

        /// The time `seconds` and `nanoseconds` after the epoch.
        public init(seconds: Int64, nanoseconds: UInt32) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }

        /// Whether `one` is earlier than `other`.
        public static func < (one: Time, other: Time) -> Bool {
            (one.seconds, one.nanoseconds) < (other.seconds, other.nanoseconds)
        }
    }

    /// The kind of the file.
    public let kind: Kind
    /// The permission bits, `0o7777`.
    public let permissions: UInt32
    /// The size in bytes.
    public let size: Int64
    /// When the content last changed.
    public let modified: Time
    /// When content or metadata last changed; no program can set this one.
    public let changed: Time
    /// The device the file is on.
    public let device: UInt64
    /// The file's number on its device.
    public let inode: UInt64
    /// How many names the file has.
    public let links: UInt64
    /// The owner's user number.
    public let user: UInt32
    /// The owner's group number.
    public let group: UInt32

    init(_ raw: stat) {
        kind =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        permissions = raw.st_mode & 0o7777
        size = Int64(raw.st_size)
        modified = Time(
            seconds: Int64(raw.st_mtim.tv_sec), nanoseconds: UInt32(raw.st_mtim.tv_nsec))
        changed = Time(
            seconds: Int64(raw.st_ctim.tv_sec), nanoseconds: UInt32(raw.st_ctim.tv_nsec))
        device = UInt64(raw.st_dev)
        inode = UInt64(raw.st_ino)
        links = UInt64(raw.st_nlink)
        user = raw.st_uid
        group = raw.st_gid
    }

    /// Whether both name the same file on the same device.
    public func isSameFile(as other: FileStatus) -> Bool {
        device == other.device && inode == other.inode
    }

    /// How far apart two stamps are at least that differ. Linux stamps files by a clock that ticks
    /// every 1 to 10 ms (`CONFIG_HZ`).
    private static let tick = Duration.milliseconds(11)

    /// Returns when a change from now on gives the file another time than it has.
    public func waitForNextTick() {
        while true {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            let seconds = Int64(now.tv_sec).subtractingReportingOverflow(modified.seconds)
            guard !seconds.overflow, (-1...1).contains(seconds.partialValue) else { return }
            let age: Duration =
                .seconds(seconds.partialValue)
                + .nanoseconds(Int64(now.tv_nsec) - Int64(modified.nanoseconds))
            // The file may be on a machine whose clock is a little ahead.
            guard .zero - FileStatus.tick < age, age < FileStatus.tick else { return }
            World.sleep(FileStatus.tick - age)
        }
    }

    /// Whether the owner may execute the file.
    public var isExecutable: Bool { permissions & 0o100 != 0 }
}
