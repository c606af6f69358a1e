internal import Clibgit2
internal import Platform
internal import SystemPackage

/// Objects that are written together, by `store`; until then they are in memory only.
///
/// Each is written anew, though the repository may have it: the program that wrote it need not
/// have made it durable (`git add` does not), and a power cut may have left its name on a torn
/// file. One that Git has packed as well costs a file that `git gc` removes.
public struct ObjectBatch {
    /// Each object once, what it names before it.
    private var objects: [LooseObject] = []
    private var known: Set<ObjectID> = []

    /// An empty batch.
    public init() {}

    /// Adds `bytes` as a blob.
    public mutating func blob(_ bytes: [UInt8]) throws(RepositoryError) -> ObjectID {
        try add(bytes, GIT_OBJECT_BLOB)
    }

    /// Adds a commit.
    public mutating func commit(_ bytes: [UInt8]) throws(RepositoryError) -> ObjectID {
        try add(bytes, GIT_OBJECT_COMMIT)
    }

    /// Adds the trees that `tree` (nil: the empty tree) becomes when each path is set to
    /// its entry, or removed where that is nil; returns the new root.
    ///
    /// The cost follows the depth and width of the folders on the paths, nothing else.
    public mutating func tree(
        from tree: ObjectID?, setting changes: [(path: String, entry: Repository.TreeEntry?)],
        in repository: borrowing Repository
    ) throws(RepositoryError) -> ObjectID {
        var edit = TreeEdit()
        for (path, entry) in changes { edit.set(path, to: entry) }
        if let root = try add(edit, onto: tree, in: repository) { return root }
        return try add([], GIT_OBJECT_TREE)
    }

    // MARK: Writing

    /// Writes the objects, and returns when they and the folders that hold them are on the disk.
    ///
    /// All are written before the first fsync, which pays for the file system's journal commit
    /// and makes the rest nearly free. An object gets its name only when its content is durable,
    /// and after those that it names: what a kill or a power cut leaves under an object's name
    /// is that object. Temporary files are named as Git's own, so that `git gc` sweeps those of
    /// a dead process.
    public func store(in repository: borrowing Repository) throws(RepositoryError) {
        let files = repository.world.files
        let folder = repository.commonFolder.appending("objects")
        var temporaries: [FilePath] = []
        defer { for path in temporaries { _ = try? files.remove(path) } }
        try lifting {
            for (number, object) in objects.enumerated() {
                let file = try files.createUnique(
                    folder.appending("tmp_obj_\(number)"), permissions: 0o444)
                temporaries.append(file.path)
                try file.write(object.file())
            }
            for path in temporaries { try files.open(path).sync() }
            var fans: Set<String> = []
            for (object, temporary) in zip(objects, temporaries) {
                let name = object.id.hex
                let fan = String(name.prefix(2))
                let path = folder.appending(fan).appending(String(name.dropFirst(2)))
                try ObjectBatch.move(temporary, to: path, files)
                fans.insert(fan)
            }
            temporaries = []
            for fan in fans.sorted() {
                let isThere = try files.syncFolderIfPresent(folder.appending(fan))
                if !isThere { try expectPacked(fan, in: repository) }
            }
            if !fans.isEmpty { try files.syncFolder(folder) }
        }
    }

    /// Throws unless the objects of a folder that is gone are in the repository all the same:
    /// `git gc` packs them, durably, and removes the folder.
    private func expectPacked(
        _ fan: String, in repository: borrowing Repository
    ) throws(RepositoryError) {
        for object in objects where object.id.hex.hasPrefix(fan) {
            if try repository.contains(object.id) { continue }
            throw .badObject("object \(object.id) went away while it was written")
        }
    }

    /// Gives an object its name, in a folder that may be missing: `git gc` removes an empty one
    /// at any moment until the move into it.
    private static func move(
        _ temporary: FilePath, to path: FilePath, _ files: FileSystem
    ) throws(FileError) {
        let folder = path.removingLastComponent()
        var attempt = 0
        while true {
            do throws(FileError) {
                if attempt > 0 { _ = try files.makeFolder(folder) }
                return try files.rename(temporary, to: path)
            } catch {
                guard error.errno == .noSuchFileOrDirectory, attempt < 8 else { throw error }
                attempt += 1
            }
        }
    }

    // MARK: Adding

    private mutating func add(
        _ bytes: [UInt8], _ kind: git_object_t
    ) throws(RepositoryError) -> ObjectID {
        let object = try LooseObject(kind, bytes)
        if known.insert(object.id).inserted { objects.append(object) }
        return object.id
    }

    /// Adds `edit` applied to the tree `base`; nil where nothing is left in it.
    private mutating func add(
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
            if let id = try add(folder, onto: folder.isFresh ? nil : below, in: repository) {
                changes[name] = .entry(.init(mode: .tree, id: id))
            } else if below != nil {
                changes[name] = .withoutFolder
            }
        }
        let new = try TreeEdit.replacing(changes, in: old)
        return new.isEmpty ? nil : try add(new, GIT_OBJECT_TREE)
    }
}
