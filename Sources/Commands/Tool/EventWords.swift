import History
import Platform

extension EventFailure {
    /// The failure in words.
    var text: String {
        switch self {
        case .log(let why): "an event could not be logged: \(why)"
        case .hookFailed(let name, let status):
            "the program of docvc.hook.\(name) ended with status \(status)"
        case .hookTimedOut(let name, let limit):
            "the program of docvc.hook.\(name) was killed after \(limit.components.seconds) s"
                + " (docvc.hookTimeout)"
        case .hookNotRun(let name, let failure):
            "the program of docvc.hook.\(name) could not be run: \(failure.errno)"
        }
    }
}

extension ErrorWriter {
    /// The words for what keeps documents from being watched, or opened in an editor.
    func reportWatching(_ error: HistoryError) -> ErrorReport {
        switch error {
        case .watched(let holder):
            return ErrorReport(
                .locked, code: "watched",
                "the work tree is watched already, by \(name(holder)); nothing was changed",
                remedies: [Remedy(choice: "see what it does", command: docvc("events --follow"))])
        case .watchLimit(let setting):
            let value = setting.hasSuffix("watches") ? 1_048_576 : 1_024
            return ErrorReport(
                .failed, code: "watch-limit",
                "the system lets this user watch no more (\(setting)); nothing was changed",
                remedies: [
                    Remedy(choice: "raise the limit", command: "sudo sysctl \(setting)=\(value)"),
                    Remedy(choice: "watch less", command: docvc("watch PATH")),
                ])
        case .beingEdited(let path, let holder):
            return ErrorReport(
                .locked, code: "being-edited",
                "'\(path)' is open in an editor already, by \(name(holder)); nothing was changed",
                path: path,
                remedies: [
                    Remedy(choice: "see its operations", command: docvc("history", path))
                ])
        default:
            return report(error)
        }
    }

    private func name(_ holder: String) -> String {
        holder.isEmpty ? "another process" : holder
    }
}
