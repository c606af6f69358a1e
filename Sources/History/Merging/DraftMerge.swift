import Git
import Merging
import Migrations
import Platform
import SystemPackage

/// What a merge of a draft with another text came to.
struct MergedText {
    let bytes: [UInt8]
    /// How many conflicts are in it.
    let conflicts: Int
    /// Whether a program or the policy decided something: then words of theirs may be missing.
    var isDecided = false
}

/// What a merge of a draft with what others wrote left to do.
struct DraftMergeOutcome {
    /// How many conflicts are in the draft.
    var conflicts = 0
    /// The text on disk, where nobody can tell that the draft has all of it.
    var kept: KeptText?
}

extension Workspace {
    /// Merges the draft of `session` with what the document became meanwhile, on disk and in
    /// HEAD, and notes the result as the draft.
    ///
    /// The disk comes first. HEAD's version is merged too where the disk does not have it: by
    /// the rules of a merge what the disk has of it already changes nothing. Where a program or the
    /// policy gave up words of the disk's, its text is kept.
    func mergeMeanwhile(
        _ session: inout Session, by choice: ConflictChoice
    ) throws(HistoryError) -> DraftMergeOutcome {
        let path = session.path
        let facts = try facts(of: path)
        let baseline = session.state.baseline
        guard let draft = session.draft, let disk = facts.disk.text else {
            throw .badPath(path, .missing)
        }
        var merged = MergedText(bytes: draft, conflicts: 0)
        if disk != baseline.text {
            merged = try merge(
                path, base: baseline.text ?? [], ours: merged.bytes, theirs: disk,
                theirName: "disk",
                by: choice)
        }
        let isDecided = merged.isDecided
        if merged.conflicts == 0, let head = facts.head, head.id != baseline.head?.id,
            try cleanID(of: disk, path) != head.id
        {
            let base = try baseline.head.map { (entry) throws(HistoryError) in
                try smudged(entry, path)
            }
            merged = try merge(
                path, base: base ?? [], ours: merged.bytes, theirs: smudged(head, path),
                theirName: "HEAD", by: choice)
        }
        var outcome = DraftMergeOutcome(conflicts: merged.conflicts)
        if isDecided, ![draft, merged.bytes, baseline.text].contains(disk),
            try facts.head?.id != cleanID(of: disk, path)
        {
            outcome.kept = try keep(
                disk, of: path,
                because: "\(Divergence.Kind.modifiedOnDisk.rawValue), settled by \(choice.rawValue)"
            )
        }
        if merged.bytes != draft {
            try session.perform(
                .merge, "merge with what others wrote", merged.bytes,
                Authorship(in: self, source: .merge))
        }
        try session.rebase(.init(text: disk, head: facts.head))
        try session.write(in: self)
        return outcome
    }

    /// Merges `ours`, the draft, with `theirs`.
    func merge(
        _ path: String, base: [UInt8], ours: [UInt8], theirs: [UInt8], theirName: String,
        by choice: ConflictChoice
    ) throws(HistoryError) -> MergedText {
        if choice == .hook {
            return try mergeByHook(path, base: base, ours: ours, theirs: theirs)
        }
        let settings = try MergeSettings(of: repository)
        guard settings.problems.isEmpty else { throw .malformedPolicy(settings.problems) }
        var options = MergeOptions(
            style: settings.style, markerSize: try conflictMarkerSize(of: path),
            labels: .init(ours: "draft", base: "baseline", theirs: theirName))
        settings.apply(to: &options, for: path)
        let versions = prepareMerge(of: path, base: base, ours: ours, theirs: theirs)
        let result = DocumentMerge(options).merge(
            base: versions.base, ours: versions.ours, theirs: versions.theirs)
        if result.conflicts.contains(where: { $0.reason == .binary }) { throw .notText(path) }
        return MergedText(
            bytes: result.bytes, conflicts: result.conflicts.count,
            isDecided: result.account.contains { $0.rule.givesUpWords })
    }
}
