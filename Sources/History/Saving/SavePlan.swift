import Git
import Merging
import Platform

/// What a save found, and what it is to do: one document.
struct PlannedDocument {
    let path: String
    /// HEAD's version.
    let baseline: Repository.TreeEntry?
    /// What is on disk.
    let disk: DiskState
    /// The text that is to be on disk; nil where the document is deleted.
    let text: [UInt8]?
    /// The bytes of the blob.
    let content: [UInt8]
    /// The new entry of the tree; nil where the document is deleted.
    let entry: Repository.TreeEntry?
    /// The blob of the index entry before.
    let indexed: ObjectID?
    /// Whether the index has a conflict of it.
    let isConflicted: Bool

    /// Whether the disk is to get another text than it has.
    var writesDisk: Bool { text != disk.text }
}

/// A text that is to give way to another, and that HEAD does not have.
struct DisplacedText {
    let path: String
    let text: [UInt8]
    /// Whether only the index has it, not the disk.
    var isStaged = false
}

/// What a save found, and what it is to do.
struct SavePlan {
    let head: Head
    /// HEAD's tree; nil on a branch without commits.
    let tree: ObjectID?
    /// The index as it was read.
    let index: IndexFile
    /// The documents that change.
    var documents: [PlannedDocument] = []
    /// The documents that are as HEAD has them.
    var unchanged: [String] = []
    /// What diverged.
    var divergences: [Divergence] = []
    /// The texts that are to give way, and that HEAD does not have.
    var displaced: [DisplacedText] = []

    /// Looks at HEAD, the index and the disk.
    init(_ request: SaveRequest, in workspace: borrowing Workspace) throws(HistoryError) {
        head = try lifting { try workspace.repository.head() }
        let commit = head.commit
        tree = try lifting { try commit.map { try workspace.repository.commit($0).tree } }
        for id in [commit, tree].compactMap({ $0 }) {
            try lifting { try workspace.repository.expectUnreplaced(id) }
        }
        let paths = request.paths.reduce(into: Set<String>()) {
            $0.formUnion(Repository.indexPaths(for: $1))
        }
        let file = try lifting { try IndexFile(of: workspace.repository) }
        index = file
        let index = try lifting { try file.entries(for: paths) }
        if let unfinished = try lifting({ try workspace.repository.unfinished() }) {
            var conflicts: [Divergence] = []
            for path in request.paths {
                guard let entries = index[path], entries.contains(where: { $0.stage > 0 }) else {
                    continue
                }
                conflicts.append(try workspace.unmerged(path, entries))
            }
            throw .unfinished(unfinished, conflicts: conflicts)
        }
        for path in request.paths { try add(path, request, index, in: workspace) }
        for index in divergences.indices {
            divergences[index].isOfDraft = request.texts[divergences[index].path] != nil
        }
    }

    /// Whether `other` has of the documents what the index had that was read.
    func isCurrent(_ other: IndexFile) throws(HistoryError) -> Bool {
        let paths = Set(documents.map(\.path))
        func staged(_ file: IndexFile) throws(HistoryError) -> [String: [String]] {
            try lifting { try file.entries(for: paths) }
                .mapValues { $0.map { "\($0.stage) \($0.mode) \($0.id)" } }
        }
        if index.isSameFile(as: other) { return true }
        return try staged(index) == staged(other)
    }

