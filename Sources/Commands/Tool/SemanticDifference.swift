import Documents

/// What is different between two versions of a document, by key and by block, as it is shown.
struct SemanticDifference {
    let diff: DocumentDiff
    private let isNew: Bool
    private let isGone: Bool

    /// Nil where the versions can only be compared as text; a version that is not there
    /// counts as empty.
    init?(_ before: [UInt8]?, _ after: [UInt8]?) {
        let versions = [before ?? [], after ?? []]
        let areText = versions.allSatisfy { String(validating: $0, as: UTF8.self) != nil }
        let diff = DocumentDiff(from: Document(versions[0]), to: Document(versions[1]))
        guard areText, !diff.isFrontMatterUnreadable else { return nil }
        self.diff = diff
        isNew = before == nil
        isGone = after == nil
    }

    // MARK: For people

    func print(_ path: String, to output: Output) throws {
        if isNew { try output.line("\(path) is new") }
        if isGone { try output.line("\(path) is gone") }
        for change in diff.keys { try print(change, to: output) }
        for change in diff.comments { try print(change, to: output) }
        for change in diff.body { try print(change, to: output) }
    }

    private func print(_ change: DocumentDiff.CommentChange, to output: Output) throws {
        let place = change.path.steps.isEmpty ? "comment" : "comment of \(change.path)"
        func inOneLine(_ text: Text) -> String {
            text.string.split(separator: "\n").joined(separator: " ")
        }
        switch (change.from.map(inOneLine), change.to.map(inOneLine)) {
        case (nil, let new?): try output.line(output.colored("+ \(place): \(new)", .green))
        case (let old?, nil): try output.line(output.colored("- \(place): \(old)", .red))
        case (let old, let new):
            try output.line(
                output.colored("~ \(place):", .yellow) + " \(old ?? "") -> \(new ?? "")")
        }
    }

    private func print(_ change: DocumentDiff.KeyChange, to output: Output) throws {
        switch change {
        case .added(let key, let value):
            try output.line(output.colored("+ \(key): \(value.jsonText)", .green))
        case .removed(let key, let value):
            try output.line(output.colored("- \(key): \(value.jsonText)", .red))
        case .changed(let key, let old, let new):
            try output.line(
                output.colored("~ \(name(key)):", .yellow)
                    + " \(old.jsonText) -> \(new.jsonText)")
        case .renamed(let key, let name, let value):
            try output.line(
                output.colored("> \(key) -> \(FieldPath(key: name)):", .cyan)
                    + " \(value.jsonText)")
        case .reordered(let key, let order):
            let keys = order.map { FieldPath(key: $0).description }.joined(separator: ", ")
            try output.line(output.colored("> order of \(name(key)):", .cyan) + " \(keys)")
        }
    }

    private func print(_ change: DocumentDiff.BlockChange, to output: Output) throws {
        switch change {
        case .added(let block):
            try output.line(output.colored("+ body, line \(block.line):", .green))
            try print(block, "+", .green, to: output)
        case .removed(let block):
            try output.line(output.colored("- body, line \(block.line):", .red))
            try print(block, "-", .red, to: output)
        case .changed(let old, let new):
            try output.line(output.colored("~ body, line \(new.line):", .yellow))
            try print(old, "-", .red, to: output)
            try print(new, "+", .green, to: output)
        }
    }

    private func print(
        _ block: BodyBlock, _ mark: String, _ color: ColoredText.Color, to output: Output
    ) throws {
        let lines = block.text.string.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for line in lines.last?.isEmpty ?? false ? lines.dropLast() : lines[...] {
            try output.line(output.colored("    \(mark) \(line)", color))
        }
    }

    /// A key as it is named in a sentence.
    private func name(_ key: FieldPath) -> String {
        key.steps.isEmpty ? "keys" : key.description
    }

    // MARK: As JSON

    struct KeyAnswer: Encodable {
        /// `added`, `removed`, `changed`, `renamed` or `reordered`.
        let change: String
        /// The key; empty for the front matter as a whole.
        let key: String
        /// The value before and after; the one that a renamed key has is both.
        @Nullable var from: ValueAnswer?
        @Nullable var to: ValueAnswer?
        /// A renamed key's new name.
        @Nullable var name: String?
        /// The new order of a map's keys.
        @Nullable var order: [String]?

        init(_ change: DocumentDiff.KeyChange) {
            switch change {
            case .added(let key, let value):
                self.init("added", key, to: value)
            case .removed(let key, let value):
                self.init("removed", key, from: value)
            case .changed(let key, let old, let new):
                self.init("changed", key, from: old, to: new)
            case .renamed(let key, let name, let value):
                self.init("renamed", key, from: value, to: value, name: name.string)
            case .reordered(let key, let order):
                self.init("reordered", key, order: order.map(\.string))
            }
        }

        private init(
            _ change: String, _ key: FieldPath, from: Value? = nil, to: Value? = nil,
            name: String? = nil, order: [String]? = nil
        ) {
            self.change = change
            self.key = key.description
            self.from = from.map { ValueAnswer($0) }
            self.to = to.map { ValueAnswer($0) }
            self.name = name
            self.order = order
        }
    }

    struct CommentAnswer: Encodable {
        /// The key; empty for comments that stand alone.
        let key: String
        /// The comments before and after, a line each.
        @Nullable var from: String?
        @Nullable var to: String?

        init(_ change: DocumentDiff.CommentChange) {
            key = change.path.description
            from = change.from?.string
            to = change.to?.string
        }
    }

    struct BlockAnswer: Encodable {
        struct Block: Encodable {
            let line: Int
            let text: String

            init(_ block: BodyBlock) {
                line = block.line
                text = block.text.string
            }
        }

        /// `added`, `removed` or `changed`.
        let change: String
        @Nullable var from: Block?
        @Nullable var to: Block?

        init(_ change: DocumentDiff.BlockChange) {
            let (old, new): (BodyBlock?, BodyBlock?)
            switch change {
            case .added(let block): (self.change, old, new) = ("added", nil, block)
            case .removed(let block): (self.change, old, new) = ("removed", block, nil)
            case .changed(let from, let to): (self.change, old, new) = ("changed", from, to)
            }
            from = old.map { Block($0) }
            to = new.map { Block($0) }
        }
    }

    var keyAnswers: [KeyAnswer] { diff.keys.map { KeyAnswer($0) } }
    var commentAnswers: [CommentAnswer] { diff.comments.map { CommentAnswer($0) } }
    var blockAnswers: [BlockAnswer] { diff.body.map { BlockAnswer($0) } }
}
