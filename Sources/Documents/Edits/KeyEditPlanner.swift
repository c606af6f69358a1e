/// Plans edits of keys: finds the place, decides the value, and asks the syntax for splices.
struct KeyEditPlanner {
    let frontMatter: FrontMatter
    let splicer: any FrontMatterSplicer
    let resolver: ValueResolver

    init(_ frontMatter: FrontMatter) {
        self.frontMatter = frontMatter
        resolver = ValueResolver(syntax: frontMatter.block?.syntax ?? .yaml)
        guard let block = frontMatter.block else {
            splicer = FrontMatterCreator(document: frontMatter.document)
            return
        }
        switch block.syntax {
        case .yaml: splicer = YAMLSplicer(frontMatter, block)
        case .json: splicer = JSONSplicer(frontMatter, block)
        case .toml: splicer = TOMLSplicer(frontMatter, block)
        }
    }

    /// How far a path leads into what is there.
    private struct Location {
        var node: Node
        var slot: Slot?
        var path = FieldPath([])
        /// What is missing.
        var rest: ArraySlice<FieldPath.Step>
    }

    /// The plan, or `nil` when the edit is not one of a key.
    func plan(_ edit: Edit) throws(EditError) -> EditPlan? {
        switch edit {
        case .set(let path, let new): return try set(path, new)
        case .append(let path, let new): return try append(path, new)
        case .unset(let path): return try unset(path)
        case .rename(let path, let name): return try rename(path, to: name)
        case .reorder(let path, let keys): return try reorder(path, keys)
        case .move(let path, let target): return try move(path, to: target)
        case .insert(let entry, let path): return try insert(entry, at: path)
        case .remove, .replaceFrontMatter, .replaceBody, .replaceText, .patchBody: return nil
        }
    }

    private func set(_ path: FieldPath, _ new: NewValue) throws(EditError) -> EditPlan {
        let location = try locate(path)
        guard location.rest.isEmpty, let slot = location.slot else {
            if case .source(let source) = new { return try create(location, path, source: source) }
            let value = try resolver.resolve(new, found: nil)
            return try create(location, path, value)
        }
        try refuseAnchored(slot)
        if case .source(let source) = new, !source.isEmpty {
            let isMissing = slot.node.outerStart == slot.node.outerEnd
            let splice = Splice(
                replacing: slot.node.outerStart..<slot.node.outerEnd,
                of: frontMatter.document.bytes,
                with: (isMissing ? [ASCII.space] : []) + Array(source.utf8))
            return EditPlan(
                splices: [splice], changes: [.setToResult(path)], touched: [touched(path)])
        }
        // No source at all is what YAML writes for null.
        let isNothing = new == .source("") && resolver.syntax == .yaml
        let value =
            isNothing ? .scalar(.null, "") : try resolver.resolve(new, found: slot.node)
        let isSame = slot.node.value == value
        return EditPlan(
            splices: isSame ? [] : try splicer.replace(slot, with: value),
            changes: isSame ? [] : [.set(path, value)], touched: [touched(path)])
    }

    /// A value to be put in one place: what stands there, or what is to be added there.
    struct Target {
        let path: FieldPath
        /// `nil` when the key is missing.
        let slot: Slot?
        let value: Value
    }

    /// What setting a path comes to; `nil` when it is so already, or when more is missing than
    /// a key.
    func target(_ path: FieldPath, _ new: NewValue) throws(EditError) -> Target? {
        let location = try locate(path)
        guard location.rest.isEmpty, let slot = location.slot else {
            let value = try resolver.resolve(new, found: nil)
            guard let step = location.rest.first, case .key = step,
                location.node.mapping != nil
            else { return nil }
            return Target(
                path: location.path.appending(step), slot: nil,
                value: try wrap(value, location, path))
        }
        try refuseAnchored(slot)
        let value = try resolver.resolve(new, found: slot.node)
        return slot.node.value == value ? nil : Target(path: path, slot: slot, value: value)
    }

    /// The value with maps and lists around it for the steps of a path that are missing, but
    /// for the first.
    private func wrap(
        _ value: Value, _ location: Location, _ path: FieldPath
    ) throws(EditError) -> Value {
        var value = value
        for step in location.rest.dropFirst().reversed() {
            switch step {
            case .key(let key): value = .map([.init(key, value)])
            case .index(0): value = .list([value])
            case .index: throw .missing(path)
            }
        }
        return value
    }

    /// What a path names, if it is there and named only once.
    func slot(at path: FieldPath) -> Slot? {
        guard let location = try? locate(path), location.rest.isEmpty else { return nil }
        return location.slot
    }

