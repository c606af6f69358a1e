import Glibc
public import SystemPackage

extension FileSystem {
    /// Whether this process may write the file or folder at `path`: its mode has a write bit,
    /// and the system grants it. Who may do everything is still told of a file without any.
    public func isWritable(_ path: FilePath) throws(FileError) -> Bool {
        guard let status = try status(of: path), status.permissions & 0o222 != 0 else {
            return false
        }
        return path.withPlatformString { access($0, W_OK) } == 0
    }
}
