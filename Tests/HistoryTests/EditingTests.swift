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

    private func title(_ value: String, isSaved: Bool = false) throws -> EditRequest {
        var request = EditRequest("a.md", [try set("title", value)])
        request.isSaved = isSaved
        return request
    }

    @Test func onlyTheKeyChanges() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let report = try workspace.edit(title("New"))
        #expect(
            try repository.read("a.md")
                == EditingTests.page.replacing("Old", with: "New"))
        #expect(report.operation?.intent == "set title")
        #expect(report.save.commit == nil)
        #expect(report.size == EditingTests.page.utf8.count)
        try repository.check()
    }

    @Test func savingCommitsTheEditWithWhatWasUnsaved() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        let unsaved = EditingTests.page + "unsaved\n"
        try repository.write("a.md", unsaved)
        let report = try workspace.edit(title("New", isSaved: true))
        let expected = unsaved.replacing("Old", with: "New")
        #expect(try repository.read("a.md") == expected)
        #expect(try repository.git("show", "HEAD:a.md") == expected)
        #expect(report.save.saved.map(\.path) == ["a.md"])
        #expect(try repository.git("status", "--porcelain").isEmpty)
        #expect(try workspace.keptTexts().isEmpty)
    }

    @Test func nothingToDoIsNoOperation() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let report = try workspace.edit(title("Old"))
        #expect(report.operation == nil)
        #expect(report.save.unchanged == ["a.md"])
    }

    @Test func aRefusedEditChangesNothing() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let edits = [try set("title", "New"), .unset(try FieldPath(parsing: "titel"))]
        let error = #expect(throws: HistoryError.self) {
            _ = try workspace.edit(EditRequest("a.md", edits))
        }
        guard case .refusedEdit(let path, .missing(let key), let near) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(path == "a.md" && key.description == "titel")
        #expect(near.map(\.description) == ["title"])
        #expect(try repository.read("a.md") == EditingTests.page)
        #expect(throws: HistoryError.self) {
            _ = try workspace.edit(EditRequest("none.md", [try set("a", "1")]))
        }
        #expect(try repository.read("none.md") == nil)
        try repository.check()
    }

    /// The new text is a new file, so a second name would stay with the old one.
    @Test(arguments: [false, true])
    func hardLinksAreNotParted(_ isSaved: Bool) throws {
        let repository = try repository()
        try repository.run(["ln", "a.md", "b.md"])
        let workspace = try Workspace(in: repository.world())
        let error = #expect(throws: HistoryError.self) {
            _ = try workspace.edit(title("New", isSaved: isSaved))
        }
        guard case .hardLinked("a.md") = error else { return #expect(Bool(false)) }
        #expect(try repository.read("a.md") == EditingTests.page)
        try repository.check()
    }

    /// The whole body gives way: what was unsaved of it is not lost.
    @Test func unsavedTextIsKeptWhereAWholePartIsReplaced() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        let replace = EditRequest("a.md", [.replaceBody(Array("new\n".utf8))])
        #expect(try workspace.edit(replace).save.displaced.isEmpty)
        let unsaved = try #require(try repository.read("a.md"))
        let again = EditRequest("a.md", [.replaceBody(Array("newer\n".utf8))])
        let kept = try #require(try workspace.edit(again).save.displaced.first?.kept)
        #expect(try workspace.repository.blob(kept.blob) == Array(unsaved.utf8))
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
    /// theirs stays, and the edit says so.
    @Test(
        arguments: Writer.allCases,
        [SaveStep.edited, .objectsWritten, .intentWritten, .beforeExchange("a.md")])
    func theOtherWritersTextStays(_ writer: Writer, _ moment: SaveStep) throws {
        for isSaved in [false, true] where isSaved || moment != .objectsWritten {
            let repository = try repository()
            var workspace = try Workspace(in: repository.world())
            _ = try workspace.save(SaveRequest(["a.md"]))
            let before = try repository.git("rev-parse", "HEAD")
            workspace.atStep = { step in
                if step == moment { writer.write("theirs\n", in: repository) }
            }
            let error = #expect(throws: HistoryError.self) {
                _ = try workspace.edit(title("New", isSaved: isSaved))
            }
            guard case .diverged(let divergences) = error else {
                Issue.record("\(writer) at \(moment): \(String(describing: error))")
                continue
            }
            let kinds: [Divergence.Kind] =
                writer == .deleting ? [.deletedOnDisk, .modifiedOnDisk] : [.modifiedOnDisk]
            #expect(divergences.count == 1 && kinds.contains(divergences[0].kind))
            #expect(divergences[0].baseline?.size == EditingTests.page.utf8.count)
            #expect(try repository.read("a.md") == (writer == .deleting ? nil : "theirs\n"))
            #expect(try repository.git("rev-parse", "HEAD") == before)
            try repository.check()
        }
    }

    @Test(arguments: [false, true])
    func overwriteKeepsTheirText(_ isSaved: Bool) throws {
        let repository = try repository()
        var workspace = try Workspace(in: repository.world())
        let once = Counter(0)
        workspace.atStep = { step in
            guard step == .edited, once.next() == 1 else { return }
            try? repository.write("a.md", "theirs\n")
        }
        var request = try title("New", isSaved: isSaved)
        request.onConflict = .overwrite
        let report = try workspace.edit(request)
        #expect(try repository.read("a.md")?.contains("title: New") == true)
        let kept = try #require(report.save.displaced.first?.kept)
        #expect(try workspace.repository.blob(kept.blob) == Array("theirs\n".utf8))
        try repository.check()
    }

    @Test(arguments: [false, true])
    func reloadKeepsTheEditedText(_ isSaved: Bool) throws {
        let repository = try repository()
        var workspace = try Workspace(in: repository.world())
        workspace.atStep = { step in
            if step == .beforeExchange("a.md") { try? repository.write("a.md", "theirs\n") }
        }
        var request = try title("New", isSaved: isSaved)
        request.onConflict = .reload
        let report = try workspace.edit(request)
        #expect(try repository.read("a.md") == "theirs\n")
        #expect(report.operation == nil && report.size == 7)
        let kept = try #require(report.save.displaced.first?.kept)
        #expect(
            try workspace.repository.blob(kept.blob)
                == Array(EditingTests.page.replacing("Old", with: "New").utf8))
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
                    var request = EditRequest(
                        "a.md",
                        [.append(try FieldPath(parsing: "tags"), .guess("e\(editor)r\(round)"))])
                    request.isSaved = round.isMultiple(of: 2)
                    _ = try workspace.edit(request)
                } catch {
                    Issue.record(error)
                    _ = failures.next()
                }
            }
        }
        #expect(failures.next() == 1)
        let text = try #require(try repository.read("a.md"))
        let tags = try Document(text).readFrontMatter().node(at: FieldPath(parsing: "tags"))
        #expect(tags?.items?.count == 21)
        try repository.check()
    }
}
