internal import Clibgit2

extension Repository {
    /// The kinds of objects.
    public enum Kind: Sendable { case commit, tree, blob, tag }

    /// The kind and content of an object.
    public func object(_ id: ObjectID) throws(RepositoryError) -> (kind: Kind, bytes: [UInt8]) {
        try lifting {
            let database = try objectDatabase()
            var oid = id.oid
            let object: Handle<StoredObjectKind>
            do throws(GitError) {
                object = try LibGit2.make("git_odb_read", StoredObjectKind.self) {
                    unsafe git_odb_read($0, database.pointer, &oid)
                }
            } catch {
                guard error.code == .notFound else { throw error }
                throw RepositoryError.badObject("object \(id) is missing")
            }
            let count = unsafe git_odb_object_size(object.pointer)
            let bytes = unsafe [UInt8](
                UnsafeRawBufferPointer(
                    start: git_odb_object_data(object.pointer), count: count))
            let kind: Kind =
                switch unsafe git_odb_object_type(object.pointer) {
                case GIT_OBJECT_COMMIT: .commit
                case GIT_OBJECT_TREE: .tree
                case GIT_OBJECT_TAG: .tag
                default: .blob
                }
            return (kind, bytes)
        }
    }

    /// The content of the blob `id`.
    public func blob(_ id: ObjectID) throws(RepositoryError) -> [UInt8] {
        let (kind, bytes) = try object(id)
        guard kind == .blob else { throw .badObject("object \(id) is not a blob") }
        return bytes
    }

    /// The size of the object `id` in bytes, without reading its content.
    public func size(of id: ObjectID) throws(RepositoryError) -> Int {
        try lifting {
            let database = try objectDatabase()
            var size = 0
            var type = GIT_OBJECT_ANY
            var oid = id.oid
            let result = unsafe git_odb_read_header(&size, &type, database.pointer, &oid)
            try LibGit2.check("git_odb_read_header", result)
            return size
        }
    }

    /// Whether the object is in the repository.
    public func contains(_ id: ObjectID) throws(RepositoryError) -> Bool {
        try lifting {
            let database = try objectDatabase()
            var oid = id.oid
            return unsafe git_odb_exists(database.pointer, &oid) == 1
        }
    }

    /// The id that `bytes` have as a blob; nothing is written.
    public static func blobID(of bytes: [UInt8]) throws(RepositoryError) -> ObjectID {
        try ObjectID(of: bytes, as: GIT_OBJECT_BLOB)
    }

    func objectDatabase() throws -> Handle<ObjectDatabaseKind> {
        try LibGit2.make("git_repository_odb", ObjectDatabaseKind.self) {
            unsafe git_repository_odb($0, handle.pointer)
        }
    }

    // MARK: Trees

    /// One entry of a tree.
    public struct TreeEntry: Equatable, Sendable {
        /// The mode of the entry.
        public let mode: FileMode
        /// The object it names.
        public let id: ObjectID

        /// An entry that names `id`.
        public init(mode: FileMode, id: ObjectID) {
            self.mode = mode
            self.id = id
        }
    }

    /// The entry at `path` below `tree`; nil where there is none.
    public func entry(_ path: String, in tree: ObjectID) throws(RepositoryError) -> TreeEntry? {
        try lifting {
            let root = try self.tree(tree)
            var entry: OpaquePointer?
            let result = unsafe git_tree_entry_bypath(&entry, root.pointer, path)
            guard result == 0, let found = unsafe entry else {
                if result == GitError.Code.notFound.rawValue {
                    git_error_clear()
                    return nil
                }
                try LibGit2.check("git_tree_entry_bypath", result)
                return nil
            }
            defer { unsafe git_tree_entry_free(found) }
            return unsafe TreeEntry(
                mode: FileMode(raw: git_tree_entry_filemode_raw(found).rawValue),
                id: ObjectID(git_tree_entry_id(found).pointee))
        }
    }

    /// The entries of the tree `id` itself, by name.
    public func entries(of id: ObjectID) throws(RepositoryError) -> [(
        name: String, entry: TreeEntry
    )] {
        try lifting {
            let tree = try self.tree(id)
            let count = unsafe git_tree_entrycount(tree.pointer)
            var entries: [(String, TreeEntry)] = []
            entries.reserveCapacity(count)
            for index in 0..<count {
                guard let found = unsafe git_tree_entry_byindex(tree.pointer, index) else {
                    continue
                }
                unsafe entries.append(
                    (
                        String(cString: git_tree_entry_name(found)),
                        TreeEntry(
                            mode: FileMode(raw: git_tree_entry_filemode_raw(found).rawValue),
                            id: ObjectID(git_tree_entry_id(found).pointee))
                    ))
            }
            return entries
        }
    }

    func tree(_ id: ObjectID) throws -> Handle<TreeKind> {
        var oid = id.oid
        do throws(GitError) {
            return try LibGit2.make("git_tree_lookup", TreeKind.self) {
                unsafe git_tree_lookup($0, handle.pointer, &oid)
            }
        } catch {
            guard error.code == .notFound else { throw error }
            throw RepositoryError.badObject("tree \(id) is missing")
        }
    }
}
