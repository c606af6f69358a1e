import ArgumentParser
import History

/// What every command takes that changes a draft.
struct EditOptions: ParsableArguments {
    @Flag(name: .long, help: "Save the draft too.")
    var save = false

    @Option(
        name: [.customShort("m", allowingJoined: true), .long],
        parsing: .unconditionalSingleValue,
        help: .init(
            "The commit message, with --save; several are paragraphs.", valueName: "text"))
    var message: [String] = []

    @Option(
        name: .long,
        help: .init("What to do about a divergence, with --save.", valueName: "choice"))
    var onConflict: ConflictChoice = .reject

    @Flag(name: .long, help: "Do not run the hooks pre-commit and commit-msg, with --save.")
    var noVerify = false

    func validate() throws {
        if !save && (!message.isEmpty || noVerify || onConflict != .reject) {
            throw ValidationError("--message, --on-conflict and --no-verify go with --save")
        }
    }

    /// How the draft is to be saved; nil where it is not.
    var saving: DraftSaving? {
        guard save else { return nil }
        var saving = DraftSaving()
        saving.message = message.isEmpty ? nil : message.joined(separator: "\n\n")
        saving.onConflict = onConflict
        saving.runsHooks = !noVerify
        return saving
    }
}
