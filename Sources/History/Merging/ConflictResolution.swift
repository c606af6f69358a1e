public import Documents
import Git
public import Merging
import Migrations
import Platform

/// The three versions of a document that a merge left open: one of Git's, or of the draft.
struct OpenMerge {
    /// What both sides began with; empty where there was nothing.
    let base: [UInt8]
    /// Our version; empty where we removed the document.
    let ours: [UInt8]
    /// Their version; empty where they removed the document.
    let theirs: [UInt8]
    /// The text that was merged, which may have been edited since.
    let text: [UInt8]
    /// Whether that is the draft, or else the text on disk.
    let isDraft: Bool
}

/// What is left of a merge's conflicts.
public struct ConflictResolution: Sendable {
    /// The document.
    public let path: String
    /// Whether the conflicts are in the draft, or else in the text on disk.
    public let isDraft: Bool
    /// The keys that are open.
    public let open: [FieldPath]
    /// How many conflicts are left, those of keys included.
    public let conflicts: Int
    /// The operation on the draft; nil where nothing was settled, or on disk.
    public let report: EditReport?
}

extension Workspace {
    /// Settles conflicts that a merge left in the document `path`, by key; without a settlement
    /// it only looks.
    ///
    /// In a draft it is an operation. In a text on disk that Git merged, only the sides of
    /// conflicts give way, which the index and the merged commits hold.
    ///
    /// - Parameter markerSize: how many characters a marker has; nil is what the attribute says.
    /// - Throws: `notUnmerged` where no merge left the document open, `noConflict` where there is
    ///   none about a key, `refusedEdit` where a value cannot be put in, `diverged` where another
    ///   program changed the text on disk meanwhile. Nothing was changed then.
    public func resolve(
        _ path: String, _ settlements: [(key: FieldPath, settlement: ConflictResolver.Settlement)],
        markerSize: Int? = nil
    ) throws(HistoryError) -> ConflictResolution {
        guard let merge = try openMerge(of: path) else {
            if try disk(path).text == nil { throw .badPath(path, try absence(of: path)) }
            throw .notUnmerged(path)
        }
        let markerSize =
            if let markerSize { markerSize } else { try conflictMarkerSize(of: path) }
        let resolver = ConflictResolver(
            base: merge.base, ours: merge.ours, theirs: merge.theirs,
            policy: try MergeSettings(of: repository).policy, markerSize: markerSize)
        func settle(_ text: [UInt8]) throws(HistoryError) -> [UInt8] {
            var text = text
            for (key, settlement) in settlements {
                do throws(ConflictResolver.Failure) {
                    text = try resolver.settle(key, settlement, in: text)
                } catch {
                    switch error {
                    case .noConflict(let key, let open):
                        throw .noConflict(path: path, key, open: open)
                    case .badValue(let why):
                        throw .refusedEdit(path: path, why, near: [])
                    }
                }
            }
            return text
        }
        var text = merge.text
        var report: EditReport?
        if merge.isDraft, !settlements.isEmpty {
            report = try change(path, saving: nil) { (session, workspace) throws(HistoryError) in
                text = try settle(workspace.editableText(of: session))
                let keys = settlements.map(\.key.description).joined(separator: ", ")
                let operation = try session.perform(
                    .set, "resolve \(keys)", text, Authorship(in: workspace))
                return ChangeOutcome(operation: operation, changesKeys: true)
            }
        } else {
            text = try settle(merge.text)
            if text != merge.text { try replaceUnmerged(path, merge.text, with: text) }
        }
        return ConflictResolution(
            path: path, isDraft: merge.isDraft, open: resolver.openKeys(in: text),
            conflicts: OpenConflicts.ranges(in: text, markerSize: markerSize).count,
            report: report)
    }

    /// How many characters a conflict marker has in the document `path`: as many as its attribute
    /// `conflict-marker-size` says, or the usual seven.
    func conflictMarkerSize(of path: String) throws(HistoryError) -> Int {
        let size = try lifting {
            let index = try IndexFile(of: repository).entries(for: Repository.indexPaths(for: path))
            return try repository.conflictMarkerSize(of: path, index: index)
        }
        // The driver takes no other sizes either.
        return size.flatMap { $0 <= 1000 ? $0 : nil } ?? ConflictMarkers.size
    }

    /// Where open conflicts lie in a text of the document `path`.
    func openConflicts(in text: [UInt8], of path: String) throws(HistoryError) -> [Range<Int>] {
        // Attributes are looked for only where they matter.
        let sizes = ConflictMarkers.sizes(in: text)
        let size = sizes.isEmpty ? ConflictMarkers.size : try conflictMarkerSize(of: path)
        return OpenConflicts.ranges(in: text, markerSize: size)
    }

    /// Where conflicts lie that a merge left in the draft of `session`; what only looks like
    /// one, and no merge wrote, is none.
    func openConflicts(in session: Session) throws(HistoryError) -> [Range<Int>] {
        guard let draft = session.draft,
            session.unsavedOperations.contains(where: { $0.kind == .merge || $0.kind == .recover })
        else { return [] }
        return try openConflicts(in: draft, of: session.path)
    }

