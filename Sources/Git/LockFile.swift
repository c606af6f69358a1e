internal import Platform
public import SystemPackage

/// One of Git's lock files, `<path>.lock`, that is provably ours.
///
/// The lock is a second name (a hard link) of a private file in docvc's own folder. While
/// that file is there, no other file can have its inode, so after a crash a lock that is the
/// same file as its private one was left by docvc, and any other was not. Making a link
/// fails where the lock exists, as Git's own exclusive create does.
struct LockFile: ~Copyable {
    let target: FilePath
    private let lock: FilePath
    private let claim: FilePath
    private let file: File
    private let files: FileSystem
    private var isHeld = true

    /// Locks `target`, waiting at most `timeout` for another holder.
    ///
    /// What takes the target's place has `permissions`, or where that is nil those that Git
    /// gives its files in `repository`.
    init(
        _ target: FilePath, in repository: borrowing Repository, timeout: Duration,
        permissions: UInt32? = nil
    ) throws(RepositoryError) {
        let files = repository.world.files
        let name = try repository.claim(on: target)
        let lock = target.appendingToName(".lock")
        let deadline = ContinuousClock.now + timeout
        let file = try lifting {
            try files.makeFolders(name.removingLastComponent())
            return try files.createUnique(name.appendingToName("%"))
        }
        let claim = file.path
        do {
            if let permissions { try file.setPermissions(permissions) }
            while try !LockFile.link(claim, to: lock, files) {
                guard ContinuousClock.now < deadline else { throw RepositoryError.locked(lock) }
                repository.world.pause(.milliseconds(Int.random(in: 1...8)))
            }
        } catch {
            _ = try? files.remove(claim)
            try lifting { throw error }
        }
        self.target = target
        self.lock = lock
        self.claim = claim
        self.files = files
        self.file = file
    }

    /// Gives the private file its second name; false where another holds the lock.
    private static func link(
        _ claim: FilePath, to lock: FilePath, _ files: FileSystem
    ) throws -> Bool {
        do throws(FileError) {
            try files.link(claim, to: lock)
            return true
        } catch {
            switch error.errno {
            case .fileExists:
                return false
            case .noSuchFileOrDirectory:
                // A new folder of references, or one that `git pack-refs` just removed.
                try files.makeFolders(lock.removingLastComponent())
                do throws(FileError) {
                    try files.link(claim, to: lock)
                    return true
                } catch {
                    if error.errno == .fileExists || error.errno == .noSuchFileOrDirectory {
                        return false
                    }
                    throw error
                }
            case .notPermitted, .notSupported:
                return try moveWithoutLink(claim, to: lock, files)
            default:
                throw error
            }
        }
    }

    /// Takes the lock on a file system without hard links: it is as good, but after a crash
    /// it cannot be proven ours, and is left for the user to remove.
    private static func moveWithoutLink(
        _ claim: FilePath, to lock: FilePath, _ files: FileSystem
    ) throws -> Bool {
        do throws(FileError) {
            try files.renameToNew(claim, to: lock)
            return true
        } catch {
            if error.errno == .fileExists { return false }
            throw error
        }
    }

    deinit {
        guard isHeld else { return }
        // The private file proves the lock ours, where it cannot be removed now.
        guard (try? files.remove(lock)) != nil else { return }
        _ = try? files.remove(claim)
    }

    /// Makes `bytes` the lock file's content, durably; nobody sees them yet.
    mutating func write(_ bytes: [UInt8]) throws(FileError) {
        try file.replaceContent(bytes)
        try file.sync()
    }

    /// Puts what was written in the place of the target, durably, and gives up the lock.
    ///
    /// When it throws, the target may have been replaced all the same: only its durability is
    /// in doubt.
    mutating func commit() throws(FileError) {
        try files.rename(lock, to: target)
        isHeld = false
        // A private file that is left over is cleared away by `removeAbandonedLocks`.
        _ = try? files.remove(claim)
        // `git pack-refs` may have packed a reference by now, durably, and removed its folder.
        _ = try files.syncFolderIfPresent(target.removingLastComponent())
    }

    /// Puts `bytes` in the place of the target, durably, and keeps the lock.
    func replaceTarget(with bytes: [UInt8]) throws(FileError) {
        // Beside the private file, where `removeAbandonedLocks` clears it away after a kill.
        let new = try files.createUnique(claim.appendingToName("%"))
        do {
            try new.setPermissions(file.status().permissions)
            try new.write(bytes)
            try new.sync()
            try files.rename(new.path, to: target)
        } catch {
            _ = try? files.remove(new.path)
            throw error
        }
        try files.syncFolder(target.removingLastComponent())
    }
}

extension Repository {
    /// Where the private files of locks are; what lies there belongs to the process that
    /// holds the docvc lock.
    var claims: FilePath { commonFolder.appending("docvc").appending("locks") }

    /// How the private files of locks on `target` start: the target's path from the common
    /// folder, as one name. What follows, from `%-` on, tells them apart.
    fileprivate func claim(on target: FilePath) throws(RepositoryError) -> FilePath {
        var relative = target
        let name =
            relative.removePrefix(commonFolder) ? relative.string : "/" + target.string
        let escaped = name.replacing("%", with: "%25").replacing("/", with: "%2F")
        guard escaped.utf8.count < 230 else {
            throw .unsupported("the name \(name) is too long to lock", remedy: nil)
        }
        return claims.appending(escaped)
    }

    /// Removes the locks that a dead save left, and no others; returns their paths.
    ///
    /// Only the holder of the docvc lock may call it: then no living save has a claim.
    public func removeAbandonedLocks() throws(RepositoryError) -> [FilePath] {
        let files = world.files
        let claims = self.claims
        let common = commonFolder
        return try lifting {
            var removed: [FilePath] = []
            for name in try files.names(in: claims) {
                let claim = claims.appending(name)
                let start = name.firstRange(of: "%-").map { name[..<$0.lowerBound] } ?? name[...]
                let path = start.replacing("%2F", with: "/").replacing("%25", with: "%")
                let lock = common.pushing(FilePath(String(path))).appendingToName(".lock")
                if let mine = try files.status(of: claim), let other = try files.status(of: lock),
                    mine.isSameFile(as: other)
                {
                    try files.remove(lock)
                    removed.append(lock)
                }
                try files.remove(claim)
            }
            return removed
        }
    }

    /// Whether a dead or living save has a lock of Git's.
    public func hasClaimedLocks() throws(RepositoryError) -> Bool {
        let claims = self.claims
        return try lifting { try !world.files.names(in: claims).isEmpty }
    }
}