    private mutating func add(
        _ path: String, _ request: SaveRequest, _ index: [String: [IndexFile.Entry]],
        in workspace: borrowing Workspace
    ) throws(HistoryError) {
        let overwrites = request.onConflict == .overwrite
        let entries = index[path] ?? []
        if !overwrites, entries.contains(where: { $0.stage > 0 }) {
            divergences.append(try workspace.unmerged(path, entries))
            return
        }
        let tracked = entries.first { $0.stage == 0 }
        let tree = tree
        let baseline = try lifting {
            try tree.flatMap { try workspace.repository.entry(path, in: $0) }
        }
        let disk = try workspace.disk(path)
        if let kind = try SavePlan.obstacle(
            path, request, baseline: baseline, disk: disk, tracked: tracked)
        {
            divergences.append(try workspace.divergence(path, kind, baseline, disk.text))
            return
        }
        let isNew = baseline == nil && tracked == nil
        if isNew, try lifting({ try workspace.repository.isIgnored(path) }) {
            throw .badPath(path, .ignored)
        }
        func planned(
            _ text: [UInt8]?, _ content: [UInt8], _ entry: Repository.TreeEntry?
        ) -> PlannedDocument {
            PlannedDocument(
                path: path, baseline: baseline, disk: disk, text: text, content: content,
                entry: entry, indexed: entries.first?.id,
                isConflicted: entries.contains { $0.stage > 0 })
        }
        let chosen = request.texts[path] ?? disk.text
        if entries.contains(where: { $0.stage > 0 }), let chosen,
            try !workspace.openConflicts(in: chosen, of: path).isEmpty
        {
            // Taking the text on disk for the answer does not settle a conflict that it holds.
            divergences.append(try workspace.unmerged(path, entries))
            return
        }
        guard let text = chosen else {
            return try append(planned(nil, [], nil), over: tracked, index, in: workspace)
        }
        let content = try lifting {
            try workspace.repository.clean(text, path: path, index: index)
        }
        let mode = try workspace.mode(
            disk.status, baseline: baseline, tracked: tracked, given: request.mode)
        let blob = try lifting { try Repository.blobID(of: content) }
        let document = planned(text, content, Repository.TreeEntry(mode: mode, id: blob))
        if !overwrites, try headMoved(document, request, index, in: workspace) {
            let expected = request.expectedHead[path] ?? nil
            divergences.append(
                try lifting {
                    Divergence(
                        path: path, kind: .headMoved,
                        baseline: try expected.map { try workspace.side($0.id) },
                        current: try baseline.map { try workspace.side($0.id) })
                })
            return
        }
        if document.writesDisk, let present = disk.text {
            // What is on disk gives way: it must be the text that an edit began with or else
            // HEAD's version, or be kept.
            let divergence: Divergence?
            if let expected = request.expected[path] {
                divergence =
                    present == expected
                    ? nil : try Divergence(path, .modifiedOnDisk, from: expected, to: present)
            } else {
                let clean = try lifting {
                    try Repository.blobID(
                        of: workspace.repository.clean(present, path: path, index: index))
                }
                divergence =
                    clean == baseline?.id
                    ? nil : try workspace.divergence(path, .modifiedOnDisk, baseline, present)
            }
            if let divergence {
                guard overwrites else { return divergences.append(divergence) }
                displaced.append(DisplacedText(path: path, text: present))
            }
        }
        if document.entry == baseline && !document.writesDisk && !document.isConflicted {
            unchanged.append(path)
        } else {
            try append(document, over: tracked, index, in: workspace)
        }
    }

    /// Adds a document that changes; what only its index entry has gives way.
    private mutating func append(
        _ document: PlannedDocument, over tracked: IndexFile.Entry?,
        _ index: [String: [IndexFile.Entry]], in workspace: borrowing Workspace
    ) throws(HistoryError) {
        documents.append(document)
        guard let tracked, tracked.mode.isFile, !tracked.isIntentToAdd,
            tracked.id != document.baseline?.id, tracked.id != document.entry?.id
        else { return }
        let path = document.path
        let staged = try lifting { () -> [UInt8]? in
            let clean = try document.disk.text.map {
                try workspace.repository.clean($0, path: path, index: index)
            }
            if try clean.map({ try Repository.blobID(of: $0) }) == tracked.id { return nil }
            guard try workspace.repository.contains(tracked.id) else { return nil }
            return try workspace.repository.smudge(
                workspace.blob(tracked.id, of: path), path: path, index: index)
        }
        if let staged {
            displaced.append(DisplacedText(path: path, text: staged, isStaged: true))
        }
    }

