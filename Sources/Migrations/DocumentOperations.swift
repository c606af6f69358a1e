import Documents

/// What each operation does to a document.
extension DocumentRun {
    /// Does one operation; within `each`, on the item at `top`.
    mutating func perform(
        _ operation: MigrationOperation, below top: FieldPath, _ fate: Supersession.Fate
    ) {
        func path(_ path: FieldPath) -> FieldPath { FieldPath(top.steps + path.steps) }
        switch operation.kind {
        case .move(let from, let to):
            prepare([path(from), path(to)])
            move(path(from), to: path(to))
        case .copy(let from, let to):
            prepare([path(from), path(to)])
            copy(path(from), to: path(to), fate)
        case .setDefault(let key, let value):
            prepare([path(key)] + fate.laterPaths)
            guard isMissing(path(key), fate) else { return }
            add(path(key), written(value))
        case .set(let key, let wanted):
            let value = written(wanted)
            prepare([path(key)] + fate.laterPaths)
            guard let node = frontMatter.node(at: path(key)) else {
                if isMissing(path(key), fate) { add(path(key), value) }
                return
            }
            guard !node.value.means(value) else { return }
            replace(path(key), node, with: value, loses: false)
        case .coerce(let key, let kind):
            prepare([path(key)])
            coerce(path(key), to: kind)
        case .map(let key, let values):
            prepare([path(key)])
            map(path(key), values.map { .init(old: $0.old, new: written($0.new)) })
        case .wrap(let key):
            prepare([path(key)])
            wrap(path(key))
        case .unwrap(let key):
            prepare([path(key)])
            unwrap(path(key))
        case .split(let key, let separator, let into):
            prepare([path(key)] + into.map(path))
            split(path(key), by: separator, into: into.map(path))
        case .join(let keys, let separator, let into):
            prepare(keys.map(path) + [path(into)])
            join(keys.map(path), with: separator, into: path(into))
        case .each(let key, let inner):
            prepare([path(key)])
            each(path(key), inner, fate.items)
        case .drop(let key):
            prepare([path(key)])
            drop(path(key))
        case .reorder(let map, let keys):
            flush()
            reorder(path(map), keys)
        case .syntax(let syntax):
            flush()
            rewrite(as: syntax)
        case .assert(let key, let type, let isRequired):
            prepare([path(key)] + fate.laterPaths)
            assert(([key] + fate.laterPaths).map(path), type, isRequired)
        }
    }

    /// The value as it stands in the document's language.
    private func written(_ value: Value) -> Value {
        frontMatter.block?.syntax == .json ? value.withoutDates : value
    }

    private func isMissing(_ key: FieldPath, _ fate: Supersession.Fate) -> Bool {
        ([key] + fate.laterPaths).allSatisfy { frontMatter.node(at: $0) == nil }
    }

    private mutating func move(_ from: FieldPath, to: FieldPath) {
        guard let node = frontMatter.node(at: from) else { return }
        // `title` to `title.text`, and it has a `text` already: this is what was moved.
        if from.contains(to), frontMatter.node(at: to) != nil { return }
        if let occupant = occupant(of: to, movingFrom: from) {
            fail(.collision, "\(from) cannot become \(to), which is there already", at: occupant)
            return
        }
        relocate(from, to: to, node)
        note(.changed)
    }

    /// Gives a key another path, and records where it was.
    private mutating func relocate(_ from: FieldPath, to: FieldPath, _ node: Node) {
        // Of a key that goes into itself, or out of itself, the outer one tells all.
        guard from.meets(to) else { return relocateApart(from, to: to, node) }
        let outer = from.contains(to) ? from : to
        let entry = frontMatter.entrySource(at: outer)
        countingComments(of: outer) { run in
            run.take(.move(from, to: to))
            run.recordMove(from, to: to, entry, node)
        }
    }

    private mutating func relocateApart(_ from: FieldPath, to: FieldPath, _ node: Node) {
        let entry = frontMatter.entrySource(at: from)
        if let entry, entry.outerComments > 0, frontMatter.isInBrackets(to) {
            note(.commentsLost(entry.outerComments))
        }
        take(rename(from, to: to, node))
        fill(above: to)
        recordMove(from, to: to, from.parent == to.parent ? nil : entry, node)
    }

    private mutating func recordMove(
        _ from: FieldPath, to: FieldPath, _ old: EntrySource?, _ node: Node
    ) {
        record(
            .moved(
                from: from.description, to: to.description, maps: missingMaps(above: to),
                old: old, value: node.value.fingerprint), [from, to])
    }

