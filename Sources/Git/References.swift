internal import Clibgit2
internal import Platform
internal import SystemPackage

/// What HEAD names.
public struct Head: Equatable, Sendable {
    /// The full name of the branch, or nil where HEAD is detached.
    public let branch: String?
    /// The commit; nil on a branch that has none yet.
    public let commit: ObjectID?

    /// The reference that a commit moves: the branch, or HEAD itself.
    public var reference: String { branch ?? "HEAD" }
}

extension Repository {
    /// What HEAD names now.
    public func head() throws(RepositoryError) -> Head {
        let (name, commit) = try resolve("HEAD")
        guard name != "HEAD" || commit != nil else { throw .badObject("HEAD is missing") }
        return Head(branch: name == "HEAD" ? nil : name, commit: commit)
    }

    /// The object that the reference `name` names, symbolic ones followed; nil where it is
    /// missing.
    public func target(of name: String) throws(RepositoryError) -> ObjectID? {
        try resolve(name).id
    }

    /// The reference that `start` leads to through symbolic ones, and what it names; nil where
    /// it is missing.
    private func resolve(
        _ start: String
    ) throws(RepositoryError) -> (name: String, id: ObjectID?) {
        var name = start
        // Five steps are Git's own bound.
        for _ in 0..<5 {
            switch try reference(name) {
            case .symbolic(let target): name = target
            case .direct(let id): return (name, id)
            case nil: return (name, nil)
            }
        }
        throw .badObject("\(start) leads through too many symbolic references")
    }

    /// The references whose names start with `prefix`, with what they name.
    public func references(
        startingWith prefix: String
    ) throws(RepositoryError) -> [(name: String, id: ObjectID)] {
        try lifting {
            let found = try LibGit2.make(
                "git_reference_iterator_glob_new", ReferenceIteratorKind.self
            ) {
                unsafe git_reference_iterator_glob_new($0, handle.pointer, prefix + "*")
            }
            var names: [String] = []
            var name: UnsafePointer<CChar>?
            while true {
                let result = unsafe git_reference_next_name(&name, found.pointer)
                if result == GitError.Code.endOfIteration.rawValue { break }
                try LibGit2.check("git_reference_next_name", result)
                if let text = unsafe name { unsafe names.append(String(cString: text)) }
            }
            git_error_clear()
            return try names.sorted().compactMap { name in
                try target(of: name).map { (name, $0) }
            }
        }
    }

    private enum Reference { case direct(ObjectID), symbolic(String) }

    private func reference(_ name: String) throws(RepositoryError) -> Reference? {
        if let target = try linkedReference(name) { return .symbolic(target) }
        return try lifting {
            let found: Handle<ReferenceKind>
            do throws(GitError) {
                found = try LibGit2.make("git_reference_lookup", ReferenceKind.self) {
                    unsafe git_reference_lookup($0, handle.pointer, name)
                }
            } catch {
                guard error.code == .notFound else { throw error }
                return nil
            }
            if let target = unsafe git_reference_symbolic_target(found.pointer) {
                return .symbolic(unsafe String(cString: target))
            }
            guard let id = unsafe git_reference_target(found.pointer) else { return nil }
            return .direct(unsafe ObjectID(id.pointee))
        }
    }

    /// The reference that the file of `name` names by being a symbolic link to it, the old form
    /// of symbolic references (`core.preferSymlinkRefs`); nil where it is none.
    ///
    /// libgit2 reads through the link, and would take the reference for a direct one.
    private func linkedReference(_ name: String) throws(RepositoryError) -> String? {
        let path = folder(of: name).appending(name)
        return try lifting {
            guard try world.files.status(of: path)?.kind == .link else { return nil }
            let target = String(decoding: try world.files.linkTarget(of: path), as: UTF8.self)
            // Git as well reads through any other link.
            return target.hasPrefix("refs/") && Repository.isReferenceName(target) ? target : nil
        }
    }