    /// Adds what is missing: a key or item, with maps around the value where the path goes on.
    private func create(
        _ location: Location, _ path: FieldPath, _ value: Value
    ) throws(EditError) -> EditPlan {
        var value = try wrap(value, location, path)
        guard let step = location.rest.first else { throw .missing(path) }
        let splices: [Splice]
        let place = location.path.appending(step)
        switch step {
        case .key(let key):
            guard let mapping = location.node.mapping else {
                value = .map([.init(key, value)])
                return try fill(location, with: value)
            }
            try refuseOccupied(place, key, mapping)
            splices = try splicer.add(.init(key, value), to: location.node, at: location.path)
        case .index(let index):
            guard index == location.node.items?.count ?? 0 else { throw .missing(path) }
            guard location.node.items != nil else {
                return try fill(location, with: .list([value]))
            }
            splices = try splicer.add(value, to: location.node, at: location.path)
        }
        return EditPlan(
            splices: splices, changes: [.set(place, value)], touched: [touched(place)])
    }

    /// Adds what is missing with source text for its value: a stand-in is written, and replaced.
    private func create(
        _ location: Location, _ path: FieldPath, source: String, like entry: EntrySource? = nil
    ) throws(EditError) -> EditPlan {
        let standIn = "docvcStandIn"
        let plan = try create(location, path, .string(standIn))
        var splices = plan.splices
        for (index, splice) in splices.enumerated() {
            for written in ["\"\(standIn)\"", "'\(standIn)'", standIn] {
                let token = Array(written.utf8)
                let places = ByteSearch.occurrences(
                    of: token, in: splice.inserted, splice.inserted.indices)
                guard let place = places.last else { continue }
                splices[index].inserted.replaceSubrange(
                    place..<(place + token.count), with: Array(source.utf8))
                if let entry { comment(&splices[index], place, source.utf8.count, entry) }
                return EditPlan(
                    splices: splices, changes: [.setToResult(path)], touched: plan.touched)
            }
        }
        throw .missing(path)
    }

    /// Gives an inserted line the comments of an entry, where it has a line of its own.
    private func comment(
        _ splice: inout Splice, _ place: Int, _ count: Int, _ entry: EntrySource
    ) {
        guard resolver.syntax != .json else { return }
        let rest = splice.inserted[(place + count)...]
        guard rest.isEmpty || rest.first?.isBreak ?? false else { return }
        splice.inserted.insert(contentsOf: entry.trailing, at: place + count)
        let start = splice.inserted[..<place].lastIndex(of: ASCII.newline).map { $0 + 1 } ?? 0
        guard !entry.leading.isEmpty else { return }
        let indent = splice.inserted[start...].prefix(while: \.isBlank)
        let lines = TextLines.split(entry.leading[...]).flatMap {
            indent + $0.drop(while: \.isBlank)
        }
        splice.inserted.insert(contentsOf: lines, at: start)
    }

    /// Puts a collection where a null stands.
    private func fill(_ location: Location, with value: Value) throws(EditError) -> EditPlan {
        guard let slot = location.slot else { throw .missing(location.path) }
        try refuseAnchored(slot)
        return EditPlan(
            splices: try splicer.replace(slot, with: value),
            changes: [.set(slot.path, value)], touched: [touched(slot.path)])
    }

    private func append(_ path: FieldPath, _ new: NewValue) throws(EditError) -> EditPlan {
        let location = try locate(path)
        let items = location.node.items
        let value = try resolver.resolve(new, found: location.rest.isEmpty ? items?.last : nil)
        guard location.rest.isEmpty else { return try create(location, path, .list([value])) }
        guard let slot = location.slot, let items else {
            guard location.node.scalar?.type == .null else {
                throw wrongKind(location, expected: "a list")
            }
            return try fill(location, with: .list([value]))
        }
        if items.isEmpty, location.node.style == .block {
            return try fill(location, with: .list([value]))
        }
        return EditPlan(
            splices: try splicer.add(value, to: slot.node, at: path),
            changes: [.append(path, value)], touched: [touched(path)])
    }

    private func unset(_ path: FieldPath) throws(EditError) -> EditPlan {
        let location = try locate(path)
        guard location.rest.isEmpty, let slot = location.slot else { throw .missing(path) }
        try refuseAnchored(slot)
        return EditPlan(
            splices: try splicer.remove(slot), changes: [.remove(path)], touched: [touched(path)])
    }

    private func rename(_ path: FieldPath, to name: Text) throws(EditError) -> EditPlan {
        let location = try locate(path)
        guard location.rest.isEmpty, let slot = location.slot else { throw .missing(path) }
        guard case .entry(let entry) = slot.place, let parent = path.parent,
            let mapping = slot.collection.mapping
        else { throw wrongKind(location, expected: "a key") }
        let target = parent.appending(.key(name))
        guard entry.key != name else {
            return EditPlan(splices: [], changes: [], touched: [touched(path)])
        }
        try refuseOccupied(target, name, mapping, except: slot.index)
        return EditPlan(
            splices: try splicer.rename(slot, to: name), changes: [.rename(path, name)],
            touched: [touched(path), touched(target)])
    }

