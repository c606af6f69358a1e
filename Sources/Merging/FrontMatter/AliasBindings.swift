import Documents

/// What the aliases of YAML front matter stand for.
///
/// An alias stands for the last node before it that has its anchor, so that lines which change
/// nothing about it may give it another value: a merge has to look.
struct AliasBindings {
    /// An alias by its name and the keys on the way to it; items of a list are not told apart.
    private struct Alias: Hashable {
        let keys: [Text]
        let name: Text
    }

    private var values: [Alias: Set<Value>] = [:]
    private var anchors: [Text: Value] = [:]

    private init(_ root: Node?) { if let root { visit(root, []) } }

    /// The name of an alias in a merge that stands for another value than the sides' changes of
    /// it say, or `nil`.
    ///
    /// - Parameter side: whose meaning counts too, as conflicts are settled for it.
    static func stray(
        in merged: FrontMatter, of sides: Sides<FrontMatter?>, for side: MergeSide
    ) -> Text? {
        let merged = AliasBindings(merged.root).values
        guard !merged.isEmpty else { return nil }
        let bindings = sides.map { AliasBindings($0?.root).values }
        return merged.first { alias, values in
            let meant = bindings.map { $0[alias] }
            let changed = meant.winner.flatMap { meant[$0] } ?? []
            return !values.isSubset(of: changed.union(meant[side] ?? []))
        }?.key.name
    }

    private mutating func visit(_ node: Node, _ keys: [Text]) {
        if let anchor = node.properties?.anchor { anchors[anchor] = node.value }
        switch node.content {
        case .scalar: break
        case .alias(let name): bind(name, keys)
        case .sequence(let items): for item in items { visit(item, keys) }
        case .mapping(let mapping):
            for entry in mapping.entries {
                if entry.isComplex { visit(complexKey: entry.key, keys) }
                visit(entry.value, keys + [entry.key])
            }
        }
    }

    /// A complex key is known by its source only.
    private mutating func visit(complexKey key: Text, _ keys: [Text]) {
        for word in key.string.split(whereSeparator: { " \t\n,[]{}".contains($0) }) {
            let name = Text(String(word.dropFirst()))
            if word.hasPrefix("&") { anchors[name] = .scalar(.string, key) }
            if word.hasPrefix("*") { bind(name, keys + [key]) }
        }
    }

    private mutating func bind(_ name: Text, _ keys: [Text]) {
        values[Alias(keys: keys, name: name), default: []].insert(anchors[name] ?? .alias(name))
    }
}
