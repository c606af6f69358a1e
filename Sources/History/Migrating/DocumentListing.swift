import Git
import Platform
import SystemPackage

/// Every file that could be a document, in one view, each named once and in order.
struct DocumentListing {
    private let view: DocumentView
    /// By path what the view has; of the work tree what the index has, nil for what it has not.
    private var entries: [(path: String, id: ObjectID?)] = []
    /// The paths that have conflict stages in the index.
    private(set) var unmerged: [String] = []

    init(
        _ view: DocumentView, in workspace: borrowing Workspace, where isWanted: (String) -> Bool
    ) throws {
        self.view = view
        switch view {
        case .commit(let name):
            let tree = try workspace.repository.commit(workspace.commit(named: name)).tree
            for (path, entry) in try workspace.repository.files(in: tree)
            where entry.mode.isFile && isWanted(path) {
                entries.append((path, entry.id))
            }
        case .index, .workTree:
            var seen: Set<String> = []
            var folders: Set<String> = []
            for entry in try IndexFile(of: workspace.repository).allEntries() {
                if view == .workTree { DocumentListing.note(entry.path, in: &folders) }
                guard entry.mode.isFile, isWanted(entry.path) else { continue }
                guard seen.insert(entry.path).inserted else { continue }
                if entry.stage > 0 { unmerged.append(entry.path) }
                if view == .index, entry.stage > 0 || entry.isIntentToAdd { continue }
                if view == .workTree, entry.skipsWorkTree { continue }
                entries.append((entry.path, entry.id))
            }
            if view == .workTree {
                var ignored = try workspace.repository.ignoreRules()
                try addUntracked(
                    "", known: seen, folders, &ignored, isWanted, in: workspace)
            }
        }
        entries.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private static func note(_ path: String, in folders: inout Set<String>) {
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/") {
            rest = rest[..<slash]
            guard folders.insert(String(rest)).inserted else { return }
        }
    }

    /// What lies on disk and is neither in the index nor ignored.
    private mutating func addUntracked(
        _ folder: String, known: Set<String>, _ tracked: Set<String>,
        _ ignored: inout IgnoreRules, _ isWanted: (String) -> Bool,
        in workspace: borrowing Workspace
    ) throws {
        let location =
            folder.isEmpty ? workspace.repository.workTree : workspace.location(of: folder)
        let names = try workspace.files.names(in: location)
        // Another repository inside this one has documents of its own.
        if !folder.isEmpty, names.contains(".git") { return }
        for name in names where TreePath.isValid(name) {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            if known.contains(path) { continue }
            switch try workspace.files.status(of: location.appending(name))?.kind {
            case .folder:
                if !tracked.contains(path), try ignored.ignores(path + "/") { continue }
                try addUntracked(path, known: known, tracked, &ignored, isWanted, in: workspace)
            case .file where isWanted(path):
                if try ignored.ignores(path) { continue }
                entries.append((path, nil))
            default: continue
            }
        }
    }

    var count: Int { entries.count }

    /// Calls `body` with each document's path, its text and what `compute` makes of them; one
    /// that is gone from the disk, or is no file there, is passed over.
    ///
    /// `compute` runs on several threads, while the documents after are being read, and `body`,
    /// in the documents' order, on this one. Not more than some hundred documents are in memory
    /// at a time.
    func forEach<Result: Sendable>(
        in workspace: borrowing Workspace,
        computing compute: @escaping @Sendable (_ path: String, _ text: [UInt8]) -> Result,
        _ body: (_ path: String, _ text: [UInt8], Result) throws -> Void
    ) throws {
        typealias Batch = [(path: String, text: [UInt8])]
        var batch: Batch = []
        var size = 0
        var computing: (batch: Batch, results: Parallel.Pending<Result>)?
        /// Has the batch computed, and hands over the one before it.
        func advance() throws {
            let next = (batch, Parallel.start(batch) { compute($0.path, $0.text) })
            if let done = computing {
                for (document, result) in zip(done.batch, done.results.wait()) {
                    try body(document.path, document.text, result)
                }
            }
            computing = next
            batch = []
            size = 0
        }
        for (path, id) in entries {
            let text: [UInt8]?
            if view == .workTree {
                text = try workspace.disk(path).text
            } else {
                text = try id.map { try workspace.blob($0, of: path) }
            }
            guard let text else { continue }
            batch.append((path, text))
            size += text.count
            if batch.count >= 512 || size >= 8 << 20 { try advance() }
        }
        try advance()
        try advance()
    }
}
