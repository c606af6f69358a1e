import Documents
import Synchronization

/// What later operations make of the keys of earlier ones.
///
/// A document that has gone through all migrations must not be taken for one that the first of
/// them has still to change: a key that was added and later renamed is there, under its later
/// name, and one that was added and later dropped is not to come back. What counts are the
/// migrations that concern the document, and no earlier operation is passed over whose work a
/// later one needs.
final class Supersession: Sendable {
    /// What later operations mean for an earlier one.
    struct Fate {
        /// The paths that the key has had since, in order; a key is there if one of them is.
        var laterPaths: [FieldPath] = []
        /// Whether a later operation comes to the same without this one.
        var isOverruled = false
        /// Whether a later one may have made of the value what this one cannot read.
        var isPerhapsDone = false
    }

    private let migrations: [Migration]
    /// The fates by which migrations concern a document.
    private let known = Mutex<[[Bool]: [[Fate]]]>([:])

    init(_ migrations: [Migration]) { self.migrations = migrations }

    /// The fates by migration and operation, for a document that all migrations concern.
    var fates: [[Fate]] { fates(migrations.map { _ in true }) }

    /// The fates by migration and operation.
    ///
    /// - Parameter concerned: by migration, whether it concerns the document.
    func fates(_ concerned: [Bool]) -> [[Fate]] {
        if let fates = known.withLock({ $0[concerned] }) { return fates }
        let fates = zip(migrations, migrations.indices).map { migration, number in
            migration.operations.indices.map { index in
                let own = migration.operations[(index + 1)...]
                let others = migrations.indices.dropFirst(number + 1).filter { concerned[$0] }
                return Supersession.fate(
                    of: migration.operations[index],
                    before: own + others.flatMap { migrations[$0].operations })
            }
        }
        known.withLock { $0[concerned] = fates }
        return fates
    }

    private static func fate(
        of operation: MigrationOperation, before later: [MigrationOperation]
    ) -> Fate {
        var fate = Fate()
        guard var path = operation.result else {
            if case .syntax = operation.kind {
                fate.isOverruled = later.contains {
                    if case .syntax = $0.kind { true } else { false }
                }
            }
            return fate
        }
        for next in later {
            switch next.kind {
            case .move(let from, let to):
                guard let moved = path.moved(from: from, to: to) else { break }
                path = moved
                fate.laterPaths.append(path)
                if case .move(let source, _) = operation.kind, source == path {
                    fate.isOverruled = true
                }
            case .drop(let dropped):
                if dropped.contains(path), !operation.takesKeys { fate.isOverruled = true }
            case .split(let key, _, let into):
                guard key == path, let first = into.first else { break }
                path = first
                fate.laterPaths.append(path)
            case .join(let keys, _, let into):
                guard keys.contains(path), into != path else { break }
                path = into
                fate.laterPaths.append(path)
                if case .assert = operation.kind { fate.isOverruled = true }
            default: break
            }
            if operation.isRepeated(by: next, at: path) { fate.isOverruled = true }
            if operation.isReshaped(by: next, at: path) { fate.isPerhapsDone = true }
        }
        return fate
    }
}

extension Migration {
    /// Whether it may have been for a document as it is now: its conditions hold, or are about
    /// keys that it changes itself.
    func mayHaveConcerned(_ frontMatter: FrontMatter) -> Bool {
        conditions.allSatisfy { condition in
            condition.holds(in: frontMatter)
                || operations.contains { operation in
                    operation.paths.contains {
                        $0.contains(condition.path) || condition.path.contains($0)
                    }
                }
        }
    }
}

extension MigrationOperation {
    /// The key that there is afterwards.
    fileprivate var result: FieldPath? {
        switch kind {
        case .move(_, let path), .copy(_, let path), .setDefault(let path, _), .set(let path, _),
            .coerce(let path, _), .map(let path, _), .wrap(let path), .unwrap(let path),
            .join(_, _, let path), .assert(let path, _, _):
            path
        case .split(_, _, let into): into.first
        case .reorder(let path, _): path
        case .each, .drop, .syntax: nil
        }
    }

    /// Whether it takes keys away from where they were, which is left to do although what it
    /// makes of them goes too.
    fileprivate var takesKeys: Bool {
        switch kind {
        case .move, .split, .join: true
        default: false
        }
    }

    /// The keys that it changes.
    fileprivate var paths: [FieldPath] {
        switch kind {
        case .move(let from, let to), .copy(let from, let to): [from, to]
        case .setDefault(let path, _), .set(let path, _), .coerce(let path, _),
            .map(let path, _), .wrap(let path), .unwrap(let path), .each(let path, _),
            .drop(let path):
            [path]
        case .split(let path, _, let into): [path] + into
        case .join(let keys, _, let into): keys + [into]
        case .reorder, .syntax, .assert: []
        }
    }

    /// Whether `next`, on the key where this one's is then, comes to the same without this one.
    fileprivate func isRepeated(by next: MigrationOperation, at path: FieldPath) -> Bool {
        switch (kind, next.kind) {
        case (.set, .set(let other, _)), (.setDefault, .set(let other, _)),
            (.wrap, .unwrap(let other)), (.unwrap, .wrap(let other)),
            (.wrap, .coerce(let other, _)):
            other == path
        case (.assert, .assert(let other, _, _)), (.assert, .coerce(let other, _)),
            (.assert, .wrap(let other)), (.assert, .unwrap(let other)),
            (.assert, .split(let other, _, _)):
            other == path
        default: false
        }
    }
}

extension MigrationOperation {
    /// Whether `next` makes of this one's value another that this one may not take.
    fileprivate func isReshaped(by next: MigrationOperation, at path: FieldPath) -> Bool {
        switch (kind, next.kind) {
        case (.coerce, .coerce(let other, _)), (.coerce, .wrap(let other)),
            (.coerce, .unwrap(let other)), (.unwrap, .coerce(let other, _)):
            other == path
        default: false
        }
    }
}

extension FieldPath {
    /// The path after what is at `from` went to `to`; nil where that does not concern it.
    func moved(from: FieldPath, to: FieldPath) -> FieldPath? {
        guard from.contains(self) else { return nil }
        return FieldPath(to.steps + steps.dropFirst(from.steps.count))
    }
}
