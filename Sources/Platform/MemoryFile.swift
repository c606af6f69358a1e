import Cposix
import Glibc
public import SystemPackage

/// A file in memory, for libraries that read files only; it goes with its owner.
public struct MemoryFile: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// A file that holds `bytes`.
    public init(_ bytes: some Sequence<UInt8>) throws(FileError) {
        let raw = docvc_memory_file("docvc")
        guard raw >= 0 else { throw FileError(.open, "/proc/self/fd", .current) }
        let descriptor = FileDescriptor(rawValue: raw)
        do {
            try descriptor.writeAll(bytes)
        } catch {
            try? descriptor.close()
            throw FileError(.write, "/proc/self/fd", error as? Errno ?? .ioError)
        }
        self.descriptor = descriptor
    }

    deinit { try? descriptor.close() }

    /// The path by which this process reads it.
    public var path: FilePath { FilePath("/proc/self/fd/\(descriptor.rawValue)") }
}
