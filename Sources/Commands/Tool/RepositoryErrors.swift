import Git
import Platform
import SystemPackage

/// The words for what Git and the file system refuse.
extension ErrorWriter {
    func report(_ error: RepositoryError) -> ErrorReport {
        if let missing = error.missingObject, place?.isInPartialClone ?? false {
            return ErrorReport(
                .unsupported, code: "partial-clone",
                "this is a partial clone, and docvc fetches nothing: \(missing);"
                    + " nothing was changed",
                remedies: [
                    Remedy(
                        choice: "fetch all that is missing",
                        command: git("fetch --refetch --no-filter"))
                ])
        }
        switch error {
        case .notFound(let folder):
            return ErrorReport(
                .unsupported, code: "no-repository", "no Git repository at \(folder) or above it",
                remedies: [Remedy(choice: "make one", command: git("init"))])
        case .unsupported(let what, let remedy):
            return ErrorReport(
                .unsupported, code: "unsupported-repository", "docvc cannot work with \(what)",
                remedies: remedy.map {
                    let words = $0.hasPrefix("git ") ? git(String($0.dropFirst(4))) : $0
                    return [Remedy(choice: "go on", command: words)]
                } ?? [])
        case .converted(let path, let attribute):
            return ErrorReport(
                .unsupported, code: "unsupported-repository",
                "'\(path)' is converted on its way into the repository (\(attribute)), "
                    + "which docvc does not do",
                remedies: [
                    Remedy(
                        choice: "commit it with Git",
                        command: git("add --", path) + " && " + git("commit --", path))
                ])
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
                    // Not removed: what is staged is nowhere else.
                    Remedy(
                        choice: "write it anew",
                        command:
                            "index=$(\(git("rev-parse --path-format=absolute --git-path index")))"
                            + " && mv \"$index\" \"$index.damaged\" && \(git("reset"))")
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
                remedies: [withoutHook(name)])
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
            let isThere = error.call == .open || error.call == .copyMetadata
            let isNew = !isThere || error.path.extension == "tmp"
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
