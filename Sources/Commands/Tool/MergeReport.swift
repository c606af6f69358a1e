import Merging

/// What a merge left open, and where its bytes come from, in words.
struct MergeReport {
    let result: MergeResult
    /// Stands before every line, where several documents may be merged.
    private let prefix: String

    init(_ result: MergeResult, path: String? = nil) {
        self.result = result
        prefix = path.map { "\($0): " } ?? ""
    }

    /// Conflicts and diagnostics, as warnings: standard output may hold the document.
    func tell(_ output: Output) throws {
        for diagnostic in result.diagnostics {
            try output.warning(prefix + diagnostic.description)
        }
        for conflict in result.conflicts {
            let lines = conflict.lines
            let place =
                lines.isEmpty ? "" : " in lines \(lines.lowerBound)-\(lines.upperBound - 1)"
            try output.warning(
                "\(prefix)conflict\(place): \(conflict.subject.description): \(conflict.reason.description)"
            )
        }
    }

    /// One line for each run of bytes with one origin.
    func explain(_ output: Output, onError: Bool) throws {
        for entry in result.account {
            let side = entry.side.map { "\($0.rawValue) \(MergeReport.text(entry.source))" } ?? "-"
            let line = "\(MergeReport.text(entry.output))  \(side)  \(entry.rule.name)"
            if onError { try output.warning(line) } else { try output.line(line) }
        }
    }

    private static func text(_ range: Range<Int>) -> String {
        "\(range.lowerBound)-\(range.upperBound)"
    }
}

/// `docvc.merge-file/1`
struct MergeAnswer: Encodable {
    struct Open: Encodable {
        let subject: String
        /// `key`, `comment`, `front-matter`, `body` or `document`.
        let kind: String
        let reason: String
        /// The first and the last line of the output, markers included.
        let lines: [Int]

        init(_ conflict: Conflict) {
            subject = conflict.subject.description
            kind =
                switch conflict.subject {
                case .key: "key"
                case .comment: "comment"
                case .frontMatter: "front-matter"
                case .body: "body"
                case .document: "document"
                }
            reason = conflict.reason.rawValue
            lines =
                conflict.lines.isEmpty
                ? [] : [conflict.lines.lowerBound, conflict.lines.upperBound - 1]
        }
    }

    struct Origin: Encodable {
        /// Start and end, in bytes.
        let output: [Int]
        @Nullable var side: String?
        let source: [Int]
        let rule: String

        init(_ entry: AccountEntry) {
            output = [entry.output.lowerBound, entry.output.upperBound]
            source = [entry.source.lowerBound, entry.source.upperBound]
            rule = entry.rule.name
            side = entry.side?.rawValue
        }
    }

    let schema: String
    let path: String
    let clean: Bool
    let conflicts: [Open]
    let diagnostics: [String]
    let account: [Origin]?
    let text: String?

    init(
        _ schema: String, path: String, _ result: MergeResult, explain: Bool, withText: Bool
    ) {
        self.schema = schema
        self.path = path
        clean = result.isClean
        conflicts = result.conflicts.map { Open($0) }
        diagnostics = result.diagnostics.map(\.description)
        account = explain ? result.account.map { Origin($0) } : nil
        text = withText ? String(decoding: result.bytes, as: UTF8.self) : nil
    }
}
