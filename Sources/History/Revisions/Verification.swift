public import Git
import Merging
import Platform
import SystemPackage

/// Something that `verify` found wrong with a revision, a document or a journal.
public struct Finding: Sendable, Equatable {
    /// What is wrong (the words of the JSON answer).
    public enum Problem: String, Sendable {
        /// A trailer is missing or malformed.
        case trailers
        /// The commit does not hold what its trailers say.
        case contents
        /// The note is missing.
        case noNote = "no-note"
        /// The note says something else than the trailers.
        case note
        /// Two commits have the same revision id.
        case duplicate
        /// The revision before is not the one that history has.
        case sequence
        /// HEAD's text of a document holds a conflict in comments that nobody has settled; lines
        /// of markers may be what a document tells of.
        case conflict
        /// A session's journal is damaged, or cannot be read.
        case journal
    }

    /// The commit; nil for a journal.
    public let commit: ObjectID?
    /// The revision's id, as it is written; the document for a conflict, the session for a journal.
    public let revision: String
    /// What is wrong.
    public let problem: Problem
    /// What was expected and what was found.
    public let message: String
}

/// What `verify` looked at, and what it found.
public struct VerificationReport: Sendable {
    /// How many revisions were looked at.
    public internal(set) var revisions = 0
    /// What is wrong with them, newest first.
    public internal(set) var findings: [Finding] = []
}

extension Workspace {
    /// Compares, for every revision in HEAD's history, trailers, contents, notes and sequence;
    /// looks for conflicts left in comments of their documents, as HEAD has them, and for damage in journals.
    public func verify() throws(HistoryError) -> VerificationReport {
        var report = VerificationReport()
        try verifyRevisions(&report)
        try verifyJournals(&report)
        return report
    }

    private func verifyJournals(_ report: inout VerificationReport) throws(HistoryError) {
        let names = try lifting { try files.names(in: state.appending("sessions")) }
        for id in names.sorted().compactMap({ ULID($0) }) {
            var problem: String?
            do throws(HistoryError) {
                if try Session.load(id, in: self)?.wasDamaged ?? false {
                    problem = "the end of the journal is damaged; what comes before it counts"
                }
            } catch {
                guard case .badState(let why) = error else { throw error }
                problem = why
            }
            guard let problem else { continue }
            report.findings.append(
                Finding(commit: nil, revision: "\(id)", problem: .journal, message: problem))
        }
    }

    private func verifyRevisions(_ report: inout VerificationReport) throws(HistoryError) {
        try lifting {
            guard let head = try repository.head().commit else { return }
            let notes = try Notes(RevisionNote.reference, in: repository)
            var seen: [RevisionID: ObjectID] = [:]
            var paths: Set<String> = []
            var walk = try CommitWalk(from: head, in: repository)
            while let id = try walk.next() {
                let commit = try repository.commit(id)
                guard commit.message.contains("Docvc-Revision:") else { continue }
                try verify(commit, notes, &seen, &paths, &report)
            }
            let tree = try repository.commit(head).tree
            for path in paths.sorted() {
                // What is larger than a document may be is none any more.
                guard let entry = try repository.entry(path, in: tree), entry.mode.isFile,
                    try !isTooLarge(entry.id)
                else { continue }
                let text = try repository.blob(entry.id)
                guard let conflict = ParseableConflict.conflicts(in: text).first else { continue }
                let line = text[..<conflict.lowerBound].count { $0 == UInt8(ascii: "\n") } + 1
                report.findings.append(
                    Finding(
                        commit: head, revision: path, problem: .conflict,
                        message: "a conflict in line \(line) is not settled"))
            }
        }
    }

    private func verify(
        _ commit: Commit, _ notes: Notes, _ seen: inout [RevisionID: ObjectID],
        _ paths: inout Set<String>, _ report: inout VerificationReport
    ) throws {
        let entries = try logged(commit)
        for entry in entries { paths.formUnion(entry.documents.map(\.path)) }
        let named = Trailers.lines(commit.message).filter {
            $0.utf8.drop { " \t".utf8.contains($0) }.starts(with: "Docvc-Revision:".utf8)
        }
        report.revisions += max(entries.count, 1)
        func find(_ problem: Finding.Problem, _ message: String, _ revision: String? = nil) {
            let name = revision ?? entries.last?.revision.id.description ?? "?"
            report.findings.append(
                Finding(commit: commit.id, revision: name, problem: problem, message: message))
        }
        guard entries.count == named.count else {
            find(.trailers, "a revision's trailers are malformed or not complete")
            return
        }
        for entry in entries {
            let revision = entry.revision
            if let other = seen.updateValue(commit.id, forKey: revision.id) {
                find(.duplicate, "\(other.short) has the same revision id", "\(revision.id)")
            }
        }
        // A squash merge gathers several revisions in one commit: each was checked when it
        // was a commit of its own, and none is the whole of this one.
        guard entries.count == 1, let entry = entries.first else { return }
        try verifyContents(entry, find)
        try verifyNote(entry, notes, find)
        try verifySequence(entry, find)
    }

