import Glibc
public import SystemPackage

/// An open file; it is closed when its owner lets go of it.
public struct File: ~Copyable {
    let descriptor: FileDescriptor
    /// The path that the file was opened by, for errors.
    public let path: FilePath
    let fault: FileSystem.Fault?

    deinit { try? descriptor.close() }

    /// The file's status now.
    public func status() throws(FileError) -> FileStatus {
        var raw = stat()
        try check(.inspect) { fstat(descriptor.rawValue, &raw) }
        return FileStatus(raw)
    }

    /// All bytes from the file's start to its end.
    public func readAll() throws(FileError) -> [UInt8] {
        // One byte more than the size tells, so that the usual file needs two reads: one
        // for the content and one that finds the end.
        let expected = try Int(status().size) + 1
        do {
            if let errno = fault?(.read, path) { throw errno }
            var bytes: [UInt8] = []
            var end = false
            while !end {
                let wanted = bytes.isEmpty ? expected : max(expected, 1 << 16)
                let offset = Int64(bytes.count)
                let part = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                    count = try descriptor.read(
                        fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
                }
                end = part.isEmpty
                if bytes.isEmpty { bytes = part } else { bytes += part }
            }
            return bytes
        } catch {
            throw failure(.read, error)
        }
    }

    /// At most `count` bytes from the place `offset` on; fewer at the file's end.
    public func read(from offset: Int64, atMost count: Int) throws(FileError) -> [UInt8] {
        do {
            if let errno = fault?(.read, path) { throw errno }
            return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                while filled < count {
                    let part = try descriptor.read(
                        fromAbsoluteOffset: offset + Int64(filled),
                        into: UnsafeMutableRawBufferPointer(
                            rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]))
                    if part == 0 { break }
                    filled += part
                }
            }
        } catch {
            throw failure(.read, error)
        }
    }

    /// Writes all of `bytes` at the file's present end of writing.
    public func write(_ bytes: some Sequence<UInt8>) throws(FileError) {
        do {
            if let errno = fault?(.write, path) { throw errno }
            try descriptor.writeAll(bytes)
        } catch {
            throw failure(.write, error)
        }
    }

    /// Makes `bytes` the file's whole content, in place.
    public func replaceContent(_ bytes: some Sequence<UInt8>) throws(FileError) {
        try truncate(to: 0)
        do {
            try descriptor.seek(offset: 0, from: .start)
        } catch {
            throw failure(.write, error)
        }
        try write(bytes)
    }

    /// Returns when the file's content and size are on the disk.
    public func sync() throws(FileError) {
        try check(.sync) { fsync(descriptor.rawValue) }
    }

    /// Makes the file `size` bytes long.
    public func truncate(to size: Int64) throws(FileError) {
        try check(.write) { ftruncate(descriptor.rawValue, off_t(size)) }
    }

    /// Gives the file the permission bits `permissions`, whatever the process's mask.
    public func setPermissions(_ permissions: UInt32) throws(FileError) {
        try check(.copyMetadata) { fchmod(descriptor.rawValue, permissions) }
    }

    private func check(_ call: FileCall, _ body: () -> Int32) throws(FileError) {
        if let errno = fault?(call, path) { throw FileError(call, path, errno) }
        var result: Int32
        repeat { result = body() } while result != 0 && Glibc.errno == EINTR
        guard result == 0 else { throw FileError(call, path, .current) }
    }

    private func failure(_ call: FileCall, _ error: any Error) -> FileError {
        FileError(call, path, error as? Errno ?? .ioError)
    }
}

extension Errno {
    /// The reason the last failed call of this thread gave.
    static var current: Errno { Errno(rawValue: Glibc.errno) }

    /// Whether the reason is that no file has such a path.
    public var meansNothingIsThere: Bool {
        self == .noSuchFileOrDirectory || self == .notDirectory || self == .fileNameTooLong
    }
}
