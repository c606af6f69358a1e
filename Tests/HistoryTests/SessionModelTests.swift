import Documents
import Git
import Merging
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// Long chains of edits, undos, redos, saves, checkpoints, writes and commits by other programs,
/// and restarts, in two sessions of one document, against a model of lists of texts with cursors:
/// bytes and history agree at every step.
///
/// DOCVC_STEPS in the environment makes the chains longer, DOCVC_SEED others.
@Suite struct SessionModelTests {
    static let steps = number("DOCVC_STEPS") ?? 250
    static let seed = UInt64(number("DOCVC_SEED") ?? 1)

    private static func number(_ variable: String) -> Int? {
        World.real().environment[variable].flatMap { Int($0) }
    }

    @Test(arguments: [
        (seed, SessionModel.Bounds(operations: 200, bytes: 8 << 20)),
        (seed &+ 1_000_000, SessionModel.Bounds(operations: 12, bytes: 2_000)),
    ])
    func workspaceAgreesWithTheModel(_ seed: UInt64, _ bounds: SessionModel.Bounds) throws {
        var run = try ModelRun(seed: seed, bounds: bounds)
        for step in 1...SessionModelTests.steps {
            try run.step(step)
            // What follows a disagreement says nothing.
            if run.disagrees { break }
        }
        try run.repository.check()
        #expect(run.counts.values.allSatisfy { $0 > 0 }, "\(run.counts)")
        print("\(SessionModelTests.steps) steps of seed \(seed): \(run.counts.sorted { $0 < $1 })")
    }
}

/// A workspace and the model of it, side by side.
private struct ModelRun {
    let repository: TemporaryRepository
    var random: SeededGenerator
    /// The document's open session, and one that is named beside it.
    var models: [SessionModel?]
    var now: SessionModel.Seen
    var counts = [
        "edit": 0, "refused edit": 0, "edit saved": 0, "undo": 0, "redo": 0, "move saved": 0,
        "committed": 0, "diverged": 0, "overwritten": 0, "left": 0, "merged": 0, "external": 0,
        "commit of another": 0, "checkpoint": 0, "dropped redo": 0,
    ]
    var disagrees = false
    private let bounds: SessionModel.Bounds
    private var worlds: [(World, Settings.Overrides)]

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

    init(seed: UInt64, bounds: SessionModel.Bounds) throws {
        repository = try TemporaryRepository()
        // Git packs at times, and not behind the chain's back.
        try repository.git("config", "gc.autoDetach", "false")
        random = SeededGenerator(seed: seed)
        self.bounds = bounds
        var world = repository.world(seed: seed)
        world.environment["DOCVC_HISTORY_OPERATIONS"] = String(bounds.operations)
        world.environment["DOCVC_HISTORY_BYTES"] = String(bounds.bytes)
        var named = Settings.Overrides()
        named.session = "01JDK4T0V6M9Q8R3YB2X7Z5WHC"
        worlds = [(world, .init()), (world, named)]
        let text = Array(ModelRun.text.utf8)
        now = .init(disk: text, head: text)
        try repository.write("a.md", text)
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        models = [SessionModel(.init(disk: text, head: nil), bounds), nil]
        models[0]?.commit()
    }

    mutating func step(_ number: Int) throws {
        let index = chance(5) ? 1 : 0
        let kind = Int.random(in: 0..<100, using: &random)
        // A new workspace each time: everything is read from the disk again.
        let (world, overrides) = worlds[index]
        let workspace = try Workspace(in: world, overrides: overrides)
        var next = models[index] ?? SessionModel(now, bounds)
        next.follow(now)
        do {
            let isWritten =
                switch kind {
                case 0..<42: try edit(workspace, &next)
                case 42..<60: try move(workspace, &next, isUndo: true)
                case 60..<72: try move(workspace, &next, isUndo: false)
                case 72..<84: try save(workspace, &next, isKnown: models[index] != nil)
                case 84..<87: try checkpoint(workspace, next)
                default: try external(number, next)
                }
            if isWritten {
                count("dropped redo", next.dropped)
                models[index] = next
            }
        } catch {
            Issue.record("step \(number), kind \(kind): \(error)")
            disagrees = true
        }
        let place = "step \(number), kind \(kind), session \(index)"
        for index in models.indices { try compare(index, place) }
    }

