internal import Clibgit2
internal import Platform
internal import SystemPackage

/// Whose repository it is: another user's hooks and settings are not to be trusted.
///
/// libgit2 1.5 looks for `safe.directory` in fixed files only, and calls the repository
/// missing where there are none; so its own check is off, and this one is Git's.
extension Repository {
    /// Throws `notOwned` where the work tree, the repository's folder or the file that names it
    /// belongs to another user, and `safe.directory` does not list the work tree.
    ///
    /// Git trusts a repository that `GIT_DIR` names.
    static func checkOwner(
        git: FilePath, workTree: FilePath, _ world: World
    ) throws(RepositoryError) {
        guard world.environment["GIT_DIR"] == nil else { return }
        var isOwn = true
        for path in [git, workTree, workTree.appending(".git")] {
            let status = try lifting { try world.files.status(of: path) }
            if let status, !isOwner(status.user, world) { isOwn = false }
        }
        if isOwn { return }
        var isSafe = false
        for directory in try Configuration.safeDirectories(world) {
            // An empty one takes back those before it.
            guard !directory.isEmpty else {
                isSafe = false
                continue
            }
            let path = try lifting { try world.files.realPath(of: FilePath(directory)) }
            if directory == "*" || path == workTree { isSafe = true }
        }
        guard isSafe else { throw .notOwned(workTree) }
    }

    /// Root owns what is root's, and under sudo what is the caller's.
    private static func isOwner(_ user: UInt32, _ world: World) -> Bool {
        let own = World.effectiveUser
        if user == own { return true }
        return own == 0 && user == world.environment["SUDO_UID"].flatMap { UInt32($0) }
    }
}

extension Configuration {
    /// The values of `safe.directory`, which counts in the user's settings only: a repository
    /// cannot vouch for itself.
    static func safeDirectories(_ world: World) throws(RepositoryError) -> [String] {
        let name = "safe.directory"
        var values: [String] = []
        for (path, _) in userFiles(world.environment) {
            let found = try lifting {
                do {
                    return try Repository.values(of: name, in: world.absolute(path.string))
                } catch let error as GitError where error.code == .notFound {
                    return []
                }
            }
            values += found
        }
        if let value = try overrides(world.environment)[name] { values.append(value) }
        guard let home = world.environment["HOME"] else { return values }
        return values.map { $0.hasPrefix("~/") ? home + $0.dropFirst(1) : $0 }
    }
}
