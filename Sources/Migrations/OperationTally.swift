import Documents

/// What one operation was seen to do.
struct OperationTally {
    /// More distinct changes than this are only counted.
    private static let limit = 1_000

    private struct Change: Hashable {
        let before: String
        let after: String?
    }

    private var documents = 0
    private var lastDocument = 0
    private var kept = 0
    private var lostComments = 0
    private var hasDropped = false
    private var hasLoss = false
    private var hasLists = false
    private var changes: [Change: (count: Int, loses: Bool)] = [:]
    private var others = 0
    /// By value afterwards, a value before, and whether there are others that become the same.
    private var sources: [String: (first: String, isShared: Bool)] = [:]

    mutating func add(_ kind: Effect.Kind, in document: Int) {
        switch kind {
        case .wasList:
            hasLists = true
            return
        case .kept:
            kept += 1
            return
        case .alreadyThere(let value):
            note(value, becomes: value)
            return
        case .commentsLost(let count):
            lostComments += count
            return
        case .changed: break
        case .dropped(let value):
            hasDropped = true
            note(Change(before: value, after: nil), loses: true)
        case .replaced(let before, let after, let loses):
            if loses { hasLoss = true }
            note(before, becomes: after)
            note(Change(before: before, after: after), loses: loses)
        }
        if lastDocument != document { documents += 1 }
        lastDocument = document
    }

    private mutating func note(_ change: Change, loses: Bool) {
        if let known = changes[change] {
            changes[change] = (known.count + 1, known.loses || loses)
        } else if changes.count < OperationTally.limit {
            changes[change] = (1, loses)
        } else {
            others += 1
        }
    }

    private mutating func note(_ before: String, becomes after: String) {
        if let known = sources[after] {
            if known.first != before { sources[after]?.isShared = true }
        } else if sources.count < OperationTally.limit {
            sources[after] = (before, false)
        }
    }

    func row(of operation: MigrationOperation, isOverruled: Bool) -> MigrationPlan.OperationRow {
        let isSet = if case .set = operation.kind { true } else { false }
        let losses = changes.compactMap { change, found -> MigrationPlan.Loss? in
            let isShared = change.after.flatMap { sources[$0]?.isShared } ?? true
            guard found.loses || isShared || isSet else { return nil }
            return MigrationPlan.Loss(
                before: change.before, after: change.after, count: found.count,
                isDestructive: found.loses)
        }
        .sorted { ($1.count, $0.before) < ($0.count, $1.before) }
        return MigrationPlan.OperationRow(
            operation: operation, documents: documents, classification: classification(operation),
            losses: losses, otherLosses: others, kept: kept, lostComments: lostComments,
            isOverruled: isOverruled)
    }

    private func classification(
        _ operation: MigrationOperation
    ) -> MigrationPlan.Classification {
        guard documents > 0 else { return .none }
        if hasDropped || hasLoss { return .destructive }
        return byName(operation)
    }

    private func byName(_ operation: MigrationOperation) -> MigrationPlan.Classification {
        switch operation.kind {
        // Comments that found no place come back by the record only.
        case .move: lostComments > 0 ? .reversible : .bijective
        case .reorder: .bijective
        case .map:
            sources.values.contains(where: \.isShared) || others > 0 ? .reversible : .bijective
        case .wrap: hasLists || lostComments > 0 ? .reversible : .bijective
        case .each(_, let operations): operations.map { byName($0) }.max() ?? .bijective
        case .assert: .none
        case .copy, .setDefault, .set, .coerce, .unwrap, .split, .join, .syntax: .reversible
        case .drop: .destructive
        }
    }
}
