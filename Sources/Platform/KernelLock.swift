import Cposix
import Glibc
public import SystemPackage

/// A lock that the kernel holds for this process, and gives up when the process dies.
///
/// It is a flock(2) on a file, into which the holder writes who it is.
public struct KernelLock: ~Copyable {
    private let file: File
    private let isInheritable: Bool

    /// Who holds a lock that could not be had, as the holder wrote it; empty when unknown.
    public enum Failure: Error, Sendable {
        case held(by: String)
        case file(FileError)
    }

    /// Takes the lock on the file at `path`, made where missing, waiting at most `timeout`.
    ///
    /// `holder` is a line that tells others who has it. Programs that inherit an `isInheritable`
    /// one go on holding it when this goes. Throws `held` when the time is up.
    public init(
        _ path: FilePath, holder: @autoclosure () -> String, isInheritable: Bool = false,
        timeout: Duration, world: World
    ) throws(Failure) {
        let file: File
        do throws(FileError) {
            try world.files.inject(.lock, path)
            file = try world.files.openOrCreate(path)
        } catch {
            throw .file(error)
        }
        let descriptor = file.descriptor.rawValue
        let deadline = ContinuousClock.now + timeout
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let errno = Errno.current
            guard errno == .resourceTemporarilyUnavailable || errno == .interrupted else {
                throw .file(FileError(.lock, path, errno))
            }
            guard ContinuousClock.now < deadline else {
                let bytes = (try? file.readAll()) ?? []
                throw .held(
                    by: String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
            }
            world.pause(.milliseconds(Int.random(in: 1...8)))
        }
        // Who holds it is a courtesy; a full disk must not keep anyone from the lock.
        if (try? file.truncate(to: 0)) != nil { try? file.write(Array("\(holder())\n".utf8)) }
        self.file = file
        self.isInheritable = isInheritable
    }

    deinit {
        // To close it would not do: a child that another thread is starting this moment has it
        // too, until it becomes another program.
        if !isInheritable { release() }
    }

    /// The lock's descriptor: a program that inherits it holds the lock too, until it ends.
    public var descriptor: Int32 { file.descriptor.rawValue }

    /// Gives the lock up before this goes, also for programs that inherited it.
    public func release() { _ = flock(file.descriptor.rawValue, LOCK_UN) }
}
