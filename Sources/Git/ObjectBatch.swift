internal import Clibgit2
internal import Platform
internal import SystemPackage

/// Objects that are written together and then made durable together.
///
/// The first fsync pays for the file system's journal commit and the rest are nearly free,
/// so all are written first. An object that was there already is made durable too: the
/// program that wrote it may not have done so (`git add` does not).
public struct ObjectBatch {
    /// The objects of the batch, each once, in the order of their writing.
    public private(set) var objects: [ObjectID] = []
    private var known: Set<ObjectID> = []

    /// An empty batch.
    public init() {}

    /// Writes `bytes` as a blob.
    public mutating func blob(
        _ bytes: [UInt8], in repository: borrowing Repository
    ) throws(RepositoryError) -> ObjectID {
        try write(bytes, GIT_OBJECT_BLOB, in: repository)
    }

    /// Writes a commit.
    public mutating func commit(
        _ bytes: [UInt8], in repository: borrowing Repository
    ) throws(RepositoryError) -> ObjectID {
        try write(bytes, GIT_OBJECT_COMMIT, in: repository)
    }

    /// Writes the trees that `tree` (nil: the empty tree) becomes when each path is set to
    /// its entry, or removed where that is nil; returns the new root.
    ///
    /// The cost follows the depth and width of the folders on the paths, nothing else.
    public mutating func tree(
        from tree: ObjectID?, setting changes: [(path: String, entry: Repository.TreeEntry?)],
        in repository: borrowing Repository
    ) throws(RepositoryError) -> ObjectID {
        var edit = TreeEdit()
        for (path, entry) in changes { edit.set(path, to: entry) }
        if let root = try write(edit, onto: tree, in: repository) { return root }
        return try write([], GIT_OBJECT_TREE, in: repository)
    }

    /// Returns when every object of the batch, and the folders that hold them, are on the
    /// disk.
    public func sync(in repository: borrowing Repository) throws(RepositoryError) {
        let files = repository.world.files
        let folder = repository.commonFolder.appending("objects")
        var folders: Set<String> = []
        for id in objects {
            let name = id.hex
            let fan = String(name.prefix(2))
            let path = folder.appending(fan).appending(String(name.dropFirst(2)))
            do {
                try files.open(path).sync()
                folders.insert(fan)
            } catch  where error.errno == .noSuchFileOrDirectory {
                // It lies in a pack, which Git made durable when it wrote it; or `git gc`
                // has just packed it.
                guard try repository.contains(id) else {
                    throw .badObject("object \(id) went away while it was written")
                }
            } catch {
                throw .file(error)
            }
        }
        try lifting {
            for fan in folders.sorted() { try files.syncFolder(folder.appending(fan)) }
            try files.syncFolder(folder)
        }
    }

    // MARK: Writing

    private mutating func write(
        _ bytes: [UInt8], _ kind: git_object_t, in repository: borrowing Repository
    ) throws(RepositoryError) -> ObjectID {
        var attempt = 0
        while true {
            do {
                let database = try repository.objectDatabase()
                var oid = git_oid()
                let result = unsafe bytes.withUnsafeBytes {
                    unsafe git_odb_write(
                        &oid, database.pointer, $0.baseAddress ?? UnsafeRawPointer(bitPattern: 1),
                        $0.count, kind)
                }
                try LibGit2.check("git_odb_write", result)
                let id = ObjectID(oid)
                if known.insert(id).inserted { objects.append(id) }
                return id
            } catch {
                // `git gc` removes an empty fan-out folder between its making and the
                // writing of the object into it. Anything else fails again.
                attempt += 1
                if attempt < 4 { continue }
                try lifting { throw error }
            }
        }
    }

    /// Writes `edit` applied to the tree `base`; nil where nothing is left in it.
    private mutating func write(
        _ edit: TreeEdit, onto base: ObjectID?, in repository: borrowing Repository
    ) throws(RepositoryError) -> ObjectID? {
        var old: [UInt8] = []
        if let base {
            let (kind, bytes) = try repository.object(base)
            guard kind == .tree else { throw .badObject("object \(base) is not a tree") }
            old = bytes
        }
        var changes = edit.files.mapValues { $0.map(TreeEdit.Change.entry) ?? .withoutFile }
        for (name, folder) in edit.folders {
            let below = try TreeEdit.subtree(name, of: old)
            if let id = try write(folder, onto: folder.isFresh ? nil : below, in: repository) {
                changes[name] = .entry(.init(mode: .tree, id: id))
            } else if below != nil {
                changes[name] = .withoutFolder
            }
        }
        let new = try TreeEdit.replacing(changes, in: old)
        return new.isEmpty ? nil : try write(new, GIT_OBJECT_TREE, in: repository)
    }
}
