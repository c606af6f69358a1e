public import Git
import Migrations

/// Where a migration was applied.
public struct AppliedAt: Sendable {
    /// The commit.
    public let commit: ObjectID
    /// The blob of the migration's file there; nil where it had none.
    public let file: ObjectID?
}

extension Workspace {
    /// How many commits without any migration in a row end the search for older ones.
    private static let patience = 1_000

    /// The commits of HEAD's history in which migrations were applied and not taken back
    /// since, by the migrations' names.
    ///
    /// Told by the `Docvc-Migration` lines of commit messages, so that every clone knows.
    public func appliedMigrations(_ names: [String]) throws -> [String: AppliedAt] {
        var wanted = Set(names)
        var found: [String: AppliedAt] = [:]
        guard !wanted.isEmpty, let head = try repository.head().commit else { return found }
        var walk = try CommitWalk(from: head, in: repository)
        var without = 0
        while !wanted.isEmpty, without < Workspace.patience, let id = try walk.next() {
            let commit = try repository.commit(id)
            let hasFolder = try repository.entry(Migration.folder, in: commit.tree) != nil
            without = hasFolder ? 0 : without + 1
            for (key, name) in MigrationTrailer.read(commit.message)
            where wanted.remove(name) != nil {
                guard key == MigrationTrailer.applied else { continue }
                let file = try repository.entry(Migration.path(of: name), in: commit.tree)
                found[name] = AppliedAt(commit: id, file: file?.id)
            }
        }
        return found
    }

    /// Whether each of these documents was taken back from the migration in HEAD's history, and
    /// not migrated again since.
    ///
    /// The text alone does not tell: on a branch from before the migration it is the same.
    func wereTakenBack(_ paths: [String], from name: String) throws -> Bool {
        guard let head = try repository.head().commit else { return paths.isEmpty }
        for path in paths {
            var wasTakenBack = false
            try repository.visitChanges(of: path, from: head) { commit in
                let lines = MigrationTrailer.read(commit.message)
                guard let last = lines.first(where: { $0.name == name }) else { return true }
                wasTakenBack = last.key == MigrationTrailer.reverted
                return false
            }
            guard wasTakenBack else { return false }
        }
        return true
    }
}

extension MigrationTrailer {
    /// The lines about migrations in a message, also in the middle, where a squash merge
    /// leaves them; the last first, as it is the newest.
    static func read(_ message: String) -> [(key: String, name: String)] {
        guard message.utf8.count > applied.utf8.count, message.contains(applied) else { return [] }
        var found: [(key: String, name: String)] = []
        for line in Trailers.lines(message) {
            guard let (key, name) = Trailers.pair(line), [applied, reverted].contains(key) else {
                continue
            }
            found.append((key, String(name)))
        }
        return found.reversed()
    }
}
