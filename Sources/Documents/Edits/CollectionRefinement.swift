/// Setting a list or map where one stands, as edits of the items and keys that differ.
struct CollectionRefinement {
    /// More edits than this cost more than the whole is worth.
    private static let limit = 64

    let frontMatter: FrontMatter

    /// The edits, or `nil` when the value has to be replaced as a whole.
    func parts(of path: FieldPath, _ new: NewValue) -> [Edit]? {
        let resolver = ValueResolver(syntax: frontMatter.block?.syntax ?? .yaml)
        guard let node = frontMatter.node(at: path), node.properties == nil,
            let value = try? resolver.resolve(new, found: node)
        else { return nil }
        let edits: [Edit]?
        switch (node.content, value) {
        case (.sequence(let old), .list(let new)): edits = items(path, old.map(\.value), new)
        case (.mapping(let old), .map(let new)): edits = keys(path, old, new)
        default: return nil
        }
        guard let edits, edits.count <= CollectionRefinement.limit else { return nil }
        return edits
    }

    /// What is the same at both ends stays; what is between is set item by item.
    private func items(_ path: FieldPath, _ old: [Value], _ new: [Value]) -> [Edit]? {
        guard !old.isEmpty, !new.isEmpty else { return nil }
        let shorter = min(old.count, new.count)
        var start = 0
        while start < shorter, old[start] == new[start] { start += 1 }
        var end = 0
        while end < shorter - start, old[old.count - 1 - end] == new[new.count - 1 - end] {
            end += 1
        }
        let common = shorter - start - end
        var edits: [Edit] = (start..<(start + common)).map {
            .set(path.appending(.index($0)), .value(new[$0]))
        }
        if new.count > old.count {
            // Items can be added at the end only.
            guard end == 0 else { return nil }
            edits += new[old.count...].map { .append(path, .value($0)) }
        } else {
            edits += ((start + common)..<(old.count - end)).reversed().map {
                .unset(path.appending(.index($0)))
            }
        }
        return edits
    }

    private func keys(_ path: FieldPath, _ old: Mapping, _ new: [Value.Member]) -> [Edit]? {
        let names = Set(new.map(\.key))
        guard names.count == new.count, old.duplicates.isEmpty,
            old.entries.allSatisfy({ !$0.isComplex }), new.allSatisfy({ !$0.isComplex }),
            // With no key in common there is nothing to keep.
            old.entries.contains(where: { names.contains($0.key) })
        else { return nil }
        let gone = old.entries.filter { !names.contains($0.key) }
        let changed = new.filter { old[$0.key]?.value.value != $0.value }
        return gone.map { .unset(path.appending(.key($0.key))) }
            + changed.map { .set(path.appending(.key($0.key)), .value($0.value)) }
    }
}

extension NewValue {
    /// Whether it could be a list or map; cheap to tell, unlike what it is.
    var mayBeCollection: Bool {
        switch self {
        case .value(.list), .value(.map), .typed(_, .json): true
        case .guess(let text): text.hasPrefix("[") || text.hasPrefix("{")
        case .value, .typed, .source: false
        }
    }
}