    private func move(_ path: FieldPath, to target: FieldPath) throws(EditError) -> EditPlan {
        let location = try locate(path)
        guard location.rest.isEmpty, let slot = location.slot else { throw .missing(path) }
        guard case .entry = slot.place else { throw wrongKind(location, expected: "a key") }
        try refuseAnchored(slot)
        if path != target, path.contains(target) { return try nest(slot, to: target) }
        if path != target, target.contains(path), let outer = try locate(target).slot {
            return try hoist(slot, to: outer)
        }
        let value = slot.node.value
        let changes: [ValueChange] = [.set(target, value), .remove(path)]
        if try isFree(target), let splices = splicer.readdress(slot, to: target) {
            return EditPlan(
                splices: splices, changes: changes, touched: [touched(path), touched(target)])
        }
        guard let entry = frontMatter.entrySource(at: path) else {
            throw .unsupported(
                path, reason: "stands in several places",
                at: frontMatter.position(at: slot.node.outerStart))
        }
        let plan = try place(entry, value, at: target, returns: false)
        return EditPlan(
            splices: plan.splices + (try splicer.remove(slot)),
            changes: plan.changes + [.remove(path)], touched: plan.touched + [touched(path)])
    }

    /// Whether a path is missing, and what it leads through stands on lines of its own.
    private func isFree(_ path: FieldPath) throws(EditError) -> Bool {
        let location = try locate(path)
        guard case .key(let first)? = location.rest.first, let mapping = location.node.mapping,
            location.node.style == .block
        else { return false }
        try refuseOccupied(location.path.appending(.key(first)), first, mapping)
        return true
    }

    private func insert(
        _ entry: EntrySource, at path: FieldPath
    ) throws(EditError) -> EditPlan {
        try place(entry, nil, at: path, returns: true)
    }

    /// The insertion of a key's own text; `value` is what it must read as, if that is known.
    private func place(
        _ entry: EntrySource, _ value: Value?, at path: FieldPath, returns: Bool
    ) throws(EditError) -> EditPlan {
        let location = try locate(path)
        var keys: [Text] = []
        for step in location.rest {
            guard case .key(let key) = step else { throw .missing(path) }
            keys.append(key)
        }
        guard let first = keys.first, let last = keys.last else {
            throw .occupied(path, at: frontMatter.position(at: location.node.outerStart))
        }
        if let mapping = location.node.mapping {
            try refuseOccupied(location.path.appending(.key(first)), first, mapping)
        }
        let changes: [ValueChange] = [value.map { .set(path, $0) } ?? .setToResult(path)]
        if let block = frontMatter.block, location.node.mapping != nil,
            let splice = EntryPlacer(frontMatter: frontMatter, block: block).lines(
                entry, as: last, below: keys.dropLast(), in: location.node, returns: returns)
        {
            return EditPlan(splices: [splice], changes: changes, touched: [touched(path)])
        }
        if let block = frontMatter.block, keys.count == 1, let slot = location.slot,
            let splices = EntryPlacer(frontMatter: frontMatter, block: block).linesBelow(
                slot, entry, as: last)
        {
            return EditPlan(splices: splices, changes: changes, touched: [touched(path)])
        }
        let isFlow = location.node.mapping != nil && location.node.style == .flow
        // TOML knows no indentation, so that a value is the same on any lines.
        let fits =
            !entry.value.utf8.contains(ASCII.newline)
            || resolver.syntax == .toml && !isFlow && !entry.isTable
        if fits, !entry.value.isEmpty, entry.syntax == resolver.syntax.rawValue {
            let plan = try create(
                location, path, source: entry.value, like: isFlow ? nil : entry)
            return EditPlan(splices: plan.splices, changes: changes, touched: plan.touched)
        }
        guard let value else { return try create(location, path, source: entry.value) }
        return try create(location, path, value)
    }

    private func reorder(_ path: FieldPath, _ keys: [Text]) throws(EditError) -> EditPlan {
        let location = try locate(path)
        guard location.rest.isEmpty else { throw .missing(path) }
        guard let mapping = location.node.mapping else {
            throw wrongKind(location, expected: "a map")
        }
        guard mapping.duplicates.isEmpty else {
            throw .unsupported(
                path, reason: "holds a key twice",
                at: frontMatter.position(at: location.node.outerStart))
        }
        let order = frontMatter.order(of: keys, in: mapping, at: path)
        // Each place gets the bytes of the entry that belongs there; what is between stays.
        let bytes = frontMatter.document.bytes
        let spans = try movableSpans(location.node, at: path, mapping, order)
        let splices = zip(spans, order).compactMap { span, source in
            span == spans[source]
                ? nil : Splice(replacing: span, of: bytes, with: Array(bytes[spans[source]]))
        }
        let keys = order.map { mapping.entries[$0].key }
        return EditPlan(
            splices: splices, changes: [.reorder(path, keys)], touched: [touched(path)])
    }

