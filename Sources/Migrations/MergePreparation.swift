import Documents

/// Three versions of a document to be merged, the older ones migrated as far as the newer one.
///
/// Two branches, one migrated and one not, differ in every key that the migration renamed or
/// rewrote, and no merge can tell such a difference from an edit. So the older side and the
/// base are migrated first; what is left is what people changed.
public struct MergePreparation: Sendable {
    /// The base.
    public let base: [UInt8]
    /// Ours.
    public let ours: [UInt8]
    /// Theirs.
    public let theirs: [UInt8]
    /// The migrations that were applied, in order; none where the versions are as they were.
    public let applied: [String]

    /// Brings the versions of the document at a path forward.
    ///
    /// They stay as they are where no version has been through less than another, or the older one
    /// cannot be migrated, or would lose what was edited in it: then the merge is one like any
    /// other, in which an edit against a deletion or another type is a conflict.
    ///
    /// - Parameter runner: all migrations that either side knows.
    public init(
        base: [UInt8], ours: [UInt8], theirs: [UInt8], at path: String, by runner: MigrationRunner
    ) {
        func pending(_ bytes: [UInt8]) -> Set<String>? {
            let outcome = runner.run(Document(bytes), at: path)
            guard outcome.state != .failed else { return nil }
            return Set(outcome.changes.map { runner.migrations[$0.migration].name })
        }
        // A migration that is pending on both sides is nothing that this merge is about; one that
        // is pending on neither, but on the base, came to one by a key that it has of its own.
        guard let left = pending(ours), let right = pending(theirs),
            case let behind = base.isEmpty ? [] : pending(base) ?? [],
            case let missing = left.union(right).union(behind)
                .subtracting(left.intersection(right)), !missing.isEmpty,
            case let limited = runner.limited(to: missing),
            case let versions = [base, ours, theirs].map({
                limited.run(Document($0), at: path)
            }), versions.allSatisfy({ $0.state != .failed }),
            case let known = versions[0].losses(by: limited).filter({ !$0.isShortened }),
            versions.allSatisfy({ $0.losses(by: limited).subtracting(known).isEmpty })
        else {
            self.init(base: base, ours: ours, theirs: theirs, applied: [])
            return
        }
        self.init(
            base: base.isEmpty ? base : versions[0].document.bytes,
            ours: versions[1].document.bytes, theirs: versions[2].document.bytes,
            applied: limited.migrations.map(\.name))
    }

    private init(base: [UInt8], ours: [UInt8], theirs: [UInt8], applied: [String]) {
        self.base = base
        self.ours = ours
        self.theirs = theirs
        self.applied = applied
    }
}

extension Effect {
    /// Whether its value is shown in part only, so that it may be another.
    fileprivate var isShortened: Bool {
        switch kind {
        case .dropped(let value), .replaced(let value, _, _): value.hasSuffix("...")
        case .changed, .alreadyThere, .wasList, .kept, .commentsLost: false
        }
    }
}

extension MigrationRunner.Outcome {
    /// What operations took away for good, or wrote over.
    fileprivate func losses(by runner: MigrationRunner) -> Set<Effect> {
        Set(
            effects.filter { effect in
                switch effect.kind {
                case .dropped: return true
                case .replaced(_, _, let loses):
                    let operation = runner.migrations[effect.migration].operations[effect.operation]
                    let isSet = if case .set = operation.kind { true } else { false }
                    return loses || isSet
                case .changed, .alreadyThere, .wasList, .kept, .commentsLost: return false
                }
            })
    }
}
