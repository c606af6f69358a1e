import Documents
import History

/// The words for edits and keys.
extension ErrorWriter {
    func report(_ path: String, _ error: EditError, _ near: [FieldPath]) -> ErrorReport {
        let see = Remedy(choice: "see the document", command: docvc("show", path))
        func refuse(
            _ code: String, status: ExitStatus = .refused, at position: Position? = nil,
            why: String? = nil, guess: String = "", or remedies: Remedy...
        ) -> ErrorReport {
            let place = position.map { "\(path):\($0)" } ?? "'\(path)'"
            return ErrorReport(
                status, code: code,
                "\(place): \(why ?? error.description); nothing was changed\(guess)",
                path: path, position: position, remedies: remedies)
        }
        switch error {
        case .unparsable(let error):
            return unreadable(path, error)
        case .missing(let key):
            return refuse(
                "no-such-key", why: "there is no \(key)", guess: guesses(near),
                or: Remedy(choice: "see its keys", command: docvc("get", path)))
        case .noItem(let key):
            return refuse(
                "no-such-item", or: Remedy(choice: "see its items", command: get(path, key)))
        case .duplicateKey(_, let positions):
            return refuse("duplicate-key", at: positions.first, or: see)
        case .wrongKind(let key, let expected, let position):
            return refuse(
                "wrong-kind", at: position, why: "\(name(key)) is not \(expected)",
                or: Remedy(choice: "see it", command: get(path, key)))
        case .alias(let key, let position):
            return refuse(
                "alias", at: position,
                why: "\(key) is an alias, which is edited where its anchor is", or: see)
        case .anchored(let key, let position):
            return refuse(
                "anchored", at: position, why: "\(key) has an anchor that other keys refer to",
                or: see)
        case .occupied(let key, let position):
            return refuse(
                "key-exists", at: position, why: "\(key) is there already",
                or: Remedy(choice: "see it", command: get(path, key)))
        case .invalidValue:
            let hasType = arguments.contains { $0 == "--type" || $0.hasPrefix("--type=") }
            guard !hasType else {
                return refuse(
                    "invalid-value", status: .malformed,
                    or: Remedy(choice: "see the types", command: "docvc set --help"))
            }
            return refuse(
                "invalid-value", status: .malformed,
                or: Remedy(choice: "set a string", command: again("--type", "string")))
        case .unsupported(let key, let reason, let position):
            return refuse("unsupported-edit", at: position, why: "\(name(key)): \(reason)", or: see)
        case .unparsableReplacement(let error):
            return refuse(
                "malformed-front-matter", status: .malformed,
                why:
                    "the new front matter cannot be read: at \(error.position) of the new document: "
                    + error.message)
        case .textNotFound:
            return refuse("text-not-found", or: see)
        case .textAmbiguous:
            return refuse(
                "text-ambiguous", or: Remedy(choice: "replace them all", command: again("--all")))
        case .hunkFailed:
            return refuse("hunk-failed", or: see)
        case .unprovable:
            return refuse("unprovable-edit", or: see)
        }
    }

    func report(_ error: CommandError) -> ErrorReport {
        switch error {
        case .unreadableFrontMatter(let path, let error, let open):
            return unreadable(path, error, open)
        case .noKey(let path, let key, let near):
            return ErrorReport(
                .found, code: "no-such-key", "'\(path)' has no \(key)" + guesses(near), path: path,
                remedies: near.map { Remedy(choice: "get \($0)", command: get(path, $0)) }
                    + [Remedy(choice: "see all keys", command: docvc("get", path))])
        case .noEditor:
            return ErrorReport(
                .usage, code: "no-editor", "no editor is named, and the terminal cannot show vi",
                remedies: [
                    Remedy(choice: "name one", command: "GIT_EDITOR=nano \(again())")
                ])
        case .editorFailed(let path, let editor, let status, let steps):
            let redo = "redo" + (steps > 1 ? " --steps \(steps)" : "")
            return ErrorReport(
                .refused, code: "editor-failed",
                "the editor (\(editor)) ended with status \(status); the draft of '\(path)' is as it"
                    + " was before", path: path,
                remedies: steps > 0
                    ? [Remedy(choice: "bring back what it wrote", command: docvc(redo, path))]
                    : [Remedy(choice: "edit it again", command: again())])
        case .badInput(let name, let why):
            return ErrorReport(
                .noDocument, code: "bad-input", "the file '\(name)' \(why); nothing was changed",
                remedies: [
                    Remedy(choice: "see what is there", command: "ls -ld \(Shell.quote(name))")
                ])
        case .badPatch(let name, let error):
            return ErrorReport(
                .malformed, code: "bad-patch",
                "'\(name)' is not a patch: \(error.description); nothing was changed")
        case .notConfirmed(let isAsked):
            return ErrorReport(
                .refused, code: "not-confirmed",
                isAsked
                    ? "not confirmed; nothing was changed"
                    : "this wants to be confirmed, and there is no terminal to ask on; nothing was"
                        + " changed",
                remedies: [Remedy(choice: "confirm it", command: again("--yes"))])
        }
    }

    private func unreadable(
        _ path: String, _ error: ParseError, _ open: ConflictResolution? = nil
    ) -> ErrorReport {
        let remedies =
            switch open?.isDraft {
            case nil: [Remedy(choice: "mend it", command: docvc("edit", path))]
            case true?: settlingDraft(path)
            case false?: settling(path)
            }
        return ErrorReport(
            .malformed, code: "malformed-front-matter",
            "\(path):\(error.position): the front matter cannot be read: \(error.message)",
            path: path, position: error.position,
            remedies: [Remedy(choice: "see the document", command: docvc("show", path))] + remedies)
    }

    /// A key as it is named in a sentence.
    private func name(_ key: FieldPath) -> String {
        key.steps.isEmpty ? "the front matter" : key.description
    }

    private func get(_ path: String, _ key: FieldPath) -> String {
        let words = key.steps.isEmpty ? "" : " " + Shell.quote(key.description)
        return docvc("get", path) + words
    }

    private func guesses(_ near: [FieldPath]) -> String {
        near.isEmpty
            ? "" : "; did you mean " + near.map(\.description).joined(separator: " or ") + "?"
    }
}
