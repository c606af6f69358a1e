import Documents
import Git
import Platform
import SystemPackage

@testable import History

/// Journals: any file is read without harm, and of a damaged one what came before the damage.
enum JournalTarget {
    static func check(_ input: [UInt8]) throws {
        if let journal = try? Journal("journal", draft: "draft", input) { try check(journal) }
        try checkDamage(input)
    }

    private static func check(_ journal: Journal) throws {
        let bytes = Journal.bytes(of: journal.records)
        let again = try Journal("journal", draft: "draft", bytes)
        try hold(again.records == journal.records && !again.isDamaged, "records do not come back")
        for payload in journal.records {
            guard let record = try? SessionRecord(payload) else { continue }
            try hold(try SessionRecord(record.payload) == record, "a record does not come back")
        }
        guard let session = try? Session.load(journal, bounds: HistoryBounds()) else { return }
        try check(session.state)
    }

    /// Undo and redo lead back, and a snapshot tells all that a journal told.
    private static func check(_ state: SessionState) throws {
        _ = state.earlierTexts
        var copy = state
        for target in [0, state.operations.count, state.cursor] {
            let move = SessionRecord.moved(
                sequence: state.sequence, cursor: target,
                Authorship(actor: nil, source: .api, time: state.opened))
            guard (try? copy.apply(move)) != nil else { return }
        }
        try hold(copy.text == state.text, "undo and redo do not lead back")
        guard state.canBeSnapshot else { return }
        let snapshot = try Journal(
            "journal", draft: "draft", Journal.bytes(of: state.snapshot.map(\.payload)))
        let again = try Session.load(snapshot, bounds: HistoryBounds())
        try hold(
            again?.state.text == state.text && again?.state.operations == state.operations
                && again?.state.baseline == state.baseline && again?.cursor == state.cursor,
            "a snapshot tells another story")
    }

    /// A good journal, damaged where the input says: the records before that are read.
    private static func checkDamage(_ input: [UInt8]) throws {
        var choices = FuzzInput.Choices(input.suffix(4))
        let payloads = input.split(separator: 10, omittingEmptySubsequences: false).map {
            Array($0)
        }
        let whole = Journal.bytes(of: payloads)
        let start = Journal.bytes(of: []).count
        let place = start + choices(whole.count - start)
        var damaged = whole
        switch choices(3) {
        case 0: damaged.removeSubrange(place...)
        case 1 where place < whole.count: damaged[place] ^= UInt8(1 + choices(255))
        default: damaged.insert(contentsOf: input.prefix(9), at: place)
        }
        let journal = try Journal("journal", draft: "draft", damaged)
        var end = start
        let intact = payloads.prefix { payload in
            end += 8 + payload.count
            return end <= place
        }
        try hold(journal.records.starts(with: intact), "a record before the damage is lost")
        try hold(
            damaged == whole || journal.isDamaged || journal.records.count < payloads.count
                || damaged.starts(with: whole), "damage goes unseen")
    }

    /// A session's whole life.
    static var seeds: [[UInt8]] {
        let text = Array("---\ntitle: A\n---\nBody\n".utf8)
        guard let id = ULID("01JDK4T0V6M9Q8R3YB2X7Z5WHC"), let blob = ObjectID(hex: hex) else {
            return []
        }
        let time = Timestamp(seconds: 1_790_000_000, offset: 120)
        let who = Authorship(actor: "human:ann@example.org", source: .cli, time: time)
        let entry = Repository.TreeEntry(mode: .regular, id: blob)
        func operation(_ number: Int, _ kind: History.Operation.Kind) -> History.Operation {
            History.Operation(
                sequence: number, kind: kind, intent: "set title", actor: who.actor,
                source: who.source, time: time, before: blob, after: blob,
                splices: [Splice(offset: 11, removed: [65], inserted: [65])])
        }
        let records: [SessionRecord] = [
            .opened(
                .init(
                    id: id, path: "docs/a.md", time: time, base: text,
                    baseline: .init(text: text, head: entry), last: nil, sequence: 0)),
            .operation(operation(1, .set), forgets: 0),
            .operation(operation(2, .merge), forgets: 1), .moved(sequence: 3, cursor: 0, who),
            .rebased(.init(text: nil, head: entry)), .moved(sequence: 4, cursor: 1, who),
            .checkpointed(time), .based(head: entry),
            .saved(
                .init(
                    revision: RevisionID(session: id, number: 1), commit: blob, number: 1,
                    sequence: 4), head: entry),
        ]
        return (1...records.count).map { Journal.bytes(of: records.prefix($0).map(\.payload)) }
    }

    private static let hex = "2a3e9af3690fad324b1e72ad28262222a0223b7f"
}
