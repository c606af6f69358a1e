import Git
import Merging
import Platform

/// The three versions of a document that a merge of Git's left open.
public struct UnmergedDocument: Sendable {
    /// What both sides began with; empty where there was nothing.
    public let base: [UInt8]
    /// Our version; empty where we removed the document.
    public let ours: [UInt8]
    /// Their version; empty where they removed the document.
    public let theirs: [UInt8]
    /// The text on disk.
    public let disk: [UInt8]
}

extension Workspace {
    /// How many characters a conflict marker has in the document `path`: as many as its attribute
    /// `conflict-marker-size` says, or the usual seven.
    public func conflictMarkerSize(of path: String) throws(HistoryError) -> Int {
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

    /// The versions of a document that is unmerged in the index; nil where it is not.
    public func unmerged(_ path: String) throws(HistoryError) -> UnmergedDocument? {
        guard let disk = try disk(path).text else { throw .badPath(path, .missing) }
        return try lifting {
            let entries = try IndexFile(of: repository).entries(for: [path])[path] ?? []
            guard entries.contains(where: { $0.stage > 0 }) else { return nil }
            func text(_ stage: Int) throws -> [UInt8] {
                try entries.first { $0.stage == stage }.map { try blob($0.id, of: path) } ?? []
            }
            return UnmergedDocument(
                base: try text(1), ours: try text(2), theirs: try text(3), disk: disk)
        }
    }

    /// Puts a text with fewer conflicts in the place of the text on disk, durably. Only the
    /// sides of conflicts give way, which the index and the merged commits hold.
    ///
    /// Throws `diverged` where another writer changed the text meanwhile; theirs stays.
    public func replaceUnmerged(
        _ path: String, _ old: [UInt8], with new: [UInt8]
    ) throws(HistoryError) {
        let access = try ExclusiveAccess(to: self)
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
