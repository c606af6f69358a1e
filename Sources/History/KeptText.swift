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

    /// The command that prints the text.
    public var command: String { "git cat-file blob \(KeptText.prefix)\(id):document" }
}

extension Workspace {
    /// Keeps `text`, durably, and returns what it is kept as. Only under the docvc lock.
    func keep(
        _ text: [UInt8], of path: String, because reason: String
    ) throws(HistoryError) -> KeptText {
        let facts = KeptText.Facts(
            id: ULID(in: world), path: path, reason: reason, actor: settings.actor?.text,
            time: world.now().rfc3339)
        return try lifting {
            var batch = ObjectBatch()
            let document = try batch.blob(text, in: repository)
            let about = try batch.blob(JSON.bytes(of: facts), in: repository)
            let tree = try batch.tree(
                from: nil,
                setting: [
                    ("document", .init(mode: .regular, id: document)),
                    ("kept.json", .init(mode: .regular, id: about)),
                ], in: repository)
            try batch.sync(in: repository)
            try repository.update(
                ReferenceUpdate(
                    KeptText.prefix + facts.id.text, from: nil, to: tree, reason: "docvc: kept"),
                by: writer(), timeout: settings.lockTimeout)
            return KeptText(
                id: facts.id, path: path, reason: reason, actor: facts.actor, time: facts.time,
                blob: document)
        }
    }

    /// The texts that are kept, oldest first.
    public func keptTexts() throws(HistoryError) -> [KeptText] {
        try lifting {
            try repository.references(startingWith: KeptText.prefix).compactMap { _, tree in
                guard let document = try repository.entry("document", in: tree),
                    let about = try repository.entry("kept.json", in: tree)
                else { return nil }
                let facts = try JSON.value(KeptText.Facts.self, from: repository.blob(about.id))
                return KeptText(
                    id: facts.id, path: facts.path, reason: facts.reason, actor: facts.actor,
                    time: facts.time, blob: document.id)
            }
        }
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
            for (name, tree) in try repository.references(startingWith: KeptText.prefix) {
                guard let id = ULID(name.dropFirst(KeptText.prefix.count)),
                    now - id.seconds > settings.retention
                else { continue }
                try repository.delete(name, expecting: tree, timeout: settings.lockTimeout)
            }
            try files.replace(stamp, with: [])
        }
    }

    /// Who writes docvc's own commits and reflogs: the committer, or docvc itself where
    /// nobody is named.
    func writer() -> Signature {
        (try? repository.identity(.committer))
            ?? Signature(name: "docvc", email: "docvc@localhost", time: world.now())
    }
}

/// A text that waits to be brought back or let go.
public struct RecoveryCandidate: Sendable {
    /// How the document on disk compares with the text (the words of the JSON answer).
    public enum Disk: String, Sendable { case same, changed, deleted }

    /// The text.
    public let kept: KeptText
    /// How the document on disk compares with it.
    public let disk: Disk
}

extension Workspace {
    /// The kept texts, with how each compares with the disk now.
    public func recoveryCandidates() throws(HistoryError) -> [RecoveryCandidate] {
        var candidates: [RecoveryCandidate] = []
        for kept in try keptTexts() {
            let text = try disk(kept.path).text
            let blob = try lifting { try text.map { try Repository.blobID(of: $0) } }
            candidates.append(
                RecoveryCandidate(
                    kept: kept,
                    disk: blob == nil ? .deleted : blob == kept.blob ? .same : .changed))
        }
        return candidates
    }
}
