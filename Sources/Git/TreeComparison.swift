extension Repository {
    /// The paths whose entries differ between two trees, with the new entry, or nil where
    /// it is gone; a nil tree is an empty one.
    public func changes(
        from old: ObjectID?, to new: ObjectID
    ) throws(RepositoryError) -> [String: TreeEntry?] {
        var changes: [String: TreeEntry?] = [:]
        try compare(old, new, below: "", &changes)
        return changes
    }

    private func compare(
        _ old: ObjectID?, _ new: ObjectID?, below folder: String,
        _ changes: inout [String: TreeEntry?]
    ) throws(RepositoryError) {
        if old == new { return }
        var before: [String: TreeEntry] = [:]
        if let old { for (name, entry) in try entries(of: old) { before[name] = entry } }
        if let new {
            for (name, entry) in try entries(of: new) {
                let other = before.removeValue(forKey: name)
                if other != entry { try compare(other, entry, at: folder + name, &changes) }
            }
        }
        for (name, entry) in before { try compare(entry, nil, at: folder + name, &changes) }
    }

    private func compare(
        _ old: TreeEntry?, _ new: TreeEntry?, at path: String,
        _ changes: inout [String: TreeEntry?]
    ) throws(RepositoryError) {
        let oldTree = old?.mode == .tree ? old?.id : nil
        let newTree = new?.mode == .tree ? new?.id : nil
        if oldTree != nil || newTree != nil {
            try compare(oldTree, newTree, below: path + "/", &changes)
        }
        if let new, newTree == nil {
            changes[path] = .some(new)
        } else if old != nil, oldTree == nil {
            changes[path] = .some(nil)
        }
    }

    /// Every file, link and submodule below `tree`, by path.
    public func files(in tree: ObjectID) throws(RepositoryError) -> [String: TreeEntry] {
        try changes(from: nil, to: tree).compactMapValues { $0 }
    }
}
