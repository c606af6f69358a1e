import Git
import History
import Platform

/// The words for divergences, and what can be done about each.
extension ErrorWriter {
    func report(_ divergences: [Divergence]) -> ErrorReport {
        let lines = divergences.map { "'\($0.path)' \(describe($0))" }
        let remedies =
            divergences.count == 1
            ? self.remedies(for: divergences[0])
            : [Remedy(choice: "see how each stands", command: docvc("status"))]
                + choices(for: divergences)
        return ErrorReport(
            .refused, code: divergences.first?.kind.rawValue ?? "diverged",
            before: lines.dropLast(), (lines.last ?? "") + "; nothing was changed",
            path: divergences.first?.path, details: ErrorReport.Details(divergences),
            remedies: remedies)
    }

    func report(
        _ operation: Repository.Unfinished, _ conflicts: [Divergence]
    ) -> ErrorReport {
        let name = operation.rawValue
        let paths = conflicts.map { quote($0.path) }.joined(separator: " ")
        let open = conflicts.filter(\.holdsConflicts)
        let lines = conflicts.map { "'\($0.path)' \(describe($0))" }
        let why = "a \(name) waits for its commit, and a commit of single documents would break it"
        let finish = git("\(name) --continue")
        // Not while conflicts are open: Git would commit their markers.
        let finishing =
            open.isEmpty
            ? [
                Remedy(
                    choice: "finish it",
                    command: paths.isEmpty ? finish : git("add \(paths)") + " && \(finish)")
            ] : []
        return ErrorReport(
            .refused, code: conflicts.isEmpty ? "unfinished-\(name)" : "unmerged",
            before: lines, why + "; nothing was changed",
            path: conflicts.first?.path, details: ErrorReport.Details(conflicts),
            remedies: open.flatMap { settling($0.path) } + finishing
                + (operation == .merge
                    ? [] : [Remedy(choice: "leave it out", command: git("\(name) --skip"))])
                + [Remedy(choice: "call it off", command: git("\(name) --abort"))])
    }

    /// How to settle the conflicts that the text on disk holds.
    func settling(_ path: String) -> [Remedy] {
        [
            Remedy(
                choice: "see what is open, and settle keys", command: docvc("resolve", path)),
            Remedy(choice: "settle it by hand", command: "${EDITOR:-vi} \(file(path))"),
        ]
    }

    /// How to settle the conflicts that the draft holds.
    func settlingDraft(_ path: String) -> [Remedy] {
        [
            Remedy(choice: "settle keys", command: docvc("resolve", path)),
            Remedy(choice: "settle them all", command: docvc("edit", path)),
        ]
    }

    /// The choices of `--on-conflict` that can settle all of them.
    private func choices(for divergences: [Divergence]) -> [Remedy] {
        let areOthers = divergences.allSatisfy {
            $0.kind == .modifiedOnDisk || $0.kind == .headMoved
        }
        guard areOthers else { return [] }
        return [
            Remedy(choice: "merge", command: again("--on-conflict", "merge")),
            Remedy(choice: "overwrite", command: again("--on-conflict", "overwrite")),
            Remedy(choice: "reload", command: again("--on-conflict", "reload")),
        ]
    }

    func describe(_ divergence: Divergence) -> String {
        func id(_ side: Divergence.Side?) -> String { side?.blob.short ?? "none" }
        let sides = "(\(id(divergence.baseline)), now \(id(divergence.current)))"
        return switch divergence.kind {
        case .modifiedOnDisk:
            "was changed on disk by another program \(sides)"
        case .headMoved: "was committed by another program \(sides)"
        case .deletedOnDisk: "is gone from the disk"
        case .replacedOnDisk: "is not a file any more: a link, folder or device took its place"
        case .unmerged:
            "has a merge conflict (ours \(id(divergence.baseline)), theirs \(id(divergence.current)))"
        }
    }

    /// What can be done about work whose document has become something else.
    func elsewhere(_ candidate: RecoveryCandidate) -> [Remedy] {
        let show = docvc("recover show \(candidate.id)")
        return [
            Remedy(choice: "see the work", command: show),
            Remedy(choice: "write it to another file", command: "\(show) >FILE"),
            Remedy(choice: "let go of it", command: docvc("recover discard \(candidate.id)")),
        ]
    }

    private func remedies(for divergence: Divergence) -> [Remedy] {
        switch divergence.kind {
        case .modifiedOnDisk, .headMoved:
            return [
                Remedy(choice: "see the difference", command: docvc("diff --disk", divergence.path))
            ] + choices(for: [divergence])
        case .deletedOnDisk where divergence.isOfDraft:
            return [
                Remedy(choice: "write it anew", command: again("--on-conflict", "overwrite")),
                Remedy(choice: "see the draft", command: docvc("show --draft", divergence.path)),
            ]
        case .deletedOnDisk:
            return [
                Remedy(choice: "save the deletion", command: again("--deleted")),
                Remedy(
                    choice: "bring it back",
                    command: docvc("restore --revision HEAD --save", divergence.path)),
            ]
        case .replacedOnDisk:
            // What took its place is somebody's: it is moved, not overwritten.
            let aside = file(place?.unused(divergence.path, ".aside") ?? divergence.path + ".aside")
            return [
                look(divergence.path),
                Remedy(
                    choice: "move that aside",
                    command: "mv -nT \(file(divergence.path)) \(aside)"),
            ]
        case .unmerged:
            let add = git("add", divergence.path)
            let overwrite = again("--on-conflict", "overwrite")
            if divergence.isOfDraft, !arguments.contains("overwrite") {
                return [Remedy(choice: "take the draft for the answer", command: overwrite)]
                    + settling(divergence.path)
            }
            if divergence.holdsConflicts { return settling(divergence.path) }
            return [
                Remedy(choice: "say that it is settled", command: add),
                Remedy(choice: "take the text on disk", command: overwrite),
            ]
        }
    }
}
