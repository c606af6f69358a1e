internal import Clibgit2
public import Platform

/// A person or program with a name and an address, at a time.
public struct Signature: Equatable, Sendable {
    /// The name.
    public let name: String
    /// The address.
    public let email: String
    /// When.
    public let time: Timestamp

    /// The person `name <email>` at `time`.
    public init(name: String, email: String, time: Timestamp) {
        self.name = name
        self.email = email
        self.time = time
    }

    /// `Name <email> 1700000000 +0100`, as commits and reflogs hold it.
    var line: String {
        let minutes = abs(time.offset)
        let zone = String(String(10_000 + minutes / 60 * 100 + minutes % 60).dropFirst())
        return "\(name) <\(email)> \(time.seconds) \(time.offset < 0 ? "-" : "+")\(zone)"
    }

    /// Reads what `line` writes; nil where `line` is something else.
    init?(line: Substring) {
        guard let open = line.lastIndex(of: "<"), let close = line.lastIndex(of: ">"), open < close
        else { return nil }
        let rest = line[line.index(after: close)...].split(separator: " ")
        // A time that is not one counts as the epoch, as Git shows it.
        let seconds = rest.first.flatMap { Int64($0) } ?? 0
        let digits = rest.count > 1 ? Int(rest[1]) ?? 0 : 0
        let zone = (-9959...9959).contains(digits) ? digits : 0
        name = line[..<open].last == " " ? String(line[..<open].dropLast()) : String(line[..<open])
        email = String(line[line.index(after: open)..<close])
        time = Timestamp(seconds: seconds, offset: zone / 100 * 60 + zone % 100)
    }
}

/// A commit, read whole.
public struct Commit: Sendable {
    /// The commit's own id.
    public let id: ObjectID
    /// The tree of the whole work tree.
    public let tree: ObjectID
    /// The commits it was made from; none for a first commit.
    public let parents: [ObjectID]
    /// Who made the change.
    public let author: Signature
    /// Who made the commit.
    public let committer: Signature
    /// The message, whole.
    public let message: String

    /// The first line of the message.
    public var subject: String { String(message.prefix { $0 != "\n" && $0 != "\r\n" }) }

    /// Reads a commit's bytes (`git cat-file commit`); nil where they are not a commit's.
    init?(_ id: ObjectID, _ bytes: [UInt8]) {
        func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
        var tree: ObjectID?
        var parents: [ObjectID] = []
        var author: Signature?
        var committer: Signature?
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")), end != rest.startIndex {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { continue }
            let value = line[(space + 1)...]
            // First letter and length tell the headers apart.
            switch (line.first, space - line.startIndex) {
            case (UInt8(ascii: "t"), 4): tree = tree ?? ObjectID(hex: text(value))
            case (UInt8(ascii: "p"), 6):
                if let parent = ObjectID(hex: text(value)) { parents.append(parent) }
            case (UInt8(ascii: "a"), 6): author = author ?? Commit.signature(text(value))
            case (UInt8(ascii: "c"), 9): committer = committer ?? Commit.signature(text(value))
            default: continue
            }
        }
        guard let tree, let author, let committer else { return nil }
        self.id = id
        self.tree = tree
        self.parents = parents
        self.author = author
        self.committer = committer
        message = text(rest.dropFirst())
    }

    /// Who a header names; where it is malformed, all of it is the name, so that one odd
    /// commit of another program does not keep a history from being read.
    private static func signature(_ line: String) -> Signature {
        Signature(line: line[...])
            ?? Signature(name: line, email: "", time: Timestamp(seconds: 0))
    }

    /// The bytes of a commit, without a signature over them.
    static func bytes(
        tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature,
        message: String, signature: String? = nil
    ) -> [UInt8] {
        var text = "tree \(tree)\n"
        for parent in parents { text += "parent \(parent)\n" }
        text += "author \(author.line)\ncommitter \(committer.line)\n"
        if let signature {
            // A header of several lines goes on with a space at the start of each.
            let lines = signature.split(separator: "\n", omittingEmptySubsequences: false)
            let trimmed = lines.last == "" ? lines.dropLast() : lines[...]
            text += "gpgsig " + trimmed.joined(separator: "\n ") + "\n"
        }
        return Array((text + "\n" + message).utf8)
    }
}

extension Repository {
    /// The commit `id`.
    public func commit(_ id: ObjectID) throws(RepositoryError) -> Commit {
        let (kind, bytes) = try object(id)
        guard kind == .commit, let commit = Commit(id, bytes) else {
            throw .badObject("object \(id) is not a commit")
        }
        return commit
    }

    /// The commit that `expression` (`HEAD~2`, a branch, a short id) names; nil where it
    /// names none.
    public func commitID(_ expression: String) throws(RepositoryError) -> ObjectID? {
        var object: OpaquePointer?
        let result = unsafe git_revparse_single(&object, handle.pointer, expression)
        guard result == 0, let object = unsafe object else {
            git_error_clear()
            return nil
        }
        let named = unsafe Handle<ObjectKind>(object)
        var commit: OpaquePointer?
        guard unsafe git_object_peel(&commit, named.pointer, GIT_OBJECT_COMMIT) == 0,
            let commit = unsafe commit
        else {
            git_error_clear()
            return nil
        }
        let peeled = unsafe Handle<ObjectKind>(commit)
        return unsafe ObjectID(git_object_id(peeled.pointer).pointee)
    }

    /// Whether `ancestor` is `commit` or can be reached from it.
    public func isAncestor(
        _ ancestor: ObjectID, of commit: ObjectID
    ) throws(RepositoryError) -> Bool {
        if ancestor == commit { return true }
        let shallow = try shallowCommits()
        guard shallow.isEmpty else {
            return try commits(from: commit, hiding: nil, shallow: shallow).contains(ancestor)
        }
        var one = commit.oid
        var other = ancestor.oid
        let result = unsafe git_graph_descendant_of(handle.pointer, &one, &other)
        return try lifting { try LibGit2.check("git_graph_descendant_of", result) } == 1
    }
}
