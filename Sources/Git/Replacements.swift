internal import Platform

/// Objects that Git shows as others (git-replace), which libgit2 does not know of.
extension Repository {
    /// Throws `unsupported` where Git takes another object for `id`: what is built on the one
    /// that docvc sees would undo what the other changes.
    public func expectUnreplaced(_ id: ObjectID) throws(RepositoryError) {
        guard world.environment["GIT_NO_REPLACE_OBJECTS"] == nil,
            try configuration.boolean("core.usereplacerefs") ?? true
        else { return }
        var folder = world.environment["GIT_REPLACE_REF_BASE"] ?? "refs/replace/"
        if !folder.hasSuffix("/") { folder += "/" }
        guard try target(of: folder + id.hex) != nil else { return }
        throw .unsupported(
            "a HEAD whose object \(id.short) is replaced (git-replace)",
            remedy: "git replace -d \(id)")
    }
}
