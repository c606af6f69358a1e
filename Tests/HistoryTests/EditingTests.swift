import Dispatch
import Documents
import Git
import Platform
import SystemPackage
import Testing
import TestSupport

@testable import History

/// Edits of documents on disk, alone and beside other writers.
@Suite struct EditingTests {
    static let page = "---\ntitle: Old # shown\ntags: [a]\n---\nbody\n"

    private func repository(_ text: String = page) throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        try repository.write("a.md", text)
        return repository
    }

    private func set(_ key: String, _ value: String) throws -> Edit {
        .set(try FieldPath(parsing: key), .guess(value))
    }

    private func edit(
        _ workspace: borrowing Workspace, _ value: String, saving: DraftSaving? = nil
    ) throws -> EditReport {
        try workspace.edit("a.md", [try set("title", value)], saving: saving)
    }

    private static func edited(_ text: String = page) -> String {
        text.replacing("Old", with: "New")
    }

    @Test func onlyTheDraftChanges() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let report = try edit(workspace, "New")
        #expect(try repository.read("a.md") == EditingTests.page)
        #expect(try workspace.draft("a.md") == Array(EditingTests.edited().utf8))
        #expect(report.operation?.intent == "set title")
        #expect(report.isUnsaved && report.save == nil)
        #expect(report.history == EditHistory(undoDepth: 1, redoDepth: 0, limit: 200))
        #expect(report.size == EditingTests.page.utf8.count)
        try repository.check()
    }

    /// What was undone ended with a removal; the text before it is what would be lost.
    @Test func aDroppedRemovalKeepsTheTextBeforeIt() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try edit(workspace, "New", saving: DraftSaving())
        try FileSystem().remove(repository.folder.appending("a.md"))
        // The removal is an operation, as the draft held nothing unsaved; both are undone.
        _ = try workspace.undo("a.md", steps: 2)
        let report = try edit(workspace, "Other")
        #expect(report.droppedRedo == 2)
        #expect(
            try report.kept.map { try workspace.recoverable($0.id).1 }
                == [Array(EditingTests.edited().utf8)])
    }

    @Test func savingPutsTheDraftOnDiskWithWhatWasUnsaved() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        let unsaved = EditingTests.page + "unsaved\n"
        try repository.write("a.md", unsaved)
        let report = try edit(workspace, "New", saving: DraftSaving())
        let expected = EditingTests.edited(unsaved)
        #expect(try repository.read("a.md") == expected)
        #expect(try repository.git("show", "HEAD:a.md") == expected)
        #expect(report.save?.saved.map(\.path) == ["a.md"])
        #expect(report.save?.saved.first?.operations.map(\.kind) == [.external, .set])
        #expect(try repository.git("status", "--porcelain").isEmpty)
        #expect(try workspace.keptTexts().isEmpty)
        #expect(try repository.git("for-each-ref", "refs/docvc").isEmpty)
    }

    @Test func nothingToDoIsNoOperation() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let report = try edit(workspace, "Old")
        #expect(report.operation == nil && !report.isUnsaved)
    }

    @Test func aRefusedEditChangesNothing() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let edits = [try set("title", "New"), .unset(try FieldPath(parsing: "titel"))]
        let error = #expect(throws: HistoryError.self) {
            _ = try workspace.edit("a.md", edits)
        }
        guard case .refusedEdit(let path, .missing(let key), let near) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(path == "a.md" && key.description == "titel")
        #expect(near.map(\.description) == ["title"])
        #expect(try repository.read("a.md") == EditingTests.page)
        #expect(throws: HistoryError.self) {
            _ = try workspace.edit("none.md", [try set("a", "1")])
        }
        #expect(try repository.read("none.md") == nil)
        try repository.check()
    }

    /// The new text is a new file, so a second name would stay with the old one.
    @Test func hardLinksAreNotParted() throws {
        let repository = try repository()
        try repository.run(["ln", "a.md", "b.md"])
        let workspace = try Workspace(in: repository.world())
        let error = #expect(throws: HistoryError.self) {
            _ = try edit(workspace, "New", saving: DraftSaving())
        }
        guard case .hardLinked("a.md") = error else { return #expect(Bool(false)) }
        #expect(try repository.read("a.md") == EditingTests.page)
        #expect(try workspace.draft("a.md") == Array(EditingTests.page.utf8))
        try repository.check()
    }

    // MARK: Other writers

    enum Writer: CaseIterable, Sendable {
        case inPlace, byRename, deleting

        func write(_ text: String, in repository: TemporaryRepository) {
            switch self {
            case .inPlace: try? repository.write("a.md", text)
            case .byRename: try? repository.replace("a.md", text)
            case .deleting: _ = try? FileSystem().remove(repository.folder.appending("a.md"))
            }
        }
    }

    /// A writer changes the document after it was read, at each step up to the exchange:
    /// theirs stays, the edit says so, and the draft is as it was.
    @Test(
        arguments: Writer.allCases,
        [SaveStep.edited, .objectsWritten, .intentWritten, .beforeExchange("a.md")])
    func theOtherWritersTextStays(_ writer: Writer, _ moment: SaveStep) throws {
        let repository = try repository()
        var workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        let before = try repository.git("rev-parse", "HEAD")
        workspace.atStep = { step in
            if step == moment { writer.write("theirs\n", in: repository) }
        }
        let error = #expect(throws: HistoryError.self) {
            _ = try edit(workspace, "New", saving: DraftSaving())
        }
        guard case .diverged(let divergences) = error else {
            Issue.record("\(writer) at \(moment): \(String(describing: error))")
            return
        }
        let kinds: [Divergence.Kind] =
            writer == .deleting ? [.deletedOnDisk, .modifiedOnDisk] : [.modifiedOnDisk]
        #expect(divergences.count == 1 && kinds.contains(divergences[0].kind))
        #expect(divergences[0].baseline?.size == EditingTests.page.utf8.count)
        #expect(try repository.read("a.md") == (writer == .deleting ? nil : "theirs\n"))
        #expect(try repository.git("rev-parse", "HEAD") == before)
        let session = try #require(try workspace.session(of: "a.md"))
        #expect(session.operations.map(\.kind) == [.external] && !session.isUnsaved)
        try repository.check()
    }

    /// What another program wrote while the draft stood is found when it is saved.
    @Test func aDraftDivergesFromTheDisk() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        _ = try edit(workspace, "New")
        try repository.write("a.md", "theirs\n")
        #expect(try workspace.status(of: ["a.md"]).first?.state == .diverged)
        let error = #expect(throws: HistoryError.self) {
            _ = try workspace.save(SaveRequest(["a.md"]))
        }
        guard case .diverged(let divergences) = error else { return #expect(Bool(false)) }
        #expect(divergences.map(\.kind) == [.modifiedOnDisk])
        #expect(try workspace.draft("a.md") == Array(EditingTests.edited().utf8))
    }

    /// HEAD's version changed, the disk's did not: as after a fetch into the branch.
    @Test func aDraftDivergesFromHead() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        _ = try edit(workspace, "New")
        try repository.write("a.md", "theirs\n")
        try repository.git("commit", "--quiet", "-m", "theirs", "a.md")
        try repository.write("a.md", EditingTests.page)
        let error = #expect(throws: HistoryError.self) {
            _ = try workspace.save(SaveRequest(["a.md"]))
        }
        guard case .diverged(let divergences) = error else { return #expect(Bool(false)) }
        #expect(divergences.map(\.kind) == [.headMoved])
    }

    /// The text on disk is committed with Git while the draft stands: nobody's text gives way.
    @Test func aCommitOfTheBaselineIsNoDivergence() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try edit(workspace, "New")
        try repository.git("add", "a.md")
        try repository.git("commit", "--quiet", "-m", "theirs")
        let report = try workspace.save(SaveRequest(["a.md"]))
        #expect(report.saved.count == 1)
        #expect(try repository.git("show", "HEAD:a.md") == EditingTests.edited())
    }

    @Test func overwriteKeepsTheirText() throws {
        let repository = try repository()
        var workspace = try Workspace(in: repository.world())
        let once = Counter(0)
        workspace.atStep = { step in
            guard step == .edited, once.next() == 1 else { return }
            try? repository.write("a.md", "theirs\n")
        }
        var saving = DraftSaving()
        saving.onConflict = .overwrite
        let report = try edit(workspace, "New", saving: saving)
        #expect(try repository.read("a.md") == EditingTests.edited())
        let kept = try #require(report.save?.displaced.first?.kept)
        #expect(try workspace.repository.blob(kept.blob) == Array("theirs\n".utf8))
        try repository.check()
    }

    @Test func reloadKeepsTheDraft() throws {
        let repository = try repository()
        var workspace = try Workspace(in: repository.world())
        workspace.atStep = { step in
            if step == .beforeExchange("a.md") { try? repository.write("a.md", "theirs\n") }
        }
        var saving = DraftSaving()
        saving.onConflict = .reload
        let report = try edit(workspace, "New", saving: saving)
        #expect(try repository.read("a.md") == "theirs\n")
        #expect(report.size == 7 && !report.isUnsaved)
        let kept = try #require(report.save?.displaced.first?.kept)
        #expect(try workspace.repository.blob(kept.blob) == Array(EditingTests.edited().utf8))
        // What gave way can be had by undo as well.
        _ = try workspace.undo("a.md")
        #expect(try workspace.draft("a.md") == Array(EditingTests.edited().utf8))
        try repository.check()
    }

    /// Of several documents only those are as on disk by then that had diverged.
    @Test func reloadLeavesTheOtherDrafts() throws {
        let repository = try repository()
        try repository.write("b.md", "mine\n")
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md", "b.md"]))
        _ = try edit(workspace, "New")
        _ = try workspace.edit("b.md", [.replaceBody(Array("draft\n".utf8))])
        try repository.write("b.md", "theirs\n")
        var request = SaveRequest(["a.md", "b.md"])
        request.onConflict = .reload
        let report = try workspace.save(request)
        #expect(report.left == ["b.md"] && report.commit == nil)
        #expect(try workspace.draft("a.md") == Array(EditingTests.edited().utf8))
        #expect(try workspace.draft("b.md") == Array("theirs\n".utf8))
    }

    /// A name without a document is none that could be undone.
    @Test func nothingHasNoHistory() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        for body in [
            { (name: String) in _ = try Workspace(in: repository.world()).undo(name) },
            { (name: String) in _ = try Workspace(in: repository.world()).redo(name) },
        ] {
            let missing = #expect(throws: HistoryError.self) { try body("nonex.md") }
            guard case .badPath("nonex.md", .missing) = missing else {
                Issue.record("\(String(describing: missing))")
                continue
            }
            // One that nobody changed is there all the same.
            let unchanged = #expect(throws: HistoryError.self) { try body("a.md") }
            if case .badPath = unchanged { Issue.record("\(String(describing: unchanged))") }
        }
        #expect(try workspace.session(of: "nonex.md") == nil)
    }

    private func saving(_ choice: ConflictChoice) -> DraftSaving {
        var saving = DraftSaving()
        saving.onConflict = choice
        return saving
    }

    /// Neighbouring keys, one changed in the draft and one on disk: no conflict.
    @Test func mergeSavesBothSidesChanges() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        _ = try edit(workspace, "New")
        try repository.write("a.md", EditingTests.page.replacing("[a]", with: "[a, b]"))
        var request = SaveRequest(["a.md"])
        request.onConflict = .merge
        let report = try workspace.save(request)
        let expected = EditingTests.edited().replacing("[a]", with: "[a, b]")
        #expect(report.merged == ["a.md"])
        #expect(try repository.read("a.md") == expected)
        #expect(try repository.git("show", "HEAD:a.md") == expected)
        #expect(try repository.git("notes", "--ref=docvc", "show").contains("\"choice\":\"merge\""))
        // Undo takes back the merge, then the edit.
        _ = try workspace.undo("a.md")
        #expect(try workspace.draft("a.md") == Array(EditingTests.edited().utf8))
    }

    /// The disk and HEAD moved on apart: neither side's change is lost.
    @Test func mergeTakesInDiskAndHead() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        _ = try edit(workspace, "New")
        try repository.write("a.md", EditingTests.page + "committed\n")
        try repository.git("commit", "--quiet", "-m", "theirs", "a.md")
        try repository.write("a.md", EditingTests.page.replacing("[a]", with: "[a, b]"))
        let report = try workspace.edit(
            "a.md", [try set("new", "1")], saving: saving(.merge))
        #expect(report.save?.merged == ["a.md"])
        let text = try #require(try repository.read("a.md"))
        for part in ["title: New # shown", "[a, b]", "new: 1", "committed"] {
            #expect(text.contains(part), "\(text)")
        }
    }

    @Test func conflictsStayInTheDraft() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        _ = try edit(workspace, "New")
        let theirs = EditingTests.page.replacing("Old", with: "Theirs")
        try repository.write("a.md", theirs)
        var request = SaveRequest(["a.md"])
        request.onConflict = .merge
        for _ in 0..<2 {
            let error = #expect(throws: HistoryError.self) { _ = try workspace.save(request) }
            guard case .conflicts(path: "a.md", count: 1, _) = error else {
                return #expect(Bool(false))
            }
            let draft = String(decoding: try workspace.draft("a.md"), as: UTF8.self)
            #expect(draft.contains("<<<<<<< draft\ntitle: New") && draft.contains(">>>>>>> disk"))
            #expect(try repository.read("a.md") == theirs)
        }
        // Without the merge the draft stands against the text that it was made of, again.
        _ = try workspace.undo("a.md")
        #expect(try workspace.draft("a.md") == Array(EditingTests.edited().utf8))
        #expect(throws: HistoryError.self) { _ = try workspace.save(SaveRequest(["a.md"])) }
        _ = try workspace.redo("a.md")
        _ = try workspace.undo("a.md")
        request.onConflict = .overwrite
        let kept = try #require(try workspace.save(request).displaced.first?.kept)
        #expect(try workspace.repository.blob(kept.blob) == Array(theirs.utf8))
    }

    @Test(arguments: [(0, true), (1, false), (200, false)])
    func theUsersProgramMerges(_ status: Int, _ isSaved: Bool) throws {
        let repository = try repository()
        try repository.git(
            "config", "docvc.mergeHook", "f() { cat \"$3\" >>\"$2\"; exit \(status); }; f")
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        _ = try edit(workspace, "New")
        try repository.write("a.md", "theirs\n")
        var request = SaveRequest(["a.md"])
        request.onConflict = .hook
        if isSaved {
            _ = try workspace.save(request)
            #expect(try repository.read("a.md") == EditingTests.edited() + "theirs\n")
        } else {
            #expect(throws: HistoryError.self) { _ = try workspace.save(request) }
            #expect(try repository.read("a.md") == "theirs\n")
        }
        try repository.check()
    }

    /// Editors of docvc's own wait for each other, and each builds on the other's text.
    @Test func editsBesideEachOtherAllCount() throws {
        let repository = try repository()
        let failures = Counter(0)
        DispatchQueue.concurrentPerform(iterations: 4) { editor in
            for round in 0..<5 {
                do {
                    let seed = UInt64(editor * 1_000 + round * 100)
                    let workspace = try Workspace(in: repository.world(seed: seed))
                    let edit = Edit.append(
                        try FieldPath(parsing: "tags"), .guess("e\(editor)r\(round)"))
                    _ = try workspace.edit(
                        "a.md", [edit], saving: round.isMultiple(of: 2) ? DraftSaving() : nil)
                } catch {
                    Issue.record(error)
                    _ = failures.next()
                }
            }
        }
        #expect(failures.next() == 1)
        let workspace = try Workspace(in: repository.world(seed: 9_000))
        let tags = try Document(workspace.draft("a.md")).readFrontMatter().node(
            at: FieldPath(parsing: "tags"))
        #expect(tags?.items?.count == 21)
        try repository.check()
    }
}
