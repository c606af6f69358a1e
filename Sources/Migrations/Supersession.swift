import Documents

/// What later operations make of the keys of earlier ones.
///
/// A document that has gone through all migrations must not be taken for one that the first of
/// them has still to change: a key that was added and later renamed is there, under its later
/// name, and one that was added and later dropped is not to come back.
struct Supersession {
    /// What a later operation means for an earlier one.
    struct Fate {
        /// The paths that the key has had since, in order; a key is there if one of them is.
        var laterPaths: [FieldPath] = []
        /// Whether a later operation undoes or repeats what this one does.
        var isOverruled = false
    }

    /// The fates by migration and operation.
    let fates: [[Fate]]

    init(_ migrations: [Migration]) {
        let all = migrations.flatMap(\.operations)
        var flat: [Fate] = []
        for index in all.indices {
            flat.append(Supersession.fate(of: all[index], before: all[(index + 1)...]))
        }
        var start = 0
        fates = migrations.map { migration in
            defer { start += migration.operations.count }
            return Array(flat[start..<(start + migration.operations.count)])
        }
    }

    private static func fate(
        of operation: MigrationOperation, before later: ArraySlice<MigrationOperation>
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
                if dropped.contains(path) { fate.isOverruled = true }
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
        }
        return fate
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

    /// Whether `next`, on the key where this one's is then, decides what this one did.
    fileprivate func isRepeated(by next: MigrationOperation, at path: FieldPath) -> Bool {
        switch (kind, next.kind) {
        case (.set, .set(let other, _)), (.setDefault, .set(let other, _)),
            (.coerce, .coerce(let other, _)), (.wrap, .unwrap(let other)),
            (.unwrap, .wrap(let other)), (.coerce, .wrap(let other)),
            (.coerce, .unwrap(let other)), (.wrap, .coerce(let other, _)),
            (.unwrap, .coerce(let other, _)), (.reorder, .reorder(let other, _)):
            other == path
        case (.assert, .assert(let other, _, _)), (.assert, .coerce(let other, _)),
            (.assert, .wrap(let other)), (.assert, .unwrap(let other)),
            (.assert, .split(let other, _, _)):
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
