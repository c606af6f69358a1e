public import Documents

/// Migrations as they are applied to one document after the other.
public struct MigrationRunner: Sendable {
    /// What became of a document.
    public enum State: Sendable {
        /// No migration is for it.
        case notConcerned
        /// It is one of the documents, but the conditions do not hold, or its version says
        /// that it has been migrated.
        case skipped
        /// Nothing is to be done.
        case unchanged
        /// It changes.
        case changed
        /// It cannot be migrated.
        case failed
    }

    /// What the migrations make of a document.
    public struct Outcome: Sendable {
        /// What became of it.
        public internal(set) var state: State
        /// The document afterwards; as it was, where it does not change.
        public internal(set) var document: Document
        /// What each migration did, by its position.
        public internal(set) var changes: [(migration: Int, change: DocumentChange)] = []
        /// Why it cannot be migrated.
        public internal(set) var failures: [MigrationFailure] = []
        /// How many bytes would have changed outside the keys that were to change, for which it is
        /// refused.
        public internal(set) var foreignBytes = 0
        /// An earlier migration, which is not among these, would change it.
        public internal(set) var pendingBefore: String?
        /// Whether it had no front matter and gets some.
        public internal(set) var gainsFrontMatter = false
        /// Whether the migrations would change their own result.
        public internal(set) var isUnstable = false
        /// By migration, what became of it.
        var states: [State] = []
        var effects: [Effect] = []
    }

    /// The migrations, in order.
    public let migrations: [Migration]
    private let fates: [[Supersession.Fate]]
    private let earlier: [Migration]
    private let earlierFates: [[Supersession.Fate]]
    private let policy: Policy

    /// What is to be applied to documents.
    ///
    /// - Parameters:
    ///   - chain: all migrations of the repository.
    ///   - migration: the only one to be applied; nil for all of the chain.
    public init(_ chain: Chain, only migration: Migration? = nil, policy: Policy) {
        let all = Supersession(chain.migrations).fates
        let index = migration.flatMap { one in
            chain.migrations.firstIndex { $0.name == one.name }
        }
        let range = index.map { $0..<($0 + 1) } ?? chain.migrations.indices
        migrations = Array(chain.migrations[range])
        fates = Array(all[range])
        earlier = Array(chain.migrations[..<range.lowerBound])
        earlierFates = Array(all[..<range.lowerBound])
        self.policy = policy
    }

    /// The same with some of the migrations only.
    func limited(to names: Set<String>) -> MigrationRunner {
        MigrationRunner(
            self, indices: migrations.indices.filter { names.contains(migrations[$0].name) })
    }

    private init(_ other: MigrationRunner, indices: [Int]) {
        migrations = indices.map { other.migrations[$0] }
        fates = indices.map { other.fates[$0] }
        earlier = []
        earlierFates = []
        policy = other.policy
    }

    /// By migration and operation, whether a later one decides what it does.
    var overruled: [[Bool]] { fates.map { $0.map(\.isOverruled) } }

    /// Whether any of the migrations is for the document at a path.
    public func concerns(_ path: String) -> Bool {
        migrations.contains { isConcerned($0, path) }
    }

    private func isConcerned(_ migration: Migration, _ path: String) -> Bool {
        migration.documents?.matches(path) ?? policy.isDocument(path)
    }

    /// Applies the migrations to a document, as far as they are for it and not done yet.
    ///
    /// - Parameter checksStability: whether what comes out is migrated once more, to see that
    ///   it stays as it is; it doubles the cost of a document that changes.
    public func run(
        _ document: Document, at path: String, checksStability: Bool = false
    ) -> Outcome {
        guard concerns(path) else { return idle(document) }
        let frontMatter: FrontMatter
        do {
            frontMatter = try document.readFrontMatter()
        } catch {
            var outcome = idle(document)
            outcome.state = .failed
            outcome.failures = [
                MigrationFailure(
                    .unparsable, "the front matter cannot be read: \(error.message)",
                    at: error.position)
            ]
            outcome.states = migrations.map { isConcerned($0, path) ? .failed : .notConcerned }
            return outcome
        }
        return run(frontMatter, at: path, checksStability: checksStability)
    }

