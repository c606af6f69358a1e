import Git
import Platform
import SystemPackage

extension SaveTransaction {
    /// Runs the `pre-commit` hook on an index that holds HEAD and the documents, as `git
    /// commit -o` would.
    ///
    /// A hook that formats the documents and stages them again changes what is saved; the
    /// disk must then hold what it staged. One that only changes the disk is another writer, who
    /// comes back with each try: the third time the save is refused. One that stages other files
    /// is refused: a save commits the documents named, and no others.
    mutating func runPreCommit(
        _ plan: inout SavePlan, in workspace: borrowing Workspace
    ) throws {
        guard request.runsHooks, try workspace.repository.hook("pre-commit") != nil else { return }
        let before = plan
        let staged = try withHookIndex(before, in: workspace) { (path, workspace) in
            try workspace.repository.runHook(
                "pre-commit", index: path, environment: request.hookEnvironment)
            return try workspace.repository.changes(from: before.tree, toIndex: path)
        }
        let others = Set(staged.keys).subtracting(plan.documents.map(\.path))
        guard others.isEmpty else { throw HistoryError.hookStagedOthers(others.sorted()) }
        let isAsBefore = plan.documents.allSatisfy { document in
            (staged[document.path] ?? document.baseline) == document.entry
        }
        if isAsBefore { return try countChanges(plan, in: workspace) }
        plan = try SavePlan(request, in: workspace)
        let entries = Dictionary(
            plan.documents.map { ($0.path, $0.entry) }, uniquingKeysWith: { first, _ in first })
        for document in before.documents {
            let path = document.path
            let now = entries[path]
            guard (now ?? document.baseline) == (staged[path] ?? document.baseline) else {
                throw HistoryError.hookChangedDraft(path, isOnDisk: request.texts[path] == nil)
            }
        }
        guard plan.divergences.isEmpty else { throw HistoryError.diverged(plan.divergences) }
        report.unchanged = plan.unchanged
    }

    /// Calls `body` with the index that `git commit -o` would show its hooks, which holds HEAD
    /// and the plan's documents; it is gone afterwards.
    private func withHookIndex<Value>(
        _ plan: SavePlan, in workspace: borrowing Workspace,
        _ body: (FilePath, borrowing Workspace) throws -> Value
    ) throws -> Value {
        let path = workspace.hookIndex
        defer { _ = try? workspace.files.remove(path) }
        var batch = ObjectBatch()
        var changes: [String: IndexFile.Change] = [:]
        for document in plan.documents {
            if document.entry != nil {
                _ = try batch.blob(document.content)
            }
            // A file that has still to be written is not as the index says, and so has no status.
            changes[document.path] = document.change(
                document.writesDisk ? nil : document.disk.status)
        }
        try batch.store(in: workspace.repository)
        try workspace.repository.writeHookIndex(path, base: plan.tree, changes: changes)
        return try body(path, workspace)
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
    func message(
        for revision: Revision, _ plan: SavePlan, in workspace: borrowing Workspace
    ) throws -> String {
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
        var edited = message
        try withHookIndex(plan, in: workspace) { (index, workspace) in
            for name in hooks {
                let source = name == "prepare-commit-msg" ? ["message"] : []
                try workspace.repository.runHook(
                    name, arguments: [file.string] + source, index: index,
                    environment: request.hookEnvironment)
                edited = try Trailers.clean(
                    String(decoding: workspace.files.read(file), as: UTF8.self))
                guard revision.isWritten(in: edited) else {
                    throw HistoryError.badMessage(
                        "the \(name) hook changed docvc's trailers in it", hook: name)
                }
            }
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
