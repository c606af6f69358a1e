import Documents
import Git
import Platform

/// What one record of a session's journal says.
enum SessionRecord: Equatable {
    /// The session as it was when the journal was begun.
    case opened(Opened)
    /// An operation was made: what was undone is dropped, and the oldest are forgotten, as
    /// many as `forgets` says.
    case operation(Operation, forgets: Int)
    /// Undo or redo: that many operations are applied now.
    case moved(sequence: Int, cursor: Int, Authorship)
    /// The draft was saved; HEAD has it as `head`.
    case saved(Saved, head: Repository.TreeEntry?)
    /// The document on disk and in HEAD was found, or made, what the draft is.
    case based(head: Repository.TreeEntry?)
    /// The document on disk and in HEAD was found to be another; the draft stands.
    case rebased(Baseline)
    /// A checkpoint was taken.
    case checkpointed(Timestamp)

    /// What a session starts with.
    struct Opened: Equatable {
        let id: ULID
        let path: String
        let time: Timestamp
        /// The text before the first operation; nil: no document.
        let base: [UInt8]?
        let baseline: Baseline
        let last: Saved?
        /// The last number that an operation had.
        let sequence: Int
    }

    /// The document as the session last knew it.
    struct Baseline: Equatable {
        /// On disk; nil: no document.
        var text: [UInt8]?
        /// In HEAD; nil where HEAD does not have it.
        var head: Repository.TreeEntry?
    }

    /// A save of the session's document.
    struct Saved: Equatable {
        /// The revision: of this session, or of a session that saved several documents.
        let revision: RevisionID
        /// The commit.
        let commit: ObjectID
        /// The last number that a revision of this session itself has.
        let number: Int
        /// The last number that an operation had then.
        let sequence: Int
    }
}

extension SessionRecord {
    /// The version of the records' format.
    private static let version = 1

    private enum Tag: Int { case opened = 1, operation, moved, saved, based, rebased, checkpointed }

    /// The record's bytes.
    var payload: [UInt8] {
        var writer = RecordWriter()
        func tag(_ tag: Tag) { writer.write(tag.rawValue) }
        switch self {
        case .opened(let opened):
            tag(.opened)
            writer.write(SessionRecord.version)
            writer.write(opened.id.text)
            writer.write(opened.path)
            writer.write(opened.time)
            writer.write(opened.base) { $0.write($1) }
            let sharesText = opened.base == opened.baseline.text
            writer.write(sharesText)
            if !sharesText { writer.write(opened.baseline.text) { $0.write($1) } }
            writer.write(opened.baseline.head) { $0.write($1) }
            writer.write(opened.last) { $0.write($1) }
            writer.write(opened.sequence)
        case .operation(let operation, let forgets):
            tag(.operation)
            writer.write(operation)
            writer.write(forgets)
        case .moved(let sequence, let cursor, let authorship):
            tag(.moved)
            writer.write(sequence)
            writer.write(cursor)
            writer.write(authorship)
        case .saved(let saved, let head):
            tag(.saved)
            writer.write(saved)
            writer.write(head) { $0.write($1) }
        case .based(let head):
            tag(.based)
            writer.write(head) { $0.write($1) }
        case .rebased(let baseline):
            tag(.rebased)
            writer.write(baseline.text) { $0.write($1) }
            writer.write(baseline.head) { $0.write($1) }
        case .checkpointed(let time):
            tag(.checkpointed)
            writer.write(time)
        }
        return writer.bytes
    }

