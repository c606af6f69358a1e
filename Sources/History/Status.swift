import Git
import Platform
import SystemPackage

/// How a document stands.
public struct DocumentStatus: Sendable {
    /// The states (the words of the JSON answer).
    public enum State: String, Sendable {
        case clean, draft
        case modifiedOnDisk = "modified-on-disk"
        case diverged, conflicted, untracked, missing
    }

    /// The document.
    public let path: String
    /// How it stands.
    public let state: State
    /// Its session in this work tree; nil where it has none.
    public let session: ULID?
    /// How many operations its draft holds that are not saved.
    public let unsaved: Int
    /// How far undo and redo reach.
    public let history: EditHistory
    /// How it differs from what a save expects; nil where it does not.
    public let divergence: Divergence?
}

extension Workspace {
    /// How each of `paths` stands; for none, every document that is not clean.
    public func status(of paths: [String]) throws(HistoryError) -> [DocumentStatus] {
        let view = try StatusView(of: paths.isEmpty ? nil : paths, in: self)
        guard paths.isEmpty else {
            var found: [DocumentStatus] = []
            for path in paths {
                found.append(
                    try view.status(of: path, try session(of: path, facts(of: path)), in: self))
            }
            return found
        }
        let drafts = try openDrafts()
        var found: [DocumentStatus] = []
        for path in Set(try view.documents(in: self)).union(drafts.keys).sorted() {
            let status = try view.status(of: path, drafts[path], in: self)
            if status.state != .clean { found.append(status) }
        }
        return found
    }

    /// The open sessions that hold unsaved work, by their documents.
    func openDrafts() throws(HistoryError) -> [String: Session] {
        var drafts: [String: Session] = [:]
        for session in try unsavedSessions()
        where try Session.opened(session.path, in: self) == session.id {
            drafts[session.path] = session
        }
        return drafts
    }

    /// The documents whose drafts hold unsaved work.
    public func draftedDocuments() throws(HistoryError) -> [String] {
        try openDrafts().keys.sorted()
    }

    /// Those of the documents `paths` in whose place something else lies: a link, a folder or a
    /// device, or a link on the way. A save without a path leaves them out; their drafts are
    /// candidates for recovery.
    public func replacedDocuments(among paths: [String]) throws(HistoryError) -> Set<String> {
        var found: Set<String> = []
        for path in paths where try place(path).isReplaced { found.insert(path) }
        return found
    }
}

/// The endings of Markdown files, which are documents without being named.
private let documentEndings: Set<String> = [
    "md", "markdown", "mdown", "mkd", "mkdn", "mdwn", "mdx", "qmd", "rmd",
]

/// Whether a file by this name is a document without being named.
func isDocument(_ path: some StringProtocol) -> Bool {
    guard let dot = path.lastIndex(of: ".") else { return false }
    return documentEndings.contains(path[path.index(after: dot)...].lowercased())
}

/// HEAD and the index, read once for many documents.
private struct StatusView {
    private let index: IndexFile
    private let entries: [String: [IndexFile.Entry]]
    private let tree: ObjectID?
    /// HEAD's documents, where all are wanted.
    private let committed: [String: Repository.TreeEntry]?

    init(of paths: [String]?, in workspace: borrowing Workspace) throws(HistoryError) {
        let head = try lifting { try workspace.repository.head() }
        tree = try lifting { try head.commit.map { try workspace.repository.commit($0).tree } }
        index = try lifting { try IndexFile(of: workspace.repository) }
        let (index, tree) = (index, tree)
        if let paths {
            committed = nil
            entries = try lifting {
                try index.entries(
                    for: paths.reduce(into: []) { $0.formUnion(Repository.indexPaths(for: $1)) })
            }
        } else {
            committed = try lifting {
                try tree.map { try workspace.repository.files(in: $0) } ?? [:]
            }
            entries = try lifting {
                try Dictionary(grouping: index.allEntries(), by: \.path)
            }
        }
    }

    /// The documents of HEAD, and those on disk that are neither committed nor ignored.
    func documents(in workspace: borrowing Workspace) throws(HistoryError) -> [String] {
        var paths = Set(
            (committed ?? [:]).filter { isDocument($0) && $1.mode != .submodule }.keys)
        for (path, found) in entries
        where isDocument(path) && found.contains(where: { $0.stage > 0 }) {
            paths.insert(path)
        }
        var ignored = try lifting { try workspace.repository.ignoreRules() }
        try addFromDisk("", to: &paths, leavingOut: &ignored, in: workspace)
        return paths.sorted()
    }

    private func addFromDisk(
        _ folder: String, to paths: inout Set<String>, leavingOut ignored: inout IgnoreRules,
        in workspace: borrowing Workspace
    ) throws(HistoryError) {
        let location =
            folder.isEmpty ? workspace.repository.workTree : workspace.location(of: folder)
        let names = try lifting { try workspace.files.names(in: location) }
        // Another repository inside this one has documents of its own.
        if !folder.isEmpty && names.contains(".git") { return }
        for name in names where TreePath.isValid(name) {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            if paths.contains(path) { continue }
            let status = try lifting { try workspace.files.status(of: location.appending(name)) }
            switch status?.kind {
            case .folder:
                if try lifting({ try ignored.ignores(path + "/") }) { continue }
                try addFromDisk(path, to: &paths, leavingOut: &ignored, in: workspace)
            case .file where isDocument(name):
                let isStaged = entries[path] != nil
                if !isStaged, try lifting({ try ignored.ignores(path) }) { continue }
                paths.insert(path)
            default:
                continue
            }
        }
    }

