import ArgumentParser
import Merging

/// What becomes of conflicts, in the words of `git merge-file`.
struct ConflictOptions: ParsableArguments {
    @Flag(help: "Settle conflicts for one side, or for both one after the other.")
    var favor: Favor?

    @Flag(help: "Show the base's lines in conflicts too.")
    var style: Style?

    @Option(
        name: .long, help: .init("How many characters a marker has.", valueName: "n"))
    var markerSize: Int?

    enum Favor: String, EnumerableFlag { case ours, theirs, union }
    enum Style: String, EnumerableFlag { case diff3, zdiff3 }

    func options() throws -> MergeOptions {
        var options = MergeOptions()
        switch favor {
        case .ours: options.favor = .ours
        case .theirs: options.favor = .theirs
        case .union: options.favor = .union
        case nil: options.favor = nil
        }
        switch style {
        case .diff3: options.style = .diff3
        case .zdiff3: options.style = .zdiff3
        case nil: options.style = .merge
        }
        if let markerSize {
            guard (1...1000).contains(markerSize) else {
                throw ValidationError("--marker-size takes a number from 1 to 1000")
            }
            options.markerSize = markerSize
        }
        return options
    }
}
