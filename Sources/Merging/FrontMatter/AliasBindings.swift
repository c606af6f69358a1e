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

    /// Numbers for values, the same for equal ones: an anchor's value may be large, and is hashed
    /// once, however many aliases stand for it.
    private struct Numbers {
        private var numbers: [Value: Int] = [:]

        mutating func number(of value: Value) -> Int {
            let next = numbers.count
            if let number = numbers[value] { return number }
            numbers[value] = next
            return next
        }
    }

    private var values: [Alias: Set<Int>] = [:]
    private var anchors: [Text: Int] = [:]
    private var numbers: Numbers

    private init(_ root: Node?, _ numbers: Numbers = Numbers()) {
        self.numbers = numbers
        if let root { visit(root, []) }
    }

    /// The name of an alias in a merge that stands for another value than the sides' changes of
    /// it say, or `nil`.
    ///
    /// - Parameter side: whose meaning counts too, as conflicts are settled for it.
    static func stray(
        in merged: FrontMatter, of sides: Sides<FrontMatter?>, for side: MergeSide
    ) -> Text? {
        let merged = AliasBindings(merged.root)
        guard !merged.values.isEmpty else { return nil }
        let base = AliasBindings(sides.base?.root, merged.numbers)
        let ours = AliasBindings(sides.ours?.root, base.numbers)
        let theirs = AliasBindings(sides.theirs?.root, ours.numbers)
        let bindings = Sides(base: base.values, ours: ours.values, theirs: theirs.values)
        return merged.values.first { alias, values in
            let meant = bindings.map { $0[alias] }
            let changed = meant.winner.flatMap { meant[$0] } ?? []
            return !values.isSubset(of: changed.union(meant[side] ?? []))
        }?.key.name
    }

    private mutating func visit(_ node: Node, _ keys: [Text]) {
        if let anchor = node.properties?.anchor { anchors[anchor] = numbers.number(of: node.value) }
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
            if word.hasPrefix("&") { anchors[name] = numbers.number(of: .scalar(.string, key)) }
            if word.hasPrefix("*") { bind(name, keys + [key]) }
        }
    }

    private mutating func bind(_ name: Text, _ keys: [Text]) {
        let number = anchors[name] ?? numbers.number(of: .alias(name))
        values[Alias(keys: keys, name: name), default: []].insert(number)
    }
}
