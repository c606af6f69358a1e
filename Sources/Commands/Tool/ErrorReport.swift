import Documents
import Git
import History
import Platform
import SystemPackage

/// An error as the user gets it: what failed, on which document, why, and what to run next.
struct ErrorReport: Encodable {
    /// A way out, as a command that can be run.
    struct Remedy: Encodable, Equatable {
        let choice: String
        let command: String
    }

    /// What a divergence looks like in JSON.
    struct Details: Encodable {
        struct Side: Encodable {
            let blob: String
            let size: Int

            init(_ side: Divergence.Side) {
                blob = side.blob.hex
                size = side.size
            }
        }

        let kind: String
        @Nullable var baseline: Side?
        @Nullable var current: Side?
        /// Every document that diverged, where there are several.
        let documents: [Document]?

        struct Document: Encodable {
            let path: String
            let kind: String
            @Nullable var baseline: Side?
            @Nullable var current: Side?
        }

        init?(_ divergences: [Divergence]) {
            guard let first = divergences.first else { return nil }
            kind = first.kind.rawValue
            baseline = first.baseline.map { Side($0) }
            current = first.current.map { Side($0) }
            documents =
                divergences.count < 2
                ? nil
                : divergences.map {
                    Document(
                        path: $0.path, kind: $0.kind.rawValue,
                        baseline: $0.baseline.map { Side($0) },
                        current: $0.current.map { Side($0) })
                }
        }
    }

    /// A place in a document, as editors name it.
    struct Place: Encodable {
        let line: Int
        let column: Int

        init(_ position: Position) {
            line = position.line
            column = position.column
        }
    }

    /// One of several problems.
    struct Problem: Encodable {
        let path: String
        let line: Int?
        let column: Int?
        let rule: String
        let message: String

        init(_ path: String, _ position: Position?, rule: String, _ message: String) {
            self.path = path
            line = position?.line
            column = position?.column
            self.rule = rule
            self.message = message
        }

        /// `path:line:column: message`.
        var text: String {
            let place = line.map { ":\($0):\(column ?? 1)" } ?? ""
            return "\(path)\(place): \(message)"
        }
    }

    private struct Content: Encodable {
        let code: String
        let message: String
        @Nullable var path: String?
        /// The place in the document, where the error has one.
        let position: Place?
        @Nullable var details: Details?
        /// Every problem, where there may be several.
        let problems: [Problem]?
        let remediation: [Remedy]
    }

    let status: ExitStatus
    private let error: Content
    /// The message, a line for each thing that it tells.
    private let lines: [String]

    private enum CodingKeys: String, CodingKey { case error }

    /// - Parameter before: what people get as lines of their own before the message.
    init(
        _ status: ExitStatus, code: String, before: [String] = [], _ message: String,
        path: String? = nil, position: Position? = nil, details: Details? = nil,
        problems: [Problem]? = nil, remedies: [Remedy] = []
    ) {
        self.status = status
        lines = before + [message]
        error = Content(
            code: code, message: lines.joined(separator: "; "), path: path,
            position: position.map { Place($0) }, details: details, problems: problems,
            remediation: remedies)
    }

    /// Several reports as one, which says `ending` once; code and place are the first's, and it
    /// is refused unless all are of one status.
    init(_ reports: [ErrorReport], ending: String) {
        let contents = reports.map(\.error)
        var remedies: [Remedy] = []
        for remedy in contents.flatMap(\.remediation) where !remedies.contains(remedy) {
            remedies.append(remedy)
        }
        let problems = contents.compactMap(\.problems).joined()
        let first = reports.first?.status ?? .refused
        status = reports.allSatisfy { $0.status == first } ? first : .refused
        let message = (contents.map(\.message) + [ending]).joined(separator: "; ")
        lines = [message]
        error = Content(
            code: contents.first?.code ?? "refused", message: message,
            path: contents.first?.path, position: contents.first?.position, details: nil,
            problems: problems.isEmpty ? nil : Array(problems), remediation: remedies)
    }

    /// The message alone.
    var reason: String { error.message }

    /// The lines for people.
    var text: String {
        var text = lines.map { "docvc: \($0)" }
        for problem in error.problems ?? [] { text.append("  \(problem.text)") }
        let width = error.remediation.map(\.choice.count).max() ?? 0
        for remedy in error.remediation {
            let gap = String(repeating: " ", count: width - remedy.choice.count)
            text.append("  to \(remedy.choice):\(gap)  \(remedy.command)")
        }
        return text.map { TerminalText.line($0) + "\n" }.joined()
    }

    /// The report on an error of the layers below; nil for one of the argument parser.
    init?(_ error: any Error, _ writer: ErrorWriter) {
        switch error {
        case let error as HistoryError: self = writer.report(error)
        case let error as CommandError: self = writer.report(error)
        case let error as MigrationError: self = writer.report(error)
        case let error as ConfirmationError: self = writer.report(error)
        case let error as RepositoryError: self = writer.report(error)
        case let error as FileError: self = writer.report(error)
        case let error as OutputError:
            self.init(
                .failed, code: "output",
                "cannot write the answer: \(error.errno); what the command did stands")
        case let error as Program.Failure: self = writer.report(.program(error))
        case let error as TourFailure:
            self.init(
                .failed, code: "tour",
                "a step of the tour failed: '\(error.line)' ended with status \(error.status)")
        default: return nil
        }
    }
}

/// Quoting for the shell, so that suggested commands can be pasted.
enum Shell {
    /// `word`, in quotes where the shell would take it apart. Control characters, which a
    /// terminal must not get, are escaped as bash, ksh and zsh read them.
    static func quote(_ word: String) -> String {
        if word.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            return "$'" + word.unicodeScalars.map(escape).joined() + "'"
        }
        let isPlain =
            !word.isEmpty
            && word.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                    || "_./-+,@%:=^~".unicodeScalars.contains($0) || $0.value > 160
            }
        return isPlain && !word.hasPrefix("~")
            ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\t": "\\t"
        case "'", "\\": "\\\(scalar)"
        case _ where scalar.properties.generalCategory == .control:
            String(scalar).utf8.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }
                .joined()
        default: String(scalar)
        }
    }
}