    private mutating func compare(_ index: Int, _ place: String) throws {
        func agree(_ isTrue: Bool, _ what: String) -> Bool {
            #expect(isTrue, "\(what) at \(place), compared session \(index)")
            return isTrue
        }
        let file = try FileSystem().readIfPresent(repository.folder.appending("a.md"))
        guard agree(file == now.disk, "the disk") else { return disagrees = true }
        let workspace = try Workspace(in: worlds[index].0, overrides: worlds[index].1)
        let found = try workspace.session(of: "a.md")
        guard var expected = models[index] else {
            disagrees = !agree(found == nil, "no session") || disagrees
            return
        }
        expected.follow(now)
        let session = try #require(found)
        let history = EditHistory(
            undoDepth: expected.cursor, redoDepth: expected.steps.count - expected.cursor,
            limit: bounds.operations)
        let isSame =
            agree(
                session.draft == expected.draft,
                "the draft \(words(session.draft)), not \(words(expected.draft)),")
            && agree(session.history == history, "the history \(session.history), not \(history)")
            && agree(session.history.canUndo == (expected.cursor > 0), "canUndo")
            && agree(session.history.canRedo == (history.redoDepth > 0), "canRedo")
            && agree(session.isUnsaved == expected.isUnsaved, "being unsaved")
            && agree(session.operations.map(\.kind) == expected.steps.map(\.kind), "the kinds")
            && agree(
                session.operations.map(\.sequence) == expected.steps.map(\.sequence),
                "the numbers")
            && agree(
                session.unsavedOperations.map(\.sequence) == expected.unsaved.map(\.sequence),
                "what is unsaved")
            && agree(session.state.baseline.text == expected.seen.disk, "the baseline")
        disagrees = disagrees || !isSame
    }

    private func words(_ text: [UInt8]?) -> String {
        text.map { String(decoding: $0, as: UTF8.self).debugDescription } ?? "that is none"
    }

    // MARK: Commands; each returns whether the session was written

    private mutating func edit(
        _ workspace: borrowing Workspace, _ next: inout SessionModel
    ) throws -> Bool {
        let edits = (0..<(chance(4) ? 2 : 1)).map { _ in randomEdit(next.draft ?? []) }
        guard let text = next.draft else {
            try refuse({ _ = try workspace.edit("a.md", edits) }) {
                if case .badPath = $0 { true } else { false }
            }
            return false
        }
        guard
            let result = try? Edit.apply(
                edits, to: Document(text), remembering: next.earlierTexts.map { Document($0) })
        else {
            count("refused edit")
            let isOpen = !ConflictMarkers.conflicts(in: text).isEmpty
            try refuse({ _ = try workspace.edit("a.md", edits) }) {
                switch $0 {
                case .refusedEdit: true
                // Where that is why the front matter cannot be read.
                case .conflicts: isOpen
                default: false
                }
            }
            return false
        }
        if result.document.bytes != text {
            count("edit")
            let size = result.splices.reduce(0) { $0 + $1.removed.count + $1.inserted.count }
            next.perform(edits[0].kind, result.document.bytes, size: size)
        }
        let isSaved = chance(6)
        if isSaved { count("edit saved") }
        return try change(workspace, &next, isSaved: isSaved) {
            try $0.edit("a.md", edits, saving: $1)
        }
    }

    private mutating func move(
        _ workspace: borrowing Workspace, _ next: inout SessionModel, isUndo: Bool
    ) throws -> Bool {
        let steps = Int.random(in: 1...3, using: &random)
        func run(_ workspace: borrowing Workspace, _ saving: DraftSaving?) throws -> EditReport {
            isUndo
                ? try workspace.undo("a.md", steps: steps, saving: saving)
                : try workspace.redo("a.md", steps: steps, saving: saving)
        }
        guard steps <= (isUndo ? next.cursor : next.steps.count - next.cursor) else {
            try refuse({ _ = try run(workspace, nil) }) {
                switch $0 {
                case .nothingToUndo: isUndo
                case .nothingToRedo: !isUndo
                default: false
                }
            }
            return false
        }
        count(isUndo ? "undo" : "redo")
        next.move(by: isUndo ? -steps : steps)
        let isSaved = chance(5)
        if isSaved { count("move saved") }
        return try change(workspace, &next, isSaved: isSaved, run)
    }

