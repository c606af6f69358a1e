import Documents

/// Migrations at work on one document.
///
/// Operations become edits, which `Documents` plans and proves. Those whose keys are apart are
/// gathered and proven together; one that meets a key of another waits until that is made.
struct DocumentRun {
    /// The front matter as the edits so far have left it, but for those that are gathered.
    private(set) var frontMatter: FrontMatter
    /// The change on the document before, in all.
    private(set) var splices: [Splice] = []
    private(set) var steps: [UndoStep] = []
    private(set) var effects: [Effect] = []
    private(set) var failures: [MigrationFailure] = []
    /// The keys that were meant to change, by their names before.
    private(set) var targets: Set<FieldPath> = []
    /// Whether the front matter was written anew as a whole.
    private(set) var isRewritten = false

    private let original: Document
    private var edits: [Edit] = []
    private var touched: [FieldPath] = []
    private var place = (migration: 0, operation: 0)
    private var current: MigrationOperation?

    init(_ frontMatter: FrontMatter) {
        self.frontMatter = frontMatter
        original = frontMatter.document
    }

    var document: Document { frontMatter.document }

    /// Does a migration's operations.
    mutating func run(
        _ migration: Migration, number: Int, fates: [Supersession.Fate]
    ) {
        for (index, operation) in migration.operations.enumerated() {
            let fate = fates[index]
            if fate.isOverruled { continue }
            place = (number, index)
            current = operation
            if !fate.signs.isEmpty {
                flush()
                if fate.isDone(in: frontMatter) { continue }
            }
            // What failed before it is not its own.
            if fate.isPerhapsDone { flush() }
            let before = failures.count
            perform(operation, below: FieldPath([]), fate)
            if fate.isPerhapsDone { failures.removeSubrange(before...) }
        }
        flush()
    }

    /// Gives the version key the migration's number.
    mutating func stamp(_ key: FieldPath, _ number: Int) {
        current = nil
        prepare([key])
        if let node = frontMatter.node(at: key) {
            change(key, node, to: .scalar(.integer, Text(String(number))))
        } else {
            add(key, .scalar(.integer, Text(String(number))))
        }
        flush()
    }

    // MARK: Edits

    mutating func replace(
        _ key: FieldPath, _ node: Node, with value: Value, loses: Bool
    ) {
        note(.replaced(before: node.value.shown, after: value.shown, loses: loses))
        change(key, node, to: value)
    }

    /// Sets a key that is there, and keeps what was there.
    mutating func change(_ key: FieldPath, _ node: Node, to value: Value) {
        let old = frontMatter.entrySource(at: key)
        guard old != nil || !frontMatter.isTable(node) else { return failApart(key, node) }
        take(.set(key, .value(value)))
        record(
            .changed(
                key: key.description, value: value.fingerprint, old: old,
                source: frontMatter.source(of: node), before: node.value.fingerprint), [key])
    }

    mutating func add(_ key: FieldPath, _ value: Value, isNoted: Bool = true) {
        take(.set(key, .value(value)))
        if isNoted { note(.changed) }
        fill(above: key)
        record(
            .added(
                key: key.description, value: value.fingerprint, maps: missingMaps(above: key)),
            [key])
    }

    /// How many of the maps that a key lies in are not there yet.
    func missingMaps(above key: FieldPath) -> Int {
        var count = 0
        var path = key.parent
        while let map = path, !map.steps.isEmpty, frontMatter.node(at: map) == nil {
            count += 1
            path = map.parent
        }
        return count
    }

    /// Records that a key without a value gets a map for the key below it.
    mutating func fill(above key: FieldPath) {
        var path = key.parent
        while let map = path, !map.steps.isEmpty {
            guard let node = frontMatter.node(at: map) else {
                path = map.parent
                continue
            }
            if node.value.isNull {
                let source = frontMatter.source(of: node)
                record(.filled(key: map.description, source: source), [map])
            }
            return
        }
    }

    /// Makes a change of a key that may have no place for all comments, and counts those.
    mutating func countingComments(
        of key: FieldPath, _ change: (inout DocumentRun) -> Void
    ) {
        let before = frontMatter.comments(of: key)
        change(&self)
        guard !before.isEmpty else { return }
        flush()
        guard failures.isEmpty else { return }
        var left = frontMatter.comments(of: key)
        let lost = before.count { comment in
            guard let place = left.firstIndex(of: comment) else { return true }
            left.remove(at: place)
            return false
        }
        if lost > 0 { note(.commentsLost(lost)) }
    }

    @discardableResult
    mutating func remove(_ key: FieldPath, _ node: Node) -> Bool {
        guard let source = frontMatter.entrySource(at: key) else {
            failApart(key, node)
            return false
        }
        take(.unset(key))
        record(
            .removed(key: key.description, old: source, value: node.value.fingerprint), [key])
        return true
    }

    /// Writes all front matter anew, with its fences.
    mutating func rewrite(_ block: FrontMatterBlock, as bytes: [UInt8]) {
        let old = frontMatter.source(block.opening.lowerBound..<block.closing.upperBound)
        take(.replaceFrontMatter(bytes))
        isRewritten = true
        flush()
        record(.rewritten(frontMatter: old, value: frontMatter.value.fingerprint), [])
    }

