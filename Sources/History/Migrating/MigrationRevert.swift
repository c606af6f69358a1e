import Documents
import Git
public import Migrations
import Platform

/// A migration to be taken back, and what stands in the way.
public struct PlannedReversal: Sendable {
    /// A key that stays as it is.
    public struct Kept: Sendable {
        /// The document.
        public let path: String
        /// The key, and why.
        public let kept: Reversal.Kept
    }

    /// A document that is not where the migration left it, so that nothing of it goes back.
    public struct Gone: Sendable, Hashable {
        /// The document.
        public let path: String
        /// Whether something that is no file, or is reached by a link, is there now.
        public let isReplaced: Bool
    }

    /// The migration's name.
    public let name: String
    /// What it is known by.
    public let hash: String
    /// The documents that change.
    public let documents: [String]
    /// How many of them are byte for byte as the migration left them.
    public let asLeft: Int
    /// The documents in which nothing of the migration is left, or never was.
    public let untouched: [String]
    /// The documents that are not there.
    public let gone: [Gone]
    /// What was changed since, and stays.
    public let kept: [Kept]
    /// What keeps documents from being changed.
    public let blockers: [MigrationError.Blocker]
    /// The first documents that change.
    public let samples: [MigrationPlan.Sample]
    /// Whether all that was recorded is taken back then, and the record can go: what the
    /// migration removed is nowhere else, and other branches may need it.
    public let isComplete: Bool
}

extension Workspace {
    /// What taking a migration back would do. Changes nothing.
    public func planReversal(_ request: MigrationRequest) throws -> PlannedReversal {
        try reversalWork(request).planned
    }

    /// Takes a migration back: one commit, all documents or none. Keys that were changed since
    /// stay as they are, and so does the record as long as it holds anything that was not taken
    /// back.
    public func revertMigration(
        _ request: MigrationRequest, _ application: MigrationApplication = .init()
    ) throws -> (planned: PlannedReversal, save: SaveReport) {
        let access = try ExclusiveAccess(to: self)
        let work = try reversalWork(request)
        let planned = work.planned
        var refusals: [MigrationError.Refusal] = []
        if !planned.blockers.isEmpty {
            refusals.append(.failing([], count: 0, planned.blockers))
        }
        if planned.documents.isEmpty, !planned.gone.isEmpty {
            refusals.append(.gone(planned))
        }
        if let asked = application.plan, asked != planned.hash {
            refusals.append(.planChanged(asked: asked, now: planned.hash))
        }
        guard refusals.isEmpty else { throw MigrationError.refused(refusals) }
        var report = SaveReport()
        report.recovered = access.recovered
        if !work.changes.isEmpty {
            request.progress(.writing, 0, work.changes.count)
            let request = saveRequest(
                work.changes, files: [], migrations: [planned.name], application,
                subject: "Revert migration \(planned.name)",
                trailers: ["\(MigrationTrailer.reverted): \(planned.name)"])
            var sessions: [String: Session] = [:]
            report = try save(request, &sessions, access)
        }
        if planned.isComplete {
            do throws(HistoryError) {
                try lifting { try forgetRecord(of: planned.name) }
            } catch {
                report.warnings.append(.bookkeeping(error))
            }
        }
        _ = consume access
        return (planned, afterCommit(report))
    }

    private func reversalWork(
        _ request: MigrationRequest
    ) throws -> (planned: PlannedReversal, changes: [MigrationWork.Change]) {
        let name = try recordedName(request.name)
        guard let records = try recordedMigration(name), !records.isEmpty else {
            throw MigrationError.nothingRecorded(name)
        }
        let baselines = try MigrationBaselines(in: self)
        var changes: [MigrationWork.Change] = []
        var kept: [PlannedReversal.Kept] = []
        var untouched: [String] = []
        var gone: [PlannedReversal.Gone] = []
        var blockers: [MigrationError.Blocker] = []
        var samples: [MigrationPlan.Sample] = []
        var asLeft = 0
        var digest = Array(name.utf8)
        var byPath: [String: [MigrationRecord.Document]] = [:]
        for record in records {
            for document in record.documents { byPath[document.path, default: []].append(document) }
        }
        let paths = byPath.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for (index, path) in paths.enumerated() {
            request.progress(.planning, index + 1, paths.count)
            guard let text = try content(of: path, in: .workTree) else {
                gone.append(.init(path: path, isReplaced: try !disk(path).isMissing))
                continue
            }
            var document = Document(text)
            var isExact = true
            for record in (byPath[path] ?? []).reversed() {
                let blob = try Repository.blobID(of: document.bytes).hex
                if blob == record.before { continue }
                let isAsLeft = blob == record.after
                if !isAsLeft { isExact = false }
                let back = Reversal(of: record, on: document, isAsLeft: isAsLeft)
                document = back.document
                kept += back.kept.map { .init(path: path, kept: $0) }
            }
            guard document.bytes != text else {
                untouched.append(path)
                continue
            }
            if isExact { asLeft += 1 }
            blockers += try baselines.blockers(of: path, text, in: self)
            let after = try Repository.blobID(of: document.bytes)
            digest += Array("\(path)\0\(try Repository.blobID(of: text)) \(after)\n".utf8)
            changes.append(.init(path: path, before: text, after: document.bytes))
            if samples.count < 3 {
                samples.append(.init(path: path, before: text, after: document.bytes))
            }
        }
        let planned = PlannedReversal(
            name: name, hash: String(try Repository.blobID(of: digest).hex.prefix(16)),
            documents: changes.map(\.path), asLeft: asLeft, untouched: untouched, gone: gone,
            kept: kept, blockers: blockers, samples: samples,
            isComplete: try gone.isEmpty && kept.isEmpty
                && wereTakenBack(untouched, from: name))
        return (planned, changes)
    }

    /// The migration that is meant: by its name or number, or the last that recorded something.
    private func recordedName(_ name: String?) throws -> String {
        let recorded = try recordedMigrations().sorted {
            (Migration.number(of: $0) ?? 0, $0) < (Migration.number(of: $1) ?? 0, $1)
        }
        guard let name else {
            guard let last = recorded.last else { throw MigrationError.nothingRecorded(nil) }
            return last
        }
        if recorded.contains(name) { return name }
        if let number = Int(name),
            let found = recorded.first(where: { Migration.number(of: $0) == number })
        {
            return found
        }
        let all = try migrationFiles(in: .workTree).compactMap { Migration.name(at: $0.path) }
        if all.contains(name) { throw MigrationError.nothingRecorded(name) }
        throw MigrationError.unknown(name, near: NearMiss.of(name, among: all + recorded))
    }
}
