import Platform
package import SystemPackage

/// A folder on another file system than that of temporary folders; it goes when the last
/// reference does.
package final class OtherFileSystem: Sendable {
    package let folder: FilePath

    private static let place: FilePath = "/dev/shm"

    /// Whether the machine has one.
    package static let isThere: Bool = {
        let files = FileSystem()
        guard let one = try? files.status(of: "/tmp"), let other = try? files.status(of: place)
        else { return false }
        return one.device != other.device && ((try? files.isWritable(place)) ?? false)
    }()

    package init() throws {
        folder = OtherFileSystem.place.appending("docvc-test-\(UInt64.random(in: 0 ... .max))")
        try FileSystem().makeFolders(folder)
    }

    deinit { try? FileSystem().removeTree(folder) }
}