    /// The edit that gives a key another path; in the same map it stays in its place.
    private func rename(_ from: FieldPath, to: FieldPath, _ node: Node) -> Edit {
        if from.parent == to.parent, case .key(let name)? = to.steps.last {
            return .rename(from, to: name)
        }
        return .move(from, to: to)
    }

    private func occupant(of path: FieldPath, movingFrom from: FieldPath) -> Node? {
        // Into a map of its own, or out of a map that holds nothing else.
        if from.contains(path) || path.contains(from) { return nil }
        return frontMatter.node(at: path)
    }

    private mutating func copy(_ from: FieldPath, to: FieldPath, _ fate: Supersession.Fate) {
        guard let node = frontMatter.node(at: from) else { return }
        if let present = frontMatter.node(at: to) {
            if !present.value.means(node.value) { note(.kept) }
            return
        }
        guard isMissing(to, fate) else { return }
        add(to, node.value)
    }

    private mutating func coerce(_ key: FieldPath, to kind: MigrationOperation.ValueKind) {
        guard let node = frontMatter.node(at: key) else { return }
        let old = node.value
        guard let result = Coercion.coerce(old, to: kind) else {
            return fail(
                .value, "\(key) is \(old.shown), which cannot be made \(kind.words)", at: node)
        }
        let new = written(result.value)
        guard new != old else { return }
        replace(key, node, with: new, loses: result.loses)
    }

    private mutating func map(
        _ key: FieldPath, _ values: [MigrationOperation.Replacement]
    ) {
        guard let node = frontMatter.node(at: key) else { return }
        guard let items = node.items else { return map(key, node, values) }
        // Items are set one by one, so that the list keeps its style.
        var mapped: [Value] = []
        for item in items {
            let new = values.first { item.value.means($0.old) }?.new ?? item.value
            mapped.append(new)
            if new == item.value {
                if values.contains(where: { $0.new == new }) { note(.alreadyThere(new.shown)) }
            } else {
                note(
                    .replaced(
                        before: item.value.shown, after: new.shown,
                        loses: new.isNull && !item.value.isNull))
            }
        }
        let old = node.value
        guard .list(mapped) != old else { return }
        if Set(mapped).count < Set(items.map(\.value)).count {
            note(.replaced(before: old.shown, after: Value.list(mapped).shown, loses: true))
        }
        change(key, node, to: .list(mapped))
        note(.changed)
    }

    private mutating func map(
        _ key: FieldPath, _ node: Node, _ values: [MigrationOperation.Replacement]
    ) {
        guard let new = values.first(where: { node.value.means($0.old) })?.new,
            new != node.value
        else {
            if values.contains(where: { $0.new == node.value }) {
                note(.alreadyThere(node.value.shown))
            }
            return
        }
        replace(key, node, with: new, loses: new.isNull && !node.value.isNull)
    }

    private mutating func wrap(_ key: FieldPath) {
        guard let node = frontMatter.node(at: key), !node.value.isNull else { return }
        if node.items != nil { return note(.wasList) }
        countingComments(of: key) { $0.change(key, node, to: .list([node.value])) }
        note(.changed)
    }

    private mutating func unwrap(_ key: FieldPath) {
        guard let node = frontMatter.node(at: key), let items = node.items else { return }
        guard items.count < 2 else {
            return fail(
                .value, "\(key) has \(items.count) items: \(node.value.shown); unwrap takes one",
                at: node)
        }
        if items.isEmpty, frontMatter.block?.syntax == .toml {
            return fail(.value, "\(key) is an empty list, and TOML has no null", at: node)
        }
        let value = items.first?.value ?? .scalar(.null, nullText)
        countingComments(of: key) { $0.change(key, node, to: value) }
        note(.changed)
    }

    private var nullText: Text { frontMatter.block?.syntax == .json ? "null" : "" }

    private mutating func split(
        _ key: FieldPath, by separator: String, into: [FieldPath]
    ) {
        guard let node = frontMatter.node(at: key), !node.value.isNull else { return }
        guard case .scalar(.string, let text) = node.value else {
            return fail(.value, "\(key) is \(node.value.shown), not a string to split", at: node)
        }
        var parts: [String] = []
        var rest = text.string[...]
        while parts.count < into.count - 1, let found = rest.firstRange(of: separator) {
            parts.append(String(rest[..<found.lowerBound]))
            rest = rest[found.upperBound...]
        }
        parts.append(String(rest))
        // Its own first key in one piece: this is what was split already.
        if into.contains(key), parts.count == 1 { return }
        for path in into where path != key {
            if let occupant = frontMatter.node(at: path) {
                return fail(
                    .collision, "\(key) cannot be split into \(path), which is there already",
                    at: occupant)
            }
        }
        let own = into.firstIndex(of: key).flatMap { $0 < parts.count ? $0 : nil } ?? 0
        change(key, node, to: .string(parts[own]))
        if into[own] != key {
            relocate(key, to: into[own], node)
        }
        for (index, path) in into.enumerated() where index != own && index < parts.count {
            add(path, .string(parts[index]), isNoted: false)
        }
        note(.changed)
    }

