import Git
import Platform

extension Workspace {
    /// Puts the document `path` on disk as the revision or commit `name` has it; the change
    /// is not saved.
    ///
    /// Throws `diverged` where the disk holds a text that is not in HEAD, unless `choice` is
    /// `overwrite`: then that text is kept.
    public func restore(
        _ path: String, from name: String, onConflict choice: ConflictChoice
    ) throws(HistoryError) -> SaveReport {
        let request = try restoration(of: path, from: name, onConflict: choice)
        let access = try ExclusiveAccess(to: self)
        var transaction = SaveTransaction(request, author: writer(), committer: writer())
        var report = try transaction.writeToDisk(in: self)
        report.recovered = access.recovered
        return report
    }

    /// What `save` needs to save the document `path` as the revision or commit `name` has
    /// it.
    public func restoration(
        of path: String, from name: String, onConflict choice: ConflictChoice
    ) throws(HistoryError) -> SaveRequest {
        let version = try version(of: path, in: name)
        let text = try lifting {
            let index = try IndexFile(of: repository).entries(for: Repository.indexPaths(for: path))
            return try repository.smudge(
                repository.blob(version.entry.id), path: path, index: index)
        }
        var request = SaveRequest([path])
        request.onConflict = choice
        request.texts[path] = (text, version.entry.mode)
        return request
    }
}

extension SaveTransaction {
    /// Puts the request's texts on disk, all or none, and commits nothing.
    mutating func writeToDisk(in workspace: borrowing Workspace) throws(HistoryError) -> SaveReport
    {
        try retrying(in: workspace) { transaction, workspace in
            let plan = try SavePlan(transaction.request, in: workspace)
            try transaction.writeToDisk(plan, in: workspace)
        }
    }

    /// Puts the plan's texts on disk.
    mutating func writeToDisk(_ plan: SavePlan, in workspace: borrowing Workspace) throws {
        let texts = plan.documents.map { ($0.path, $0.text) }
        guard plan.divergences.isEmpty else {
            return try settle(plan.divergences, texts, in: workspace)
        }
        try keepDisplaced(plan, in: workspace)
        let documents = plan.documents.filter(\.writesDisk)
        guard !documents.isEmpty else {
            report.unchanged = request.paths
            return
        }
        var batch = ObjectBatch()
        for document in documents { try keepObjects(of: document, in: &batch, workspace) }
        try batch.sync(in: workspace.repository)
        let intent = try Intent(
            documents: documents.map { try intended($0, in: workspace) }, publication: nil)
        try workspace.write(intent)
        workspace.atStep(.intentWritten)
        let raced: [Divergence]
        do {
            raced = try replaceTexts(documents, intent, in: workspace)
        } catch {
            try workspace.rollBack(intent)
            throw error
        }
        try workspace.rollBack(intent)
        guard raced.isEmpty else { return try settle(raced, texts, in: workspace) }
        report.written = documents.map(\.path)
    }
}
