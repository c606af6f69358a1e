public import Git
public import Merging
import Synchronization

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
    /// How many of them merged histories that share nothing, and were left out.
    public private(set) var skipped = 0

    init() {}

    /// The documents that docvc's driver was asked about, with what it left open.
    private final class Asked: Sendable {
        let conflicts = Mutex<[String: [Conflict]]>([:])
    }

    fileprivate mutating func add(
        _ commit: Commit, _ policy: MergePolicy, _ merger: borrowing TreeMerger,
        in repository: borrowing Repository
    ) throws(RepositoryError) {
        guard commit.parents.count == 2 else { return }
        merges += 1
        let (ours, theirs) = (commit.parents[0], commit.parents[1])
        let bases = try repository.mergeBases(ours, theirs)
        if bases.isEmpty { skipped += 1 }
        // A look at the trees, which most merges pass: the merge itself reads all of them.
        guard try bothChangedDocuments(since: bases, ours, theirs, in: repository) else { return }
        let asked = Asked()
        let driver = FileMergeDriver { file in
            guard isDocument(file.path) else { return .passedOn }
            let result = DocumentMerge(MergeOptions(isVirtual: file.isVirtual, policy: policy))
                .merge(base: file.base ?? [], ours: file.ours, theirs: file.theirs)
            if !file.isVirtual { asked.conflicts.withLock { $0[file.path] = result.conflicts } }
            return result.isClean ? .merged(result.bytes) : .conflict
        }
        let docvc = try merger.merge(ours, theirs, by: driver)
        let git = try merger.merge(ours, theirs)
        for (path, conflicts) in asked.conflicts.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            guard let committed = try repository.entry(path, in: commit.tree)?.id else { continue }
            documents.append(
                Document(
                    commit: commit.id, path: path,
                    git: MergeReplay.outcome(git.outcome(at: path), committed),
                    docvc: MergeReplay.outcome(docvc.outcome(at: path), committed),
                    conflicts: conflicts))
        }
    }

    /// Whether two commits both changed, or both added, a document.
    private func bothChangedDocuments(
        since bases: [ObjectID], _ ours: ObjectID, _ theirs: ObjectID,
        in repository: borrowing Repository
    ) throws(RepositoryError) -> Bool {
        for base in bases {
            let before = try repository.commit(base).tree
            let mine = try repository.changes(from: before, to: repository.commit(ours).tree)
            let others = try repository.changes(from: before, to: repository.commit(theirs).tree)
            for (path, entry) in mine where isDocument(path) {
                if let other = others[path], entry?.id != other?.id { return true }
            }
        }
        return false
    }

    private static func outcome(_ outcome: MergedTree.Outcome, _ committed: ObjectID) -> Outcome {
        switch outcome {
        case .merged(committed): .equal
        case .merged: .different
        case .conflict, .absent: .conflict
        }
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
            let merger = try TreeMerger(of: repository)
            var walk = try CommitWalk(from: start, hiding: end, in: repository)
            while let id = try walk.next() {
                try replay.add(repository.commit(id), policy, merger, in: repository)
            }
            return replay
        }
    }
}
