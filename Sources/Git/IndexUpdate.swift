internal import Platform
internal import SystemPackage

extension Repository {
    /// The index file, locked; it is put in place by `commit`.
    public struct IndexUpdate: ~Copyable {
        private var lock: LockFile
        private let files: FileSystem
        private let workTree: FilePath
        /// The index as it was when the lock was taken.
        public let index: IndexFile

        init(
            _ repository: borrowing Repository, known: IndexFile?, timeout: Duration
        ) throws(RepositoryError) {
            let lock = try LockFile(repository.indexPath, in: repository, timeout: timeout)
            let index = try IndexFile(of: repository, unlessStill: known)
            files = repository.world.files
            workTree = repository.workTree
            self.lock = lock
            self.index = index
        }

        /// Writes the index with `changes` into the lock file, durably; nobody sees it yet.
        public mutating func prepare(_ changes: [String: IndexFile.Change]) throws(RepositoryError)
        {
            let (files, workTree) = (files, workTree)
            let bytes = try index.bytes(applying: changes) { name throws(FileError) in
                try files.status(of: workTree.appending(FilePath(bytes: name).components))
            }
            do throws(FileError) { try lock.write(bytes) } catch { throw .file(error) }
        }

        /// Puts the prepared index in place.
        public mutating func commit() throws(RepositoryError) {
            do throws(FileError) { try lock.commit() } catch { throw .file(error) }
        }
    }

    /// Locks the index, waiting at most `timeout`; while it is locked no checkout, merge or
    /// commit of Git's starts in this work tree. `known` is the index as it was read before, if it was.
    public func lockIndex(
        known: IndexFile? = nil, timeout: Duration
    ) throws(RepositoryError) -> IndexUpdate {
        try IndexUpdate(self, known: known, timeout: timeout)
    }
}
