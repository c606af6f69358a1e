/// What an edit should do to the values, apart from how it does it to the bytes.
///
/// The proof of an edit makes these changes to the old values and compares with what the new
/// bytes read as.
enum ValueChange {
    case set(FieldPath, Value)
    /// Whatever the result has there: source text was put in as it was.
    case setToResult(FieldPath)
    case append(FieldPath, Value)
    case remove(FieldPath)
    case rename(FieldPath, Text)
    /// No value changes; the keys stand in this order.
    case reorder(FieldPath, [Text])

    /// Makes the change.
    ///
    /// - Parameter result: what the edited bytes read as.
    /// - Returns: false when the change does not fit the value.
    func apply(to value: inout Value, result: FrontMatter) -> Bool {
        switch self {
        case .set(let path, let new):
            return value.update(path.steps[...], create: true) { $0 = new }
        case .setToResult(let path):
            guard let new = result.node(at: path)?.value else { return false }
            return value.update(path.steps[...], create: true) { $0 = new }
        case .append(let path, let item):
            return value.update(path.steps[...], create: true) {
                if case .list(let items) = $0 {
                    $0 = .list(items + [item])
                } else {
                    $0 = .list([item])
                }
            }
        case .remove(let path):
            guard value.remove(path.steps[...]) else { return false }
            prune(path.parent, &value, result)
            return true
        case .reorder(let path, let keys):
            return result.node(at: path)?.mapping?.entries.map(\.key) == keys
        case .rename(let path, let name): return value.rename(path.steps[...], to: name)
        }
    }

    /// A TOML table that only its keys' dotted names declare goes with the last of them, and an
    /// array of tables with its last table.
    private func prune(_ path: FieldPath?, _ value: inout Value, _ result: FrontMatter) {
        guard result.block?.syntax == .toml, let path, !path.steps.isEmpty,
            result.node(at: path) == nil
        else { return }
        var isEmpty = false
        _ = value.update(path.steps[...], create: false) {
            isEmpty = $0 == .map([]) || $0 == .list([])
        }
        guard isEmpty, value.remove(path.steps[...]) else { return }
        prune(path.parent, &value, result)
    }
}

extension Value {
    /// Changes what a path names; with `create`, adds missing keys and a list's next item.
    fileprivate mutating func update(
        _ steps: ArraySlice<FieldPath.Step>, create: Bool, _ change: (inout Value) -> Void
    ) -> Bool {
        guard let step = steps.first else {
            change(&self)
            return true
        }
        if case .tagged(let tag, var inner) = self {
            defer { self = .tagged(tag, inner) }
            return inner.update(steps, create: create, change)
        }
        if create, case .scalar(.null, _) = self, case .key = step { self = .map([]) }
        let rest = steps.dropFirst()
        switch step {
        case .key(let key):
            guard case .map(var members) = self else { return false }
            // Empty while it is changed: otherwise the array would be copied for each change.
            self = .map([])
            defer { self = .map(members) }
            if let position = members.lastIndex(where: { $0.key == key && !$0.isComplex }) {
                return members[position].value.update(rest, create: create, change)
            }
            guard create else { return false }
            members.append(Member(key, .map([])))
            return members[members.count - 1].value.update(rest, create: create, change)
        case .index(let index):
            guard case .list(var items) = self else { return false }
            self = .list([])
            defer { self = .list(items) }
            if create, index == items.count { items.append(.map([])) }
            guard items.indices.contains(index) else { return false }
            return items[index].update(rest, create: create, change)
        }
    }

    fileprivate mutating func remove(_ steps: ArraySlice<FieldPath.Step>) -> Bool {
        guard let last = steps.last else { return false }
        var isRemoved = false
        let isFound = update(steps.dropLast(), create: false) { parent in
            switch (last, parent) {
            case (.key(let key), .map(var members)):
                guard let position = members.lastIndex(where: { $0.key == key }) else { return }
                members.remove(at: position)
                parent = .map(members)
                isRemoved = true
            case (.index(let index), .list(var items)) where items.indices.contains(index):
                items.remove(at: index)
                parent = .list(items)
                isRemoved = true
            default: break
            }
        }
        return isFound && isRemoved
    }

    fileprivate mutating func rename(_ steps: ArraySlice<FieldPath.Step>, to name: Text) -> Bool {
        guard case .key(let key)? = steps.last else { return false }
        var isRenamed = false
        let isFound = update(steps.dropLast(), create: false) { parent in
            guard case .map(var members) = parent,
                let position = members.lastIndex(where: { $0.key == key && !$0.isComplex })
            else { return }
            members[position].key = name
            parent = .map(members)
            isRenamed = true
        }
        return isFound && isRenamed
    }
}
