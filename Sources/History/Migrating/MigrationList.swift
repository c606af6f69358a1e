public import Git
public import Migrations

/// A migration, and how it stands.
public struct ListedMigration: Sendable {
    /// The states (the words of the answers).
    public enum State: String, Sendable {
        /// It would change documents.
        case pending
        /// HEAD's history has the commit in which it was applied.
        case applied
        /// It would change nothing.
        case done
    }

    /// The migration.
    public let migration: Migration
    /// How it stands.
    public let state: State
    /// How many documents it would change.
    public let pending: Int
    /// How many documents it cannot be applied to.
    public let failing: Int
    /// The commit in which it was applied last.
    public let commit: ObjectID?
    /// Whether this repository knows how to take it back.
    public let isRecorded: Bool
}

extension Workspace {
    /// The migrations, in order, and how each stands with the documents on disk.
    public func listMigrations() throws -> [ListedMigration] {
        let rows = try planMigration(MigrationRequest(nil)).plan.rows
        let applied = try appliedMigrations(rows.map(\.migration.name))
        let recorded = try Set(recordedMigrations())
        return rows.map { row in
            let name = row.migration.name
            let commit = applied[name]?.commit
            return ListedMigration(
                migration: row.migration,
                state: row.counts.changed > 0 ? .pending : commit != nil ? .applied : .done,
                pending: row.counts.changed, failing: row.counts.failed, commit: commit,
                isRecorded: recorded.contains(name))
        }
    }
}
