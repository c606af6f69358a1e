import Documents
import History
import Merging

/// The words for every error, in one place.
struct ErrorWriter {
    /// The command's arguments, for remedies that run it again with one more.
    var arguments: [String] = []
    /// Where the command ran; nil where it did not come that far.
    var place: CommandPlace?

    typealias Remedy = ErrorReport.Remedy

    /// The command as it was typed, with `more` at its end.
    func again(_ more: String...) -> String {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return (["docvc"] + arguments[..<end] + more + arguments[end...])
            .map { Shell.quote($0) }.joined(separator: " ")
    }

    func report(_ error: HistoryError) -> ErrorReport {
        switch error {
        case .badPath(let path, let reason):
            return report(path, reason)
        case .diverged(let divergences):
            return report(divergences)
        case .refusedEdit(let path, let error, let near):
            return report(path, error, near)
        case .unfinished(let operation, let conflicts):
            return report(operation, conflicts)
        case .busy(let holder):
            let who = holder.isEmpty ? "another process" : holder
            return ErrorReport(
                .locked, code: "locked", "the repository is locked by \(who); nothing was changed",
                remedies: [
                    Remedy(choice: "try again", command: again()),
                    Remedy(choice: "wait longer", command: "DOCVC_LOCK_TIMEOUT=60s \(again())"),
                ])
        case .watched, .watchLimit, .beingEdited:
            return reportWatching(error)
        case .hardLinked(let path):
            return ErrorReport(
                .refused, code: "hard-linked",
                "'\(path)' has several names (hard links); writing it would part them", path: path,
                remedies: [
                    Remedy(
                        choice: "part them",
                        command:
                            "cp -p \(quote(path)) \(quote(path + ".copy")) && mv \(quote(path + ".copy")) \(quote(path))"
                    )
                ])
        case .hookStagedOthers(let paths):
            return ErrorReport(
                .refused, code: "hook-staged-others",
                "the pre-commit hook staged files that are not being saved: "
                    + paths.joined(separator: ", "),
                remedies: [
                    Remedy(choice: "leave the hook out", command: again("--no-verify")),
                    Remedy(choice: "commit with Git", command: git("commit")),
                ])
        case .hookKeepsChanging(let paths):
            return ErrorReport(
                .refused, code: "hook-keeps-changing",
                "the pre-commit hook changes what is to be saved on disk each time it runs: "
                    + paths.joined(separator: ", ") + "; nothing was saved",
                remedies: [
                    Remedy(choice: "leave the hook out", command: again("--no-verify"))
                ])
        case .badMessage(let why):
            return ErrorReport(
                .refused, code: "bad-message", "the commit message cannot be used: \(why)",
                remedies: [
                    Remedy(choice: "give one", command: docvc("save PATH -m 'What changed'"))
                ])
        case .badValue(let name, let value, let expected):
            return ErrorReport(
                .usage, code: "bad-value", "\(name) is '\(value)', not \(expected)")
        case .unknownRevision(let name):
            return ErrorReport(
                .noDocument, code: "unknown-revision",
                "no revision or commit '\(name)' in the history of HEAD",
                remedies: [Remedy(choice: "list the revisions", command: docvc("log"))])
        case .notInRevision(let path, let revision):
            return ErrorReport(
                .noDocument, code: "not-in-revision", "'\(path)' is not in \(revision)", path: path,
                remedies: [
                    Remedy(choice: "list its revisions", command: docvc("log \(quote(path))"))
                ])
        case .nothingToUndo(let path, let available, let asked):
            return report(path, available, asked, "undo", "undone")
        case .nothingToRedo(let path, let available, let asked):
            return report(path, available, asked, "redo", "made again")
        case .draftIsGone(let path):
            return ErrorReport(
                .refused, code: "draft-is-gone",
                "the draft of '\(path)' is that there be no document; saving would remove the file",
                path: path,
                remedies: [
                    Remedy(choice: "make it again", command: docvc("redo \(quote(path))")),
                    Remedy(choice: "remove it", command: git("rm \(quote(path))")),
                ])
        case .recoveryDiverged(let candidate, let divergence):
            return ErrorReport(
                .refused, code: divergence.kind.rawValue,
                "'\(candidate.path)' moved on since that work was left: it \(describe(divergence)); nothing was changed",
                path: candidate.path, details: ErrorReport.Details([divergence]),
                remedies: divergence.kind == .replacedOnDisk
                    ? elsewhere(candidate)
                    : [
                        Remedy(
                            choice: "see the work", command: docvc("recover show \(candidate.id)")),
                        Remedy(
                            choice: "merge the two",
                            command: docvc("recover apply \(candidate.id) --on-conflict merge")),
                        Remedy(
                            choice: "make it the draft all the same",
                            command: docvc("recover apply \(candidate.id) --on-conflict force")),
                    ])
        case .noCandidate(let id):
            return ErrorReport(
                .noDocument, code: "no-candidate", "no unsaved work has the id \(id)",
                remedies: [
                    Remedy(choice: "see what there is", command: docvc("recover list"))
                ])
        case .conflicts(let path, let count, let kept):
            return ErrorReport(
                .refused, code: "conflicts",
                "the draft of '\(path)' holds \(count) conflict\(count == 1 ? "" : "s") of a merge; nothing was saved",
                path: path,
                remedies: kept.map { Remedy(choice: "read what was kept", command: $0.command) } + [
                    Remedy(choice: "settle keys", command: docvc("resolve \(quote(path))")),
                    Remedy(choice: "settle them all", command: docvc("edit \(quote(path))")),
                    Remedy(choice: "see them", command: docvc("show --draft \(quote(path))")),
                    Remedy(choice: "take the merge back", command: docvc("undo \(quote(path))")),
                ])
        case .notUnmerged(let path):
            return ErrorReport(
                .refused, code: "not-unmerged",
                "no merge left '\(path)' open; nothing was changed", path: path,
                remedies: [
                    Remedy(choice: "see what is open", command: docvc("status"))
                ])
        case .noConflict(let path, let key, let open):
            let keys = open.map(\.description).joined(separator: ", ")
            return ErrorReport(
                .refused, code: "no-conflict",
                "'\(path)' has no conflict about \(key); nothing was changed"
                    + (open.isEmpty ? "" : "; open are \(keys)"), path: path,
                remedies: [
                    Remedy(choice: "see what is open", command: docvc("resolve \(quote(path))"))
                ])
        case .notText(let path):
            return ErrorReport(
                .refused, code: "not-text", "'\(path)' is no text that could be merged", path: path)
        case .malformedPolicy(let problems):
            return malformedPolicy(problems.map { ($0.position, $0.message) })
        case .mergeHookFailed(let path, let failure):
            return ErrorReport(
                .refused, code: "hook-failed",
                "the program in docvc.mergeHook did not merge '\(path)': \(failure);"
                    + " nothing was changed", path: path,
                remedies: [
                    Remedy(choice: "see both", command: docvc("diff --disk \(quote(path))")),
                    Remedy(
                        choice: "merge without it",
                        command: docvc("save --on-conflict merge \(quote(path))")),
                ])
        case .nothingNamed:
            return ErrorReport(
                .usage, code: "usage", "name the documents to save",
                remedies: [
                    Remedy(choice: "save all that changed", command: docvc("save --all")),
                    Remedy(choice: "see what changed", command: docvc("status")),
                ])
        case .otherSession(let id, let path):
            return ErrorReport(
                .usage, code: "other-session", "the session \(id) is that of '\(path)'", path: path)
        case .sessionOfSeveral:
            return ErrorReport(
                .usage, code: "session-of-several",
                "--session names the session of one document; several are one of their own")
        case .unsettled(let cause):
            let why = report(cause).reason.replacing("; nothing was changed", with: "")
            return ErrorReport(
                .failed, code: "unsettled",
                "the change failed and could not be taken back: \(why)",
                remedies: [
                    Remedy(choice: "see what came of it", command: docvc("status"))
                ])
        case .badState(let why):
            return ErrorReport(
                .failed, code: "bad-state", "docvc's own state cannot be used: \(why)")
        case .repository(let error):
            return report(error)
        case .file(let error):
            return report(error)
        }
    }

