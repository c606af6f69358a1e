import Git
import Platform
import SystemPackage

extension SaveTransaction {
    /// Runs the `pre-commit` hook on an index that holds HEAD and the documents, as `git
    /// commit -o` would.
    ///
    /// A hook that formats the documents and stages them again changes what is saved; the
    /// disk must then hold what it staged. One that only changes the disk is another writer, who
    /// comes back with each try: the third time the save is refused. One that stages other files is refused: a save
    /// commits the documents named, and no others.
    mutating func runPreCommit(
        _ plan: inout SavePlan, in workspace: borrowing Workspace
    ) throws {
        guard request.runsHooks, try workspace.repository.hook("pre-commit") != nil else { return }
        let path = workspace.hookIndex
        defer { _ = try? workspace.files.remove(path) }
        var batch = ObjectBatch()
        var changes: [String: IndexFile.Change] = [:]
        for document in plan.documents {
            if document.entry != nil {
                _ = try batch.blob(document.content)
            }
            changes[document.path] = document.change(document.disk.status)
        }
        try batch.store(in: workspace.repository)
        try workspace.repository.writeHookIndex(path, base: plan.tree, changes: changes)
        try workspace.repository.runHook(
            "pre-commit", index: path, environment: request.hookEnvironment)

        let staged = try workspace.repository.changes(from: plan.tree, toIndex: path)
        let others = staged.keys.filter { name in !plan.documents.contains { $0.path == name } }
        guard others.isEmpty else { throw HistoryError.hookStagedOthers(others.sorted()) }
        let isAsBefore = plan.documents.allSatisfy { document in
            (staged[document.path] ?? document.baseline) == document.entry
        }
        if isAsBefore { return try countChanges(plan, in: workspace) }
        let before = plan
        plan = try SavePlan(request, in: workspace)
        for document in before.documents {
            let now = plan.documents.first { $0.path == document.path }
            guard (now?.entry ?? document.baseline) == (staged[document.path] ?? document.baseline)
            else {
                throw HistoryError.diverged([
                    try workspace.divergence(
                        document.path, .modifiedOnDisk, document.entry, now?.text)
                ])
            }
        }
        report.unchanged = plan.unchanged
    }

    /// Counts where the hook changed documents on disk; throws where it does not end.
    private mutating func countChanges(
        _ plan: SavePlan, in workspace: borrowing Workspace
    ) throws {
        let changed = try plan.documents.filter {
            try workspace.disk($0.path).text != $0.disk.text
        }
        guard !changed.isEmpty else { return }
        hookChanges += 1
        if hookChanges > 2 { throw HistoryError.hookKeepsChanging(changed.map(\.path)) }
    }

    /// The commit message: as given, with trailers, and as the hooks `prepare-commit-msg`
    /// and `commit-msg` leave it.
    func message(for revision: Revision, in workspace: borrowing Workspace) throws -> String {
        let subject =
            revision.documentCount == 1
            ? "Update \(QuotedPath.quote(revision.documents[0].path))"
            : "Update \(revision.documentCount) documents"
        let given = try Trailers.clean(request.message ?? subject)
        guard !given.isEmpty else { throw HistoryError.badMessage("it is empty") }
        guard Revision.read(given).isEmpty, !given.contains("Docvc-Revision:") else {
            throw HistoryError.badMessage("it holds a Docvc-Revision trailer, which docvc writes")
        }
        let message = try Trailers.append(revision.trailers, to: given)
        var names = ["prepare-commit-msg"]
        if request.runsHooks { names.append("commit-msg") }
        let hooks = try names.filter { try workspace.repository.hook($0) != nil }
        guard !hooks.isEmpty else { return message }

        let file = workspace.repository.gitFolder.appending("COMMIT_EDITMSG")
        try workspace.files.replace(file, with: message.utf8)
        for name in hooks {
            let source = name == "prepare-commit-msg" ? ["message"] : []
            try workspace.repository.runHook(
                name, arguments: [file.string] + source, index: workspace.repository.indexPath,
                environment: request.hookEnvironment)
        }
        let edited = try Trailers.clean(
            String(decoding: workspace.files.read(file), as: UTF8.self))
        guard Revision.read(edited).map(\.id) == [revision.id] else {
            throw HistoryError.badMessage("a hook took docvc's trailers out of it")
        }
        return edited
    }
}

extension PlannedDocument {
    /// The index entry that the document gets, with the status of its file.
    func change(_ status: FileStatus?) -> IndexFile.Change {
        entry.map { .set($0.mode, $0.id, status) } ?? .remove
    }
}
