internal import Clibgit2
internal import Platform

/// The commits reachable from one, in the order of `git log`: newest first by the time of their
/// making, and none before one that it is a parent of where that has only one way there.
public struct CommitWalk: ~Copyable {
    private let handle: Handle<WalkKind>
    /// The commits still to come, where the library cannot find them itself.
    private var listed: ArraySlice<ObjectID>?

    /// A walk from `start`, leaving out what `hidden` reaches.
    public init(
        from start: ObjectID, hiding hidden: ObjectID? = nil, in repository: borrowing Repository
    ) throws(RepositoryError) {
        let shallow = try repository.shallowCommits()
        let listed =
            try shallow.isEmpty
            ? nil : repository.commits(from: start, hiding: hidden, shallow: shallow)[...]
        self.listed = listed
        handle = try lifting {
            let walk = try LibGit2.make("git_revwalk_new", WalkKind.self) {
                unsafe git_revwalk_new($0, repository.handle.pointer)
            }
            if listed != nil { return walk }
            // Not GIT_SORT_TIME: that reads all history first, and goes by the time alone, so that
            // commits of one second or of clocks that differ come out in any order.
            var oid = start.oid
            let pushed = unsafe git_revwalk_push(walk.pointer, &oid)
            try LibGit2.check("git_revwalk_push", pushed)
            if var other = hidden?.oid {
                let result = unsafe git_revwalk_hide(walk.pointer, &other)
                try LibGit2.check("git_revwalk_hide", result)
            }
            return walk
        }
    }

    /// The next commit; nil at the end.
    public mutating func next() throws(RepositoryError) -> ObjectID? {
        if listed != nil { return listed?.popFirst() }
        var oid = git_oid()
        let result = unsafe git_revwalk_next(&oid, handle.pointer)
        if result == GitError.Code.endOfIteration.rawValue {
            git_error_clear()
            return nil
        }
        try lifting { try LibGit2.check("git_revwalk_next", result) }
        return ObjectID(oid)
    }
}

extension Repository {
    /// The commits, from `start` on, that gave the file `path` the content it has there or
    /// removed it, newest first, until `body` answers false.
    ///
    /// As `git log -- PATH`, it follows a parent that has the same content and leaves the
    /// others out. Folders are compared by their ids, so most commits cost one tree.
    public func visitChanges(
        of path: String, from start: ObjectID,
        _ body: (Commit) throws(RepositoryError) -> Bool
    ) throws(RepositoryError) {
        let components = path.split(separator: "/").map(String.init)
        let shallow = try shallowCommits()
        var seen: Set<ObjectID> = [start]
        var queue = [try commit(start)]
        while let next = queue.popLast() {
            var unchanged: Commit?
            var parents: [Commit] = []
            let known = shallow.contains(next.id) ? [] : next.parents
            for id in known {
                let parent = try commit(id)
                parents.append(parent)
                if try isSame(components[...], next.tree, parent.tree) {
                    unchanged = parent
                    break
                }
            }
            let follow: [Commit]
            if let unchanged {
                follow = [unchanged]
            } else {
                let isMissing =
                    try known.isEmpty ? entry(path, in: next.tree) == nil : false
                if !isMissing, try !body(next) { return }
                follow = parents
            }
            for parent in follow where seen.insert(parent.id).inserted {
                Repository.insert(parent, into: &queue)
            }
        }
    }

    private func isSame(
        _ path: ArraySlice<String>, _ one: ObjectID, _ other: ObjectID
    ) throws(RepositoryError) -> Bool {
        if one == other { return true }
        guard let name = path.first else { return false }
        let left = try entry(name, in: one)
        let right = try entry(name, in: other)
        guard path.count > 1 else { return left == right }
        if left == right { return true }
        guard let left, left.mode == .tree else {
            guard let right, right.mode == .tree else { return true }
            return try entry(path.dropFirst().joined(separator: "/"), in: right.id) == nil
        }
        guard let right, right.mode == .tree else {
            return try entry(path.dropFirst().joined(separator: "/"), in: left.id) == nil
        }
        return try isSame(path.dropFirst(), left.id, right.id)
    }
}
