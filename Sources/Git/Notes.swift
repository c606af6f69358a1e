/// Notes on commits, in a notes reference (git-notes).
///
/// A note is a blob in the tree of a commit of its own, named by the id of the commit it is
/// on; the name may be split into folders after every two digits, and Git reads any split.
/// docvc splits once, so that the tree it writes for a note stays small however many notes
/// there are; libgit2 would write one flat tree of them all.
public struct Notes: Sendable {
    /// The reference, `refs/notes/docvc`.
    public let reference: String
    /// The commit it names; nil where there are no notes yet.
    public let commit: ObjectID?
    private let tree: ObjectID?

    /// The notes that `reference` names now.
    public init(_ reference: String, in repository: borrowing Repository) throws(RepositoryError) {
        self.reference = reference
        commit = try repository.target(of: reference)
        guard let commit else {
            tree = nil
            return
        }
        tree = try repository.commit(commit).tree
    }

    /// The note on `commit`; nil where there is none.
    public func note(
        on commit: ObjectID, in repository: borrowing Repository
    ) throws(RepositoryError) -> [UInt8]? {
        guard let place = try places(of: commit, in: repository).first else { return nil }
        return try repository.blob(place.id)
    }

    /// Writes the objects of a notes commit in which each commit has its new note; the
    /// reference is yet to be moved to it.
    public func adding(
        _ notes: [(commit: ObjectID, text: [UInt8])], by who: Signature, message: String,
        to batch: inout ObjectBatch, in repository: borrowing Repository
    ) throws(RepositoryError) -> ObjectID {
        var changes: [(path: String, entry: Repository.TreeEntry?)] = []
        for (commit, text) in notes {
            for old in try places(of: commit, in: repository) { changes.append((old.path, nil)) }
            let blob = try batch.blob(text)
            changes.append(
                (Notes.path(of: commit), .init(mode: .regular, id: blob)))
        }
        let root = try batch.tree(from: tree, setting: changes, in: repository)
        let bytes = Commit.bytes(
            tree: root, parents: commit.map { [$0] } ?? [], author: who, committer: who,
            message: message + "\n")
        return try batch.commit(bytes)
    }

    /// Where the note on `commit` is; in several places only after a careless merge.
    private func places(
        of commit: ObjectID, in repository: borrowing Repository
    ) throws(RepositoryError) -> [(path: String, id: ObjectID)] {
        guard var folder = tree else { return [] }
        var found: [(String, ObjectID)] = []
        var path = ""
        var rest = commit.hex[...]
        while true {
            if let entry = try repository.entry(String(rest), in: folder), entry.mode.isFile {
                found.append((path + rest, entry.id))
            }
            let name = String(rest.prefix(2))
            rest = rest.dropFirst(2)
            guard !rest.isEmpty, let below = try repository.entry(name, in: folder),
                below.mode == .tree
            else { return found }
            folder = below.id
            path += name + "/"
        }
    }

    private static func path(of commit: ObjectID) -> String {
        commit.hex.prefix(2) + "/" + commit.hex.dropFirst(2)
    }
}