    /// Whether Git takes `name` as the full name of a reference.
    static func isReferenceName(_ name: String) -> Bool {
        var isValid: Int32 = 0
        guard unsafe git_reference_name_is_valid(&isValid, name) == 0 else {
            git_error_clear()
            return false
        }
        return isValid == 1
    }
}

/// A change of one reference, which holds only where the reference is as expected.
public struct ReferenceUpdate: Sendable {
    /// The full name: `refs/heads/main`, or `HEAD` where that is detached.
    public let name: String
    /// What it must name now; nil where it must not exist.
    public let old: ObjectID?
    /// What it is to name.
    public let new: ObjectID
    /// What its reflog says of the change.
    public let reason: String

    /// The change of `name` from `old` to `new`.
    public init(_ name: String, from old: ObjectID?, to new: ObjectID, reason: String) {
        self.name = name
        self.old = old
        self.new = new
        self.reason = reason
    }
}

extension Repository {
    /// Makes the change, durably, with reflog entries by `who`; throws `moved` where the
    /// reference is not as expected, and `locked` where another holds it past `timeout`.
    ///
    /// Takes Git's own lock on the reference, so Git and docvc never overtake each other.
    /// The new value is on the disk before it takes the old one's place: after a power cut
    /// the reference is old or new, never empty.
    public func update(
        _ change: ReferenceUpdate, by who: Signature, timeout: Duration
    ) throws(RepositoryError) {
        let path = folder(of: change.name).appending(change.name)
        if change.old == nil { try checkPlace(of: change.name) }
        var lock = try LockFile(path, in: self, timeout: timeout)
        let current = try target(of: change.name)
        // One that became symbolic meanwhile (`git switch` on a detached HEAD) would be
        // turned into a direct one.
        var isDirect = true
        if case .symbolic = try reference(change.name) { isDirect = false }
        guard isDirect, current == change.old else {
            throw .moved(reference: change.name, current: current)
        }
        try expectNoLink(path, change.name)
        do {
            if change.old == nil { try removeEmptyFolders(path) }
            try lock.write(Array("\(change.new)\n".utf8))
            try appendReflogs(change, by: who)
            try lock.commit()
        } catch let error as FileError {
            throw .file(error)
        } catch let error as RepositoryError {
            throw error
        } catch {
            throw .badObject("\(error)")
        }
    }

    /// Throws where the file of the reference `name` is a symbolic link: what is renamed to it
    /// would take the link's place, and what the link leads to would stay behind.
    private func expectNoLink(_ path: FilePath, _ name: String) throws(RepositoryError) {
        guard try lifting({ try world.files.status(of: path) })?.kind == .link else { return }
        throw .unsupported("a reference that is a symbolic link: \(name)", remedy: nil)
    }

    /// Throws where a reference above or below `name` is in its way, as Git does: one would
    /// have to be a file and a folder.
    private func checkPlace(of name: String) throws(RepositoryError) {
        var others = try references(startingWith: name + "/").map(\.name)
        var above = name[...]
        while let slash = above.lastIndex(of: "/"), above != "refs" {
            above = above[..<slash]
            if above != "refs", try reference(String(above)) != nil { others.append(String(above)) }
        }
        guard let other = others.first else { return }
        throw .git(
            GitError(
                call: "update", code: .exists,
                message: "'\(other)' exists; cannot create '\(name)'"))
    }

    /// Removes what references that are gone left at `path`, where that is a folder.
    private func removeEmptyFolders(_ path: FilePath) throws(FileError) {
        let files = world.files
        guard try files.status(of: path)?.kind == .folder else { return }
        for name in try files.names(in: path) { try removeEmptyFolders(path.appending(name)) }
        try files.removeFolderIfEmpty(path)
    }

