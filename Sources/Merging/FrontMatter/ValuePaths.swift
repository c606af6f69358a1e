import Documents

extension FieldPath {
    /// The keys on the way, without the places in lists.
    var keys: [Text] { steps.compactMap { if case .key(let key) = $0 { key } else { nil } } }
}

extension Value {
    func descendant(_ keys: [Text]) -> Value? {
        var value: Value? = self
        for key in keys { value = value?[key] }
        return value
    }

    /// Gives a key below this map a value, or takes it away.
    mutating func set(_ keys: ArraySlice<Text>, to new: Value?) {
        guard let key = keys.first, case .map(var members) = self else { return }
        let index = members.firstIndex { $0.key == key }
        if keys.count > 1 {
            guard let index else { return }
            members[index].value.set(keys.dropFirst(), to: new)
        } else if let new {
            if let index { members[index].value = new } else { members.append(.init(key, new)) }
        } else if let index {
            members.remove(at: index)
        }
        self = .map(members)
    }

    /// The map without a key below it, and without what holds nothing else.
    func without(_ keys: [Text]) -> Value {
        guard let key = keys.first, !isEmptyScalar else { return isEmptyScalar ? .map([]) : self }
        guard let members else { return self }
        return .map(
            members.compactMap { member in
                guard member.key == key else { return member }
                guard keys.count > 1 else { return nil }
                let rest = member.value.without(Array(keys.dropFirst()))
                return rest.members?.isEmpty ?? false ? nil : .init(key, rest)
            })
    }

    /// Whether everything is here that two values have in common, and nothing that neither has.
    func keepsWhatIsEqual(in ours: Value, and theirs: Value) -> Bool {
        if ours.means(theirs) { return means(ours) }
        guard let members, let mine = ours.members, let other = theirs.members else { return true }
        return Set((members + mine + other).map(\.key)).allSatisfy { key in
            switch (self[key], ours[key], theirs[key]) {
            case (_, nil, nil): false
            case (let value?, let mine?, let other?): value.keepsWhatIsEqual(in: mine, and: other)
            case (nil, let mine?, let other?): !mine.means(other)
            case (_, _, nil), (_, nil, _): true
            }
        }
    }
}