    mutating func take(_ edit: Edit) { edits.append(edit) }

    mutating func record(_ step: UndoStep, _ keys: [FieldPath]) {
        steps.append(step)
        targets.formUnion(keys)
    }

    mutating func note(_ kind: Effect.Kind) {
        guard current != nil else { return }
        effects.append(Effect(migration: place.migration, operation: place.operation, kind: kind))
    }

    /// Sees to it that the front matter is up to date for these keys.
    mutating func prepare(_ keys: [FieldPath]) {
        // Items move when one before them goes: a key in a list touches the whole list.
        let keys = keys.map(\.wholeList)
        if !edits.isEmpty,
            keys.contains(where: { key in
                touched.contains { $0.contains(key) || key.contains($0) }
            })
        {
            flush()
        }
        touched += keys
    }

    /// Makes the edits that were gathered.
    mutating func flush() {
        defer {
            edits = []
            touched = []
        }
        guard !edits.isEmpty, failures.isEmpty else { return }
        do throws(EditError) {
            let result = try Edit.apply(edits, to: frontMatter)
            splices = splices.followed(by: result.splices, on: original.bytes)
            if let read = result.frontMatter {
                frontMatter = read
            } else {
                do {
                    frontMatter = try result.document.readFrontMatter()
                } catch {
                    throw EditError.unparsable(error)
                }
            }
        } catch {
            // Each by itself tells which it is.
            let key = edits.first { (try? Edit.apply([$0], to: frontMatter)) == nil }?.key
            fail(error, key)
        }
    }

    // MARK: Failures

    private mutating func failApart(_ key: FieldPath, _ node: Node) {
        fail(.edit, "\(key) stands in several places, or twice, and cannot be taken out", at: node)
    }

    mutating func fail(_ kind: MigrationFailure.Kind, _ message: String, at node: Node) {
        fail(kind, message, at: frontMatter.position(at: node.range.lowerBound))
    }

    mutating func fail(
        _ kind: MigrationFailure.Kind, _ message: String, at position: Position
    ) {
        failures.append(MigrationFailure(kind, message, at: position, current?.summary))
    }

    mutating func fail(_ error: EditError, _ key: FieldPath?) {
        var position = frontMatter.start
        var message = error.description
        var kind = MigrationFailure.Kind.edit
        // What names no key itself.
        func name() {
            guard let key, !key.steps.isEmpty else { return }
            message = "\(key): \(message)"
            guard let node = frontMatter.node(at: key) else { return }
            position = frontMatter.position(at: node.range.lowerBound)
        }
        switch error {
        case .occupied(_, let place):
            position = place
            kind = .collision
        case .duplicateKey(_, let places): position = places.first ?? position
        case .wrongKind(_, _, let place), .alias(_, let place), .anchored(_, let place),
            .unsupported(_, _, let place):
            position = place
        case .invalidValue:
            name()
            kind = .value
        default: name()
        }
        fail(kind, message, at: position)
    }
}

extension FrontMatter {
    /// Where the front matter starts.
    var start: Position { position(at: block?.opening.lowerBound ?? 0) }

    /// The comments of a key: above it, behind it and within its value.
    func comments(of key: FieldPath) -> [String] {
        guard case .key(let name)? = key.steps.last, let map = key.parent.flatMap({ node(at: $0) }),
            let place = map.mapping?.position(of: name)
        else { return [] }
        return comments(in: ownedSpans(of: map)[place].whole, around: map).map { source($0) }
    }

    /// Whether a node is a TOML table with lines of its own, which are no value behind a key.
    func isTable(_ node: Node) -> Bool { block?.syntax == .toml && node.style == .block }

    /// Whether a new key at a path stands in braces, where no comment can be.
    func isInBrackets(_ path: FieldPath) -> Bool {
        var parent = path.parent
        while let map = parent {
            if let node = node(at: map) { return node.mapping != nil && node.style == .flow }
            parent = map.parent
        }
        return false
    }

    /// A value's bytes, anchor and tag included.
    func source(of node: Node) -> String {
        let start = min(node.properties?.range.lowerBound ?? .max, node.range.lowerBound)
        return source(start..<max(start, node.range.upperBound))
    }
}

extension Edit {
    /// The key that it is about, as it is named before.
    fileprivate var key: FieldPath? {
        switch self {
        case .set(let path, _), .append(let path, _), .remove(let path, _), .unset(let path),
            .rename(let path, _), .move(let path, _), .insert(_, let path), .reorder(let path, _):
            path
        case .replaceFrontMatter, .replaceBody, .replaceText, .patchBody: nil
        }
    }
}

extension FieldPath {
    /// The path up to its first step into a list.
    var wholeList: FieldPath {
        FieldPath(
            Array(
                steps.prefix { step in
                    if case .key = step { true } else { false }
                }))
    }
}

extension Value {
    var isNull: Bool {
        if case .scalar(.null, _) = self { true } else { false }
    }

    /// The value in a line that is not too long to be read.
    var shown: String {
        let text = jsonText
        guard text.utf8.count > 80 else { return text }
        return String(text.prefix(77)) + "..."
    }
}