    private func appendReflogs(
        _ change: ReferenceUpdate, by who: Signature
    ) throws(RepositoryError) {
        let reason = change.reason
            .split { $0 == " " || $0 == "\t" || $0.isNewline }.joined(separator: " ")
        let line = "\(change.old ?? .zero) \(change.new) \(who.line)\t\(reason)\n"
        try appendReflog(change.name, line)
        for name in try namesFromHead(to: change.name) { try appendReflog(name, line) }
    }

    /// HEAD and the symbolic branches by which it leads to the reference `name`, if it does.
    private func namesFromHead(to name: String) throws(RepositoryError) -> [String] {
        var names = ["HEAD"]
        while names.count <= 5, case .symbolic(let target) = try reference(names[names.count - 1]) {
            if target == name { return names }
            names.append(target)
        }
        return []
    }

    private func appendReflog(_ name: String, _ line: String) throws(RepositoryError) {
        let files = world.files
        let path = folder(of: name).appending("logs").appending(name)
        let wanted = try wantsReflog(name)
        try lifting {
            try removeEmptyFolders(path)
            if try files.status(of: path) == nil {
                guard wanted else { return }
                let folder = path.removingLastComponent()
                try files.makeFolders(folder)
                let new = try files.create(path)
                try new.write(line.utf8)
                try new.sync()
                try files.syncFolder(folder)
                return
            }
            let file = try files.openForAppending(path)
            try file.write(line.utf8)
            try file.sync()
        }
    }

    /// Which references get a reflog when they have none yet (git-config,
    /// `core.logAllRefUpdates`).
    private func wantsReflog(_ name: String) throws(RepositoryError) -> Bool {
        if try configuration.string("core.logallrefupdates")?.lowercased() == "always" {
            return true
        }
        guard try configuration.boolean("core.logallrefupdates") ?? true else { return false }
        return name == "HEAD"
            || ["refs/heads/", "refs/remotes/", "refs/notes/"].contains { name.hasPrefix($0) }
    }

    /// Removes the reference `name`, which must name `old`; its reflog goes with it.
    public func delete(
        _ name: String, expecting old: ObjectID, timeout: Duration
    ) throws(RepositoryError) {
        let files = world.files
        let folder = folder(of: name)
        let path = folder.appending(name)
        let lock = try LockFile(path, in: self, timeout: timeout)
        let current = try target(of: name)
        guard current == old else { throw .moved(reference: name, current: current) }
        // The packed value first: while the loose one stands, it is the one that counts. The
        // lock is held until both are gone, or `git pack-refs` would bring it back.
        let packed = try LockFile(packedReferencesFile, in: self, timeout: timeout)
        try removePacked(name, packed)
        try lifting {
            try files.remove(path)
            try files.remove(folder.appending("logs").appending(name))
            // A packed reference needs no folder.
            _ = try files.syncFolderIfPresent(path.removingLastComponent())
        }
        _ = consume packed
        _ = consume lock
    }

    private func removePacked(
        _ name: String, _ lock: borrowing LockFile
    ) throws(RepositoryError) {
        let suffix = Array(" \(name)".utf8)
        func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
            bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        }
        func isNamed(_ line: ArraySlice<UInt8>) -> Bool {
            line.count == 40 + suffix.count && line.suffix(suffix.count).elementsEqual(suffix)
        }
        let path = lock.target
        let bytes = try lifting { try world.files.readIfPresent(path) }
        guard let bytes, lines(bytes).contains(where: isNamed) else { return }
        var kept: [UInt8] = []
        var isRemoving = false
        for line in lines(bytes) {
            // A line that starts with ^ goes with the tag above it.
            if line.first != UInt8(ascii: "^") { isRemoving = isNamed(line) }
            if !isRemoving { kept += line + [UInt8(ascii: "\n")] }
        }
        do throws(FileError) {
            try lock.replaceTarget(with: kept)
        } catch {
            throw .file(error)
        }
    }

    /// Where a reference lives: HEAD in this work tree's folder, the rest in the common one.
    private func folder(of name: String) -> FilePath {
        name.hasPrefix("refs/") ? commonFolder : gitFolder
    }
}
