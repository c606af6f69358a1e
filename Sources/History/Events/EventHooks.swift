import Git
public import Platform
import SystemPackage

/// The programs that the user's Git configuration names for events: `docvc.hook.<event>`.
///
/// Git's configuration is the user's own: no file of a cloned repository counts.
struct EventHooks: Sendable {
    /// The command lines, by the events' names.
    private let commands: [Event.Name: String]
    /// How long one may run.
    private let limit: Duration
    private let environment: [String: String]
    private let folder: FilePath

    /// Set for the programs, so that what they do with docvc runs no programs in turn.
    private static let mark = "DOCVC_HOOK"

    init(of repository: borrowing Repository) throws(HistoryError) {
        environment = repository.environmentAtTop
        folder = repository.workTree
        var commands: [Event.Name: String] = [:]
        var seconds: Int64 = 10
        if environment[EventHooks.mark] == nil {
            for name in Event.Name.all {
                let setting = "docvc.hook.\(name.rawValue)"
                let command = try lifting { try repository.configuration.string(setting) }
                if let command, !command.isEmpty { commands[name] = command }
            }
            if !commands.isEmpty,
                let text = try lifting({ try repository.configuration.string("docvc.hookTimeout") })
            {
                seconds = try Settings.seconds("hookTimeout", text, unit: 1)
            }
        }
        self.commands = commands
        limit = .seconds(seconds)
    }

    /// Whether a program is to run for an event of this name.
    func has(_ name: Event.Name) -> Bool { commands[name] != nil }

    /// Runs the program for `event`, if there is one, with the event on standard input; nil
    /// where all went well.
    func run(for event: Event) -> EventFailure? {
        guard let command = commands[event.event] else { return nil }
        let name = event.event.rawValue
        var environment = environment
        environment[EventHooks.mark] = name
        do {
            let program = Program(
                ["/bin/sh", "-c", command], environment: environment, folder: folder)
            let input = try JSON.bytes(of: event) + [UInt8(ascii: "\n")]
            guard let result = try program.run(input: input, limit: limit) else {
                return .hookTimedOut(name, limit: limit)
            }
            return result.status == 0 ? nil : .hookFailed(name, status: result.status)
        } catch let error as Program.Failure {
            return .hookNotRun(name, error)
        } catch {
            return .log("\(error)")
        }
    }
}

/// Why an event did not come to all who wait for it; what it tells of stands.
public enum EventFailure: Error, Sendable {
    /// It could not be written to the log.
    case log(String)
    /// The program `docvc.hook.<event>` ended with another status than 0.
    case hookFailed(String, status: Int32)
    /// The program ran too long and was killed.
    case hookTimedOut(String, limit: Duration)
    /// The program could not be started.
    case hookNotRun(String, Program.Failure)
}
