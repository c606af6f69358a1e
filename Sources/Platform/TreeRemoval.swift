public import SystemPackage

extension FileSystem {
    /// Removes the folder at `path` with all that is in it; links are removed, not followed.
    public func removeTree(_ path: FilePath) throws(FileError) {
        // What is named here may itself be a link.
        if let status = try status(of: path), status.kind != .folder {
            try remove(path)
            return
        }
        for name in try components(in: path) {
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
