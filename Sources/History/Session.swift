import Git
import Platform
import SystemPackage

/// The editing of one document in one work tree, kept in `$GIT_DIR/docvc/sessions/<id>`.
///
/// Here it counts the document's revisions and remembers the last one.
struct Session {
    /// What the journal's records hold.
    private enum Record: Codable {
        case opened(id: ULID, path: String, time: String)
        case saved(Saved)
    }

    /// A save of the session's document.
    struct Saved: Codable, Equatable {
        /// The revision: of this session, or of a session that saved several documents.
        let revision: RevisionID
        /// The commit, in hex.
        let commit: String
        /// The last number that a revision of this session itself has.
        let number: Int
    }

    let id: ULID
    let path: String
    private var journal: Journal
    /// The last save; nil where the session has made none.
    private(set) var last: Saved?
    /// Whether the journal's end was damaged when it was read.
    let wasDamaged: Bool

    /// The number of the revision to come.
    var nextNumber: Int { (last?.number ?? 0) + 1 }

    /// More records than this are compacted to the two that count.
    private static let compaction = 256

    private init(_ id: ULID, path: String, journal: Journal) throws {
        self.id = id
        self.path = path
        self.journal = journal
        wasDamaged = !journal.tail.isEmpty
        for record in journal.records.reversed() {
            if case .saved(let saved) = try JSON.value(Record.self, from: record) {
                last = saved
                break
            }
        }
    }

    /// Notes a save, durably; a second time changes nothing.
    mutating func record(
        _ revision: RevisionID, commit: ObjectID, world: World
    ) throws(HistoryError) {
        guard last?.revision != revision else { return }
        let number = revision.session == id ? revision.number : last?.number ?? 0
        let saved = Saved(revision: revision, commit: commit.hex, number: number)
        let payload = try lifting { try JSON.bytes(of: Record.saved(saved)) }
        if journal.records.isEmpty || journal.records.count >= Session.compaction {
            let opened = if let first = journal.records.first { first } else { try header(world) }
            try journal.replace(with: [opened, payload], files: world.files)
        } else {
            try journal.append(payload, files: world.files)
        }
        last = saved
    }

    private func header(_ world: World) throws(HistoryError) -> [UInt8] {
        try lifting {
            try JSON.bytes(of: Record.opened(id: id, path: path, time: world.now().rfc3339))
        }
    }
}

extension Session {
    /// The session of the document `path`: the one asked for by id, or its open one, or a
    /// new one, which is on disk only after its first record.
    static func session(
        of path: String, asked: ULID?, in workspace: borrowing Workspace
    ) throws(HistoryError) -> Session {
        let id: ULID
        if let asked {
            id = asked
        } else {
            id = try opened(path, in: workspace) ?? ULID(in: workspace.world)
        }
        return try load(id, path: path, in: workspace)
    }

    static func load(
        _ id: ULID, path: String, in workspace: borrowing Workspace
    ) throws(HistoryError) -> Session {
        let file = workspace.state.appending("sessions").appending(id.text).appending("journal")
        let journal = try Journal(file, files: workspace.files)
        return try lifting {
            if let first = journal.records.first,
                case .opened(_, let other, _) = try JSON.value(Record.self, from: first),
                other != path
            {
                throw HistoryError.otherSession(id, path: other)
            }
            return try Session(id, path: path, journal: journal)
        }
    }

    /// The id of the document's open session, from the file that `remember` wrote.
    private static func opened(
        _ path: String, in workspace: borrowing Workspace
    ) throws(HistoryError) -> ULID? {
        let file = try pointer(path, in: workspace)
        guard let bytes = try lifting({ try workspace.files.readIfPresent(file) }) else {
            return nil
        }
        // A pointer that a power cut tore is no pointer: the document gets a new session.
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.dropFirst(27) == path + "\n" else { return nil }
        return ULID(text.prefix(26))
    }

    /// Makes this the document's open session.
    func remember(in workspace: borrowing Workspace) throws(HistoryError) {
        if try Session.opened(path, in: workspace) == id { return }
        let file = try Session.pointer(path, in: workspace)
        let files = workspace.files
        try lifting {
            try files.makeFolders(file.removingLastComponent())
            try files.replace(file, with: "\(id) \(path)\n".utf8)
        }
    }

    /// One small file a document, so that finding its session costs the same however many
    /// documents there are.
    private static func pointer(
        _ path: String, in workspace: borrowing Workspace
    ) throws(HistoryError) -> FilePath {
        let name = try lifting { try Repository.blobID(of: Array(path.utf8)).hex }
        return workspace.state.appending("documents").appending(name)
    }
}
