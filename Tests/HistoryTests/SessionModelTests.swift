import Documents
import Git
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// Long chains of edits, undos, redos, saves, writes by other programs and restarts, against a
/// model of a list of texts and a cursor: bytes and history agree at every step.
///
/// DOCVC_STEPS in the environment makes the chains longer, DOCVC_SEED others.
@Suite struct SessionModelTests {
    static let steps = number("DOCVC_STEPS") ?? 300
    static let seed = UInt64(number("DOCVC_SEED") ?? 1)

    private static func number(_ variable: String) -> Int? {
        World.real().environment[variable].flatMap { Int($0) }
    }

    @Test(arguments: [(seed, 200), (seed &+ 1_000_000, 12)])
    func workspaceAgreesWithTheModel(_ seed: UInt64, _ limit: Int) throws {
        var run = try ModelRun(seed: seed, limit: limit)
        for step in 1...SessionModelTests.steps { try run.step(step) }
        try run.repository.check()
        #expect(run.counts.values.allSatisfy { $0 > 0 }, "\(run.counts)")
        print("\(SessionModelTests.steps) steps of seed \(seed): \(run.counts)")
    }
}

/// What a session is to a user: texts, a cursor among them, and what is on disk.
private struct SessionModel {
    let limit: Int
    var base: [UInt8]?
    var texts: [[UInt8]?] = []
    var cursor = 0
    var baseline: [UInt8]?
    var disk: [UInt8]?
    /// How many undone operations were dropped in this command.
    var dropped = 0
    /// How many were in commands before it that were refused, and so did not write that down.
    var carried = 0

    init(_ text: [UInt8], limit: Int) {
        (base, baseline, disk) = (text, text, text)
        self.limit = limit
    }

    var draft: [UInt8]? { cursor == 0 ? base : texts[cursor - 1] }
    var isUnsaved: Bool { draft != baseline }

    mutating func perform(_ text: [UInt8]?) {
        guard text != draft else { return }
        dropped += texts.count - cursor
        texts.removeSubrange(cursor...)
        texts.append(text)
        cursor += 1
        while texts.count > limit {
            base = texts.removeFirst()
            cursor -= 1
        }
    }

    /// What every command does first.
    mutating func follow() {
        carried += dropped
        dropped = 0
        if disk == baseline { return }
        if !isUnsaved {
            perform(disk)
            baseline = disk
        } else if disk == draft {
            baseline = disk
        }
    }
}

/// A workspace and the model of it, side by side.
private struct ModelRun {
    let repository: TemporaryRepository
    var random: SeededGenerator
    var model: SessionModel
    var world: World
    var counts = ["edit": 0, "undo": 0, "redo": 0, "save": 0, "diverged": 0, "external": 0]
    private let limit: Int

    static let text = """
        ---
        title: Start # shown
        tags: [a, b]
        seo:
          keep: yes
        ---
        A first paragraph, with words.

        - one
        - two

        """

    init(seed: UInt64, limit: Int) throws {
        repository = try TemporaryRepository()
        random = SeededGenerator(seed: seed)
        self.limit = limit
        world = repository.world(seed: seed)
        world.environment["DOCVC_HISTORY_OPERATIONS"] = String(limit)
        model = SessionModel(Array(ModelRun.text.utf8), limit: limit)
        try repository.write("a.md", ModelRun.text)
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
    }

