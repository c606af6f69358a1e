internal import Platform
public import SystemPackage

/// One of Git's lock files, `<path>.lock`, that is provably ours.
///
/// The lock is a second name (a hard link) of a private file in docvc's own folder. While
/// that file is there, no other file can have its inode, so after a crash a lock that is the
/// same file as its private one was left by docvc, and any other was not. Making a link
/// fails where the lock exists, as Git's own exclusive create does.
///
/// Where the lock cannot be a link (a file system without them, or another one than docvc's
/// folder is on) it is made as Git makes it: it is as good, but after a crash it cannot be
/// proven ours, and is left for the user to remove.
struct LockFile: ~Copyable {
    let target: FilePath
    private let lock: FilePath
    /// The private file; nil where the lock is a file of its own.
    private let claim: FilePath?
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
        let world = repository.world
        let deadline = ContinuousClock.now + timeout
        func waiting<Made: ~Copyable>(_ make: () throws(FileError) -> Made) throws -> Made {
            while true {
                if let made = try LockFile.attempt(lock, files, make) { return made }
                guard ContinuousClock.now < deadline else { throw RepositoryError.locked(lock) }
                world.pause(.milliseconds(Int.random(in: 1...8)))
            }
        }
        var file = try lifting {
            try files.makeFolders(name.removingLastComponent())
            return try files.createUnique(name.appendingToName("%"))
        }
        var claim: FilePath? = file.path
        do {
            if let permissions { try file.setPermissions(permissions) }
            let made = file.path
            try waiting { () throws(FileError) in try files.link(made, to: lock) }
        } catch let error as FileError where error.errno.meansNoLink {
            _ = try? files.remove(file.path)
            claim = nil
            file = try lifting {
                try waiting { () throws(FileError) in
                    try LockFile.ownFile(lock, permissions, files)
                }
            }
        } catch {
            _ = try? files.remove(file.path)
            try lifting { throw error }
        }
        self.target = target
        self.lock = lock
        self.claim = claim
        self.files = files
        self.file = file
    }

    /// What `make` makes of the lock; nil where another holds it.
    private static func attempt<Made: ~Copyable>(
        _ lock: FilePath, _ files: FileSystem, _ make: () throws(FileError) -> Made
    ) throws(FileError) -> Made? {
        do {
            return try make()
        } catch  where error.errno == .fileExists {
            return nil
        } catch  where error.errno == .noSuchFileOrDirectory {
            // A new folder of references, or one that `git pack-refs` just removed.
            try files.makeFolders(lock.removingLastComponent())
        }
        do {
            return try make()
        } catch  where error.errno == .fileExists || error.errno == .noSuchFileOrDirectory {
            return nil
        }
    }

    /// Makes the lock a file of its own.
    private static func ownFile(
        _ lock: FilePath, _ permissions: UInt32?, _ files: FileSystem
    ) throws(FileError) -> File {
        let file = try files.create(lock)
        do throws(FileError) {
            if let permissions { try file.setPermissions(permissions) }
        } catch {
            _ = try? files.remove(lock)
            throw error
        }
        return file
    }

    deinit {
        guard isHeld else { return }
        // The private file proves the lock ours, where it cannot be removed now.
        guard (try? files.remove(lock)) != nil, let claim else { return }
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
        if let claim { _ = try? files.remove(claim) }
        // `git pack-refs` may have packed a reference by now, durably, and removed its folder.
        _ = try files.syncFolderIfPresent(target.removingLastComponent())
    }

    /// Puts `bytes` in the place of the target, durably, and keeps the lock.
    func replaceTarget(with bytes: [UInt8]) throws(FileError) {
        // Beside the private file, where `removeAbandonedLocks` clears it away after a kill; or
        // beside the target, which is on another file system then.
        let new = try files.createUnique(
            claim?.appendingToName("%") ?? target.appendingToName(".docvc"))
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

extension Errno {
    /// Whether the reason is that the one file cannot have the other name, whatever is there: the
    /// file system has no hard links, or it is not the file's.
    fileprivate var meansNoLink: Bool {
        [.notPermitted, .notSupported, .noFunction, .improperLink].contains(self)
    }
}
