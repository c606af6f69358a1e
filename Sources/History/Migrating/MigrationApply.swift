import Migrations
import Documents
import Git
import Platform

/// How migrations are to be applied or taken back.
public struct MigrationApplication: Sendable {
    /// The hash of the plan that was agreed to; nil to do what is found.
    public var plan: String?
    /// Whether values may be lost where the migration gives a reason.
    public var allowsDestructive = false
    /// The subject and body of the commit message; nil for docvc's own.
    public var message: String?
    /// Whether the hooks `pre-commit` and `commit-msg` run.
    public var runsHooks = true

    /// The default: what is found, without losses, with hooks.
    public init() {}
}

/// What was applied.
public struct AppliedMigration: Sendable {
    /// The plan that it followed.
    public let planned: PlannedMigration
    /// The commit; nothing is in it where no document changed.
    public let save: SaveReport
}

extension Workspace {
    /// Applies migrations to the documents on disk: one commit, all documents or none, durable
    /// when it returns, with a record of what is needed to go back.
    ///
    /// Throws `MigrationError` with all that stands in the way; then nothing was changed.
    public func applyMigration(
        _ request: MigrationRequest, _ application: MigrationApplication = .init()
    ) throws -> AppliedMigration {
        let access = try ExclusiveAccess(to: self)
        let work = try migrationWork(request, keepsTexts: true)
        let planned = work.planned
        let refusals = planned.refusals(application)
        guard refusals.isEmpty else { throw MigrationError.refused(refusals) }
        guard !work.changes.isEmpty else {
            var report = SaveReport()
            report.recovered = access.recovered
            return AppliedMigration(planned: planned, save: report)
        }
        let names = planned.pending.map(\.name)
        request.progress(.writing, 0, work.changes.count)
        let request = saveRequest(
            work.changes, files: work.setup.chain.files(to: names), migrations: names, application,
            subject: "Apply migration\(names.count == 1 ? "" : "s") "
                + names.joined(separator: ", "),
            trailers: names.map { "\(MigrationTrailer.applied): \($0)" })
        let kept = try zip(work.runner.migrations, work.records).filter { !$1.isEmpty }.map {
            try add(
                MigrationRecord(
                    migration: $0.name, actor: settings.actor?.text, time: world.now().rfc3339,
                    documents: $1))
        }
        var report: SaveReport
        do {
            var sessions: [String: Session] = [:]
            report = try save(request, &sessions, access)
        } catch {
            // A save that could not be taken back may hold yet, and then needs its record.
            if case .unsettled = error { throw error }
            do {
                for record in kept { try putBack(record) }
            } catch _ {
                throw HistoryError.unsettled(error)
            }
            throw error
        }
        // Most of the chain is committed long since.
        report.unchanged.removeAll { Migration.isFile($0) }
        let name = names.joined(separator: ", ")
        for document in report.saved {
            outbox.post(.migrated(document.path, nil, by: name, at: world.now()))
        }
        _ = consume access
        return AppliedMigration(planned: planned, save: afterCommit(report))
    }

    /// The save of documents that `migrations` change, and of migrations' `files`.
    func saveRequest(
        _ changes: [MigrationWork.Change], files: [String], migrations: [String],
        _ application: MigrationApplication, subject: String, trailers: [String]
    ) -> SaveRequest {
        var request = SaveRequest(changes.map(\.path) + files)
        let message = application.message ?? subject
        request.message = message + "\n\n" + trailers.joined(separator: "\n")
        request.runsHooks = application.runsHooks
        request.hookEnvironment = [
            PendingAllowance.variable: migrations.joined(separator: " ")
        ]
        for change in changes {
            request.texts[change.path] = change.after
            request.expected[change.path] = change.before
        }
        return request
    }
}

extension Chain {
    /// The files of all migrations up to the last of `names`: none can be read without those
    /// before it.
    fileprivate func files(to names: [String]) -> [String] {
        let last = migrations.lastIndex { names.contains($0.name) }
        return last.map { migrations[...$0].map(\.path) } ?? []
    }
}

extension PlannedMigration {
    /// All that keeps the plan from being carried out in this way.
    public func refusals(_ application: MigrationApplication) -> [MigrationError.Refusal] {
        var found: [MigrationError.Refusal] = []
        if !plan.failures.isEmpty || !blockers.isEmpty {
            found.append(.failing(plan.failures, count: plan.failureCount, blockers))
        }
        if !matchingNothing.isEmpty { found.append(.matchesNothing(matchingNothing)) }
        if let before = plan.pendingBefore {
            found.append(.pendingBefore(before.name, documents: before.documents))
        }
        if !plan.withoutReason.isEmpty { found.append(.noReason(plan.withoutReason)) }
        let destructive = destructive.filter { $0.reason != nil }
        if !destructive.isEmpty, !application.allowsDestructive {
            found.append(.destructive(destructive))
        }
        if let asked = application.plan, asked != hash {
            found.append(.planChanged(asked: asked, now: hash))
        }
        return found
    }
}

/// The lines of commit messages that tell of migrations.
enum MigrationTrailer {
    static let applied = "Docvc-Migration"
    static let reverted = "Docvc-Migration-Reverted"
}
