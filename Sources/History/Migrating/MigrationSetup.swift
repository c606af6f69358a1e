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
    /// Throws `badPolicy` or `badMigrations` with all that is wrong with them.
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
        if let obstacle = try policyObstacle(in: view) {
            throw MigrationError.badPolicy(
                ConfigurationError([ConfigurationProblem(obstacle, at: .start)]))
        }
        guard let bytes = try content(of: Policy.path, in: view) else { return Policy() }
        do throws(ConfigurationError) {
            return try Policy(bytes)
        } catch {
            throw MigrationError.badPolicy(error)
        }
    }

    /// Why the policy is not read, in words; nil where it is, or where there is none.
    private func policyObstacle(in view: DocumentView) throws -> String? {
        let mode: Git.FileMode?
        switch view {
        case .workTree:
            return try Policy.obstacle(in: repository.workTree, files)
        case .index:
            let entries = try IndexFile(of: repository).entries(for: [Policy.path])
            mode = entries[Policy.path]?.first { $0.stage == 0 }?.mode
        case .commit(let name):
            let tree = try repository.commit(commit(named: name)).tree
            mode = try repository.entry(Policy.path, in: tree)?.mode
        }
        return mode.map { $0.isFile } ?? true ? nil : Policy.notAFile
    }

    /// The files of migrations, in order of path.
    public func migrationFiles(in view: DocumentView) throws -> [Chain.File] {
        var paths: [String] = []
        switch view {
        case .workTree:
            let folder = location(of: Migration.folder)
            // A link could lead out of the work tree.
            guard try files.status(of: location(of: ".docvc"))?.kind == .folder,
                try files.status(of: folder)?.kind == .folder
            else { return [] }
            paths = try files.names(in: folder).map { "\(Migration.folder)/\($0)" }
        case .index:
            paths = try IndexFile(of: repository).allEntries().map(\.path)
        case .commit(let name):
            let tree = try repository.commit(commit(named: name)).tree
            guard let folder = try repository.entry(Migration.folder, in: tree),
                folder.mode == .tree
            else { return [] }
            paths = try repository.entries(of: folder.id).map { "\(Migration.folder)/\($0.name)" }
        }
        return try paths.filter { Migration.isFile($0) }.sorted().compactMap { path in
            try content(of: path, in: view).map { Chain.File(path: path, bytes: $0) }
        }
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
