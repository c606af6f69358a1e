import Documents
import Git
import History
import Migrations

/// `docvc.migrate-plan/1`
struct PlanAnswer: Encodable {
    struct Counts: Encodable {
        let matched: Int
        let changed: Int
        let unchanged: Int
        let skipped: Int
        let failed: Int

        init(_ counts: MigrationPlan.Counts) {
            matched = counts.matched
            changed = counts.changed
            unchanged = counts.unchanged
            skipped = counts.skipped
            failed = counts.failed
        }
    }

    struct Loss: Encodable {
        let before: String
        @Nullable var after: String?
        let count: Int
        /// Whether it is lost for good, and not only needs the record to come back.
        let destructive: Bool
    }

    struct Operation: Encodable {
        let operation: String
        let summary: String
        @Nullable var key: String?
        let line: Int
        let documents: Int
        let `class`: String
        let lossy: [Loss]
        let otherLossy: Int
        /// Documents that have another value where one would have been copied to.
        let kept: Int
        let lostComments: Int
        let overruled: Bool

        init(_ row: MigrationPlan.OperationRow) {
            operation = row.operation.name
            summary = row.operation.summary
            key = row.operation.key
            line = row.operation.position.line
            documents = row.documents
            `class` = row.classification.word
            lossy = row.losses.map {
                Loss(
                    before: $0.before, after: $0.after, count: $0.count,
                    destructive: $0.isDestructive)
            }
            otherLossy = row.otherLosses
            kept = row.kept
            lostComments = row.lostComments
            overruled = row.isOverruled
        }
    }

    struct Row: Encodable {
        let name: String
        let path: String
        let documents: Counts
        let `class`: String
        @Nullable var reason: String?
        let operations: [Operation]
    }

    struct Failure: Encodable {
        let path: String
        let line: Int
        let column: Int
        let kind: String
        @Nullable var operation: String?
        let message: String
    }

    struct Blocker: Encodable {
        let path: String
        let kind: String
    }

    struct Sample: Encodable {
        let path: String
        let diff: String
    }

    struct Nothing: Encodable {
        let path: String
        let line: Int
        let column: Int
        let message: String
    }

    struct Before: Encodable {
        let migration: String
        let documents: Int
    }

    struct Revert: Encodable {
        /// Whether the documents alone say how, or the record is needed too.
        let needsRecord: Bool
        let command: String
    }

    let schema = "docvc.migrate-plan/1"
    let hash: String
    let documents: Counts
    let migrations: [Row]
    let collisions: Int
    let unparsable: Int
    let failures: [Failure]
    let failureCount: Int
    let blockers: [Blocker]
    let matchesNothing: [Nothing]
    @Nullable var pendingBefore: Before?
    let unstable: [String]
    let gainFrontMatter: Int
    let bytesOutsideTargets: Int
    let samples: [Sample]
    let destructive: Bool
    let missingReason: [String]
    let revert: Revert
    /// The command that applies just this plan; nil where it would be refused or do nothing.
    @Nullable var apply: String?

    init(_ planned: PlannedMigration, name: String?, _ place: CommandPlace) {
        let plan = planned.plan
        let rows = plan.rows
        hash = planned.hash
        documents = Counts(plan.counts)
        migrations = rows.map {
            Row(
                name: $0.migration.name, path: $0.migration.path, documents: Counts($0.counts),
                class: $0.classification.word, reason: $0.migration.reason,
                operations: $0.operations.map { Operation($0) })
        }
        collisions = plan.collisions
        unparsable = plan.unparsable
        failures = plan.failures.map {
            Failure(
                path: $0.path, line: $0.failure.position.line, column: $0.failure.position.column,
                kind: $0.failure.kind.rawValue, operation: $0.failure.operation,
                message: $0.failure.message)
        }
        failureCount = plan.failureCount
        blockers = planned.blockers.map { Blocker(path: $0.path, kind: $0.kind.rawValue) }
        matchesNothing = planned.matchingNothing.map {
            Nothing(
                path: $0.path, line: $0.position.line, column: $0.position.column,
                message: $0.what)
        }
        pendingBefore = plan.pendingBefore.map {
            Before(migration: $0.name, documents: $0.documents)
        }
        unstable = plan.unstable
        gainFrontMatter = plan.gainsFrontMatter
        bytesOutsideTargets = plan.foreignBytes
        samples = plan.samples.map { Sample(path: $0.path, diff: $0.diff) }
        destructive = plan.isDestructive
        missingReason = plan.withoutReason.map(\.name)
        let worst = rows.map(\.classification).max() ?? .none
        let word = name.map { " " + Shell.quote($0) } ?? ""
        revert = Revert(
            needsRecord: worst > .bijective, command: place.docvc("migrate revert" + word))
        apply =
            planned.isRefused || plan.counts.changed == 0
            ? nil
            : place.docvc(
                "migrate apply\(word) --plan \(planned.hash)"
                    + (plan.isDestructive ? " --allow-destructive" : ""))
    }

