import Git
import Platform

@testable import History

/// Notes: any bytes are read or refused, and what is read comes back; so do quoted paths.
enum NotesTarget {
    static func check(_ input: [UInt8]) throws {
        if let note = try? JSON.value(RevisionNote.self, from: input) {
            let again = try JSON.value(RevisionNote.self, from: note.bytes())
            try hold(again == note, "a note does not come back")
        }
        let text = String(decoding: input, as: UTF8.self)
        try hold(
            text.isEmpty || QuotedPath.unquote(QuotedPath.quote(text)) == text, "a path is lost")
        if let path = QuotedPath.unquote(text), !path.isEmpty {
            try hold(QuotedPath.unquote(QuotedPath.quote(path)) == path, "a path is lost")
        }
    }

    static var seeds: [[UInt8]] {
        let path = #""a\n\303\244\"b.md""#
        guard let session = ULID("01JDK4T0V6M9Q8R3YB2X7Z5WHC"),
            let actor = Actor("human:ann@example.org")
        else { return [] }
        let revision = Revision(
            id: RevisionID(session: session, number: 2), documents: [], actor: actor, source: .cli,
            previous: RevisionID(session: session, number: 1))
        let time = Timestamp(seconds: 1_790_000_000, offset: 120)
        let document = RevisionNote.Document(
            path: "docs/a.md", blob: "2a3e9af3690fad324b1e72ad28262222a0223b7f",
            session: session.text, previous: revision.previous, operations: [])
        let note = RevisionNote(
            revision, documents: [document], time: time,
            resolutions: [.init(path: "a", kind: "head-moved", choice: "merge", kept: nil)])
        return [Array(path.utf8), (try? note.bytes()) ?? []]
    }
}
