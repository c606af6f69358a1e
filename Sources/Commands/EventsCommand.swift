import ArgumentParser
import Glibc
import History
import Platform

/// `docvc events`
struct EventsCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Print what docvc did in this work tree, one JSON object a line.",
        discussion: """
            The log holds the last events of all docvc commands and programs: at least half a \
            megabyte of them. With --follow, those to come are printed too, until the command \
            is stopped (SIGINT, SIGTERM) or nobody reads them any more; --after prints only \
            those with higher numbers, so that a reader can go on where it ended.

            A program named in the Git configuration as docvc.hook.<event> is run for each \
            event, with the event's JSON on standard input.
            """)

    @Flag(name: .shortAndLong, help: "Go on with the events to come.")
    var follow = false

    @Option(
        name: .long, help: .init("Only events with higher numbers.", valueName: "number"))
    var after = 0

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func validate() throws {
        if after < 0 { throw ValidationError("--after takes a number from 0") }
    }

    func run(in context: Context) throws -> ExitStatus {
        let log = try Workspace(in: context.world, overrides: context.overrides).eventLog
        guard follow else {
            for event in try log.events(after: after) { try context.output.raw(event) }
            return .done
        }
        let signals = try Signals([SIGINT, SIGTERM, SIGHUP])
        var follower = try log.follow(after: after)
        while true {
            for event in try follower.next() { try context.output.raw(event) }
            let ready = Readiness.wait(
                for: [signals.descriptor, follower.descriptor],
                output: context.output.descriptor, atMost: nil)
            if ready[0] || ready[2] { return .done }
        }
    }
}
