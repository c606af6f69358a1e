import Git
import Platform
import SystemPackage

extension Workspace {
    /// The path, from the work tree's top, of the document that `argument` names; a link is
    /// followed to its target.
    ///
    /// Throws `badPath` for what cannot be a document. The file need not exist: it may have
    /// been deleted.
    public func document(_ argument: String) throws(HistoryError) -> String {
        guard !argument.isEmpty, !argument.utf8.contains(0) else {
            throw .badPath(argument, .empty)
        }
        guard !argument.unicodeScalars.contains("\u{fffd}") else {
            throw .badPath(argument, .unreadableName)
        }
        let named = world.currentFolder.pushing(FilePath(argument))
        let real = try realLocation(of: named, argument)
        let top = repository.workTree
        guard real.starts(with: top), real != top else {
            throw .badPath(argument, real == top ? .folder : .outside)
        }
        var relative = real
        _ = relative.removePrefix(top)
        guard TreePath.isValid(relative.string), !real.starts(with: repository.gitFolder) else {
            throw .badPath(argument, .insideGit)
        }
        var folder = real.removingLastComponent()
        while folder != top {
            let inner = folder.appending(".git")
            if try lifting({ try files.status(of: inner) }) != nil {
                throw .badPath(argument, .otherRepository)
            }
            folder = folder.removingLastComponent()
        }
        return relative.string
    }

    /// `path` without links; the part that does not exist stays as it is written.
    private func realLocation(
        of path: FilePath, _ argument: String
    ) throws(HistoryError) -> FilePath {
        if let real = try lifting({ try files.realPath(of: path) }) { return real }
        if try lifting({ try files.status(of: path) })?.kind == .link {
            throw .badPath(argument, .danglingLink)
        }
        let parent = path.removingLastComponent()
        guard parent != path, let last = path.lastComponent, last.kind == .regular else {
            throw .badPath(argument, .missing)
        }
        return try realLocation(of: parent, argument).appending(last)
    }
}

/// Throws `badState` unless `path` can be a document's.
///
/// What docvc itself wrote may have been fetched from anywhere (`refs/docvc/*`), so each path in
/// it is looked at where it is read.
func checkPath(_ path: String) throws(HistoryError) {
    guard TreePath.isValid(path) else { throw .badState("'\(path)' is no path of a document") }
}

/// What lies at a document's place on disk.
enum DiskState {
    case file([UInt8], FileStatus)
    case missing
    case replaced(FileStatus.Kind)

    /// The text, where it is a file.
    var text: [UInt8]? {
        if case .file(let bytes, _) = self { return bytes }
        return nil
    }

    /// Whether nothing is there.
    var isMissing: Bool {
        if case .missing = self { return true }
        return false
    }

    /// The status, where it is a file.
    var status: FileStatus? {
        if case .file(_, let status) = self { return status }
        return nil
    }
}

/// What lies at a document's place, without its text.
enum PlaceState {
    case file, missing
    case replaced(FileStatus.Kind)

    /// Whether something lies there that is no document; a link on the way counts as that.
    var isReplaced: Bool {
        if case .replaced = self { return true }
        return false
    }
}

extension Workspace {
    /// How large a document may be, in bytes: a save has up to nine times that in memory, and a
    /// file with holes can claim any size.
    public static let largestDocument: Int64 = 256 << 20

    /// What lies at the place of the document `path` now.
    func disk(_ path: String) throws(HistoryError) -> DiskState {
        do throws(FileError) {
            let file = try files.open(location(of: path))
            let status = try file.status()
            guard status.kind == .file else { return .replaced(status.kind) }
            if status.size <= Workspace.largestDocument {
                return .file(try file.readAll(), status)
            }
        } catch {
            switch try whatIsThere(error) {
            case .file, .missing: return .missing
            case .replaced(let kind): return .replaced(kind)
            }
        }
        throw .badPath(path, .tooLarge)
    }

    /// What lies at the place of the document `path` now, which is not read.
    func place(_ path: String) throws(HistoryError) -> PlaceState {
        do throws(FileError) {
            let status = try files.open(location(of: path)).status()
            return status.kind == .file ? .file : .replaced(status.kind)
        } catch {
            return try whatIsThere(error)
        }
    }

    /// What a failure to open a document says of its place.
    private func whatIsThere(_ error: FileError) throws(HistoryError) -> PlaceState {
        if error.errno.meansNothingIsThere { return .missing }
        switch error.errno {
        case .tooManySymbolicLinkLevels: return .replaced(.link)
        case .noSuchAddressOrDevice: return .replaced(.other)
        default: throw .file(error)
        }
    }

    /// The content of the blob `id`, which is the document `path`'s.
    func blob(_ id: ObjectID, of path: String) throws(HistoryError) -> [UInt8] {
        try lifting {
            if try isTooLarge(id) { throw HistoryError.badPath(path, .tooLarge) }
            return try repository.blob(id)
        }
    }

    /// Whether the blob `id` is larger than a document may be.
    func isTooLarge(_ id: ObjectID) throws -> Bool {
        try repository.size(of: id) > Int(Workspace.largestDocument)
    }
}
