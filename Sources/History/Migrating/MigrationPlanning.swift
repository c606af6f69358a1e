public import Documents
import Git
public import Migrations
import Platform
import SystemPackage

/// Which migrations are meant, and how their work is watched.
public struct MigrationRequest: Sendable {
    /// The migration's name or number; nil for all that are pending, and for a reversal the
    /// last one.
    public var name: String?
    /// Called now and then with how many documents are done, of how many.
    public var progress: @Sendable (MigrationStage, Int, Int) -> Void = { _, _, _ in }

    /// A request for the migration of that name, or for all.
    public init(_ name: String?) { self.name = name }
}

/// What long work is at.
public enum MigrationStage: String, Sendable {
    /// Documents are read and migrated in memory.
    case planning
    /// Documents are written.
    case writing
}

/// A plan, and what stands in its way.
public struct PlannedMigration: Sendable {
    /// The plan.
    public let plan: MigrationPlan
    /// What it is known by: another one has another.
    public let hash: String
    /// What keeps documents from being changed.
    public let blockers: [MigrationError.Blocker]
    /// The patterns and conditions that match no document.
    public let matchingNothing: [(path: String, position: Position, what: String)]
    /// The migrations that change documents, in order.
    public let pending: [Migration]

    /// The migrations that lose something.
    public var destructive: [Migration] {
        plan.rows.filter { $0.classification == .destructive }.map(\.migration)
    }
}

/// What migrations make of all documents, and the texts where they are wanted.
struct MigrationWork {
    struct Change {
        let path: String
        let before: [UInt8]
        let after: [UInt8]
    }

    let setup: MigrationSetup
    let runner: MigrationRunner
    let planned: PlannedMigration
    var changes: [Change] = []
    /// By migration of the runner, what it did.
    var records: [[MigrationRecord.Document]] = []
}

extension Workspace {
    /// The dry run: what migrations would do to the documents on disk. Changes nothing.
    public func planMigration(_ request: MigrationRequest) throws -> PlannedMigration {
        try migrationWork(request, keepsTexts: false).planned
    }

    /// The migration that a name stands for; nil for no name.
    func migration(named name: String?, in chain: Chain) throws -> Migration? {
        guard let name else { return nil }
        if let migration = chain.migration(named: name) { return migration }
        throw MigrationError.unknown(
            name, near: NearMiss.of(name, among: chain.migrations.map(\.name)))
    }

    func migrationWork(_ request: MigrationRequest, keepsTexts: Bool) throws -> MigrationWork {
        let setup = try migrationSetup()
        guard !setup.chain.migrations.isEmpty else { throw MigrationError.none }
        let only = try migration(named: request.name, in: setup.chain)
        let runner = MigrationRunner(setup.chain, only: only, policy: setup.policy)
        var plan = MigrationPlan(runner)
        var digest: [UInt8] = []
        for migration in runner.migrations {
            if let file = setup.files.first(where: { $0.path == migration.path }) {
                digest += file.bytes
            }
        }
        var changes: [MigrationWork.Change] = []
        var records: [[MigrationRecord.Document]] = runner.migrations.map { _ in [] }
        let baselines = try MigrationBaselines(in: self)
        var blockers: [MigrationError.Blocker] = []
        let listing = try DocumentListing(.workTree, in: self) { runner.concerns($0) }
        var done = 0
        try listing.forEach(in: self) { path, text in
            runner.run(Document(text), at: path, checksStability: true)
        } _: { path, text, outcome in
            plan.add(path, text, outcome)
            done += 1
            request.progress(.planning, done, listing.count)
            switch outcome.state {
            case .changed:
                var blob = try Repository.blobID(of: text)
                digest += Array("\(path)\0\(blob) ".utf8)
                if keepsTexts {
                    changes.append(
                        .init(path: path, before: text, after: outcome.document.bytes))
                }
                for (index, change) in outcome.changes {
                    let before = blob
                    blob = try Repository.blobID(of: change.document.bytes)
                    guard keepsTexts else { continue }
                    records[index].append(
                        .init(path: path, before: before.hex, after: blob.hex, change))
                }
                digest += Array("\(blob)\n".utf8)
                blockers += try baselines.blockers(of: path, text, in: self)
            case .failed:
                for failure in outcome.failures {
                    digest += Array("\(path)\0\(failure.message)\n".utf8)
                }
                if outcome.failures.allSatisfy({ $0.kind != .unparsable }) {
                    blockers += try baselines.blockers(of: path, text, in: self)
                }
            default: break
            }
        }
        let rows = plan.rows
        let planned = PlannedMigration(
            plan: plan, hash: String(try Repository.blobID(of: digest).hex.prefix(16)),
            blockers: blockers, matchingNothing: try matchingNothing(rows, setup),
            pending: rows.filter { $0.counts.changed > 0 }.map(\.migration))
        return MigrationWork(
            setup: setup, runner: runner, planned: planned, changes: changes, records: records)
    }

