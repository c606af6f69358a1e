import Git
import Platform
import SystemPackage

/// How a document stands.
public struct DocumentStatus: Sendable {
    /// The states (the words of the JSON answer).
    public enum State: String, Sendable {
        case clean
        case modifiedOnDisk = "modified-on-disk"
        case diverged, conflicted, untracked, missing
    }

    /// The document.
    public let path: String
    /// How it stands.
    public let state: State
    /// Its session in this work tree; nil where it has none.
    public let session: ULID?
    /// How it differs from HEAD in more than its text; nil where it does not.
    public let divergence: Divergence?
}

extension Workspace {
    /// How each of `paths` stands; for none, every document that is not clean.
    public func status(of paths: [String]) throws(HistoryError) -> [DocumentStatus] {
        let view = try StatusView(of: paths.isEmpty ? nil : paths, in: self)
        var found: [DocumentStatus] = []
        let named = paths.isEmpty ? try view.documents(in: self) : paths
        for path in named {
            let status = try view.status(of: path, in: self)
            if !paths.isEmpty || status.state != .clean { found.append(status) }
        }
        return found
    }

    /// The documents that differ from HEAD: what `save --all` saves.
    public func changedDocuments() throws(HistoryError) -> [String] {
        try status(of: []).map(\.path)
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
        var paths = Set((committed ?? [:]).keys.filter { isDocument($0) })
        for (path, found) in entries
        where isDocument(path) && found.contains(where: { $0.stage > 0 }) {
            paths.insert(path)
        }
        try addFromDisk("", to: &paths, in: workspace)
        return paths.sorted()
    }

    private func addFromDisk(
        _ folder: String, to paths: inout Set<String>, in workspace: borrowing Workspace
    ) throws(HistoryError) {
        let location =
            folder.isEmpty ? workspace.repository.workTree : workspace.location(of: folder)
        let names = try lifting { try workspace.files.names(in: location) }
        // Another repository inside this one has documents of its own.
        if !folder.isEmpty && names.contains(".git") { return }
        for name in names where name.lowercased() != ".git" {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            if paths.contains(path) { continue }
            let status = try lifting { try workspace.files.status(of: location.appending(name)) }
            switch status?.kind {
            case .folder:
                if try lifting({ try workspace.repository.isIgnored(path + "/") }) { continue }
                try addFromDisk(path, to: &paths, in: workspace)
            case .file where isDocument(name):
                let isStaged = entries[path] != nil
                if !isStaged, try lifting({ try workspace.repository.isIgnored(path) }) { continue }
                paths.insert(path)
            default:
                continue
            }
        }
    }

    func status(
        of path: String, in workspace: borrowing Workspace
    ) throws(HistoryError) -> DocumentStatus {
        let session = try Session.session(of: path, asked: nil, in: workspace)
        func answer(_ state: DocumentStatus.State, _ divergence: Divergence? = nil)
            -> DocumentStatus
        {
            DocumentStatus(
                path: path, state: state, session: session.last == nil ? nil : session.id,
                divergence: divergence)
        }
        let found = entries[path] ?? []
        if found.contains(where: { $0.stage > 0 }) {
            return answer(.conflicted, try workspace.unmerged(path, found))
        }
        let baseline = try baseline(of: path, in: workspace)
        let location = workspace.location(of: path)
        guard let status = try lifting({ try workspace.files.status(of: location) }) else {
            guard let baseline else { throw .badPath(path, .missing) }
            if found.first?.skipsWorkTree ?? false { return answer(.clean) }
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

    private func entries(for path: String) -> [String: [IndexFile.Entry]] {
        let wanted = Repository.indexPaths(for: path)
        return entries.filter { wanted.contains($0.key) }
    }

    private func baseline(
        of path: String, in workspace: borrowing Workspace
    ) throws(HistoryError) -> Repository.TreeEntry? {
        if let committed { return committed[path] }
        let tree = tree
        return try lifting { try tree.flatMap { try workspace.repository.entry(path, in: $0) } }
    }
}
