import ArgumentParser
import Merging

/// What becomes of conflicts, in the words of `git merge-file`.
struct ConflictOptions: ParsableArguments {
    @Flag var favor: Favor?
    @Flag var style: Style?

    @Option(
        name: .long, help: .init("How many characters a marker has, 1 to 1000.", valueName: "n"))
    var markerSize: MarkerSize?

    enum Favor: String, EnumerableFlag {
        case ours, theirs, union

        static func help(for value: Favor) -> ArgumentHelp? {
            switch value {
            case .ours: "Settle conflicts for ours."
            case .theirs: "Settle conflicts for theirs."
            case .union: "Settle conflicts of the body with both, ours first."
            }
        }
    }

    enum Style: String, EnumerableFlag {
        case diff3, zdiff3

        static func help(for value: Style) -> ArgumentHelp? {
            switch value {
            case .diff3: "Show the base's lines in conflicts too."
            case .zdiff3: "As --diff3, without common lines at the ends of a conflict."
            }
        }
    }

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
        if let markerSize { options.markerSize = markerSize.count }
        return options
    }
}

/// How many characters a conflict marker has.
struct MarkerSize: ExpressibleByArgument {
    let count: Int

    init?(argument: String) {
        guard let count = Int(argument), (1...1000).contains(count) else { return nil }
        self.count = count
    }
}
