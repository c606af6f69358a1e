public import Documents
import Git
public import Migrations
import Platform
import SystemPackage

/// Where documents, policy and migrations are read.
public enum DocumentView: Sendable, Equatable {
    /// In the work tree, as they lie on disk.
    case workTree
    /// In the index: what is staged.
    case index
    /// In a revision or commit.
    case commit(String)
}

/// The policy and the migrations of a repository.
public struct MigrationSetup: Sendable {
    /// The policy.
    public let policy: Policy
    /// The migrations.
    public let chain: Chain
    /// The migrations' files.
    public let files: [Chain.File]
}

extension Workspace {
    /// Reads policy and migrations.
    ///
    /// Throws `badPolicy`, `misplaced` or `badMigrations` with all that is wrong with them.
    public func migrationSetup(in view: DocumentView = .workTree) throws -> MigrationSetup {
        let policy = try self.policy(in: view)
        let files = try migrationFiles(in: view)
        do throws(Chain.Failure) {
            return MigrationSetup(policy: policy, chain: try Chain(files), files: files)
        } catch {
            throw MigrationError.badMigrations(error.problems)
        }
    }

    /// Reads the policy; throws `badPolicy`.
    public func policy(in view: DocumentView = .workTree) throws -> Policy {
        guard let bytes = try content(of: Policy.path, in: view) else { return Policy() }
        do throws(ConfigurationError) {
            return try Policy(bytes)
        } catch {
            throw MigrationError.badPolicy(error)
        }
    }

    /// The files of migrations, in order of path.
    ///
    /// Throws `misplaced` where links or other kinds of files are in their place.
    public func migrationFiles(in view: DocumentView) throws -> [Chain.File] {
        let found = try kindsAmongMigrations(in: view)
        var paths: [String] = []
        var misplaced: [MigrationError.Misplaced] = []
        for (path, kind) in found.sorted(by: { $0.key < $1.key }) {
            let isFile = Migration.isFile(path)
            guard isFile || Workspace.migrationFolders.contains(path) else { continue }
            let wanted: FileStatus.Kind = isFile ? .file : .folder
            if kind != wanted {
                misplaced.append(.init(path: path, found: kind, wanted: wanted))
            } else if isFile {
                paths.append(path)
            }
        }
        guard misplaced.isEmpty else { throw MigrationError.misplaced(misplaced) }
        return try paths.compactMap { path in
            try content(of: path, in: view).map { Chain.File(path: path, bytes: $0) }
        }
    }

    /// The folders that migrations lie in, the outer one first.
    static let migrationFolders = [".docvc", Migration.folder]

    /// What there is of these folders, and what the inner one holds, by path.
    private func kindsAmongMigrations(
        in view: DocumentView
    ) throws -> [String: FileStatus.Kind] {
        var found: [String: FileStatus.Kind] = [:]
        switch view {
        case .workTree:
            for folder in Workspace.migrationFolders {
                found[folder] = try files.status(of: location(of: folder))?.kind
                // What is behind a link is not looked at.
                guard found[folder] == .folder else { return found }
            }
            for name in try files.names(in: location(of: Migration.folder)) {
                let path = "\(Migration.folder)/\(name)"
                found[path] = try files.status(of: location(of: path))?.kind
            }
        case .index:
            for entry in try IndexFile(of: repository).allEntries() {
                guard entry.path.hasPrefix(".docvc") else { continue }
                let parts = entry.path.split(separator: "/")
                found[parts.prefix(3).joined(separator: "/")] =
                    parts.count > 3 ? .folder : entry.mode.kind
            }
        case .commit(let name):
            let tree = try repository.commit(commit(named: name)).tree
            for folder in Workspace.migrationFolders {
                guard let entry = try repository.entry(folder, in: tree) else { return found }
                found[folder] = entry.mode.kind
                guard entry.mode == .tree else { return found }
                guard folder == Migration.folder else { continue }
                for (name, entry) in try repository.entries(of: entry.id) {
                    found["\(folder)/\(name)"] = entry.mode.kind
                }
            }
        }
        return found
    }

    /// A file's bytes; nil where it is not there, or no file.
    func content(of path: String, in view: DocumentView) throws -> [UInt8]? {
        switch view {
        case .workTree:
            let folders = path.split(separator: "/").dropLast()
            var folder = repository.workTree
            for name in folders {
                folder = folder.appending(String(name))
                guard try files.status(of: folder)?.kind == .folder else { return nil }
            }
            return try disk(path).text
        case .index:
            let entries = try IndexFile(of: repository).entries(for: [path])[path] ?? []
            guard let entry = entries.first(where: { $0.stage == 0 }), entry.mode.isFile else {
                return nil
            }
            return try blob(entry.id, of: path)
        case .commit(let name):
            let tree = try repository.commit(commit(named: name)).tree
            guard let entry = try repository.entry(path, in: tree), entry.mode.isFile else {
                return nil
            }
            return try blob(entry.id, of: path)
        }
    }
}

extension Git.FileMode {
    /// What a checkout makes of it.
    fileprivate var kind: FileStatus.Kind {
        switch self {
        case .regular, .executable: .file
        case .link: .link
        case .tree, .submodule: .folder
        }
    }
}
