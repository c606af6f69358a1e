import Documents
import Testing

/// For every key of every real document: edits touch nothing else.
@Suite("Every key of every real document", .enabled(if: !Corpus.files.isEmpty, "no corpus here"))
struct CorpusTests {
    /// What happened to the keys.
    struct Tally {
        var documents = 0
        var unreadable = 0
        var keys = 0
        var byUndo = 0
        var bySource = 0
        var byValue = 0
        var readded = 0
        var refused: [String: Int] = [:]
        var restyled: [String: Int] = [:]
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
            for path in frontMatter.paths { check(path, file, frontMatter, &tally) }
        }
        print(
            """
            corpus: \(tally.documents) documents, \(tally.unreadable) unreadable, \
            \(tally.keys) keys; back by undo \(tally.byUndo), by source \(tally.bySource), \
            by value \(tally.byValue), unset and added again \(tally.readded)
            back by value, but written otherwise: \(tally.restyled.sorted { $0.key < $1.key })
            refused: \(tally.refused.sorted { $0.key < $1.key })
            """)
        for violation in tally.violations.prefix(40) { print("violation:", violation) }
        #expect(tally.violations.isEmpty)
        #expect(tally.keys > 0)
    }

    private func check(
        _ path: FieldPath, _ file: Corpus.File, _ frontMatter: FrontMatter, _ tally: inout Tally
    ) {
        tally.keys += 1
        guard let node = frontMatter.node(at: path) else {
            tally.violations.append("\(file.name) \(path): cannot be read")
            return
        }
        do {
            let set = try Edit.apply([.set(path, .guess("docvc probe"))], to: frontMatter)
            let undone = try set.splices.inverted().applied(to: set.document.bytes)
            if undone == file.document.bytes {
                tally.byUndo += 1
            } else {
                tally.violations.append("\(file.name) \(path): undo differs")
            }
            checkBack(path, node, file, frontMatter, set, &tally)
        } catch {
            refuse(error, path, file, &tally)
        }
        do {
            let unset = try Edit.apply([.unset(path)], to: frontMatter)
            let undone = try unset.splices.inverted().applied(to: unset.document.bytes)
            if undone != file.document.bytes {
                tally.violations.append("\(file.name) \(path): undo of unset differs")
            }
            guard case .key? = path.steps.last else { return }
            checkAgain(path, node, file, unset, &tally)
        } catch {
            refuse(error, path, file, &tally)
        }
    }

    private func refuse(
        _ error: any Error, _ path: FieldPath, _ file: Corpus.File, _ tally: inout Tally
    ) {
        switch error {
        case EditError.anchored: tally.refused["anchored", default: 0] += 1
        case EditError.unsupported(_, let reason, _): tally.refused[reason, default: 0] += 1
        case EditError.alias: tally.refused["alias", default: 0] += 1
        case EditError.unprovable(let reason) where reason.contains("names no anchor"):
            tally.refused["holds an anchor", default: 0] += 1
        default: tally.violations.append("\(file.name) \(path): \(error)")
        }
    }

    private func checkBack(
        _ path: FieldPath, _ node: Node, _ file: Corpus.File, _ frontMatter: FrontMatter,
        _ changed: EditResult, _ tally: inout Tally
    ) {
        do {
            if node.scalar != nil, node.properties == nil {
                let source = frontMatter.source(node.range)
                let back = try apply(.set(path, .source(source)), to: changed)
                if back.document == file.document {
                    tally.bySource += 1
                } else {
                    tally.restyled["\(node.style) by source", default: 0] += 1
                }
            }
            if let scalar = node.scalar {
                let back = try apply(.set(path, .guess(scalar.text.string)), to: changed)
                if back.document == file.document {
                    tally.byValue += 1
                } else {
                    let read = try back.document.readFrontMatter().node(at: path)
                    if read?.scalar?.text != scalar.text {
                        tally.violations.append("\(file.name) \(path): back by value differs")
                    }
                    tally.restyled["\(node.style) \(scalar.type)", default: 0] += 1
                }
            } else {
                let back = try apply(.set(path, .value(node.value)), to: changed)
                if back.document == file.document {
                    tally.byValue += 1
                } else {
                    tally.restyled["\(node.style) collection", default: 0] += 1
                }
            }
        } catch {
            tally.violations.append("\(file.name) \(path) back: \(error)")
        }
    }

    private func apply(_ edit: Edit, to result: EditResult) throws -> EditResult {
        guard let frontMatter = result.frontMatter else {
            return try edit.apply(to: result.document)
        }
        return try Edit.apply([edit], to: frontMatter)
    }

    private func checkAgain(
        _ path: FieldPath, _ node: Node, _ file: Corpus.File, _ changed: EditResult,
        _ tally: inout Tally
    ) {
        do {
            let again = try apply(.set(path, .value(node.value)), to: changed)
            let reverted = try again.splices.inverted().applied(to: again.document.bytes)
            if reverted == changed.document.bytes {
                tally.readded += 1
            } else {
                tally.violations.append("\(file.name) \(path): adding again touched more")
            }
        } catch {
            refuse(error, path, file, &tally)
        }
    }
}