    /// What is exchanged when a map's keys get another order: whole lines with their comments,
    /// or, where the first key stands behind the dash of an item, lines from their keys on.
    private func movableSpans(
        _ map: Node, at path: FieldPath, _ mapping: Mapping, _ order: [Int]
    ) throws(EditError) -> [Range<Int>] {
        let spans = frontMatter.ownedSpans(of: map)
        guard map.style == .block, let block = frontMatter.block, block.syntax == .yaml,
            let first = spans.first,
            !LineGeometry(bytes: frontMatter.document.bytes, content: block.content)
                .isFirstInLine(first.whole.lowerBound)
        else { return spans.map(\.whole) }
        for (place, source) in order.enumerated()
        where place != source && !spans[source].leadingComments.isEmpty {
            throw .unsupported(
                path.appending(.key(mapping.entries[source].key)),
                reason: "has a comment above, and keys that stand behind a dash have none",
                at: frontMatter.position(at: mapping.entries[source].start))
        }
        return zip(mapping.entries, spans).map { $0.start..<$1.whole.upperBound }
    }

    /// The edits that remove each item equal to a value, the last one first.
    func removals(_ path: FieldPath, _ new: NewValue) throws(EditError) -> [Edit] {
        let location = try locate(path)
        guard location.rest.isEmpty else { throw .missing(path) }
        guard let items = location.node.items else {
            throw wrongKind(location, expected: "a list")
        }
        let value = try resolver.resolve(new, found: nil)
        var text: Text?
        if case .guess(let guessed) = new { text = Text(guessed) }
        let matches = items.indices.filter {
            items[$0].value == value || (text != nil && items[$0].scalar?.text == text)
        }
        guard !matches.isEmpty else { throw .noItem(path) }
        if matches.count == items.count { return [.set(path, .value(.list([])))] }
        return matches.reversed().map { .unset(path.appending(.index($0))) }
    }

    private func locate(_ path: FieldPath) throws(EditError) -> Location {
        var location = Location(node: frontMatter.root, rest: path.steps[...])
        while let step = location.rest.first {
            let next = location.path.appending(step)
            switch (step, location.node.content) {
            case (.key(let key), .mapping(let mapping)):
                if mapping.duplicates.contains(key) {
                    let places = mapping.entries.filter { $0.key == key && !$0.isComplex }
                    throw .duplicateKey(
                        next, places.map { frontMatter.position(at: $0.keyRange.lowerBound) })
                }
                guard let index = mapping.position(of: key) else { return location }
                let entry = mapping.entries[index]
                location.slot = Slot(
                    place: .entry(entry), index: index, collection: location.node, path: next)
                location.node = entry.value
            case (.index(let index), .sequence(let items)):
                guard items.indices.contains(index) else { return location }
                location.slot = Slot(
                    place: .item(items[index]), index: index, collection: location.node,
                    path: next)
                location.node = items[index]
            case (_, .scalar(let scalar)) where scalar.type == .null: return location
            case (_, .alias):
                throw .alias(
                    location.path, at: frontMatter.position(at: location.node.range.lowerBound))
            case (.key, _): throw wrongKind(location, expected: "a map")
            case (.index, _): throw wrongKind(location, expected: "a list")
            }
            location.path = next
            location.rest = location.rest.dropFirst()
        }
        return location
    }

    private func wrongKind(_ location: Location, expected: String) -> EditError {
        .wrongKind(
            location.path, expected: expected,
            at: frontMatter.position(at: location.node.outerStart))
    }

    /// Items move when one before them goes, so an edit of an item touches its whole list.
    func touched(_ path: FieldPath) -> FieldPath {
        FieldPath(
            Array(
                path.steps.prefix { step in
                    if case .key = step { true } else { false }
                }))
    }

    private func refuseAnchored(_ slot: Slot) throws(EditError) {
        guard let anchor = slot.node.properties?.anchor, frontMatter.usedAnchors.contains(anchor)
        else { return }
        throw .anchored(slot.path, at: frontMatter.position(at: slot.node.outerStart))
    }

    /// Refuses a key that is there, or that a person could not tell from one that is.
    private func refuseOccupied(
        _ path: FieldPath, _ key: Text, _ mapping: Mapping, except index: Int? = nil
    ) throws(EditError) {
        for (position, entry) in mapping.entries.enumerated()
        where position != index && entry.key.looksLike(key) {
            throw .occupied(path, at: frontMatter.position(at: entry.keyRange.lowerBound))
        }
    }
}
