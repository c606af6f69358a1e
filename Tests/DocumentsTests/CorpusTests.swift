import Documents
import Testing

/// For every key of every real document: edits touch nothing else, and what is set to a new
/// value and back, or unset and added again, is what it was.
@Suite("Every key of every real document", .enabled(if: !Corpus.files.isEmpty, "no corpus here"))
struct CorpusTests {
    /// What happened to the keys.
    struct Tally {
        var documents = 0
        var unreadable = 0
        var keys = 0
        /// Set to another value of its kind and back; set to another kind of value and back.
        var setAndBack = 0
        var otherKindAndBack = 0
        var unset = 0
        var addedInPlace = 0
        var addedElsewhere = 0
        /// How often an edit was refused, by reason; nothing was changed then.
        var refused: [String: Int] = [:]
        var violations: [String] = []
    }

    @Test("set to a new value and back; unset and added again", arguments: 0..<4)
    func edits(shard: Int) throws {
        var tally = Tally()
        for (number, file) in Corpus.files.enumerated() where number % 4 == shard {
            tally.documents += 1
            guard let frontMatter = try? file.document.readFrontMatter() else {
                tally.unreadable += 1
                continue
            }
            for path in frontMatter.paths {
                tally.keys += 1
                guard let node = frontMatter.node(at: path) else {
                    tally.violations.append("\(file.name) \(path): cannot be read")
                    continue
                }
                let check = KeyCheck(path: path, node: node, name: file.name, before: frontMatter)
                check.set(&tally)
                check.unset(&tally)
            }
        }
        print(
            """
            corpus: \(tally.documents) documents, \(tally.unreadable) unreadable, \
            \(tally.keys) keys; byte-identical after set and back \(tally.setAndBack), after \
            another kind of value and back \(tally.otherKindAndBack); \(tally.unset) unset, of \
            these added again byte-identical \(tally.addedInPlace), with every other byte kept \
            \(tally.addedElsewhere)
            refused: \(tally.refused.sorted { $0.key < $1.key })
            \(tally.violations.count) violations
            """)
        for violation in tally.violations.prefix(40) { print("violation:", violation) }
        #expect(tally.violations.isEmpty)
        #expect(tally.keys > 0)
    }
}

/// The edits of one key.
private struct KeyCheck {
    let path: FieldPath
    let node: Node
    let name: String
    let before: FrontMatter

    private var start: Document { before.document }

    /// Another value of the same kind.
    private var similar: Value {
        switch node.content {
        case .scalar(let scalar):
            switch scalar.type {
            case .string, .null: .string("docvc probe")
            case .boolean:
                .scalar(.boolean, scalar.text.string.lowercased() == "true" ? "false" : "true")
            case .integer: .scalar(.integer, "471147")
            case .float: .scalar(.float, "471.147")
            case .date: .scalar(.date, "1999-12-31")
            }
        case .sequence: .list([.string("docvc"), .string("probe")])
        case .mapping: .map([.init("docvc", .string("probe"))])
        case .alias: .string("docvc probe")
        }
    }

    /// A list for a scalar, and a scalar for a collection.
    private var dissimilar: Value {
        node.scalar != nil ? .list([.string("docvc"), .string("probe")]) : .string("docvc probe")
    }

    /// What a person would give on the command line for a scalar that stands there.
    private var asText: NewValue? {
        guard let scalar = node.scalar else { return nil }
        let text = scalar.text.string
        switch scalar.type {
        case .string: return .typed(text, .string)
        case .null: return .typed("null", .json)
        case .boolean: return .typed(text, .boolean)
        case .integer: return .typed(text, .integer)
        case .float: return .typed(text, .float)
        case .date: return .typed(text, .date)
        }
    }

    func set(_ tally: inout CorpusTests.Tally) {
        attempt("set", &tally) { tally in
            let changed = try make(.set(path, .value(similar)), before, &tally)
            let back = try again(asText ?? .value(node.value), changed)
            expect(back.document == start, "set and back", &tally) { $0.setAndBack += 1 }
        }
        attempt("set to another kind", &tally) { tally in
            let changed = try make(.set(path, .value(dissimilar)), before, &tally)
            let back = try again(.value(node.value), changed)
            expect(back.document == start, "another kind and back", &tally) {
                $0.otherKindAndBack += 1
            }
        }
    }

    func unset(_ tally: inout CorpusTests.Tally) {
        attempt("unset", &tally) { tally in
            let changed = try make(.unset(path), before, &tally)
            // An item of a list is added at its end only.
            guard case .key? = path.steps.last else { return }
            tally.unset += 1
            let back = try again(.value(node.value), changed)
            if back.document == start {
                tally.addedInPlace += 1
            } else {
                let reverted = try back.splices.inverted().applied(to: back.document.bytes)
                let read = try back.document.readFrontMatter()
                expect(
                    reverted == changed.document.bytes
                        && read.value.isEquivalent(to: before.value), "added again", &tally
                ) { $0.addedElsewhere += 1 }
            }
        }
    }

    /// Makes an edit and sees to it that its inverse gives the start again.
    private func make(
        _ edit: Edit, _ frontMatter: FrontMatter, _ tally: inout CorpusTests.Tally
    ) throws -> EditResult {
        let result = try Edit.apply([edit], to: frontMatter)
        let undone = try result.splices.inverted().applied(to: result.document.bytes)
        expect(undone == start.bytes, "undone", &tally)
        return result
    }

    private func again(_ value: NewValue, _ changed: EditResult) throws -> EditResult {
        guard let frontMatter = changed.frontMatter else {
            return try Edit.apply(
                [.set(path, value)], to: changed.document, remembering: [start])
        }
        return try Edit.apply([.set(path, value)], to: frontMatter, remembering: [start])
    }

    private func expect(
        _ isTrue: Bool, _ what: String, _ tally: inout CorpusTests.Tally,
        then count: (inout CorpusTests.Tally) -> Void = { _ in }
    ) {
        if isTrue {
            count(&tally)
        } else {
            tally.violations.append("\(name) \(path) \(node.style): \(what): differs")
        }
    }

    /// Refusals with a reason that the document gives are counted; any other is a violation.
    private func attempt(
        _ what: String, _ tally: inout CorpusTests.Tally,
        _ body: (inout CorpusTests.Tally) throws -> Void
    ) {
        do {
            try body(&tally)
        } catch {
            let reason: String
            switch error {
            case EditError.anchored: reason = "has an anchor that aliases name"
            case EditError.unsupported(_, let why, _): reason = why
            case EditError.unprovable(let why) where why.contains("names no anchor"):
                reason = "holds an anchor that aliases name"
            default:
                tally.violations.append("\(name) \(path) \(node.style): \(what): \(error)")
                return
            }
            tally.refused["\(what): \(reason)", default: 0] += 1
        }
    }
}
