import Cposix
import Glibc
public import SystemPackage

/// The file system, as every module of docvc reaches it.
///
/// Each call throws a `FileError` that names the call and the path. Tests set `fault` to
/// make a call fail; in use it is nil.
public struct FileSystem: Sendable {
    /// Decides whether a call on a path fails, and with what.
    public typealias Fault = @Sendable (FileCall, FilePath) -> Errno?

    /// Asked before each call, where it is set.
    public var fault: Fault?

    /// Where links are not followed; nil: nowhere that is so.
    public var confinement: Confinement?

    /// Where what is made gets other permissions than the process's mask gives it; nil: nowhere.
    public var sharing: Sharing?

    /// The machine's file system; `fault` is for tests.
    public init(fault: Fault? = nil) { self.fault = fault }

    // MARK: Looking

    /// The status of what `path` names, links not followed; nil where nothing is there.
    public func status(of path: FilePath) throws(FileError) -> FileStatus? {
        try status(.inspect, path) { lstat($0, $1) }
    }

    /// The status of what `path` leads to, links followed; nil where nothing is there.
    public func statusFollowingLinks(of path: FilePath) throws(FileError) -> FileStatus? {
        try status(.inspect, path) { stat($0, $1) }
    }

    /// The absolute path without links, `.` or `..` that `path` leads to; nil where it
    /// leads nowhere.
    public func realPath(of path: FilePath) throws(FileError) -> FilePath? {
        try inject(.inspect, path)
        guard let resolved = path.withPlatformString({ realpath($0, nil) }) else {
            let errno = Errno.current
            if errno.meansNothingIsThere { return nil }
            throw FileError(.inspect, path, errno)
        }
        defer { free(resolved) }
        return FilePath(platformString: resolved)
    }

    /// The target of the symbolic link at `path`, as it is written.
    public func linkTarget(of path: FilePath) throws(FileError) -> [UInt8] {
        try inject(.read, path)
        let place = try Place(path, confinement, .read)
        var size = 256
        while true {
            var buffer = [CChar](repeating: 0, count: size)
            let count = place.withName {
                readlinkat(place.folder, $0, &buffer, size)
            }
            guard count >= 0 else { throw FileError(.read, path, .current) }
            if count < size { return buffer[..<count].map { UInt8(bitPattern: $0) } }
            size *= 4
        }
    }

    /// The names in the folder at `path`, in no order; none where the folder is missing.
    public func names(in path: FilePath) throws(FileError) -> [String] {
        try components(in: path).map(\.string)
    }

