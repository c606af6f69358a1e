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

    /// The environment of programs that run at the work tree's top: what names Git's files
    /// from the current folder names them from there too.
    public var environmentAtTop: [String: String] {
        var environment = world.environment
        let places = [
            ("GIT_DIR", gitFolder), ("GIT_WORK_TREE", workTree), ("GIT_COMMON_DIR", commonFolder),
            ("GIT_INDEX_FILE", indexPath),
        ]
        for (name, place) in places where environment[name] != nil {
            environment[name] = place.string
        }
        return environment
    }

    /// Runs the hook `name` where there is one, as `git commit -o` runs it: at the work
    /// tree's top, with no input, its output on standard error, and `GIT_INDEX_FILE` naming
    /// `index`; `more` is added to its environment. Throws `hookFailed` where it exits with
    /// another status than 0.
    ///
    /// `GIT_DIR` is set where Git sets it. Elsewhere it would do harm: without `GIT_WORK_TREE`
    /// it makes the folder that a hook goes to the work tree's top.
    public func runHook(
        _ name: String, arguments: [String] = [], index: FilePath,
        environment more: [String: String] = [:]
    ) throws(RepositoryError) {
        guard let path = try hook(name) else { return }
        var environment = environmentAtTop.merging(more) { $1 }
        environment["GIT_INDEX_FILE"] = index.string
        var isNamed = environment["GIT_DIR"] != nil || environment["GIT_WORK_TREE"] != nil
        if !isNamed { isNamed = try !hasGitFolderAtTop }
        if isNamed { environment["GIT_DIR"] = gitFolder.string }
        environment["GIT_EDITOR"] = ":"
        environment["GIT_PREFIX"] = try prefix
        let result = try lifting {
            try Program([path.string] + arguments, environment: environment, folder: workTree)
                .run()
        }
        guard result.status == 0 else { throw .hookFailed(name: name, status: result.status) }
    }

    /// Whether the repository is the folder `.git` at the work tree's top, or what a link there
    /// leads to. A linked work tree or a submodule has a file there that names it.
    private var hasGitFolderAtTop: Bool {
        get throws(RepositoryError) {
            try lifting {
                let files = world.files
                return try files.realPath(of: workTree.appending(".git"))
                    == files.realPath(of: gitFolder)
            }
        }
    }

    /// Where the current folder is in the work tree, as Git says it: `docs/`; nothing at its top
    /// or elsewhere.
    private var prefix: String {
        get throws(RepositoryError) {
            let current = try lifting { try world.files.realPath(of: world.currentFolder) }
            guard var folder = current, folder.removePrefix(workTree), !folder.isEmpty else {
                return ""
            }
            return "\(folder)/"
        }
    }

    /// Writes to `path` the index that `git commit -o` shows its hooks: the tree `base` with
    /// `changes`. The work tree's index at `indexPath` is only read, for the files' status and
    /// the user's marks.
    public func writeHookIndex(
        _ path: FilePath, base: ObjectID?, changes: [String: IndexFile.Change]
    ) throws(RepositoryError) {
        let files = world.files
        try lifting {
            // A lock too, which a kill may have left: it would block every later save.
            try files.remove(path.appendingToName(".lock"))
            try files.remove(path)
            if let bytes = try files.readIfPresent(indexPath) {
                try files.create(path).write(bytes)
            }
            let index = try openIndex(path)
            let marks = Repository.marks(in: index)
            if let base {
                let tree = try self.tree(base)
                let result = unsafe git_index_read_tree(index.pointer, tree.pointer)
                try LibGit2.check("git_index_read_tree", result)
            } else {
                try LibGit2.check("git_index_clear", unsafe git_index_clear(index.pointer))
            }
            try Repository.set(marks, in: index)
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

    /// The marks of the user's that an entry has: it is assumed unchanged, or skipped.
    private struct Mark {
        /// A name in bytes: it need not be UTF-8.
        let path: FilePath
        let flags: UInt16
        let extended: UInt16
    }

    private static func marks(in index: borrowing Handle<IndexKind>) -> [Mark] {
        var marks: [Mark] = []
        for number in 0..<(unsafe git_index_entrycount(index.pointer)) {
            guard let entry = unsafe git_index_get_byindex(index.pointer, number)?.pointee else {
                continue
            }
            let assumed = unsafe UInt16(GIT_INDEX_ENTRY_VALID.rawValue) & entry.flags
            let skipped =
                unsafe UInt16(GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue)
                & entry.flags_extended
            guard assumed | skipped != 0 else { continue }
            marks.append(
                Mark(
                    path: unsafe FilePath(platformString: entry.path), flags: assumed,
                    extended: skipped))
        }
        return marks
    }

    /// Sets the marks that `git_index_read_tree` takes away: a hook that resets or stages what
    /// has changed must leave the files alone that the user set apart.
    private static func set(_ marks: [Mark], in index: borrowing Handle<IndexKind>) throws {
        for mark in marks {
            try unsafe mark.path.withPlatformString { path in
                guard let found = unsafe git_index_get_bypath(index.pointer, path, 0) else {
                    return
                }
                var entry = unsafe found.pointee
                unsafe entry.flags |= mark.flags
                unsafe entry.flags_extended |= mark.extended
                try LibGit2.check("git_index_add", unsafe git_index_add(index.pointer, &entry))
            }
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
