public import SystemPackage

extension FileSystem {
    /// Puts `bytes` at `path`, so that after a power cut the file is whole: old or new.
    ///
    /// Writes a temporary file, makes it durable, moves it into place, and makes the folder
    /// durable. For docvc's own files; documents are exchanged, not replaced.
    ///
    /// - Parameter other: the temporary file, whose folder is made; nil is one beside `path`.
    public func replace(
        _ path: FilePath, with bytes: some Sequence<UInt8>, by other: FilePath? = nil
    ) throws(FileError) {
        let temporary = other ?? path.appendingToName(".new")
        if other != nil { try makeFolders(temporary.removingLastComponent()) }
        // Only the holder of the docvc lock writes here, so a file left over is a dead one's.
        try remove(temporary)
        do {
            let file = try create(temporary)
            try file.write(bytes)
            try file.sync()
            try rename(temporary, to: path)
        } catch {
            _ = try? remove(temporary)
            throw error
        }
        try syncFolder(path.removingLastComponent())
    }
}

extension FileSystem {
    /// Puts `bytes` at `path`; where nothing is there yet, without another file on the way, so
    /// that a kill leaves none. For files that may be found torn: then they count as missing.
    public func put(
        _ bytes: some Sequence<UInt8>, at path: FilePath, by other: FilePath? = nil
    ) throws(FileError) {
        guard try status(of: path) == nil else { return try replace(path, with: bytes, by: other) }
        do {
            let file = try create(path)
            try file.write(bytes)
            try file.sync()
        } catch {
            _ = try? remove(path)
            throw error
        }
        try syncFolder(path.removingLastComponent())
    }
}

extension FilePath {
    /// This path with `suffix` added to its last component.
    public func appendingToName(_ suffix: String) -> FilePath {
        FilePath(string + suffix)
    }

    /// The path of these bytes, which need not be UTF-8.
    public init(bytes: some Sequence<UInt8>) {
        self.init(platformString: bytes.map { CChar(bitPattern: $0) } + [0])
    }
}
