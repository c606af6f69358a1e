import Git
public import Migrations
import Platform

/// What applied migrations recorded, so that they can be taken back.
///
/// `refs/docvc/migrations/<name>` names a tree of one blob an application, `<ULID>.json`; being
/// a tree it shows in no log, and `git gc` keeps it.
enum MigrationRecords {
    static let prefix = "refs/docvc/migrations/"
}

/// A record as it was before another was added, to be put back where the save fails.
struct RecordedBefore {
    let name: String
    let old: ObjectID?
    let new: ObjectID
}

extension Workspace {
    /// What a migration recorded, the oldest application first; nil where it recorded nothing
    /// in this repository.
    public func recordedMigration(_ name: String) throws -> [MigrationRecord]? {
        guard let tree = try repository.target(of: MigrationRecords.prefix + name) else {
            return nil
        }
        return try repository.entries(of: tree).map(\.name).filter { $0.hasSuffix(".json") }
            .sorted().compactMap { file in
                guard let entry = try repository.entry(file, in: tree) else { return nil }
                let record = try JSON.value(
                    MigrationRecord.self, from: repository.blob(entry.id))
                for document in record.documents { try checkPath(document.path) }
                return record
            }
    }

    /// The names of the migrations that recorded something in this repository.
    public func recordedMigrations() throws -> [String] {
        try repository.references(in: MigrationRecords.prefix).map(\.name)
    }

    /// Adds a record, durably. Only under the docvc lock.
    func add(_ record: MigrationRecord) throws -> RecordedBefore {
        let name = MigrationRecords.prefix + record.migration
        let old = try repository.target(of: name)
        var batch = ObjectBatch()
        let blob = try batch.blob(JSON.bytes(of: record))
        let tree = try batch.tree(
            from: old, setting: [("\(ULID(in: world)).json", .init(mode: .regular, id: blob))],
            in: repository)
        try batch.store(in: repository)
        try repository.update(
            ReferenceUpdate(name, from: old, to: tree, reason: "docvc: migrate"), by: writer(),
            timeout: settings.lockTimeout)
        return RecordedBefore(name: name, old: old, new: tree)
    }

    /// Puts back what was recorded before.
    func putBack(_ record: RecordedBefore) throws {
        guard let old = record.old else {
            try repository.delete(
                record.name, expecting: record.new, timeout: settings.lockTimeout)
            return
        }
        try repository.update(
            ReferenceUpdate(
                record.name, from: record.new, to: old, reason: "docvc: migration failed"),
            by: writer(), timeout: settings.lockTimeout)
    }

    /// Forgets what a migration recorded: it was taken back.
    func forgetRecord(of name: String) throws {
        let reference = MigrationRecords.prefix + name
        guard let tree = try repository.target(of: reference) else { return }
        try repository.delete(reference, expecting: tree, timeout: settings.lockTimeout)
    }
}
