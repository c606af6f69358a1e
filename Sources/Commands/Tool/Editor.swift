import Glibc
import History
import Platform
import SystemPackage

/// The user's editor, as Git chooses it (git-var, "GIT_EDITOR").
struct Editor {
    /// How an edit ended.
    enum End {
        /// The editor ended with this status.
        case status(Int32)
        /// docvc was to end, by this signal.
        case signal(Int32)
    }

    /// The command line, for the shell.
    let command: String

    init(_ environment: [String: String], configured: String?) throws(CommandError) {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        let isDumb = environment["TERM"] == nil || environment["TERM"] == "dumb"
        if let command = value("GIT_EDITOR") ?? configured
            ?? (isDumb ? nil : value("VISUAL")) ?? value("EDITOR")
        {
            self.command = command
        } else if isDumb {
            throw .noEditor
        } else {
            command = "vi"
        }
    }

    /// Runs the editor on `copy` to its end, and takes what it writes meanwhile.
    func run(
        _ copy: inout EditorCopy, in workspace: borrowing Workspace, _ context: Context
    ) throws -> End {
        let signals = try Signals([SIGTERM, SIGHUP])
        // What the keyboard sends is the editor's.
        Signals.leaveKeyboardToOthers(true)
        defer { Signals.leaveKeyboardToOthers(false) }
        let program = Program(
            ["/bin/sh", "-c", "\(command) \"$@\"", command, copy.location.string],
            environment: context.world.environment, folder: context.world.currentFolder)
        ProcessFamily.keepTogether()
        var running = try program.start(
            outputToErrors: context.output.isJSON, inherited: [copy.lockDescriptor])
        while true {
            workspace.step(&copy)
            if let status = try running.status() { return .status(status) }
            if let number = signals.next() {
                copy.isInUse = !Editor.passOn(number)
                if copy.isInUse {
                    try context.output.notice(
                        "the editor has not ended; what it goes on to write is in \(copy.location)")
                }
                return .signal(number)
            }
            var patience = copy.nextStep.map { $0 - .now }
            if running.descriptor < 0 { patience = min(patience ?? .seconds(1), .milliseconds(50)) }
            Readiness.wait(
                for: [copy.descriptor, running.descriptor, signals.descriptor], atMost: patience)
        }
    }

    /// Passes a signal on to the editor, and to all that lies between; returns whether these
    /// ended then.
    private static func passOn(_ number: Int32) -> Bool {
        let family = ProcessFamily()
        // A terminal that goes away tells them all, and a second signal may be one too many.
        if family.hasEnded(within: .milliseconds(100)) { return true }
        family.signal(number)
        return family.hasEnded(within: .seconds(2))
    }
}
