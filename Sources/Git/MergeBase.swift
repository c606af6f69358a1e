internal import Clibgit2

extension Repository {
    /// The best common ancestors of two commits: none for histories that share nothing, several
    /// after criss-cross merges.
    public func mergeBases(
        _ one: ObjectID, _ other: ObjectID
    ) throws(RepositoryError) -> [ObjectID] {
        try lifting {
            var found = unsafe git_oidarray()
            defer { unsafe git_oidarray_dispose(&found) }
            var first = one.oid
            var second = other.oid
            let result = unsafe git_merge_bases(&found, handle.pointer, &first, &second)
            if result == GitError.Code.notFound.rawValue {
                git_error_clear()
                return []
            }
            try LibGit2.check("git_merge_bases", result)
            return unsafe (0..<found.count).map { unsafe ObjectID(found.ids[$0]) }
        }
    }
}