    private func report(
        _ path: String, _ available: Int, _ asked: Int, _ verb: String, _ done: String
    ) -> ErrorReport {
        let why =
            available == 0
            ? "nothing can be \(done)"
            : "only \(available) of \(asked) operations can be \(done); nothing was changed"
        var remedies = [
            Remedy(choice: "see the operations", command: docvc("history \(quote(path))"))
        ]
        if available > 0 {
            remedies.append(
                Remedy(
                    choice: "\(verb) those",
                    command: docvc("\(verb) \(quote(path)) --steps \(available)")))
        }
        return ErrorReport(
            .refused, code: "nothing-to-\(verb)", "'\(path)': \(why)", path: path,
            remedies: remedies)
    }

    // MARK: Paths

    private func report(_ path: String, _ reason: HistoryError.BadPath) -> ErrorReport {
        let shown = path.isEmpty ? "''" : "'\(path)'"
        func refuse(
            _ status: ExitStatus, _ why: String, _ remedies: [Remedy] = []
        ) -> ErrorReport {
            ErrorReport(
                status, code: reason.code, "\(shown) \(why)", path: path, remedies: remedies)
        }
        switch reason {
        case .missing:
            return refuse(
                .noDocument, "does not exist",
                [Remedy(choice: "see the documents that changed", command: docvc("status"))])
        case .empty:
            return refuse(.noDocument, "is not a name")
        case .folder:
            return refuse(
                .noDocument, "is a folder, not a document",
                [Remedy(choice: "save all that changed", command: docvc("save --all"))])
        case .device:
            return refuse(.noDocument, "is not a file: a device, pipe or socket")
        case .outside:
            return refuse(
                .noDocument, "lies outside the work tree",
                [
                    Remedy(
                        choice: "see where the work tree is",
                        command: git("rev-parse --show-toplevel"))
                ])
        case .insideGit:
            return refuse(.noDocument, "lies in Git's own folder")
        case .otherRepository:
            return refuse(.noDocument, "belongs to another repository inside this one")
        case .danglingLink:
            return refuse(.noDocument, "is a symbolic link that leads nowhere")
        case .lookAlike:
            return refuse(
                .refused,
                "looks like another name in this save, spelt with other Unicode characters; save"
                    + " them one at a time")
        case .tooLarge:
            return refuse(.refused, "is larger than a document may be (256 MiB)")
        case .unreadableName:
            return refuse(.noDocument, "is not a name in UTF-8")
        case .ignored:
            return refuse(
                .refused, "is new, and .gitignore says to ignore it",
                [
                    Remedy(
                        choice: "save it all the same",
                        command: git("add -f \(quote(path))") + " && "
                            + docvc("save \(quote(path))")),
                    Remedy(
                        choice: "see which line says so",
                        command: git("check-ignore -v \(quote(path))")),
                ])
        case .outsideCheckout:
            return refuse(
                .noDocument, "is left out of this work tree (sparse checkout)",
                [
                    Remedy(
                        choice: "check it out", command: git("sparse-checkout add \(quote(path))"))
                ])
        }
    }

    /// A document as it is named from where the command ran.
    func quote(_ path: String) -> String {
        place?.argument(path) ?? Shell.quote(path)
    }

    /// A command of docvc's, run from where this one ran.
    func docvc(_ words: String) -> String {
        (["docvc"] + (place?.options ?? []).map { Shell.quote($0) } + [words])
            .joined(separator: " ")
    }

    /// A command of Git's, run from where this one ran.
    func git(_ words: String) -> String {
        (["git"] + (place?.options ?? []).map { Shell.quote($0) } + [words])
            .joined(separator: " ")
    }
}

extension HistoryError.BadPath {
    /// The error's code in JSON.
    fileprivate var code: String {
        switch self {
        case .missing, .empty, .unreadableName: "no-such-document"
        case .folder: "is-a-folder"
        case .device: "not-a-file"
        case .outside: "outside-work-tree"
        case .insideGit: "inside-git"
        case .otherRepository: "other-repository"
        case .danglingLink: "dangling-link"
        case .ignored: "ignored"
        case .outsideCheckout: "outside-checkout"
        case .lookAlike: "look-alike"
        case .tooLarge: "too-large"
        }
    }
}
