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
            : [
                Remedy(choice: "see how each stands", command: docvc("status"))
            ]
        return ErrorReport(
            .refused, code: divergences.first?.kind.rawValue ?? "diverged",
            lines.joined(separator: "\ndocvc: ") + "; nothing was changed",
            path: divergences.first?.path, details: ErrorReport.Details(divergences),
            remedies: remedies)
    }

    func report(
        _ operation: Repository.Unfinished, _ conflicts: [Divergence]
    ) -> ErrorReport {
        let name = operation.rawValue
        let paths = conflicts.map { quote($0.path) }.joined(separator: " ")
        let lines = conflicts.map { "'\($0.path)' \(describe($0))" }
        let why = "a \(name) waits for its commit, and a commit of single documents would break it"
        let finish = git("\(name) --continue")
        return ErrorReport(
            .refused, code: conflicts.isEmpty ? "unfinished-\(name)" : "unmerged",
            (lines + [why]).joined(separator: "\ndocvc: ") + "; nothing was changed",
            path: conflicts.first?.path, details: ErrorReport.Details(conflicts),
            remedies: [
                Remedy(
                    choice: "finish it",
                    command: paths.isEmpty ? finish : git("add \(paths)") + " && \(finish)"),
                Remedy(choice: "call it off", command: git("\(name) --abort")),
            ])
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
        let path = quote(divergence.path)
        switch divergence.kind {
        case .modifiedOnDisk, .headMoved:
            return [
                Remedy(choice: "see the difference", command: docvc("diff --disk \(path)")),
                Remedy(choice: "merge", command: again("--on-conflict", "merge")),
                Remedy(choice: "overwrite", command: again("--on-conflict", "overwrite")),
                Remedy(choice: "reload", command: again("--on-conflict", "reload")),
            ]
        case .deletedOnDisk where divergence.isOfDraft:
            return [
                Remedy(choice: "write it anew", command: again("--on-conflict", "overwrite")),
                Remedy(choice: "see the draft", command: docvc("show --draft \(path)")),
            ]
        case .deletedOnDisk:
            return [
                Remedy(choice: "save the deletion", command: again("--deleted")),
                Remedy(
                    choice: "bring it back",
                    command: docvc("restore \(path) --revision HEAD --save")),
            ]
        case .replacedOnDisk:
            return [
                Remedy(choice: "see what is there", command: "ls -ld \(path)"),
                Remedy(choice: "bring it back", command: git("checkout HEAD -- \(path)")),
            ]
        case .unmerged:
            let settled = Remedy(choice: "say that it is settled", command: git("add \(path)"))
            // It was said already: the text on disk still holds the conflict's markers.
            if arguments.contains("overwrite") { return [settled] }
            return [
                settled,
                Remedy(
                    choice: "take the text on disk", command: again("--on-conflict", "overwrite")),
            ]
        }
    }
}