    /// Reads a record; throws `NewerRecord` for one that a later version of docvc wrote.
    init(_ payload: [UInt8]) throws {
        var reader = RecordReader(payload)
        guard let tag = Tag(rawValue: try reader.number()) else { throw NewerRecord() }
        switch tag {
        case .opened:
            guard try reader.number() == SessionRecord.version else { throw NewerRecord() }
            guard let id = ULID(try reader.text()) else { throw BadRecord() }
            let (path, time) = (try reader.text(), try reader.time())
            let base = try reader.optional { (r) throws(BadRecord) in try r.content() }
            let text =
                try reader.flag()
                ? base : try reader.optional { (r) throws(BadRecord) in try r.content() }
            let head = try reader.optional { (r) throws(BadRecord) in try r.entry() }
            let last = try reader.optional { (r) throws(BadRecord) in try r.saved() }
            self = .opened(
                Opened(
                    id: id, path: path, time: time, base: base,
                    baseline: Baseline(text: text, head: head), last: last,
                    sequence: try reader.ordinal()))
        case .operation:
            self = .operation(try reader.operation(), forgets: try reader.number())
        case .moved:
            self = .moved(
                sequence: try reader.ordinal(), cursor: try reader.number(), try reader.authorship()
            )
        case .saved:
            self = .saved(
                try reader.saved(),
                head: try reader.optional { (r) throws(BadRecord) in try r.entry() })
        case .based:
            self = .based(head: try reader.optional { (r) throws(BadRecord) in try r.entry() })
        case .rebased:
            self = .rebased(
                Baseline(
                    text: try reader.optional { (r) throws(BadRecord) in try r.content() },
                    head: try reader.optional { (r) throws(BadRecord) in try r.entry() }))
        case .checkpointed:
            self = .checkpointed(try reader.time())
        }
        guard reader.isAtEnd else { throw BadRecord() }
    }
}

/// A record in a format that this version of docvc does not know.
struct NewerRecord: Error {}

extension RecordWriter {
    fileprivate mutating func write(_ entry: Repository.TreeEntry) {
        write(Int(entry.mode.rawValue))
        write(entry.id)
    }

    fileprivate mutating func write(_ saved: SessionRecord.Saved) {
        write(saved.revision.description)
        write(saved.commit)
        write(saved.number)
        write(saved.sequence)
    }

    fileprivate mutating func write(_ authorship: Authorship) {
        write(authorship.actor) { $0.write($1) }
        write(authorship.source.rawValue)
        write(authorship.time)
    }

    fileprivate mutating func write(_ operation: Operation) {
        write(operation.sequence)
        write(operation.kind.rawValue)
        write(operation.intent)
        write(
            Authorship(actor: operation.actor, source: operation.source, time: operation.time))
        write(operation.before) { $0.write($1) }
        write(operation.after) { $0.write($1) }
        write(operation.splices.count)
        for splice in operation.splices {
            write(splice.offset)
            write(splice.removed)
            write(splice.inserted)
        }
    }
}

extension RecordReader {
    fileprivate mutating func entry() throws(BadRecord) -> Repository.TreeEntry {
        guard let raw = UInt32(exactly: try number()), let mode = FileMode(rawValue: raw) else {
            throw BadRecord()
        }
        return Repository.TreeEntry(mode: mode, id: try objectID())
    }

    fileprivate mutating func saved() throws(BadRecord) -> SessionRecord.Saved {
        guard let revision = RevisionID(try text()) else { throw BadRecord() }
        return SessionRecord.Saved(
            revision: revision, commit: try objectID(), number: try ordinal(),
            sequence: try ordinal())
    }

    fileprivate mutating func authorship() throws(BadRecord) -> Authorship {
        let actor = try optional { (reader) throws(BadRecord) in try reader.text() }
        guard let source = Source(rawValue: try text()) else { throw BadRecord() }
        return Authorship(actor: actor, source: source, time: try time())
    }

    fileprivate mutating func operation() throws(BadRecord) -> Operation {
        let sequence = try ordinal()
        guard let kind = Operation.Kind(rawValue: try text()) else { throw BadRecord() }
        let intent = try text()
        let authorship = try authorship()
        let before = try optional { (reader) throws(BadRecord) in try reader.objectID() }
        let after = try optional { (reader) throws(BadRecord) in try reader.objectID() }
        var splices: [Splice] = []
        for _ in 0..<(try count()) {
            let offset = try ordinal()
            splices.append(
                Splice(offset: offset, removed: try content(), inserted: try content()))
        }
        return Operation(
            sequence: sequence, kind: kind, intent: intent, actor: authorship.actor,
            source: authorship.source, time: authorship.time, before: before, after: after,
            splices: splices)
    }
}