    private func idle(_ document: Document) -> Outcome {
        var outcome = Outcome(state: .notConcerned, document: document)
        outcome.states = migrations.map { _ in .notConcerned }
        return outcome
    }

    /// Applies the migrations to a document whose front matter was read already.
    public func run(
        _ frontMatter: FrontMatter, at path: String, checksStability: Bool = false
    ) -> Outcome {
        var outcome = idle(frontMatter.document)
        guard concerns(path) else { return outcome }
        outcome.pendingBefore = pendingBefore(frontMatter, path)
        let after = run(frontMatter, path, &outcome)
        if checksStability, outcome.state == .changed, policy.versionKey == nil {
            var again = Outcome(state: .notConcerned, document: outcome.document)
            again.states = outcome.states
            _ = run(after, path, &again)
            outcome.isUnstable = again.state == .changed || again.state == .failed
        }
        return outcome
    }

    /// Returns the front matter afterwards.
    private func run(
        _ frontMatter: FrontMatter, _ path: String, _ outcome: inout Outcome
    ) -> FrontMatter {
        var current = frontMatter
        for (index, migration) in migrations.enumerated() {
            guard isConcerned(migration, path) else { continue }
            let state: State
            if isDone(migration, current)
                || !migration.conditions.allSatisfy({ $0.holds(in: current) })
            {
                state = .skipped
            } else {
                var run = DocumentRun(current)
                run.run(migration, number: index, fates: fates[index])
                if let key = policy.versionKey, run.failures.isEmpty {
                    run.stamp(key, migration.number)
                }
                outcome.effects += run.effects
                if !run.failures.isEmpty {
                    outcome.failures += run.failures
                    state = .failed
                } else if run.document.bytes == current.document.bytes {
                    state = .unchanged
                } else if let fault = foreignBytes(run, current, &outcome) {
                    outcome.failures.append(fault)
                    state = .failed
                } else {
                    outcome.changes.append(
                        (
                            index,
                            DocumentChange(
                                splices: run.splices, steps: run.steps, document: run.document)
                        ))
                    current = run.frontMatter
                    state = .changed
                }
            }
            outcome.states[index] = state
            if state == .failed {
                // What later ones would make of it nobody can say.
                for later in (index + 1)..<migrations.endIndex
                where isConcerned(migrations[later], path) { outcome.states[later] = .failed }
                break
            }
        }
        let states = outcome.states
        if states.contains(where: { $0 == .failed }) {
            outcome.state = .failed
            outcome.changes = []
        } else if states.contains(where: { $0 == .changed }) {
            outcome.state = .changed
            outcome.document = current.document
            outcome.gainsFrontMatter = frontMatter.block == nil
        } else if states.contains(where: { $0 == .unchanged }) {
            outcome.state = .unchanged
        } else {
            outcome.state = .skipped
        }
        return current
    }

    /// Counts the bytes that would change outside the keys; not one may.
    private func foreignBytes(
        _ run: DocumentRun, _ before: FrontMatter, _ outcome: inout Outcome
    ) -> MigrationFailure? {
        let count = ForeignBytes(run, before: before).count
        guard count > 0 else { return nil }
        outcome.foreignBytes += count
        return MigrationFailure(
            .edit, "\(count) bytes outside the keys would change", at: before.start)
    }

    /// Whether the document's own version says that the migration has been applied.
    private func isDone(_ migration: Migration, _ frontMatter: FrontMatter) -> Bool {
        guard let key = policy.versionKey, let scalar = frontMatter.node(at: key)?.scalar else {
            return false
        }
        let digits = scalar.text.string.prefix { $0.isASCII && $0.isNumber }
        return Int(digits).map { $0 >= migration.number } ?? false
    }

    private func pendingBefore(_ frontMatter: FrontMatter, _ path: String) -> String? {
        for (index, migration) in earlier.enumerated()
        where isConcerned(migration, path) && !isDone(migration, frontMatter)
            && migration.conditions.allSatisfy({ $0.holds(in: frontMatter) })
        {
            var run = DocumentRun(frontMatter)
            run.run(migration, number: index, fates: earlierFates[index])
            if run.failures.isEmpty, run.document.bytes != frontMatter.document.bytes {
                return migration.name
            }
        }
        return nil
    }
}
