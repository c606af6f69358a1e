import Documents
import Git
import History
import Merging
import Platform
import SystemPackage

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
                remedies: [
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
                    Remedy(choice: "settle them", command: docvc("edit \(quote(path))")),
                    Remedy(choice: "see them", command: docvc("show --draft \(quote(path))")),
                    Remedy(choice: "take the merge back", command: docvc("undo \(quote(path))")),
                ])
        case .notText(let path):
            return ErrorReport(
                .refused, code: "not-text", "'\(path)' is no text that could be merged", path: path)
        case .malformedPolicy(let problems):
            return malformedPolicy(problems.map { ($0.position, $0.message) })
        case .mergeHookFailed(let path, let failure):
            return ErrorReport(
                .refused, code: "hook-failed",
                "the program in docvc.mergeHook did not merge '\(path)': it \(describe(failure));"
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

    // MARK: Divergence

    private func report(_ divergences: [Divergence]) -> ErrorReport {
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

    private func report(
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

    private func describe(_ failure: MergeHookFailure) -> String {
        switch failure {
        case .status(let status): "ended with status \(status)"
        case .timedOut(let limit):
            "was killed after \(limit.components.seconds) s (docvc.hookTimeout)"
        case .notRun(let failure): "could not be run: \(failure.errno)"
        case .noResult: "left no result in its second file"
        case .unmarkedConflicts(let status):
            "told of conflicts (status \(status)) and marked none"
        }
    }

    private func describe(_ divergence: Divergence) -> String {
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
    private func git(_ words: String) -> String {
        (["git"] + (place?.options ?? []).map { Shell.quote($0) } + [words])
            .joined(separator: " ")
    }

    // MARK: Repository and files

    func report(_ error: RepositoryError) -> ErrorReport {
        switch error {
        case .notFound(let folder):
            return ErrorReport(
                .unsupported, code: "no-repository", "no Git repository at \(folder) or above it",
                remedies: [Remedy(choice: "make one", command: "git init")])
        case .unsupported(let what, let remedy):
            return ErrorReport(
                .unsupported, code: "unsupported-repository", "docvc cannot work with \(what)",
                remedies: remedy.map { [Remedy(choice: "go on", command: $0)] } ?? [])
        case .notOwned(let path):
            return ErrorReport(
                .unsupported, code: "not-owned", "the repository \(path) belongs to another user",
                remedies: [
                    Remedy(
                        choice: "trust it",
                        command: "git config --global --add safe.directory "
                            + Shell.quote(path.string))
                ])
        case .locked(let path):
            return ErrorReport(
                .locked, code: "locked",
                "another Git process holds \(path); nothing was changed",
                remedies: [
                    Remedy(
                        choice: "see whether one runs", command: "pgrep -a git"),
                    Remedy(
                        choice: "remove a lock that a crash left",
                        command: "rm \(Shell.quote(path.string))"),
                ])
        case .moved(let reference, let current):
            return ErrorReport(
                .locked, code: "moved",
                "\(reference) was moved to \(current?.short ?? "nothing") by another program")
        case .badObject(let what):
            return ErrorReport(
                .failed, code: "bad-object", "the repository is damaged or not complete: \(what)",
                remedies: [Remedy(choice: "check it", command: git("fsck"))])
        case .badIndex(let why):
            return ErrorReport(
                .failed, code: "bad-index", "the index cannot be read: \(why)",
                remedies: [
                    Remedy(choice: "write it anew", command: "rm .git/index && git reset")
                ])
        case .badSetting(let name, let why):
            return ErrorReport(.usage, code: "bad-setting", "\(name): \(why)")
        case .noIdentity(let role):
            return ErrorReport(
                .refused, code: "no-identity", "nobody is named as \(role) of the commit",
                remedies: [
                    Remedy(choice: "say who you are", command: git("config user.name 'Your Name'")),
                    Remedy(
                        choice: "give an address", command: git("config user.email you@example.org")
                    ),
                ])
        case .hookFailed(let name, let status):
            return ErrorReport(
                .refused, code: "hook-failed",
                "the \(name) hook refused with status \(status); nothing was changed",
                remedies: [
                    Remedy(choice: "leave the hooks out", command: again("--no-verify"))
                ])
        case .notSigned(let why):
            return ErrorReport(
                .refused, code: "not-signed",
                "commit.gpgSign asks for a signature, and there is none: \(why)",
                remedies: [
                    Remedy(choice: "save unsigned", command: git("config commit.gpgSign false"))
                ])
        case .program(let failure):
            return ErrorReport(
                .failed, code: "program", "cannot run \(failure.name): \(failure.errno)")
        case .file(let error):
            return report(error)
        case .git(let error):
            // libgit2 keeps the system's reason only as the end of its message.
            let isFull = ["No space left on device", "Disk quota exceeded"].contains {
                error.message.hasSuffix($0)
            }
            return ErrorReport(
                .failed, code: isFull ? "io" : "git",
                "libgit2 failed: \(error); nothing was changed",
                remedies: isFull ? [Remedy(choice: "see what is full", command: "df -h .")] : [])
        }
    }

    func report(_ error: FileError) -> ErrorReport {
        var remedies: [Remedy] = []
        switch error.errno {
        case .noSpace, Errno(rawValue: 122):
            remedies = [Remedy(choice: "see what is full", command: "df -h .")]
        case .permissionDenied, .notPermitted:
            // A file that was to be made is not there to be looked at.
            let isNew = error.call != .open || error.path.extension == "tmp"
            let path = isNew ? error.path.removingLastComponent() : error.path
            remedies = [
                Remedy(choice: "see who may", command: "ls -ld \(Shell.quote(path.string))")
            ]
        default:
            break
        }
        return ErrorReport(
            .failed, code: "io", "\(error); nothing was changed", remedies: remedies)
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