    /// What a migration names that is nowhere; one that was applied may have changed the very
    /// thing that it goes by.
    private func matchingNothing(
        _ rows: [MigrationPlan.MigrationRow], _ setup: MigrationSetup
    ) throws -> [(path: String, position: Position, what: String)] {
        var found: [(path: String, position: Position, what: String)] = []
        for row in rows where row.counts.matched == row.counts.skipped {
            // By the version key all may be done.
            if setup.policy.versionKey != nil, row.counts.matched > 0 { continue }
            guard let place = row.migration.nothingMatched(row.counts),
                try recordedMigration(row.migration.name) == nil
            else { continue }
            found.append((row.migration.path, place.position, place.what))
        }
        return found
    }
}

/// HEAD and index, to tell which documents may be changed.
struct MigrationBaselines {
    private let index: IndexFile
    private let entries: [String: IndexFile.Entry]
    private let unmerged: Set<String>
    private let committed: [String: Repository.TreeEntry]
    private let drafts: Set<String>

    init(in workspace: borrowing Workspace) throws {
        let head = try workspace.repository.head().commit
        committed =
            if let head {
                try workspace.repository.files(in: workspace.repository.commit(head).tree)
            } else { [:] }
        index = try IndexFile(of: workspace.repository)
        var entries: [String: IndexFile.Entry] = [:]
        var unmerged: Set<String> = []
        for entry in try index.allEntries() {
            if entry.stage > 0 { unmerged.insert(entry.path) } else { entries[entry.path] = entry }
        }
        self.entries = entries
        self.unmerged = unmerged
        drafts = Set(try workspace.openDrafts().keys)
    }

    /// What keeps a document with this text on disk from being changed.
    func blockers(
        of path: String, _ text: [UInt8], in workspace: borrowing Workspace
    ) throws -> [MigrationError.Blocker] {
        var found: [MigrationError.Blocker] = []
        func block(_ kind: MigrationError.Blocker.Kind) {
            found.append(.init(path: path, kind: kind))
        }
        if drafts.contains(path) { block(.draft) }
        let location = workspace.location(of: path)
        let status = try workspace.files.status(of: location)
        if unmerged.contains(path) {
            block(.unmerged)
        } else if let head = committed[path] {
            let entry = entries[path]
            let isSame =
                if let entry, let status, entry.id == head.id,
                    index.isUnchanged(entry, status)
                {
                    true
                } else {
                    try Repository.blobID(
                        of: workspace.repository.clean(
                            text, path: path, index: attributes(for: path))) == head.id
                }
            if !isSame { block(.modified) }
        } else {
            block(.unsaved)
        }
        if let status, status.links > 1 { block(.hardLinked) }
        let folder = location.removingLastComponent()
        let isWritable = try workspace.files.isWritable(location)
        if try !isWritable || !workspace.files.isWritable(folder) { block(.readOnly) }
        return found
    }

    private func attributes(for path: String) -> [String: [IndexFile.Entry]] {
        var found: [String: [IndexFile.Entry]] = [:]
        for name in Repository.indexPaths(for: path) {
            if let entry = entries[name] { found[name] = [entry] }
        }
        return found
    }
}