    private func verifyContents(
        _ entry: LoggedRevision, _ find: (Finding.Problem, String, String?) -> Void
    ) throws {
        let revision = entry.revision
        for document in revision.documents {
            let found = try repository.entry(document.path, in: entry.commit.tree)
            guard found?.id != document.blob else { continue }
            find(
                .contents,
                "\(document.path) is \(found?.id.short ?? "missing") in the commit, not "
                    + (document.blob?.short ?? "deleted"), nil)
        }
        if revision.documents.isEmpty, entry.documents.count != revision.documentCount {
            find(
                .contents,
                "the commit changes \(entry.documents.count) documents, not \(revision.documentCount)",
                nil)
        }
    }

    private func verifyNote(
        _ entry: LoggedRevision, _ notes: Notes, _ find: (Finding.Problem, String, String?) -> Void
    ) throws {
        guard let bytes = try notes.note(on: entry.commit.id, in: repository) else {
            find(.noNote, "the commit has no note", nil)
            return
        }
        guard let note = try? JSON.value(RevisionNote.self, from: bytes) else {
            find(.note, "the note cannot be read", nil)
            return
        }
        let rebuilt = RevisionNote(rebuiltFrom: entry)
        if let difference = note.disagreement(with: rebuilt) {
            find(.note, "the note and the trailers disagree about \(difference)", nil)
        }
    }

    private func verifySequence(
        _ entry: LoggedRevision, _ find: (Finding.Problem, String, String?) -> Void
    ) throws {
        guard entry.revision.documents.count == 1, let document = entry.revision.documents.first,
            let parent = entry.commit.parents.first
        else { return }
        let shallow = try repository.shallowCommits()
        guard !shallow.contains(entry.commit.id) else { return }
        let tree = try repository.commit(parent).tree
        // A document new in its commit may have had an earlier life elsewhere.
        guard try repository.entry(document.path, in: tree) != nil else { return }
        let last = try lastRevision(of: document.path, from: parent)
        // What a shallow clone left out may hold it.
        guard last != entry.revision.previous, last != nil || shallow.isEmpty else { return }
        find(
            .sequence,
            "the revision before it is \(last?.description ?? "none") in history, not "
                + (entry.revision.previous?.description ?? "none"), nil)
    }
}

extension RevisionNote {
    /// The note that a revision's trailers and commit tell of.
    init(rebuiltFrom entry: LoggedRevision) {
        self.init(
            entry.revision,
            documents: entry.documents.map {
                Document(
                    path: $0.path, blob: $0.blob?.hex, session: nil,
                    previous: entry.documents.count == 1 ? entry.revision.previous : nil,
                    operations: nil)
            }, time: entry.commit.committer.time)
    }

    /// What this note says otherwise than `other`, which was rebuilt from the trailers; nil
    /// where it says the same, and more.
    func disagreement(with other: RevisionNote) -> String? {
        if schema != other.schema { return "the schema" }
        if revision != other.revision { return "the revision" }
        if actor != other.actor { return "the actor" }
        if source != other.source { return "the source" }
        if session != other.session { return "the session" }
        if previous != other.previous { return "the revision before" }
        func list(_ note: RevisionNote) -> [String] {
            note.documents.map { "\($0.path) \($0.blob ?? "")" }.sorted()
        }
        return list(self) == list(other) ? nil : "the documents"
    }
}

extension Workspace {
    /// Writes the notes that are missing or disagree with their trailers, from the trailers;
    /// returns how many.
    public func rebuildNotes() throws(HistoryError) -> (rebuilt: Int, recovered: [Recovered]) {
        let access = try ExclusiveAccess(to: self)
        let count = try rebuildNotesUnderLock()
        return (count, access.recovered)
    }

    private func rebuildNotesUnderLock() throws(HistoryError) -> Int {
        try lifting {
            guard let head = try repository.head().commit else { return 0 }
            let notes = try Notes(RevisionNote.reference, in: repository)
            var rebuilt: [(commit: ObjectID, text: [UInt8])] = []
            var walk = try CommitWalk(from: head, in: repository)
            while let id = try walk.next() {
                let entries = try logged(repository.commit(id))
                guard entries.count == 1, let entry = entries.first else { continue }
                let right = RevisionNote(rebuiltFrom: entry)
                let bytes = try notes.note(on: id, in: repository)
                let present = try? bytes.map { try JSON.value(RevisionNote.self, from: $0) }
                if let note = present ?? nil, note.disagreement(with: right) == nil { continue }
                rebuilt.append((id, try right.bytes()))
            }
            if !rebuilt.isEmpty {
                try write(notes: rebuilt, message: "docvc: rebuild notes")
            }
            return rebuilt.count
        }
    }
}
