public import SystemPackage

/// A file system call that failed, on which path, and why.
public struct FileError: Error, Equatable, Sendable {
    /// The call that failed.
    public let call: FileCall
    /// The path that the call was given.
    public let path: FilePath
    /// The reason the system gave.
    public let errno: Errno

    /// A failure of `call` on `path` for the reason `errno`.
    public init(_ call: FileCall, _ path: FilePath, _ errno: Errno) {
        self.call = call
        self.path = path
        self.errno = errno
    }
}

extension FileError: CustomStringConvertible {
    /// `cannot write /a/b: No space left on device`
    public var description: String { "cannot \(call.rawValue) \(path): \(errno)" }
}

/// The kinds of file system calls, as errors name them and faults are set on them.
public enum FileCall: String, Sendable, CaseIterable {
    case open, read, write, sync, rename, exchange, link, remove, list, lock, inspect, watch
    case renameToNew = "give a new name to"
    case makeFolder = "make folder"
    case copyMetadata = "keep the mode, owner or attributes of"
}