    /// Whether HEAD's version is another than the one that the draft was made of, and neither
    /// the draft nor what the disk held then.
    private func headMoved(
        _ document: PlannedDocument, _ request: SaveRequest, _ index: [String: [IndexFile.Entry]],
        in workspace: borrowing Workspace
    ) throws(HistoryError) -> Bool {
        guard let expected = request.expectedHead[document.path],
            expected?.id != document.baseline?.id, document.baseline?.id != document.entry?.id
        else { return false }
        guard let text = request.expected[document.path], let head = document.baseline else {
            return true
        }
        return try lifting {
            try Repository.blobID(
                of: workspace.repository.clean(text, path: document.path, index: index)) != head.id
        }
    }

    /// What keeps the document from being saved, whatever its text.
    private static func obstacle(
        _ path: String, _ request: SaveRequest, baseline: Repository.TreeEntry?, disk: DiskState,
        tracked: IndexFile.Entry?
    ) throws(HistoryError) -> Divergence.Kind? {
        if baseline?.mode == .submodule { throw .badPath(path, .otherRepository) }
        switch disk {
        case .file:
            break
        case .missing:
            if tracked?.skipsWorkTree ?? false { throw .badPath(path, .outsideCheckout) }
            if request.expected[path] != nil, request.onConflict != .overwrite {
                return .deletedOnDisk
            }
            if request.texts[path] != nil { break }
            guard let baseline else { throw .badPath(path, .missing) }
            if baseline.mode == .tree { throw .badPath(path, .folder) }
            return request.savesDeletions ? nil : .deletedOnDisk
        case .replaced(let kind):
            let isFolder = kind == .folder && baseline?.mode == .tree
            // A draft of a new document has lost its place too.
            guard baseline != nil || request.texts[path] != nil, !isFolder else {
                throw .badPath(path, kind == .folder ? .folder : .device)
            }
            return .replacedOnDisk
        }
        // HEAD has a link or a folder by this name; only a link may give way.
        guard let baseline, !baseline.mode.isFile else { return nil }
        let yields = request.onConflict == .overwrite && baseline.mode == .link
        return yields ? nil : .replacedOnDisk
    }
}

extension Workspace {
    /// The mode that a document is saved with: the disk's, where the file system keeps
    /// modes (`core.fileMode`), otherwise the one that Git knows. One that is not on disk has
    /// the mode `given`, where there is one.
    func mode(
        _ status: FileStatus?, baseline: Repository.TreeEntry?, tracked: IndexFile.Entry?,
        given: FileMode?
    ) throws(HistoryError) -> FileMode {
        let keepsModes = try lifting {
            try repository.configuration.boolean("core.filemode") ?? true
        }
        if keepsModes, let status { return status.isExecutable ? .executable : .regular }
        if status == nil, let given { return given }
        let known = [tracked?.mode, baseline?.mode].compactMap { $0 }.first { $0.isFile }
        return known ?? .regular
    }

    /// The divergence of a document from its baseline; `text` is what is on disk.
    func divergence(
        _ path: String, _ kind: Divergence.Kind, _ baseline: Repository.TreeEntry?, _ text: [UInt8]?
    ) throws(HistoryError) -> Divergence {
        try lifting {
            Divergence(
                path: path, kind: kind, baseline: try baseline.map { try side($0.id) },
                current: try text.map {
                    Divergence.Side(blob: try Repository.blobID(of: $0), size: $0.count)
                })
        }
    }

    /// The divergence of a document with conflict entries in the index.
    func unmerged(
        _ path: String, _ entries: [IndexFile.Entry]
    ) throws(HistoryError) -> Divergence {
        try lifting {
            let ours = entries.first { $0.stage == 2 }
            let theirs = entries.first { $0.stage == 3 }
            var divergence = Divergence(
                path: path, kind: .unmerged, baseline: try ours.map { try side($0.id) },
                current: try theirs.map { try side($0.id) })
            if let text = try disk(path).text {
                divergence.holdsConflicts = try !openConflicts(in: text, of: path).isEmpty
            }
            return divergence
        }
    }

    /// The side of a divergence that the blob `blob` is.
    func side(_ blob: ObjectID) throws -> Divergence.Side {
        Divergence.Side(blob: blob, size: try repository.size(of: blob))
    }
}
