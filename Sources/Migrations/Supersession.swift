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
        /// What shows that this one is done although the key that it takes away is there, for a
        /// later one made that again; one of them is enough.
        var signs: [Sign] = []
        /// The later one that made it again, where nothing shows it.
        var rival: MigrationOperation?
        /// The fates of the operations within `each`.
        var items: [Fate] = []
        /// The later ones that took what this one makes along, by position.
        fileprivate var carriers: Set<Int> = []
    }

    /// What only a document has to which an operation has been done.
    enum Sign {
        /// What became of the key that it took away is there.
        case present(FieldPath)
        /// The keys of which a later one makes the key again are gone.
        case gone([FieldPath])
        /// The key has the value that a later one gives it.
        case value(FieldPath, Value)
    }

    private let migrations: [Migration]
    /// Whether documents say by a key which migrations they have been through.
    private let isVersioned: Bool
    /// The fates by which migrations concern a document.
    private let known = Mutex<[[Bool]: [[Fate]]]>([:])

    init(_ migrations: [Migration], isVersioned: Bool) {
        self.migrations = migrations
        self.isVersioned = isVersioned
    }

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
                let later = Array(own) + others.flatMap { migrations[$0].operations }
                var fate = Supersession.fate(of: migration.operations[index], before: later)
                if !isVersioned { fate.readSigns(of: migration.operations[index], before: later) }
                return fate
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
        for (number, next) in later.enumerated() {
            let old = path
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
            if path != old { fate.carriers.insert(number) }
            if operation.isRepeated(by: next, at: path) { fate.isOverruled = true }
            if operation.isReshaped(by: next, at: path) { fate.isPerhapsDone = true }
        }
        return fate
    }
}

extension Supersession.Fate {
    /// Finds what shows that an operation is done whose key a later one makes again.
    ///
    /// That the key is there says nothing then. What became of the old one does; or else, of a key
    /// that was dropped, that nothing is left of which a new one could still be made.
    fileprivate mutating func readSigns(
        of operation: MigrationOperation, before later: [MigrationOperation]
    ) {
        if case .each(let key, let inner) = operation.kind {
            let more = later.flatMap { next -> [MigrationOperation] in
                if case .each(key, let operations) = next.kind { operations } else { [] }
            }
            items = inner.indices.map { index in
                let later = Array(inner[(index + 1)...]) + more
                var fate = Supersession.fate(of: inner[index], before: later)
                fate.readSigns(of: inner[index], before: later)
                return fate
            }
            rival = items.lazy.compactMap(\.rival).first
            return
        }
        let makers = later.indices.filter { later[$0].made.meets(operation.taken) }
        guard !isOverruled, let first = makers.first else { return }
        /// Whether no other operation than these makes or takes one of the paths as well.
        func isAlone(_ except: Set<Int>, _ keys: (MigrationOperation) -> Bool) -> Bool {
            !later.indices.contains { !except.contains($0) && keys(later[$0]) }
        }
        let places = operation.made.prefix(1) + laterPaths
        let own = places.filter { path in isAlone(carriers) { $0.taken.meets([path]) } }
        // Where it is at last it must be nobody else's.
        if let last = places.last, own.last == last {
            signs = own.map { .present($0) }
            return
        }
        for maker in makers {
            let sources = later[maker].taken
            if !sources.isEmpty, isAlone([maker], { $0.made.meets(sources) }) {
                signs.append(.gone(sources))
            } else if case .set(let path, let value) = later[maker].kind,
                operation.taken == [path]
            {
                signs.append(.value(path, value))
            }
        }
        if signs.isEmpty { rival = later[first] }
    }

    /// Whether the later operations leave open what a key that is there comes from.
    var isUncertain: Bool { !signs.isEmpty || rival != nil || items.contains(where: \.isUncertain) }

    /// Whether a document shows that the operation is done; within `each`, its item at `top`.
    func isDone(in frontMatter: FrontMatter, below top: FieldPath = FieldPath([])) -> Bool {
        func node(_ path: FieldPath) -> Node? {
            frontMatter.node(at: FieldPath(top.steps + path.steps))
        }
        return signs.contains { sign in
            switch sign {
            case .present(let path): node(path) != nil
            case .gone(let paths): paths.allSatisfy { node($0) == nil }
            case .value(let path, let value): node(path)?.value.means(value) ?? false
            }
        }
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

    /// The keys that are not there afterwards, as they are now.
    fileprivate var taken: [FieldPath] {
        switch kind {
        case .move(let from, let to): from.meets(to) ? [] : [from]
        case .drop(let path): [path]
        case .split(let path, _, let into): into.contains(path) ? [] : [path]
        case .join(let keys, _, let into): keys.filter { $0 != into }
        default: []
        }
    }

    /// The keys that there are afterwards where there may have been none, the main one first.
    fileprivate var made: [FieldPath] {
        switch kind {
        case .move(let from, let to): from.meets(to) ? [] : [to]
        case .copy(_, let path), .setDefault(let path, _), .set(let path, _): [path]
        case .split(let path, _, let into): into.filter { $0 != path }
        case .join(let keys, _, let into): keys.contains(into) ? [] : [into]
        default: []
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

extension [FieldPath] {
    /// Whether one of these is, contains or lies in one of the others.
    fileprivate func meets(_ others: [FieldPath]) -> Bool {
        contains { path in others.contains { path.meets($0) } }
    }
}

extension FieldPath {
    /// Whether one of the two is, contains or lies in the other.
    func meets(_ other: FieldPath) -> Bool { contains(other) || other.contains(self) }

    /// The path after what is at `from` went to `to`; nil where that does not concern it.
    func moved(from: FieldPath, to: FieldPath) -> FieldPath? {
        guard from.contains(self) else { return nil }
        return FieldPath(to.steps + steps.dropFirst(from.steps.count))
    }
}
