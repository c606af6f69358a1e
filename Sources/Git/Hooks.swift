internal import Clibgit2
internal import Platform
public import SystemPackage

extension Repository {
    /// The path of the hook `name`, where there is one that can be run (githooks).
    public func hook(_ name: String) throws(RepositoryError) -> FilePath? {
        let folder: FilePath
        if let configured = try configuration.path("core.hookspath") {
            folder = workTree.pushing(configured).lexicallyNormalized()
        } else {
            folder = commonFolder.appending("hooks")
        }
        let path = folder.appending(name)
        let status = try lifting { try world.files.statusFollowingLinks(of: path) }
        guard let status, status.kind == .file, status.permissions & 0o111 != 0 else { return nil }
        return path
    }

    /// Runs the hook `name` where there is one, as `git commit -o` runs it: at the work
    /// tree's top, with no input, its output on standard error, and `GIT_INDEX_FILE` naming
    /// `index`; `more` is added to its environment. Throws `hookFailed` where it exits with
    /// another status than 0.
    public func runHook(
        _ name: String, arguments: [String] = [], index: FilePath,
        environment more: [String: String] = [:]
    ) throws(RepositoryError) {
        guard let path = try hook(name) else { return }
        var environment = world.environment.merging(more) { $1 }
        environment["GIT_INDEX_FILE"] = index.string
        environment["GIT_DIR"] = gitFolder.string
        environment["GIT_EDITOR"] = ":"
        environment["GIT_PREFIX"] = ""
        let result = try lifting {
            try Program([path.string] + arguments, environment: environment, folder: workTree)
                .run()
        }
        guard result.status == 0 else { throw .hookFailed(name: name, status: result.status) }
    }

    /// Writes to `path` the index that `git commit -o` shows its hooks: the tree `base` with
    /// `changes`. The work tree's index at `indexPath` is only read, for the files' status.
    public func writeHookIndex(
        _ path: FilePath, base: ObjectID?, changes: [String: IndexFile.Change]
    ) throws(RepositoryError) {
        let files = world.files
        try lifting {
            // libgit2's lock too, which a kill may have left: it would block every later save.
            try files.remove(path.appendingToName(".lock"))
            try files.remove(path)
            if let bytes = try files.readIfPresent(indexPath) {
                try files.create(path).write(bytes)
            }
            let index = try openIndex(path)
            if let base {
                let tree = try self.tree(base)
                let result = unsafe git_index_read_tree(index.pointer, tree.pointer)
                try LibGit2.check("git_index_read_tree", result)
            } else {
                try LibGit2.check("git_index_clear", unsafe git_index_clear(index.pointer))
            }
            try LibGit2.check("git_index_write", unsafe git_index_write(index.pointer))
            let written: IndexFile
            do {
                let file = try files.open(path)
                written = try IndexFile(file.readAll(), written: file.status().modified)
            }
            let bytes = try written.bytes(applying: changes) { _ in nil }
            try files.remove(path)
            try files.create(path).write(bytes)
        }
    }

    /// What differs between the tree `base` and the index at `path`: the new entry of each
    /// path, nil where it is gone.
    public func changes(
        from base: ObjectID?, toIndex path: FilePath
    ) throws(RepositoryError) -> [String: TreeEntry?] {
        try lifting {
            let index = try openIndex(path)
            var found: OpaquePointer?
            if let base {
                let tree = try self.tree(base)
                let result = unsafe git_diff_tree_to_index(
                    &found, handle.pointer, tree.pointer, index.pointer, nil)
                try LibGit2.check("git_diff_tree_to_index", result)
            } else {
                let result = unsafe git_diff_tree_to_index(
                    &found, handle.pointer, nil, index.pointer, nil)
                try LibGit2.check("git_diff_tree_to_index", result)
            }
            guard let found = unsafe found else { return [:] }
            let diff = unsafe Handle<DiffKind>(found)
            var changes: [String: TreeEntry?] = [:]
            for number in 0..<(unsafe git_diff_num_deltas(diff.pointer)) {
                guard let delta = unsafe git_diff_get_delta(diff.pointer, number) else { continue }
                let (old, new) = unsafe (delta.pointee.old_file, delta.pointee.new_file)
                let name = unsafe String(cString: old.path ?? new.path)
                if unsafe delta.pointee.status == GIT_DELTA_DELETED {
                    changes[name] = .some(nil)
                } else {
                    unsafe changes[name] = TreeEntry(
                        mode: FileMode(raw: UInt32(new.mode)), id: ObjectID(new.id))
                }
            }
            return changes
        }
    }

    private func openIndex(_ path: FilePath) throws -> Handle<IndexKind> {
        try LibGit2.make("git_index_open", IndexKind.self) {
            unsafe git_index_open($0, path.string)
        }
    }
}
