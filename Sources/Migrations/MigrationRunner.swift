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
    /// All migrations of the repository.
    private let chain: [Migration]
    /// Where those that are to be applied stand in the chain.
    private let positions: [Int]
    private let supersession: Supersession
    private let policy: Policy

    /// What is to be applied to documents.
    ///
    /// - Parameters:
    ///   - chain: all migrations of the repository.
    ///   - migration: the only one to be applied; nil for all of the chain.
    public init(_ chain: Chain, only migration: Migration? = nil, policy: Policy) {
        let index = migration.flatMap { one in
            chain.migrations.firstIndex { $0.name == one.name }
        }
        self.chain = chain.migrations
        positions = index.map { [$0] } ?? Array(chain.migrations.indices)
        migrations = positions.map { chain.migrations[$0] }
        supersession = Supersession(chain.migrations, isVersioned: policy.versionKey != nil)
        self.policy = policy
    }

    /// The same with some of the migrations only.
    func limited(to names: Set<String>) -> MigrationRunner {
        MigrationRunner(self, positions: positions.filter { names.contains(chain[$0].name) })
    }

    private init(_ other: MigrationRunner, positions: [Int]) {
        chain = other.chain
        self.positions = positions
        migrations = positions.map { other.chain[$0] }
        supersession = other.supersession
        policy = other.policy
    }

    /// By migration and operation, whether a later one decides what it does.
    var overruled: [[Bool]] {
        let fates = supersession.fates
        return positions.map { fates[$0].map(\.isOverruled) }
    }

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
        outcome.states = migrations.map { isConcerned($0, path) ? .unchanged : .notConcerned }
        let fates = zip(chain, fates(for: frontMatter, path)).filter { isConcerned($0.0, path) }
        if let failure = uncertain(fates) {
            outcome.refuse(failure)
            return outcome
        }
        outcome.pendingBefore = pendingBefore(frontMatter, path)
        let after = run(frontMatter, path, &outcome)
        if checksStability, outcome.state == .changed, policy.versionKey == nil {
            var again = Outcome(state: .notConcerned, document: outcome.document)
            again.states = outcome.states
            _ = run(after, path, &again)
            outcome.isUnstable = again.state == .changed || again.state == .failed
            // A key that came from nowhere is taken for one that is still to go.
            if outcome.isUnstable, fates.contains(where: { $0.1.contains(where: \.isUncertain) }) {
                outcome.isUnstable = false
                outcome.document = frontMatter.document
                outcome.refuse(
                    MigrationFailure(
                        .uncertain,
                        "afterwards nothing would show that it has been migrated, and it would be"
                            + " migrated again: \(MigrationRunner.versionAdvice)",
                        at: frontMatter.start))
            }
        }
        return outcome
    }

    private static let versionAdvice =
        "name a version-key in \(Policy.path), by which documents say it"

    /// Why nobody can tell which of the migrations a document has been through.
    private func uncertain(
        _ fates: [(Migration, [Supersession.Fate])]
    ) -> MigrationFailure? {
        for (migration, fates) in fates {
            for (operation, fate) in zip(migration.operations, fates) {
                guard let rival = fate.rival else { continue }
                return MigrationFailure(
                    .uncertain,
                    "\(rival.summary) makes the key again, and then nothing shows which one it is:"
                        + " \(MigrationRunner.versionAdvice)",
                    at: operation.position, operation.summary, in: migration.path)
            }
        }
        return nil
    }

    /// Returns the front matter afterwards.
    private func run(
        _ frontMatter: FrontMatter, _ path: String, _ outcome: inout Outcome
    ) -> FrontMatter {
        var current = frontMatter
        let fates = fates(for: frontMatter, path)
        for (index, migration) in migrations.enumerated() {
            guard isConcerned(migration, path) else { continue }
            let state: State
            if isDone(migration, current)
                || !migration.conditions.allSatisfy({ $0.holds(in: current) })
            {
                state = .skipped
            } else {
                var run = DocumentRun(current)
                run.run(migration, number: index, fates: fates[positions[index]])
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
        if !outcome.changes.isEmpty, frontMatter.isWritten(as: current) { outcome.forgetChanges() }
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

    /// The first of the migrations before these that would change a document.
    private func pendingBefore(_ frontMatter: FrontMatter, _ path: String) -> String? {
        guard let first = positions.first, first > 0 else { return nil }
        let before = MigrationRunner(self, positions: Array(0..<first))
        var outcome = before.idle(frontMatter.document)
        _ = before.run(frontMatter, path, &outcome)
        guard outcome.state == .changed else { return nil }
        return outcome.changes.first.map { before.migrations[$0.migration].name }
    }

    private func fates(for frontMatter: FrontMatter, _ path: String) -> [[Supersession.Fate]] {
        supersession.fates(
            chain.map { isConcerned($0, path) && $0.mayHaveConcerned(frontMatter) })
    }
}

extension MigrationRunner.Outcome {
    /// Has nothing done to the document, for a reason that is about all migrations.
    fileprivate mutating func refuse(_ failure: MigrationFailure) {
        failures.append(failure)
        state = .failed
        states = states.map { $0 == .notConcerned ? $0 : .failed }
        changes = []
        effects = []
    }

    /// Leaves out what several operations did and took back again.
    fileprivate mutating func forgetChanges() {
        changes = []
        states = states.map { $0 == .changed ? .unchanged : $0 }
        effects.removeAll(where: \.isChange)
    }
}

extension Effect {
    fileprivate var isChange: Bool {
        switch kind {
        case .changed, .replaced, .dropped, .commentsLost: true
        case .alreadyThere, .wasList, .kept: false
        }
    }
}

extension FrontMatter {
    /// Whether another says the same, in the same order and the same language.
    fileprivate func isWritten(as other: FrontMatter) -> Bool {
        block?.syntax == other.block?.syntax && value == other.value
    }
}