    // MARK: For people

    func print(_ planned: PlannedMigration, to output: Output) throws {
        try output.line(
            "\(counted(documents.matched, "document")): \(documents.changed) to change,"
                + " \(documents.unchanged) as they should be, \(documents.skipped) left out,"
                + " \(documents.failed) failing")
        for row in migrations {
            try output.line("")
            try output.line(
                output.colored(row.name, .cyan) + "  \(row.class)"
                    + "  (\(row.documents.changed) of \(counted(row.documents.matched, "document")))"
            )
            let width = row.operations.map(\.summary.count).max() ?? 0
            for operation in row.operations {
                try print(operation, width: min(width, 60), to: output)
            }
            if let reason = row.reason, row.class == "destructive" {
                try output.line("  reason given: \(reason)")
            }
        }
        for failure in failures {
            let place = "\(failure.path):\(failure.line):\(failure.column)"
            let operation = failure.operation.map { "\($0): " } ?? ""
            try output.line(output.colored("\(place): \(operation)\(failure.message)", .red))
        }
        if failureCount > failures.count {
            try output.line("and \(failureCount - failures.count) more reasons")
        }
        for blocker in planned.blockers {
            try output.line(output.colored("\(blocker.path): \(blocker.kind.words)", .red))
        }
        for nothing in matchesNothing {
            try output.line(
                output.colored(
                    "\(nothing.path):\(nothing.line):\(nothing.column): \(nothing.message)", .red))
        }
        if let pendingBefore {
            try output.line(
                output.colored(
                    "\(pendingBefore.migration) comes first: it has still to change"
                        + " \(counted(pendingBefore.documents, "document"))", .red))
        }
        for name in missingReason {
            try output.line(
                output.colored(
                    "\(name) loses values: it must say why in allow-destructive", .red))
        }
        if !unstable.isEmpty {
            try output.line(
                output.colored(
                    "\(counted(unstable.count, "document")) would change again when it is applied twice:"
                        + " \(unstable.prefix(3).joined(separator: ", "))", .yellow))
        }
        if gainFrontMatter > 0 {
            let gains = gainFrontMatter == 1 ? "gets" : "get"
            try output.line(
                "\(counted(gainFrontMatter, "document")) without front matter \(gains) some")
        }
        for sample in samples {
            try output.line("")
            try output.lines(sample.diff.trimmed)
        }
        try output.line("")
        try output.line("bytes changed outside these keys: \(bytesOutsideTargets)")
        if documents.changed > 0 {
            try output.line(
                "to go back\(revert.needsRecord ? ", by what apply records" : ""): \(revert.command)"
            )
        }
        if let apply {
            try output.line("to apply this plan: \(apply)")
        } else if documents.changed == 0, !planned.isRefused {
            try output.line("nothing is pending")
        }
    }

    private func print(_ operation: Operation, width: Int, to output: Output) throws {
        let gap = String(repeating: " ", count: max(0, width - operation.summary.count))
        let color: ColoredText.Color = operation.class == "destructive" ? .red : .green
        let isLeft = operation.overruled && operation.documents == 0
        let more = isLeft ? "  (a later operation decides)" : ""
        try output.line(
            "  \(operation.summary)\(gap)  \(counted(operation.documents, "document"))  "
                + output.colored(operation.class, color) + more)
        for loss in operation.lossy.prefix(10) {
            let after = loss.after ?? "(removed)"
            let word = loss.destructive ? "" : "  (to go back: the record)"
            try output.line("      \(loss.before) -> \(after)  \(loss.count)\(word)")
        }
        let others = operation.lossy.dropFirst(10).count + operation.otherLossy
        if others > 0 { try output.line("      and \(others) more, with --json") }
        if operation.kept > 0 {
            try output.line(
                "      \(counted(operation.kept, "document")) \(operation.kept == 1 ? "has" : "have")"
                    + " another value there, which stays")
        }
        if operation.lostComments > 0 {
            try output.line("      \(operation.lostComments) comments find no place")
        }
    }
}

extension MigrationPlan.Sample {
    /// The change as a unified diff.
    var diff: String {
        let bytes = try? Patch.text(
            from: before, named: path, to: after, named: path, contextLines: 1)
        return String(decoding: bytes ?? [], as: UTF8.self)
    }
}

extension String {
    /// Without the line ending at its end.
    var trimmed: String { hasSuffix("\n") ? String(dropLast()) : self }
}