    /// How the document `path` stands, whose session is `known` where it was read already.
    func status(
        of path: String, _ known: Session?, in workspace: borrowing Workspace
    ) throws(HistoryError) -> DocumentStatus {
        let state = try bareStatus(of: path, known, in: workspace)
        guard state.state != .clean || known != nil else {
            return DocumentStatus(
                path: path, state: .clean, session: nil, unsaved: 0,
                history: .empty(in: workspace), divergence: nil)
        }
        let session =
            if let known { known } else {
                try Session.find(path, asked: workspace.settings.session, in: workspace)
            }
        var unsaved = 0
        if let session, try isUnsaved(session, in: workspace) {
            unsaved = session.unsavedOperations.count
        }
        return DocumentStatus(
            path: path, state: state.state, session: session?.id, unsaved: unsaved,
            history: session?.history ?? .empty(in: workspace), divergence: state.divergence)
    }

    /// Whether the draft holds what the disk does not; others may have written its very text.
    private func isUnsaved(
        _ session: Session, in workspace: borrowing Workspace
    ) throws(HistoryError) -> Bool {
        guard session.isUnsaved else { return false }
        guard let draft = session.draft else { return true }
        return try workspace.disk(session.path).text != draft
    }

    private func bareStatus(
        of path: String, _ session: Session?, in workspace: borrowing Workspace
    ) throws(HistoryError) -> (state: DocumentStatus.State, divergence: Divergence?) {
        func answer(
            _ state: DocumentStatus.State, _ divergence: Divergence? = nil
        ) -> (DocumentStatus.State, Divergence?) { (state, divergence) }
        let found = entries[path] ?? []
        if found.contains(where: { $0.stage > 0 }) {
            return answer(.conflicted, try workspace.unmerged(path, found))
        }
        if let session, try isUnsaved(session, in: workspace) {
            let divergence = try workspace.divergence(of: session, workspace.facts(of: path))
            let isConflicted = try !workspace.openConflicts(in: session).isEmpty
            return answer(
                isConflicted ? .conflicted : divergence == nil ? .draft : .diverged, divergence)
        }
        let baseline = try baseline(of: path, in: workspace)
        if baseline?.mode == .submodule { throw .badPath(path, .otherRepository) }
        let location = workspace.location(of: path)
        let status = try lifting { try workspace.files.status(of: location) }
        if let entry = found.first, try isLeftAlone(entry, isThere: status != nil, in: workspace) {
            return answer(.clean)
        }
        guard let status else {
            guard let baseline else { throw .badPath(path, .missing) }
            return answer(.missing, try workspace.divergence(path, .deletedOnDisk, baseline, nil))
        }
        guard status.kind == .file else {
            guard let baseline, baseline.mode != .tree else {
                throw .badPath(path, status.kind == .folder ? .folder : .device)
            }
            if baseline.mode == .link && status.kind == .link { return answer(.clean) }
            return answer(.diverged, try workspace.divergence(path, .replacedOnDisk, baseline, nil))
        }
        guard let baseline else { return answer(.untracked) }
        if let entry = found.first, entry.id == baseline.id, entry.mode == baseline.mode,
            index.isUnchanged(entry, status)
        {
            return answer(.clean)
        }
        let text = try workspace.textOnDisk(path)
        let blob = try lifting {
            try Repository.blobID(
                of: workspace.repository.clean(text, path: path, index: entries(for: path)))
        }
        let mode = try workspace.mode(status, baseline: baseline, tracked: found.first, given: nil)
        let isSame = blob == baseline.id && mode == baseline.mode
        return answer(isSame ? .clean : .modifiedOnDisk)
    }

    /// Whether the user told Git not to look at the entry's file, and Git heeds it: in a sparse
    /// checkout a file that is there all the same is looked at.
    private func isLeftAlone(
        _ entry: IndexFile.Entry, isThere: Bool, in workspace: borrowing Workspace
    ) throws(HistoryError) -> Bool {
        if entry.isAssumedUnchanged { return true }
        guard entry.skipsWorkTree, isThere else { return entry.skipsWorkTree }
        return try lifting {
            func isSet(_ name: String) throws -> Bool {
                try workspace.repository.configuration.boolean(name) ?? false
            }
            return try !isSet("core.sparsecheckout")
                || isSet("sparse.expectfilesoutsideofpatterns")
        }
    }

    private func entries(for path: String) -> [String: [IndexFile.Entry]] {
        var found: [String: [IndexFile.Entry]] = [:]
        for name in Repository.indexPaths(for: path) { found[name] = entries[name] }
        return found
    }

    private func baseline(
        of path: String, in workspace: borrowing Workspace
    ) throws(HistoryError) -> Repository.TreeEntry? {
        if let committed { return committed[path] }
        let tree = tree
        return try lifting { try tree.flatMap { try workspace.repository.entry(path, in: $0) } }
    }
}
