import Cposix
import Glibc
public import SystemPackage

/// What changed in folders, as the kernel tells it: inotify(7).
///
/// Names are reported by folder; each folder is watched on its own, those in it are not. The
/// kernel's queue is limited: when it is full, changes are lost, and that is reported.
public struct Inotify: ~Copyable {
    /// A watched folder, in the notices of it.
    public typealias Folder = Int32

    /// One thing that happened.
    public struct Notice: Sendable, Equatable {
        /// The kinds of things.
        public struct Kind: OptionSet, Sendable {
            /// The bits of inotify(7).
            public let rawValue: UInt32

            /// The kinds with these bits.
            public init(rawValue: UInt32) { self.rawValue = rawValue }

            /// The content was changed; more may follow.
            public static let written = Kind(rawValue: UInt32(IN_MODIFY))
            /// A file that was open for writing was closed.
            public static let closed = Kind(rawValue: UInt32(IN_CLOSE_WRITE))
            /// A name is new here.
            public static let created = Kind(rawValue: UInt32(IN_CREATE))
            /// A name is gone.
            public static let removed = Kind(rawValue: UInt32(IN_DELETE))
            /// A name was moved to another folder, or to another name.
            public static let movedAway = Kind(rawValue: UInt32(IN_MOVED_FROM))
            /// A name came from another folder, or from another name.
            public static let movedHere = Kind(rawValue: UInt32(IN_MOVED_TO))
            /// The folder itself was removed, or its file system was unmounted.
            public static let folderGone = Kind(
                rawValue: UInt32(IN_DELETE_SELF) | UInt32(IN_UNMOUNT))
            /// The folder itself was moved to another place.
            public static let folderMoved = Kind(rawValue: UInt32(IN_MOVE_SELF))
            /// The folder is watched no longer.
            public static let ended = Kind(rawValue: UInt32(IN_IGNORED))
            /// What it happened to is a folder.
            public static let isFolder = Kind(rawValue: UInt32(IN_ISDIR))
            /// Notices were lost.
            public static let overflow = Kind(rawValue: UInt32(IN_Q_OVERFLOW))
        }

        /// The watched folder; -1 of an overflow.
        public let folder: Folder
        /// What happened.
        public let kind: Kind
        /// The name in the folder; nil of what happened to the folder itself.
        public let name: FilePath.Component?

        /// A notice of its parts.
        public init(folder: Folder, kind: Kind, name: FilePath.Component?) {
            self.folder = folder
            self.kind = kind
            self.name = name
        }
    }

    private let file: FileDescriptor
    private let fault: FileSystem.Fault?

    /// Can be read from when there are notices.
    public var descriptor: Int32 { file.rawValue }

    /// Watches nothing yet. Fails with `tooManyOpenFiles` where the user has too many of them
    /// (`fs.inotify.max_user_instances`).
    public init(_ files: FileSystem) throws(FileError) {
        try files.inject(.watch, "inotify")
        let descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard descriptor >= 0 else { throw FileError(.watch, "inotify", .current) }
        file = FileDescriptor(rawValue: descriptor)
        fault = files.fault
    }

    deinit { try? file.close() }

    /// Watches the folder at `path`; a link is not followed. A folder that is watched already
    /// keeps its number.
    ///
    /// Fails with `noSpace` where the user watches too many (`fs.inotify.max_user_watches`).
    public func watch(_ path: FilePath) throws(FileError) -> Folder {
        if let errno = fault?(.watch, path) { throw FileError(.watch, path, errno) }
        let kinds =
            IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
            | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK
        let folder = path.withPlatformString { inotify_add_watch(file.rawValue, $0, UInt32(kinds)) }
        guard folder >= 0 else { throw FileError(.watch, path, .current) }
        return folder
    }

    /// Watches `folder` no longer.
    public func forget(_ folder: Folder) {
        // It fails where the kernel has dropped it already, with the folder.
        inotify_rm_watch(file.rawValue, folder)
    }

    /// The notices that are waiting, oldest first; none where there are none.
    public func notices() throws(FileError) -> [Notice] {
        if let errno = fault?(.read, "inotify") { throw FileError(.read, "inotify", errno) }
        var notices: [Notice] = []
        while true {
            let bytes: [UInt8]
            do {
                bytes = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
                    count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                }
            } catch Errno.resourceTemporarilyUnavailable, Errno.wouldBlock {
                return notices
            } catch {
                throw FileError(.read, "inotify", error as? Errno ?? .ioError)
            }
            notices += Inotify.notices(in: bytes)
        }
    }

    /// The notices in `bytes`: `struct inotify_event`, each followed by its padded name.
    private static func notices(in bytes: [UInt8]) -> [Notice] {
        let header = MemoryLayout<inotify_event>.size
        var notices: [Notice] = []
        var offset = 0
        bytes.withUnsafeBytes { raw in
            while offset + header <= raw.count {
                let event = raw.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                let end = offset + header + Int(event.len)
                let name = raw[(offset + header)..<end].prefix { $0 != 0 }
                notices.append(
                    Notice(
                        folder: event.wd, kind: .init(rawValue: event.mask),
                        name: FilePath.Component(
                            platformString: name.map { CChar(bitPattern: $0) } + [0])))
                offset = end
            }
        }
        return notices
    }
}