    private mutating func join(
        _ keys: [FieldPath], with separator: String, into: FieldPath
    ) {
        let present = keys.compactMap { key in frontMatter.node(at: key).map { (key, $0) } }
            .filter { !$0.1.value.isNull }
        guard let first = present.first else { return }
        // The key itself alone: this is what was joined already.
        if present.count == 1, first.0 == into { return }
        var texts: [String] = []
        for (key, node) in present {
            guard let scalar = node.scalar, node.properties == nil else {
                return fail(
                    .value, "\(key) is \(node.value.shown), not a value to join", at: node)
            }
            texts.append(scalar.text.string)
        }
        if !keys.contains(into), let occupant = frontMatter.node(at: into) {
            return fail(
                .collision, "\(into) is there already, so nothing can be joined into it",
                at: occupant)
        }
        let own = present.first { $0.0 == into } ?? first
        change(own.0, own.1, to: .string(texts.joined(separator: separator)))
        for (key, node) in present where key != own.0 { remove(key, node) }
        if own.0 != into {
            relocate(own.0, to: into, own.1)
        }
        note(.changed)
    }

    private mutating func each(
        _ key: FieldPath, _ operations: [MigrationOperation], _ fates: [Supersession.Fate]
    ) {
        guard let node = frontMatter.node(at: key), !node.value.isNull else { return }
        guard let items = node.items else {
            return fail(.value, "\(key) is \(node.value.shown), not a list", at: node)
        }
        for (index, item) in items.enumerated() where item.mapping != nil {
            let item = key.appending(.index(index))
            for (number, operation) in operations.enumerated() {
                if fates.indices.contains(number), !fates[number].signs.isEmpty {
                    flush()
                    if fates[number].isDone(in: frontMatter, below: item) { continue }
                }
                perform(operation, below: item, Supersession.Fate())
            }
        }
    }

    private mutating func drop(_ key: FieldPath) {
        guard let node = frontMatter.node(at: key) else { return }
        if remove(key, node) { note(.dropped(node.value.shown)) }
    }

    private mutating func reorder(_ path: FieldPath, _ keys: [Text]) {
        guard let mapping = frontMatter.node(at: path)?.mapping else { return }
        let old = mapping.entries.map(\.key)
        guard frontMatter.order(of: keys, at: path) != old else { return }
        take(.reorder(path, keys))
        note(.changed)
        record(
            .reordered(map: path.description, keys: old.map(\.string)),
            old.map { path.appending(.key($0)) })
        flush()
    }

    private mutating func rewrite(as syntax: Syntax) {
        guard let block = frontMatter.block, block.syntax != syntax else { return }
        do throws(EditError) {
            let new = try SyntaxChange(frontMatter, block).bytes(as: syntax)
            note(.changed)
            if new.lostComments > 0 { note(.commentsLost(new.lostComments)) }
            rewrite(block, as: new.bytes)
        } catch {
            fail(error, FieldPath([]))
        }
    }

    private mutating func assert(
        _ paths: [FieldPath], _ type: MigrationOperation.ValueKind?, _ isRequired: Bool
    ) {
        guard let key = paths.first else { return }
        guard let found = paths.first(where: { frontMatter.node(at: $0) != nil }),
            let node = frontMatter.node(at: found)
        else {
            if isRequired {
                fail(.assertion, "\(paths.last ?? key) is missing", at: frontMatter.start)
            }
            return
        }
        if isRequired, node.value.isNull {
            return fail(.assertion, "\(found) has no value", at: node)
        }
        guard let type, !node.value.isA(type) else { return }
        if type == .float, node.value.isA(.integer) { return }
        if type == .date, frontMatter.block?.syntax == .json,
            case .scalar(.string, let text) = node.value, DateReading.date(text.string) != nil
        {
            return
        }
        fail(.assertion, "\(found) is \(node.value.shown), not \(type.words)", at: node)
    }
}