    /// A change that `next` knows already, with what `--save` makes of it.
    private mutating func change(
        _ workspace: borrowing Workspace, _ next: inout SessionModel, isSaved: Bool,
        _ run: (borrowing Workspace, DraftSaving?) throws -> EditReport
    ) throws -> Bool {
        guard isSaved else {
            compare(try run(workspace, nil), next)
            return true
        }
        var saving = DraftSaving()
        saving.onConflict = choice()
        let end = try end(saving.onConflict, workspace, &next, ofDraft: true)
        if let isKept = try refused({ _ = try run(workspace, saving) }, end) { return isKept }
        compare(try run(workspace, saving), next)
        return true
    }

    private mutating func save(
        _ workspace: borrowing Workspace, _ next: inout SessionModel, isKnown: Bool
    ) throws -> Bool {
        var request = SaveRequest(["a.md"])
        request.onConflict = choice()
        request.savesDeletions = true
        let merges = next.steps.filter { $0.kind == .merge }.count
        let end = try end(request.onConflict, workspace, &next, ofDraft: false)
        if let isKept = try refused({ _ = try workspace.save(request) }, end) { return isKept }
        let report = try workspace.save(request)
        #expect((report.commit != nil) == (end == .committed))
        #expect(report.unchanged.isEmpty == (end != .unchanged))
        // A save that finds nothing to do makes no session for it.
        return end != .unchanged || isKnown
            || next.steps.filter { $0.kind == .merge }.count != merges
    }

    private mutating func end(
        _ choice: ConflictChoice, _ workspace: borrowing Workspace, _ next: inout SessionModel,
        ofDraft: Bool
    ) throws -> SessionModel.End {
        // The merge itself is tried elsewhere: here it is what it is.
        var isMerged = false
        let isDiverged = now.disk != next.seen.disk && now.disk != next.draft
        let end = try next.save(choice, &now, ofDraft: ofDraft) {
            isMerged = true
            return try workspace.merge(
                "a.md", base: $0, ours: $1, theirs: $2, theirName: $3, by: .merge)
        }
        if isMerged { count("merged") }
        switch end {
        case .committed:
            count("committed")
            if choice == .overwrite, isDiverged { count("overwritten") }
        case .refused: count("diverged")
        case .left: count("left")
        default: break
        }
        return end
    }

    /// Where the model says that a command is refused, runs it and returns whether it leaves
    /// something written all the same.
    private func refused(
        _ run: () throws -> Void, _ end: SessionModel.End
    ) throws -> Bool? {
        switch end {
        case .left, .written, .committed, .unchanged:
            return nil
        case .refused(let kind):
            try refuse(run) {
                guard case .diverged(let found) = $0 else { return false }
                return found.map(\.kind) == [kind]
            }
            return false
        case .conflicts(let isKept):
            try refuse(run) { if case .conflicts = $0 { true } else { false } }
            return isKept
        case .draftIsGone:
            try refuse(run) { if case .draftIsGone = $0 { true } else { false } }
            return false
        case .missing:
            try refuse(run) { if case .badPath = $0 { true } else { false } }
            return false
        }
    }

    private mutating func checkpoint(
        _ workspace: borrowing Workspace, _ next: SessionModel
    ) throws -> Bool {
        guard next.isUnsaved || next.draft != nil || now.head != nil else {
            try refuse({ _ = try workspace.checkpoint("a.md") }) {
                if case .badPath = $0 { true } else { false }
            }
            return false
        }
        count("checkpoint")
        let report = try workspace.checkpoint("a.md")
        // That there be no document is nothing to keep.
        let isKept = next.draft == nil ? next.isUnsaved : next.draft != now.head
        #expect((report.tree != nil) == isKept)
        return true
    }

