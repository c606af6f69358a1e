import Documents

/// What migrations would do to all documents, counted; it grows with what is found, not with
/// the number of documents.
public struct MigrationPlan: Sendable {
    /// How far what an operation does can be taken back, by the values found.
    public enum Classification: Int, Sendable, Comparable {
        /// It changes nothing.
        case none
        /// The documents themselves say how to go back.
        case bijective
        /// What is needed to go back is recorded.
        case reversible
        /// Something of a value is lost.
        case destructive

        /// The word in the answers.
        public var word: String { "\(self)" }

        /// Ordered by what is at stake.
        public static func < (left: Classification, right: Classification) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// How many documents there are of each kind.
    public struct Counts: Sendable, Equatable {
        /// The documents that the migration is for: the sum of the others.
        public internal(set) var matched = 0
        /// Those that change.
        public internal(set) var changed = 0
        /// Those in which all is so already.
        public internal(set) var unchanged = 0
        /// The conditions do not hold, or the version says that it is done.
        public internal(set) var skipped = 0
        /// Those that cannot be migrated.
        public internal(set) var failed = 0

        mutating func add(_ state: MigrationRunner.State) {
            switch state {
            case .notConcerned: return
            case .skipped: skipped += 1
            case .unchanged: unchanged += 1
            case .changed: changed += 1
            case .failed: failed += 1
            }
            matched += 1
        }
    }

    /// A value that becomes another which does not tell what it was.
    public struct Loss: Sendable, Hashable {
        /// The value before.
        public let before: String
        /// The value afterwards; nil where the key is removed.
        public let after: String?
        /// In how many documents or items.
        public let count: Int
        /// Whether something is lost for good, or only needs the record to come back.
        public let isDestructive: Bool
    }

    /// One operation's line in the table.
    public struct OperationRow: Sendable {
        /// The operation.
        public let operation: MigrationOperation
        /// How many documents it changes.
        public let documents: Int
        /// How far it can be taken back.
        public let classification: Classification
        /// Every distinct lossy change, the most frequent first.
        public let losses: [Loss]
        /// How many lossy changes there are beyond those listed.
        public let otherLosses: Int
        /// How many documents have another value where it would have copied to.
        public let kept: Int
        /// How many lines of comments find no place in another syntax.
        public let lostComments: Int
        /// Whether a later operation of the chain does it again or takes it back.
        public let isOverruled: Bool
    }

    /// One migration's part.
    public struct MigrationRow: Sendable {
        /// The migration.
        public let migration: Migration
        /// Its documents.
        public internal(set) var counts = Counts()
        /// Its operations.
        public internal(set) var operations: [OperationRow] = []

        /// The worst of its operations.
        public var classification: Classification {
            operations.map(\.classification).max() ?? .none
        }
    }

    /// A document that cannot be migrated.
    public struct FailedDocument: Sendable {
        /// Its path; the migration's where the fault is there.
        public let path: String
        /// Why.
        public let failure: MigrationFailure
    }

    /// A document that changes, to be shown.
    public struct Sample: Sendable {
        /// Its path.
        public let path: String
        /// Its text before.
        public let before: [UInt8]
        /// Its text afterwards.
        public let after: [UInt8]

        /// A sample of its parts.
        public init(path: String, before: [UInt8], after: [UInt8]) {
            self.path = path
            self.before = before
            self.after = after
        }
    }

    /// How many samples and failures are kept.
    private static let sampleLimit = 3
    private static let failureLimit = 1_000

    /// The documents of all migrations together.
    public private(set) var counts = Counts()
    /// Why documents cannot be migrated; at most 1,000 reasons are listed.
    public private(set) var failures: [FailedDocument] = []
    /// How many reasons there are in all.
    public private(set) var failureCount = 0
    /// How many of them are names that are taken.
    public private(set) var collisions = 0
    /// How many of them are documents that cannot be read.
    public private(set) var unparsable = 0
    /// How many bytes change outside the keys that are to change.
    public private(set) var foreignBytes = 0
    /// How many documents have no front matter and get some.
    public private(set) var gainsFrontMatter = 0
    /// The documents whose result the migrations would change once more; at most 1,000.
    public private(set) var unstable: [String] = []
    /// An earlier migration that would still change documents, and how many.
    public private(set) var pendingBefore: (name: String, documents: Int)?
    /// The first documents that change.
    public private(set) var samples: [Sample] = []

    /// What is wrong with migrations themselves.
    private var faults: Set<MigrationFailure> = []
    private let migrations: [Migration]
    private var migrationCounts: [Counts]
    private var tallies: [[OperationTally]]
    private let overruled: [[Bool]]

    /// A plan with no documents yet.
    public init(_ runner: MigrationRunner) {
        migrations = runner.migrations
        migrationCounts = migrations.map { _ in Counts() }
        tallies = migrations.map { $0.operations.map { _ in OperationTally() } }
        overruled = runner.overruled
    }

    /// Counts a document in.
    public mutating func add(
        _ path: String, _ text: [UInt8], _ outcome: MigrationRunner.Outcome
    ) {
        counts.add(outcome.state)
        for (index, state) in outcome.states.enumerated() { migrationCounts[index].add(state) }
        for effect in outcome.effects {
            tallies[effect.migration][effect.operation].add(effect.kind, in: counts.matched)
        }
        for failure in outcome.failures {
            // A fault of a migration is none of each document.
            if failure.file != nil, !faults.insert(failure).inserted { continue }
            failureCount += 1
            if failure.kind == .collision { collisions += 1 }
            if failure.kind == .unparsable { unparsable += 1 }
            if failures.count < MigrationPlan.failureLimit {
                failures.append(FailedDocument(path: failure.file ?? path, failure: failure))
            }
        }
        foreignBytes += outcome.foreignBytes
        if outcome.gainsFrontMatter { gainsFrontMatter += 1 }
        if outcome.isUnstable, unstable.count < MigrationPlan.failureLimit { unstable.append(path) }
        if let name = outcome.pendingBefore {
            pendingBefore = (pendingBefore?.name ?? name, (pendingBefore?.documents ?? 0) + 1)
        }
        if outcome.state == .changed, samples.count < MigrationPlan.sampleLimit {
            samples.append(
                Sample(path: path, before: text, after: outcome.document.bytes))
        }
    }

    /// The plan by migration.
    public var rows: [MigrationRow] {
        migrations.indices.map { index in
            let operations = migrations[index].operations.enumerated().map { position, operation in
                tallies[index][position].row(of: operation, isOverruled: overruled[index][position])
            }
            return MigrationRow(
                migration: migrations[index], counts: migrationCounts[index],
                operations: operations)
        }
    }

    /// The migrations that lose something and give no reason for it.
    public var withoutReason: [Migration] {
        rows.filter { $0.classification == .destructive && $0.migration.reason == nil }
            .map(\.migration)
    }

    /// Whether something is lost for good.
    public var isDestructive: Bool { rows.contains { $0.classification == .destructive } }
}