    /// Throws what a save would say of it where a draft of the text on disk would be made, and
    /// that holds conflicts which a merge of Git's left: such a draft could not be saved, and
    /// what is settled in it would not be settled on disk.
    func checkSettledOnDisk(_ session: Session) throws(HistoryError) {
        let path = session.path
        // The index is read only where it matters.
        guard !session.isUnsaved, let text = session.draft,
            try !openConflicts(in: text, of: path).isEmpty
        else { return }
        let entries = try lifting {
            try IndexFile(of: repository).entries(for: [path])[path] ?? []
        }
        guard entries.contains(where: { $0.stage > 0 }) else { return }
        let divergence = try unmerged(path, entries)
        guard let unfinished = try lifting({ try repository.unfinished() }) else {
            throw .diverged([divergence])
        }
        throw .unfinished(unfinished, conflicts: [divergence])
    }

    // MARK: Finding the merge

    /// The merge that left the document open, in the index or in its draft; nil where none did.
    private func openMerge(of path: String) throws(HistoryError) -> OpenMerge? {
        if let merge = try unmergedInIndex(path) { return merge }
        guard let session = try session(of: path), session.isUnsaved, let draft = session.draft,
            let merge = session.state.merge
        else { return nil }
        // The disk comes first, as when the draft was merged.
        let isOfDisk = merge.base.text != merge.theirs.text
        func text(_ side: SessionRecord.Baseline) throws(HistoryError) -> [UInt8] {
            if isOfDisk { return side.text ?? [] }
            guard let head = side.head else { return [] }
            return try smudged(head, path)
        }
        return prepared(
            path, base: try text(merge.base), ours: merge.ours ?? [],
            theirs: try text(merge.theirs), text: draft, isDraft: true)
    }

    /// The versions of a document that is unmerged in the index; nil where it is not.
    private func unmergedInIndex(_ path: String) throws(HistoryError) -> OpenMerge? {
        try lifting {
            let entries = try IndexFile(of: repository).entries(for: [path])[path] ?? []
            guard entries.contains(where: { $0.stage > 0 }) else { return nil }
            guard let disk = try disk(path).text else {
                throw HistoryError.badPath(path, .missing)
            }
            func text(_ stage: Int) throws -> [UInt8] {
                try entries.first { $0.stage == stage }.map { try blob($0.id, of: path) } ?? []
            }
            return prepared(
                path, base: try text(1), ours: try text(2), theirs: try text(3), text: disk,
                isDraft: false)
        }
    }

    /// The versions as they were merged: the older ones migrated.
    private func prepared(
        _ path: String, base: [UInt8], ours: [UInt8], theirs: [UInt8], text: [UInt8],
        isDraft: Bool
    ) -> OpenMerge {
        let versions = prepareMerge(of: path, base: base, ours: ours, theirs: theirs)
        return OpenMerge(
            base: versions.base, ours: versions.ours, theirs: versions.theirs, text: text,
            isDraft: isDraft)
    }

    // MARK: Text on disk

    /// Puts a text with fewer conflicts in the place of the text on disk, durably. Only the
    /// sides of conflicts give way, which the index and the merged commits hold.
    ///
    /// Throws `diverged` where another writer changed the text meanwhile; theirs stays. Throws
    /// `hardLinked` where the text has other names, which would keep the old one.
    private func replaceUnmerged(
        _ path: String, _ old: [UInt8], with new: [UInt8]
    ) throws(HistoryError) {
        let access = try ExclusiveAccess(to: self)
        if let status = try disk(path).status, status.links > 1 { throw .hardLinked(path) }
        // The repository gets both texts, and the intent tells of them, so that an interrupted
        // exchange is recognised.
        let blobs = try lifting {
            var batch = ObjectBatch()
            let blobs = try [old, new].map { try batch.blob($0).hex }
            try batch.store(in: repository)
            return blobs
        }
        let id = ULID(in: world)
        let intent = Intent(
            documents: [
                Intent.Document(
                    path: path, temporary: id, old: blobs[0], new: blobs[1], blob: nil, mode: nil,
                    indexed: nil, session: nil)
            ], publication: nil)
        try write(intent)
        let replacement = Replacement(path, from: old, to: new, id: id, in: self)
        let isDone: Bool
        do throws(HistoryError) {
            try lifting { try replacement.prepare(executable: false, files: files) }
            isDone = try replacement.exchange(in: self)
        } catch {
            try takeBack(intent, by: writer(), after: error)
            throw error
        }
        // What cannot be cleared away now, the next command clears away.
        try? rollBack(intent, undoing: false)
        _ = access.recovered
        guard isDone else {
            throw .diverged([
                Divergence(path: path, kind: .modifiedOnDisk, baseline: nil, current: nil)
            ])
        }
    }
}