    /// Another program writes, removes or commits the document.
    private mutating func external(_ number: Int, _ next: SessionModel) throws -> Bool {
        count("external")
        let file = repository.folder.appending("a.md")
        let old = now.disk
        let page = Array("---\ntitle: theirs \(number)\n---\nby another program\n".utf8)
        switch Int.random(in: 0..<12, using: &random) {
        case 0:
            try FileSystem().remove(file)
            now.disk = nil
        case 1: now.disk = next.draft ?? page
        case 2: now.disk = now.head ?? page
        case 3: now.disk = Array(String(decoding: old ?? page, as: UTF8.self).utf8) + [0xff, 10]
        case 4: now.disk = Array("---\r\ntitle: \(number)\r\n---\r\nlines\r\n".utf8)
        case 5, 6, 7: now.disk = (old ?? page) + Array("theirs \(number)\n".utf8)
        case 8: now.disk = Array("---\ntitle: [\nnever \(number)".utf8)
        default: now.disk = page
        }
        if let text = now.disk { try repository.write("a.md", text) }
        guard chance(4) else { return false }
        count("commit of another")
        // Git knows no path that is neither on disk nor committed.
        if now.disk != nil || now.head != nil { try repository.git("add", "--all", "a.md") }
        try repository.git("commit", "--quiet", "--allow-empty", "-m", "theirs")
        now.head = now.disk
        if chance(2), let old {
            try repository.write("a.md", old)
            now.disk = old
        }
        return false
    }

    // MARK: Chance and errors

    private mutating func chance(_ one: Int) -> Bool {
        Int.random(in: 0..<one, using: &random) == 0
    }

    private mutating func choice() -> ConflictChoice {
        [.reject, .overwrite, .reload, .merge].randomElement(using: &random) ?? .reject
    }

    private mutating func count(_ what: String, _ number: Int = 1) {
        counts[what, default: 0] += number
    }

    private func compare(_ report: EditReport, _ next: SessionModel) {
        #expect(report.droppedRedo == next.dropped)
        let others = report.kept.filter { !$0.reason.contains("compacted") }
        #expect(others.isEmpty != next.dropsText)
        #expect(report.history.undoDepth == next.cursor)
        #expect(report.history.redoDepth == next.steps.count - next.cursor)
        #expect(report.isUnsaved == next.isUnsaved)
        #expect(report.size == next.draft?.count ?? 0)
    }

    private func refuse(
        _ body: () throws -> Void, _ isExpected: (HistoryError) -> Bool
    ) throws {
        do {
            try body()
        } catch let error as HistoryError where isExpected(error) {
            return
        }
        throw HistoryError.badState("what the model refuses was done")
    }

    private mutating func randomEdit(_ text: [UInt8]) -> Edit {
        let value = Int.random(in: 0..<1_000, using: &random)
        let keys = ["title", "seo.keep", "new\(value % 5)", "tags[0]"]
        let key = keys.randomElement(using: &random).flatMap { try? FieldPath(parsing: $0) }
        guard let key, let tags = try? FieldPath(parsing: "tags") else { return .replaceBody([]) }
        switch Int.random(in: 0..<12, using: &random) {
        case 0, 1: return .set(key, .guess("v\(value)"))
        case 2: return .set(key, .guess("v\(value % 3)"))
        case 3: return .append(tags, .guess("t\(value)"))
        case 4: return .remove(tags, .guess("a"))
        case 5: return .unset(key)
        case 6: return .rename(key, to: Text("renamed\(value % 7)"))
        case 7: return .replaceBody(Array("Body \(value).\n\nwith words\n".utf8))
        case 8:
            return .replaceText(
                find: Array("words".utf8), with: Array("w\(value) words".utf8), all: value % 2 == 0)
        case 9: return .replaceFrontMatter(Array("title: fm \(value)\ntags: [x]\n".utf8))
        case 10: return patch(Array(Document(text).bodyBytes), value)
        default: return .replaceText(find: Array("o".utf8), with: Array("ö".utf8), all: true)
        }
    }

    /// A patch of the body, every third one of another text.
    private func patch(_ body: [UInt8], _ value: Int) -> Edit {
        let old = value % 3 == 0 ? Array("another text\n".utf8) : body
        let new = old + Array("patched \(value)\n".utf8)
        guard let bytes = try? Patch.text(from: old, named: "a", to: new, named: "a"),
            let patch = try? UnifiedDiff(parsing: bytes)
        else { return .replaceBody(new) }
        return .patchBody(patch)
    }
}
