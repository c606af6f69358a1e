import Git
import Platform

/// The index entries of a save's documents, whose status vouches for the text that was saved.
///
/// Git takes a file that has its entry's status for unchanged, and reads it no more. So the
/// status is taken first; the text is read behind it, and so late that an edit after that gives
/// the file another time. A document that was edited meanwhile gets no status, so that Git
/// compares its content.
struct IndexedDocuments {
    private let documents: [PlannedDocument]
    /// The status of each; nil where there is none to be given.
    private var seen: [FileStatus?] = []

    init(_ documents: [PlannedDocument]) { self.documents = documents }

    private var changes: [String: IndexFile.Change] {
        var changes: [String: IndexFile.Change] = [:]
        for (document, status) in zip(documents, seen) {
            changes[document.path] = document.change(status)
        }
        return changes
    }

    /// Writes the new index, which nobody sees yet.
    mutating func prepare(
        _ index: inout Repository.IndexUpdate, in workspace: borrowing Workspace
    ) throws {
        for document in documents {
            seen.append(try workspace.files.status(of: workspace.location(of: document.path)))
        }
        try index.prepare(changes)
    }

    /// Puts the new index in place.
    ///
    /// It is looked for edits here and not before: what is done between, on the disk, takes as
    /// long as the clock that stamps files needs.
    mutating func commit(
        _ index: inout Repository.IndexUpdate, in workspace: borrowing Workspace
    ) throws {
        var isStale = false
        for (number, document) in documents.enumerated() {
            guard let status = seen[number] else { continue }
            status.waitForNextTick()
            if case .file(document.text, status)? = try? workspace.disk(document.path) { continue }
            seen[number] = nil
            isStale = true
        }
        if isStale { try index.prepare(changes) }
        try index.commit()
    }
}
