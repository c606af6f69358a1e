public import Git

/// A revision in the log.
public struct LoggedRevision: Sendable {
    /// What the commit's trailers say.
    public let revision: Revision
    /// The commit.
    public let commit: Commit
    /// The documents, from the commit's own difference where the trailers only count them.
    public let documents: [Revision.Document]
}

extension Workspace {
    /// The revisions in HEAD's history, newest first: of the document `path`, or of all.
    public func log(
        of path: String?, limit: Int = .max
    ) throws(HistoryError) -> [LoggedRevision] {
        guard let head = try lifting({ try repository.head().commit }) else { return [] }
        var found: [LoggedRevision] = []
        try lifting {
            if let path {
                try repository.visitChanges(of: path, from: head) {
                    (commit) throws(RepositoryError) in
                    let revisions = try logged(commit).filter { entry in
                        entry.documents.contains { $0.path == path }
                    }
                    found += revisions
                    return found.count < limit
                }
            } else {
                var walk = try CommitWalk(from: head, in: repository)
                while found.count < limit, let id = try walk.next() {
                    found += try logged(repository.commit(id))
                }
            }
        }
        return Array(found.prefix(limit))
    }

    func logged(_ commit: Commit) throws(RepositoryError) -> [LoggedRevision] {
        var entries: [LoggedRevision] = []
        for revision in Revision.read(commit.message) {
            let documents =
                revision.documents.isEmpty ? try changedDocuments(commit) : revision.documents
            entries.append(
                LoggedRevision(revision: revision, commit: commit, documents: documents))
        }
        return entries
    }

    /// What a commit changed against its first parent.
    func changedDocuments(_ commit: Commit) throws(RepositoryError) -> [Revision.Document] {
        var parent: ObjectID?
        if let first = commit.parents.first { parent = try repository.commit(first).tree }
        return try repository.changes(from: parent, to: commit.tree)
            .map { Revision.Document(path: $0.key, blob: $0.value?.id) }
            .sorted { $0.path < $1.path }
    }
}
