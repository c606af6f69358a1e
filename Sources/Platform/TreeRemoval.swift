public import SystemPackage

extension FileSystem {
    /// Removes the folder at `path` with all that is in it; links are removed, not followed.
    public func removeTree(_ path: FilePath) throws(FileError) {
        for name in try names(in: path) {
            let inner = path.appending(name)
            if try status(of: inner)?.kind == .folder {
                try removeTree(inner)
            } else {
                try remove(inner)
            }
        }
        try removeFolderIfEmpty(path)
    }
}