    /// What `names` answers, to the byte: a name need not be UTF-8.
    func components(in path: FilePath) throws(FileError) -> [FilePath.Component] {
        try inject(.list, path)
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let descriptor: Int32
        do throws(FileError) {
            let place = try Place(path, confinement, .list)
            descriptor = place.withName {
                docvc_open_at(place.folder, $0, flags | (place.isConfined ? O_NOFOLLOW : 0), 0)
            }
            guard descriptor >= 0 else { throw FileError(.list, path, .current) }
        } catch {
            if error.errno == .noSuchFileOrDirectory { return [] }
            throw error
        }
        guard let folder = fdopendir(descriptor) else {
            close(descriptor)
            throw FileError(.list, path, .current)
        }
        defer { closedir(folder) }
        var names: [FilePath.Component] = []
        while true {
            Glibc.errno = 0
            guard let entry = readdir(folder) else {
                // The end, or a failure: only the number tells them apart.
                guard Glibc.errno == 0 else { throw FileError(.list, path, .current) }
                return names
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    FilePath.Component(platformString: $0)
                }
            }
            if let name, name.kind == .regular { names.append(name) }
        }
    }

    // MARK: Opening

    /// Opens an existing file for reading; a link at `path` itself is not followed.
    ///
    /// A device or a pipe does not block the caller: it is opened without waiting.
    public func open(_ path: FilePath) throws(FileError) -> File {
        try open(path, .readOnly, [.noFollow, .nonBlocking, .closeOnExec], nil)
    }

    /// Opens a file for writing at its end; a missing one is made where `creating` says so.
    public func openForAppending(
        _ path: FilePath, creating: Bool = false
    ) throws(FileError) -> File {
        let options: FileDescriptor.OpenOptions = [.append, .noFollow, .closeOnExec]
        guard creating else { return try open(path, .readWrite, options, nil) }
        let file = try open(
            path, .readWrite, options.union(.create), FilePermissions(rawValue: 0o666))
        try sharing?.apply(to: file)
        return file
    }

    /// Makes a new file for reading and writing; fails where `path` exists. One that is only
    /// its owner's is not shared.
    public func create(
        _ path: FilePath, permissions: UInt32 = 0o666
    ) throws(FileError) -> File {
        let file = try open(
            path, .readWrite, [.create, .exclusiveCreate, .noFollow, .closeOnExec],
            FilePermissions(rawValue: CModeT(permissions)))
        if permissions & 0o077 != 0 { try sharing?.apply(to: file) }
        return file
    }

    /// Makes a new file whose name is `start` and what makes it no other's, thread or process.
    public func createUnique(
        _ start: FilePath, permissions: UInt32 = 0o666
    ) throws(FileError) -> File {
        try unique(start) { path throws(FileError) in
            try create(path, permissions: permissions)
        }
    }

    /// Makes a folder under a name that starts with `start` and that nothing had, which nobody
    /// else can look into.
    public func createUniqueFolder(_ start: FilePath) throws(FileError) -> FilePath {
        try unique(start) { path throws(FileError) in
            try call(.makeFolder, path) { mkdirat($0, $1, 0o700) }
            return path
        }
    }

    private func unique<Made: ~Copyable>(
        _ start: FilePath, _ make: (FilePath) throws(FileError) -> Made
    ) throws(FileError) -> Made {
        var number = 0
        while true {
            do throws(FileError) {
                return try make(start.appendingToName("-\(World.processID).\(number)"))
            } catch {
                guard error.errno == .fileExists else { throw error }
                number += 1
            }
        }
    }

    /// Opens the file at `path` for reading and writing, making it where it is missing.
    func openOrCreate(_ path: FilePath) throws(FileError) -> File {
        let file = try open(
            path, .readWrite, [.create, .noFollow, .closeOnExec], FilePermissions(rawValue: 0o666))
        try sharing?.apply(to: file)
        return file
    }

    private func open(
        _ path: FilePath, _ mode: FileDescriptor.AccessMode,
        _ options: FileDescriptor.OpenOptions, _ permissions: FilePermissions?
    ) throws(FileError) -> File {
        try inject(.open, path)
        let place = try Place(path, confinement, .open)
        let flags = mode.rawValue | options.rawValue
        while true {
            let descriptor = place.withName {
                docvc_open_at(place.folder, $0, flags, permissions?.rawValue ?? 0)
            }
            if descriptor >= 0 {
                return File(
                    descriptor: FileDescriptor(rawValue: descriptor), path: path, fault: fault)
            }
            guard Errno.current == .interrupted else { throw FileError(.open, path, .current) }
        }
    }

    /// All bytes of the file at `path`; a link at `path` itself is not followed.
    public func read(_ path: FilePath) throws(FileError) -> [UInt8] {
        try open(path).readAll()
    }

    /// All bytes of the file at `path`, or nil where nothing is there.
    public func readIfPresent(_ path: FilePath) throws(FileError) -> [UInt8]? {
        do {
            return try read(path)
        } catch  where error.errno.meansNothingIsThere {
            return nil
        }
    }

    // MARK: Changing names

    /// Moves `source` to `target`, replacing what is there.
    public func rename(_ source: FilePath, to target: FilePath) throws(FileError) {
        try call(.rename, source, target) { renameat($0, $1, $2, $3) }
    }

    /// Moves `source` to `target`; fails with `fileExists` where something is there.
    public func renameToNew(_ source: FilePath, to target: FilePath) throws(FileError) {
        try call(.renameToNew, source, target) { docvc_rename($0, $1, $2, $3, newOnly) }
    }

    /// Exchanges the files at the two paths at one instant.
    ///
    /// Fails with `invalidArgument` on a file system that cannot.
    public func exchange(_ one: FilePath, _ other: FilePath) throws(FileError) {
        try call(.exchange, one, other) { docvc_rename($0, $1, $2, $3, exchanging) }
    }

    /// Gives the file at `source` the second name `target`; fails where that exists.
    public func link(_ source: FilePath, to target: FilePath) throws(FileError) {
        try call(.link, source, target) { linkat($0, $1, $2, $3, 0) }
    }

    /// Removes the name `path`; returns false where nothing was there.
    @discardableResult
    public func remove(_ path: FilePath) throws(FileError) -> Bool {
        do {
            try call(.remove, path) { unlinkat($0, $1, 0) }
            return true
        } catch  where error.errno == .noSuchFileOrDirectory {
            return false
        }
    }

    /// Removes the empty folder at `path`; leaves one that is not empty.
    public func removeFolderIfEmpty(_ path: FilePath) throws(FileError) {
        do {
            try call(.remove, path) { unlinkat($0, $1, AT_REMOVEDIR) }
        } catch  where error.errno == .directoryNotEmpty || error.errno == .noSuchFileOrDirectory {
            return
        }
    }

    // MARK: Folders

    /// Makes the folder at `path` and the ones above it that are missing, and makes their
    /// names durable.
    public func makeFolders(_ path: FilePath) throws(FileError) {
        // Another program may remove a folder while it is empty, as `git pack-refs` does.
        for _ in 0..<8 {
            do {
                return try makeFoldersOnce(path)
            } catch  where error.errno == .noSuchFileOrDirectory {
                continue
            }
        }
        try makeFoldersOnce(path)
    }

    private func makeFoldersOnce(_ path: FilePath) throws(FileError) {
        if try statusFollowingLinks(of: path)?.kind == .folder { return }
        let parent = path.removingLastComponent()
        if parent != path { try makeFoldersOnce(parent) }
        if try makeFolder(path) { try syncFolder(parent) }
    }

    /// Makes the folder at `path`, whose name is then not yet durable; returns false where it
    /// was there.
    public func makeFolder(_ path: FilePath) throws(FileError) -> Bool {
        do {
            try call(.makeFolder, path) { mkdirat($0, $1, 0o777) }
            if let sharing { try sharing.apply(to: open(path)) }
            return true
        } catch  where error.errno == .fileExists {
            // Another made it just now; or it is no folder.
            if try statusFollowingLinks(of: path)?.kind == .folder { return false }
            throw error
        }
    }

    /// Returns when the names in the folder at `path` are on the disk.
    public func syncFolder(_ path: FilePath) throws(FileError) {
        let folder = try open(path, .readOnly, [.directory, .closeOnExec], nil)
        try folder.sync()
    }

    /// What `syncFolder` does, where there is a folder; returns whether there is.
    public func syncFolderIfPresent(_ path: FilePath) throws(FileError) -> Bool {
        do {
            try syncFolder(path)
            return true
        } catch  where error.errno == .noSuchFileOrDirectory {
            return false
        }
    }

    // MARK: The one place where a call is made and its result read

    func inject(_ call: FileCall, _ path: FilePath) throws(FileError) {
        if let errno = fault?(call, path) { throw FileError(call, path, errno) }
    }

    /// Makes a call on a name in a folder.
    func call(
        _ call: FileCall, _ path: FilePath, _ body: (Int32, UnsafePointer<CChar>) -> Int32
    ) throws(FileError) {
        try inject(call, path)
        let place = try Place(path, confinement, call)
        let result = place.withName { body(place.folder, $0) }
        guard result == 0 else { throw FileError(call, path, .current) }
    }

    private func call(
        _ call: FileCall, _ source: FilePath, _ target: FilePath,
        _ body: (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>) -> Int32
    ) throws(FileError) {
        try inject(call, target)
        let from = try Place(source, confinement, call)
        let to = try Place(target, confinement, call)
        let result = from.withName { one in
            to.withName { other in body(from.folder, one, to.folder, other) }
        }
        guard result == 0 else { throw FileError(call, target, .current) }
    }

    private func status(
        _ call: FileCall, _ path: FilePath,
        _ body: (UnsafePointer<CChar>, UnsafeMutablePointer<stat>) -> Int32
    ) throws(FileError) -> FileStatus? {
        try inject(call, path)
        var raw = stat()
        guard path.withPlatformString({ body($0, &raw) }) == 0 else {
            let errno = Errno.current
            if errno.meansNothingIsThere { return nil }
            throw FileError(call, path, errno)
        }
        return FileStatus(raw)
    }
}

private let newOnly = UInt32(DOCVC_RENAME_NEW)
private let exchanging = UInt32(DOCVC_RENAME_EXCHANGE)
