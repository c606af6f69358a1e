internal import Platform
internal import SystemPackage

/// The history of a shallow clone, which libgit2 1.5 takes for a broken one.
extension Repository {
    /// The commits whose parents were left out when the repository was cloned with `--depth`.
    public func shallowCommits() throws(RepositoryError) -> Set<ObjectID> {
        let path = commonFolder.appending("shallow")
        guard let bytes = try lifting({ try world.files.readIfPresent(path) }) else { return [] }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return Set(lines.compactMap { ObjectID(hex: $0) })
    }

    /// The commits that can be reached from `start` and not from `hidden`, newest first.
    func commits(
        from start: ObjectID, hiding hidden: ObjectID?, shallow: Set<ObjectID>
    ) throws(RepositoryError) -> [ObjectID] {
        var seen: Set<ObjectID> = []
        if let hidden {
            seen = Set(try commits(from: hidden, hiding: nil, shallow: shallow))
        }
        guard seen.insert(start).inserted else { return [] }
        var found: [ObjectID] = []
        var queue = [try commit(start)]
        while let next = queue.popLast() {
            found.append(next.id)
            guard !shallow.contains(next.id) else { continue }
            for id in next.parents where seen.insert(id).inserted {
                Repository.insert(try commit(id), into: &queue)
            }
        }
        return found
    }

    /// Puts `commit` into `queue`, which is kept oldest first. Of commits of one second, which
    /// scripts make, the one found first comes out first.
    static func insert(_ commit: Commit, into queue: inout [Commit]) {
        let seconds = commit.committer.time.seconds
        let place = queue.lastIndex { $0.committer.time.seconds < seconds }
        queue.insert(commit, at: place.map { $0 + 1 } ?? 0)
    }
}
