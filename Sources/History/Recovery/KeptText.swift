public import Git
import Platform
import SystemPackage

/// A text that docvc displaced, kept under a rescue id until its time has passed.
///
/// `refs/docvc/kept/<rescue id>` names a tree `{document, kept.json}`; being a tree and not
/// a commit it shows in no log, and `git gc` keeps it.
public struct KeptText: Sendable {
    /// What `kept.json` says.
    struct Facts: Codable {
        var schema = "docvc.kept/1"
        let id: ULID
        let path: String
        let reason: String
        let actor: String?
        let time: String
        /// The blob of the text that was on disk then; nil: no document.
        let disk: String?
    }

    static let prefix = "refs/docvc/kept/"

    /// The rescue id.
    public let id: ULID
    /// The document that it was the text of.
    public let path: String
    /// Why it was displaced.
    public let reason: String
    /// Who displaced it; nil where nobody was named.
    public let actor: String?
    /// When it was kept: RFC 3339.
    public let time: String
    /// The text's blob.
    public let blob: ObjectID
    /// The blob of the text that was on disk when it was kept; nil where none was.
    public let disk: ObjectID?

    init(_ id: ULID, _ facts: Facts, blob: ObjectID) {
        self.id = id
        path = facts.path
        reason = facts.reason
        actor = facts.actor
        time = facts.time
        self.blob = blob
        disk = facts.disk.flatMap { ObjectID(hex: $0) }
    }

    /// The command that prints the text.
    public var command: String { "docvc recover show \(id)" }
}

extension Workspace {
    /// Keeps `text`, durably, and returns what it is kept as. Only under the docvc lock.
    func keep(
        _ text: [UInt8], of path: String, because reason: String, journal: [UInt8]? = nil
    ) throws(HistoryError) -> KeptText {
        let onDisk = try disk(path).text
        return try lifting {
            var batch = ObjectBatch()
            func blob(_ bytes: [UInt8]) throws -> Repository.TreeEntry {
                .init(mode: .regular, id: try batch.blob(bytes))
            }
            let document = try blob(text)
            var entries = [("document", document)]
            // What lay beside it is the base of a merge, should it be brought back.
            let beside = try onDisk.map { try blob($0) }
            if let beside { entries.append(("disk", beside)) }
            if let journal { entries.append(("journal", try blob(journal))) }
            let facts = KeptText.Facts(
                id: ULID(in: world), path: path, reason: reason, actor: settings.actor?.text,
                time: world.now().rfc3339, disk: beside?.id.hex)
            entries.append(("kept.json", try blob(JSON.bytes(of: facts))))
            let tree = try batch.tree(from: nil, setting: entries, in: repository)
            try batch.store(in: repository)
            try repository.update(
                ReferenceUpdate(
                    KeptText.prefix + facts.id.text, from: nil, to: tree, reason: "docvc: kept"),
                by: writer(), timeout: settings.lockTimeout)
            return KeptText(facts.id, facts, blob: document.id)
        }
    }

    /// The texts that are kept, oldest first; those that cannot be read are left out.
    public func keptTexts() throws(HistoryError) -> [KeptText] {
        try lifting {
            try repository.references(in: KeptText.prefix).compactMap { name, tree in
                ULID(name).flatMap { try? keptText($0, tree.get()) }
            }
        }
    }

    /// The text that `tree` keeps; throws where it cannot be read.
    func keptText(_ id: ULID, _ tree: ObjectID) throws -> KeptText {
        guard let document = try repository.entry("document", in: tree),
            let about = try repository.entry("kept.json", in: tree)
        else { throw RepositoryError.badObject("\(tree) keeps no document") }
        let facts = try JSON.value(KeptText.Facts.self, from: repository.blob(about.id))
        try checkPath(facts.path)
        return KeptText(id, facts, blob: document.id)
    }

    /// Lets go of the texts whose time has passed, at most once a day. Only under the docvc
    /// lock.
    func pruneKeptTexts() throws(HistoryError) {
        let stamp = sharedState.appending("pruned")
        let now = world.now().seconds
        try lifting {
            if let status = try files.status(of: stamp), now - status.modified.seconds < 86_400,
                now >= status.modified.seconds
            {
                return
            }
            for case (let name, .success(let tree)) in try repository.references(
                in: KeptText.prefix)
            {
                guard let id = ULID(name), now - id.seconds > settings.retention else { continue }
                try repository.delete(
                    KeptText.prefix + name, expecting: tree, timeout: settings.lockTimeout)
            }
            // It says when, and nothing else.
            try files.remove(stamp)
            _ = try files.create(stamp)
        }
    }

    /// Who writes docvc's own commits and reflogs: the committer, or docvc itself where
    /// nobody is named.
    func writer() -> Signature {
        (try? repository.identity(.committer))
            ?? Signature(name: "docvc", email: "docvc@localhost", time: world.now())
    }
}
