extension FrontMatter {
    /// The keys of a map in the order that a reordering leads to; `nil` where there is no map.
    ///
    /// - Parameter keys: those to come first, as far as they are there.
    public func order(of keys: [Text], at path: FieldPath) -> [Text]? {
        guard let mapping = node(at: path)?.mapping else { return nil }
        return order(of: keys, in: mapping, at: path).map { mapping.entries[$0].key }
    }

    /// The same by position. A TOML table cannot stand before keys of the map it is in.
    func order(of keys: [Text], in mapping: Mapping, at path: FieldPath) -> [Int] {
        let named = keys.compactMap { mapping.position(of: $0) }
        let order = named + mapping.entries.indices.filter { !named.contains($0) }
        let tables = layout?.statements.filter { $0.kind != .pair }.map(\.path) ?? []
        func isTable(_ index: Int) -> Bool {
            let path = path.appending(.key(mapping.entries[index].key))
            return tables.contains { path.contains($0) }
        }
        return order.filter { !isTable($0) } + order.filter(isTable)
    }
}
