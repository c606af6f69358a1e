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

    /// The command as it was typed, with another message.
    private func withMessage(_ message: String) -> String {
        var writer = self
        writer.arguments = []
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "-m" || word == "--message" {
                rest = rest.dropFirst()
            } else if !word.hasPrefix("--message=") {
                writer.arguments.append(word)
            }
        }
        return writer.again("-m", message)
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
                    Remedy(choice: "part them", command: partingNames(of: path))
                ])
        case .hookStagedOthers(let paths):
            return ErrorReport(
                .refused, code: "hook-staged-others",
                "the pre-commit hook staged files that are not being saved: "
                    + paths.joined(separator: ", "),
                remedies: [
                    withoutHook("pre-commit")
                ])
        case .hookKeepsChanging(let paths):
            return ErrorReport(
                .refused, code: "hook-keeps-changing",
                "the pre-commit hook changes what is to be saved on disk each time it runs: "
                    + paths.joined(separator: ", ") + "; nothing was saved",
                remedies: [
                    withoutHook("pre-commit")
                ])
        case .hookChangedDraft(let path, let isOnDisk):
            return ErrorReport(
                .refused, code: "hook-changed-draft",
                "the pre-commit hook staged another version of '\(path)' than "
                    + (isOnDisk ? "is on disk" : "its draft"), path: path,
                remedies: [
                    withoutHook("pre-commit"),
                    Remedy(
                        choice: "see the difference", command: docvc("diff --disk", path)),
                ])
        case .badMessage(let why, let hook):
            return ErrorReport(
                .refused, code: "bad-message", "the commit message cannot be used: \(why)",
                remedies: [
                    hook.map { withoutHook($0) }
                        ?? Remedy(choice: "give another", command: withMessage("What changed"))
                ])
        case .badValue(let name, let value, let expected):
            return ErrorReport(
                .usage, code: "bad-value", "\(name) is '\(value)', not \(expected)",
                remedies: name.hasPrefix("docvc.")
                    ? [
                        Remedy(
                            choice: "see where it is set",
                            command: git("config --show-origin --get-all \(name)"))
                    ] : [])
        case .unknownRevision(let name):
            return ErrorReport(
                .noDocument, code: "unknown-revision",
                "no revision or commit '\(name)' in the history of HEAD",
                remedies: [Remedy(choice: "list the revisions", command: docvc("log"))])
        case .noCommit:
            return ErrorReport(
                .noDocument, code: "unknown-revision", "there is no commit yet",
                remedies: [
                    Remedy(choice: "save all that is there", command: docvc("save --all"))
                ])
        case .notInRevision(let path, let revision):
            return ErrorReport(
                .noDocument, code: "not-in-revision", "'\(path)' is not in \(revision)", path: path,
                remedies: [
                    Remedy(
                        choice: "see which commits have it",
                        command: git("log --oneline --all --", path))
                ])
        case .nothingToUndo(let path, let available, let asked):
            return report(path, available, asked, "undo", "undone")
        case .nothingToRedo(let path, let available, let asked):
            return report(path, available, asked, "redo", "made again")
        case .draftIsGone(let path, let canRedo):
            let restore = canRedo ? "redo" : "undo"
            return ErrorReport(
                .refused, code: "draft-is-gone",
                "the draft of '\(path)' is that there be no document; saving would remove the file",
                path: path,
                remedies: [
                    Remedy(choice: "bring the text back", command: docvc(restore, path)),
                    Remedy(
                        choice: "save the deletion",
                        command: git("rm --ignore-unmatch", path) + " && "
                            + docvc("save --deleted", path)),
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
                remedies: kept.map {
                    Remedy(choice: "read what was kept", command: docvc("recover show \($0.id)"))
                } + settlingDraft(path) + [
                    Remedy(choice: "see them", command: docvc("show --draft", path)),
                    Remedy(choice: "take the merge back", command: docvc("undo", path)),
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
                    Remedy(choice: "see what is open", command: docvc("resolve", path))
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
                    Remedy(choice: "see both", command: docvc("diff --disk", path)),
                    Remedy(
                        choice: "merge without it",
                        command: docvc("save --on-conflict merge", path)),
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
                .usage, code: "other-session", "the session \(id) is that of '\(path)'", path: path,
                remedies: [
                    Remedy(choice: "see its operations", command: docvc("history \(quote(path))"))
                ])
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
            Remedy(choice: "see the operations", command: docvc("history", path))
        ]
        if available > 0 {
            remedies.append(
                Remedy(
                    choice: "\(verb) those",
                    command: docvc("\(verb) --steps \(available)", path)))
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
        case .deleted:
            return refuse(
                .noDocument, "is gone from the disk",
                [
                    Remedy(
                        choice: "bring it back",
                        command: docvc("restore --revision HEAD --save", path)),
                    Remedy(choice: "save the deletion", command: docvc("save --deleted", path)),
                ])
        case .empty:
            return refuse(.noDocument, "is not a name")
        case .folder:
            let all = Remedy(choice: "save all that changed", command: docvc("save --all"))
            let isSave = arguments.contains("save")
            return refuse(
                .noDocument, "is a folder, not a document",
                [Remedy(choice: "see what Git has there", command: git("ls-files --", path))]
                    + (isSave && !arguments.contains("--all") ? [all] : []))
        case .device:
            return refuse(
                .noDocument, "is not a file: a device, pipe or socket, or a link to a folder",
                [look(path)])
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
            return refuse(
                .noDocument, "is a symbolic link that leads nowhere", [look(path)])
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
                        command: git("add -f", path) + " && "
                            + docvc("save", path)),
                    Remedy(
                        choice: "see which line says so",
                        command: git("check-ignore -v", path)),
                ])
        case .outsideCheckout:
            // By its folder: the usual patterns are of folders only (cone mode).
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            return refuse(
                .noDocument, "is left out of this work tree (sparse checkout)",
                [
                    Remedy(
                        choice: "check it out",
                        command: folder.isEmpty
                            ? git("sparse-checkout disable") : git("sparse-checkout add", folder))
                ])
        }
    }

    /// What shows what lies at a path.
    func look(_ path: String) -> Remedy {
        Remedy(choice: "see what is there", command: "ls -ld \(file(path))")
    }

    /// How to do it without the hook `name`, if that can be.
    func withoutHook(_ name: String) -> Remedy {
        // `--no-verify` leaves this one in its place, as Git does.
        name == "prepare-commit-msg" || arguments.contains("--no-verify")
            ? Remedy(
                choice: "see the hook",
                command: "ls -l \"$(\(git("rev-parse --path-format=absolute --git-path hooks")))\"")
            : Remedy(choice: "leave the hooks out", command: again("--no-verify"))
    }

    /// What parts the names of a file that has several.
    func partingNames(of path: String) -> String {
        let copy = file(place?.unused(path, ".copy") ?? path + ".copy")
        return "cp -p \(file(path)) \(copy) && mv \(copy) \(file(path))"
    }

    /// A document as it is named from where the command ran.
    func quote(_ path: String) -> String { place?.argument(path) ?? Shell.quote(path) }

    /// A file as other programs name it from where the command ran.
    func file(_ path: String) -> String { place?.file(path) ?? Shell.quote(path) }

    /// A command of docvc's, run from where this one ran.
    func docvc(_ words: String) -> String { place?.docvc(words) ?? "docvc \(words)" }

    /// A command of docvc's for a document, run from where this one ran.
    func docvc(_ words: String, _ path: String) -> String {
        place?.docvc(words, path) ?? "docvc \(words) \(Shell.quote(path))"
    }

    /// A command of Git's, run from where this one ran.
    func git(_ words: String) -> String { place?.git(words) ?? "git \(words)" }

    /// A command of Git's for a document, run from where this one ran.
    func git(_ words: String, _ path: String) -> String { git("\(words) \(quote(path))") }
}

extension HistoryError.BadPath {
    /// The error's code in JSON.
    fileprivate var code: String {
        switch self {
        case .missing, .deleted, .empty, .unreadableName: "no-such-document"
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
