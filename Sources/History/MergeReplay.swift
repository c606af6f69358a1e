public import Git
public import Merging

/// The repository's own merges made again: by Git's driver and by docvc's, beside what people
/// committed.
public struct MergeReplay: Sendable {
    /// What a driver makes of a document, next to the committed text.
    public enum Outcome: String, Sendable, CaseIterable {
        /// Clean, and byte for byte what was committed.
        case equal
        /// Clean, and otherwise than was committed.
        case different
        /// Left to a person.
        case conflict
    }

    /// One document of one merge.
    public struct Document: Sendable {
        /// The merge commit.
        public let commit: ObjectID
        /// The document's path.
        public let path: String
        /// What Git's textual merge makes of it.
        public let git: Outcome
        /// What docvc makes of it.
        public let docvc: Outcome
        /// What docvc leaves open.
        public let conflicts: [Conflict]
    }

    /// The documents that both sides of a merge changed, newest merge first.
    public private(set) var documents: [Document] = []
    /// How many merges of two commits there were.
    public private(set) var merges = 0
    /// How many of them had no one base, and were left out.
    public private(set) var skipped = 0

    init() {}

    fileprivate mutating func add(
        _ commit: Commit, _ policy: MergePolicy, in repository: borrowing Repository
    ) throws(RepositoryError) {
        guard commit.parents.count == 2 else { return }
        merges += 1
        let bases = try repository.mergeBases(commit.parents[0], commit.parents[1])
        guard bases.count == 1 else {
            skipped += 1
            return
        }
        let base = try repository.commit(bases[0]).tree
        let ours = try repository.changes(
            from: base, to: repository.commit(commit.parents[0]).tree)
        let theirs = try repository.changes(
            from: base, to: repository.commit(commit.parents[1]).tree)
        for path in ours.keys.sorted() where isDocument(path) {
            guard case .some(.some(let mine)) = ours[path],
                case .some(.some(let other)) = theirs[path], mine.id != other.id,
                let result = try repository.entry(path, in: commit.tree)
            else { continue }
            let before = try repository.entry(path, in: base)
            let texts = (
                base: try before.map { (entry) throws(RepositoryError) in
                    try repository.blob(entry.id)
                } ?? [],
                ours: try repository.blob(mine.id), theirs: try repository.blob(other.id)
            )
            let committed = try repository.blob(result.id)
            let textual = TextualMerge(
                base: texts.base, ours: texts.ours, theirs: texts.theirs,
                markerSize: ConflictMarkers.size, labels: ("ours", "theirs"))
            let merged = DocumentMerge(MergeOptions(policy: policy)).merge(
                base: texts.base, ours: texts.ours, theirs: texts.theirs)
            documents.append(
                Document(
                    commit: commit.id, path: path,
                    git: MergeReplay.outcome(
                        textual?.isClean ?? false, textual?.bytes ?? [], committed),
                    docvc: MergeReplay.outcome(merged.isClean, merged.bytes, committed),
                    conflicts: merged.conflicts))
        }
    }

    private static func outcome(
        _ isClean: Bool, _ bytes: [UInt8], _ committed: [UInt8]
    ) -> Outcome {
        isClean ? bytes == committed ? .equal : .different : .conflict
    }
}

extension Workspace {
    /// Makes merges again that were committed.
    ///
    /// - Parameters:
    ///   - range: `A..B`, or a commit and all that it reaches; nil is HEAD.
    ///   - policy: how docvc merges.
    /// - Throws: `unknownRevision` where the range names no commits.
    public func replayMerges(
        in range: String?, policy: MergePolicy
    ) throws(HistoryError) -> MergeReplay {
        func commit(_ name: String) throws(HistoryError) -> ObjectID {
            let named = name.isEmpty ? "HEAD" : name
            guard let id = try lifting({ try repository.commitID(named) }) else {
                throw .unknownRevision(named)
            }
            return id
        }
        let parts = (range ?? "HEAD").split(
            separator: "..", maxSplits: 1, omittingEmptySubsequences: false
        ).map(String.init)
        let start = try commit(parts.last ?? "")
        var hidden: ObjectID?
        if parts.count > 1 { hidden = try commit(parts[0]) }
        let end = hidden
        return try lifting {
            var replay = MergeReplay()
            var walk = try CommitWalk(from: start, hiding: end, in: repository)
            while let id = try walk.next() {
                try replay.add(repository.commit(id), policy, in: repository)
            }
            return replay
        }
    }
}