    mutating func step(_ number: Int) throws {
        // A new workspace each time: everything is read from the disk again.
        let workspace = try Workspace(in: world)
        var failure: HistoryError?
        let kind = Int.random(in: 0..<100, using: &random)
        do throws(HistoryError) {
            switch kind {
            case 0..<45: try edit(workspace)
            case 45..<62: try move(workspace, isUndo: true)
            case 62..<74: try move(workspace, isUndo: false)
            case 74..<86: try save(workspace)
            default: external(number)
            }
        } catch {
            failure = error
        }
        if let failure { Issue.record("step \(number): \(failure)") }

        let session = try #require(try Workspace(in: world).session(of: "a.md"))
        var expected = model
        expected.follow()
        #expect(session.draft == expected.draft, "step \(number), kind \(kind)")
        #expect(
            session.history
                == EditHistory(
                    undoDepth: expected.cursor, redoDepth: expected.texts.count - expected.cursor,
                    limit: limit), "step \(number), kind \(kind)")
        #expect(session.isUnsaved == expected.isUnsaved, "step \(number), kind \(kind)")
        #expect(
            try FileSystem().readIfPresent(repository.folder.appending("a.md")) == model.disk,
            "step \(number), kind \(kind)")
    }

    private mutating func edit(_ workspace: borrowing Workspace) throws(HistoryError) {
        let edit = randomEdit()
        model.follow()
        guard let text = model.draft else {
            // There is no document: an edit of it is refused.
            guard case .badPath? = thrown({ try workspace.edit("a.md", [edit]) }) else {
                throw .badState("an edit of no document was not refused")
            }
            return
        }
        let isSaved = Int.random(in: 0..<8, using: &random) == 0
        guard let result = try? edit.apply(to: Document(text)) else {
            guard case .refusedEdit? = thrown({ try workspace.edit("a.md", [edit]) }) else {
                throw .badState("\(edit) was not refused")
            }
            return
        }
        counts["edit", default: 0] += 1
        guard isSaved, !model.isDiverged(result.document.bytes) else {
            let report = try workspace.edit("a.md", [edit])
            model.perform(result.document.bytes)
            compare(report)
            return
        }
        let report = try workspace.edit("a.md", [edit], saving: DraftSaving())
        model.perform(result.document.bytes)
        compare(report)
        model.save()
    }

    private mutating func compare(_ report: EditReport) {
        let counts = [model.dropped, model.dropped + model.carried]
        #expect(counts.contains(report.droppedRedo))
        (model.dropped, model.carried) = (0, 0)
    }

    private mutating func move(
        _ workspace: borrowing Workspace, isUndo: Bool
    ) throws(HistoryError) {
        let steps = Int.random(in: 1...3, using: &random)
        model.follow()
        let available = isUndo ? model.cursor : model.texts.count - model.cursor
        func run() throws(HistoryError) {
            _ =
                isUndo
                ? try workspace.undo("a.md", steps: steps)
                : try workspace.redo("a.md", steps: steps)
        }
        guard steps <= available else {
            switch thrown({ try run() }) {
            case .nothingToUndo, .nothingToRedo: return
            default: throw .badState("moving beyond the end was not refused")
            }
        }
        counts[isUndo ? "undo" : "redo", default: 0] += 1
        try run()
        model.cursor += isUndo ? -steps : steps
    }

    private mutating func save(_ workspace: borrowing Workspace) throws(HistoryError) {
        model.follow()
        var request = SaveRequest(["a.md"])
        request.onConflict =
            [.reject, .overwrite, .reload].randomElement(using: &random) ?? .reject
        request.savesDeletions = true
        if model.isUnsaved, model.draft == nil {
            guard case .draftIsGone? = thrown({ try workspace.save(request) }) else {
                throw .badState("saving that there be no document was not refused")
            }
            return
        }
        guard model.isUnsaved, model.isDiverged(model.draft) else {
            counts["save", default: 0] += 1
            _ = try? workspace.save(request)
            model.save()
            return
        }
        counts["diverged", default: 0] += 1
        // A document that is gone gives way to nobody.
        let choice =
            model.disk == nil && request.onConflict == .reload ? .reject : request.onConflict
        switch choice {
        case .reject:
            guard case .diverged? = thrown({ try workspace.save(request) }) else {
                throw .badState("a divergence was not found")
            }
        case .overwrite:
            _ = try workspace.save(request)
            model.save()
        default:
            _ = try workspace.save(request)
            model.perform(model.disk)
            model.baseline = model.disk
        }
    }

    private mutating func external(_ number: Int) {
        counts["external", default: 0] += 1
        switch Int.random(in: 0..<8, using: &random) {
        case 0:
            _ = try? FileSystem().remove(repository.folder.appending("a.md"))
            model.disk = nil
        case 1:
            // The draft's own text, by another hand.
            guard let text = model.draft else { return }
            try? repository.write("a.md", text)
            model.disk = text
        default:
            let text = Array("---\ntitle: theirs \(number)\n---\nby another program\n".utf8)
            try? repository.write("a.md", text)
            model.disk = text
        }
    }

    private func thrown<Value>(_ body: () throws -> Value) -> HistoryError? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? HistoryError
        }
    }

    private mutating func randomEdit() -> Edit {
        let value = Int.random(in: 0..<1_000, using: &random)
        let keys = ["title", "seo.keep", "new\(value % 5)", "tags[0]"]
        let key = keys.randomElement(using: &random).flatMap { try? FieldPath(parsing: $0) }
        guard let key, let tags = try? FieldPath(parsing: "tags") else {
            return .replaceBody([])
        }
        switch Int.random(in: 0..<9, using: &random) {
        case 0, 1: return .set(key, .guess("v\(value)"))
        case 2: return .append(tags, .guess("t\(value)"))
        case 3: return .unset(key)
        case 4: return .rename(key, to: Text("renamed\(value % 7)"))
        case 5: return .replaceBody(Array("Body \(value).\n\nwith words\n".utf8))
        case 6:
            return .replaceText(find: Array("words".utf8), with: Array("w\(value)".utf8), all: true)
        case 7: return .replaceFrontMatter(Array("title: fm \(value)\ntags: [x]\n".utf8))
        default: return .replaceText(find: Array("o".utf8), with: Array("ö".utf8), all: true)
        }
    }
}

extension SessionModel {
    /// Whether saving `text` would write over a text that the session does not know.
    fileprivate func isDiverged(_ text: [UInt8]?) -> Bool { disk != baseline && disk != text }

    fileprivate mutating func save() {
        disk = draft
        baseline = draft
    }
}
