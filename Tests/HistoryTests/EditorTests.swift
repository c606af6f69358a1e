import Documents
import Git
import Glibc
import Platform
import Synchronization
import SystemPackage
import Testing
import TestSupport

@testable import History

/// New descriptors of the file that this process has open at `path`, as a child has them.
private func descriptors(of path: FilePath) -> [Int32] {
    let files = FileSystem()
    let names = (try? files.names(in: "/proc/self/fd")) ?? []
    return names.compactMap { name in
        let target = try? files.realPath(of: FilePath("/proc/self/fd").appending(name))
        guard target == path, let number = Int32(name) else { return nil }
        let heir = fcntl(number, F_DUPFD_CLOEXEC, 0)
        return heir < 0 ? nil : heir
    }
}

/// Drafts in editors.
@Suite struct EditorTests {
    private func repository() throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        return repository
    }

    /// Writes to the copy in place, as an editor does.
    private func write(_ text: String, to copy: borrowing EditorCopy) throws {
        let descriptor = try FileDescriptor.open(
            copy.location, .writeOnly, options: [.truncate, .create, .closeOnExec],
            permissions: .ownerReadWrite)
        try descriptor.closeAfter { _ = try descriptor.writeAll(text.utf8) }
    }

    private func draft(_ workspace: borrowing Workspace, _ path: String = "a.md") throws -> String {
        try String(decoding: workspace.draft(path), as: UTF8.self)
    }

    /// Makes steps until the draft is `text`.
    private func wait(
        _ copy: inout EditorCopy, _ workspace: borrowing Workspace, until text: String
    ) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while try draft(workspace) != text, ContinuousClock.now < deadline {
            workspace.step(&copy)
            Readiness.wait(for: [copy.descriptor], atMost: .milliseconds(50))
        }
        #expect(try draft(workspace) == text)
    }

    @Test func writesAreOperations() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        var copy = try workspace.openInEditor("a.md")
        #expect(copy.location.lastComponent?.string == "a.md")
        #expect(try FileSystem().read(copy.location) == Array("one\n".utf8))
        try write("two\n", to: copy)
        try wait(&copy, workspace, until: "two\n")
        // By rename.
        let other = copy.location.appendingToName(".new")
        try FileSystem().replace(other, with: "three\n".utf8)
        try FileSystem().rename(other, to: copy.location)
        try wait(&copy, workspace, until: "three\n")
        try write("four\n", to: copy)
        let location = copy.location
        let report = try workspace.finish(&copy)
        #expect(report.operation?.kind == .edit)
        #expect(report.history.undoDepth == 3)
        #expect(report.isUnsaved)
        #expect(try draft(workspace) == "four\n")
        #expect(try repository.read("a.md") == "one\n")
        #expect(try FileSystem().status(of: location.removingLastComponent()) == nil)
        _ = try workspace.undo("a.md", steps: 2)
        #expect(try draft(workspace) == "two\n")
    }

    @Test func savingIsLast() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        var copy = try workspace.openInEditor("a.md")
        try write("two\n", to: copy)
        let report = try workspace.finish(&copy, saving: DraftSaving())
        #expect(report.save?.commit != nil)
        #expect(try repository.git("show", "HEAD:a.md") == "two\n")
    }

    /// What was typed is in the draft, whatever becomes of the save.
    @Test func refusedSavesLoseNothing() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        var copy = try workspace.openInEditor("a.md")
        try write("two\n", to: copy)
        var quick = try workspace.openInEditor("b.md")
        try write("b\n", to: quick)
        workspace.step(&quick)
        try repository.write("a.md", "disk\n")
        _ = try workspace.finish(&quick)
        // The disk's change came first, and is an operation; so there is no divergence yet.
        let report = try workspace.finish(&copy)
        #expect(report.isUnsaved)
        try repository.write("a.md", "disk again\n")
        var again = try workspace.openInEditor("a.md")
        try write("three\n", to: again)
        do {
            _ = try workspace.finish(&again, saving: DraftSaving())
            Issue.record("the save was not refused")
        } catch {
            guard case .diverged = error else { throw error }
        }
        #expect(try draft(workspace) == "three\n")
        #expect(try repository.read("a.md") == "disk again\n")
    }

    @Test func failedEditorsAreTakenBack() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        var copy = try workspace.openInEditor("a.md")
        try write("two\n", to: copy)
        try wait(&copy, workspace, until: "two\n")
        try write("three\n", to: copy)
        let (report, steps) = try workspace.takeBack(&copy)
        #expect(steps == 2)
        #expect(report.history == EditHistory(undoDepth: 0, redoDepth: 2, limit: 200))
        #expect(try draft(workspace) == "one\n")
        _ = try workspace.redo("a.md", steps: 2)
        #expect(try draft(workspace) == "three\n")
    }

    /// What others did to the draft after the editor is not taken back with it.
    @Test func othersAreNotTakenBack() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        var copy = try workspace.openInEditor("a.md")
        try write("two\n", to: copy)
        try wait(&copy, workspace, until: "two\n")
        let edit = Edit.replaceText(find: Array("two".utf8), with: Array("other".utf8), all: false)
        _ = try workspace.edit("a.md", [edit])
        let (_, steps) = try workspace.takeBack(&copy)
        #expect(steps == 0)
        #expect(try draft(workspace) == "other\n")
    }

    /// An operation of another command stays in the history when the editor's text comes after.
    @Test func othersAreUndoable() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        var copy = try workspace.openInEditor("a.md")
        let edit = Edit.replaceText(find: Array("one".utf8), with: Array("other".utf8), all: false)
        _ = try workspace.edit("a.md", [edit])
        try write("editor\n", to: copy)
        try wait(&copy, workspace, until: "editor\n")
        let replacedOthers = copy.replacedOthers
        #expect(replacedOthers)
        _ = try workspace.finish(&copy)
        _ = try workspace.undo("a.md")
        #expect(try draft(workspace) == "other\n")
    }

    @Test func newDocumentsAreMade() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        var none = try workspace.openInEditor("new/b.md")
        #expect(try FileSystem().read(none.location).isEmpty)
        let nothing = try workspace.finish(&none)
        #expect(nothing.operation == nil && nothing.blob == nil)
        var copy = try workspace.openInEditor("new/b.md")
        try write("new\n", to: copy)
        _ = try workspace.finish(&copy, saving: DraftSaving())
        #expect(try repository.read("new/b.md") == "new\n")
        #expect(try repository.git("show", "HEAD:new/b.md") == "new\n")
    }

    @Test func oneEditorADocument() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        var copy = try workspace.openInEditor("a.md")
        let error = #expect(throws: HistoryError.self) { _ = try workspace.openInEditor("a.md") }
        guard case .beingEdited("a.md", let holder)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(holder.hasPrefix("process \(World.processID), since "))
        _ = try workspace.openInEditor("b.md")
        _ = try workspace.finish(&copy)
        _ = try workspace.openInEditor("a.md")
    }

    /// Leaves a copy as a kill does: its lock is free, and it is there.
    private func abandon(
        _ text: String?, in workspace: borrowing Workspace, _ path: String = "a.md"
    ) throws -> (session: ULID, location: FilePath) {
        let copy = try workspace.openInEditor(path)
        if let text { try write(text, to: copy) }
        let (session, location) = (copy.session, copy.location)
        kill(copy)
        return (session, location)
    }

    /// Gives up what the kernel gives up. Children that other tests are just starting have the
    /// lock too for a moment: to close it is not enough.
    private func kill(_ copy: consuming EditorCopy) {
        _ = flock(copy.lockDescriptor, LOCK_UN)
    }

    /// The copy of a dead process becomes an operation of the draft, with the next command.
    @Test func abandonedCopiesAreTakenOver() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        do {
            let copy = try workspace.openInEditor("a.md")
            try write("typed\n", to: copy)
            // A living editor has what it writes for itself.
            #expect(try workspace.recoverInterruptedSave().isEmpty)
            #expect(try workspace.status(of: []).map(\.state) == [.untracked])
            kill(copy)
        }
        #expect(try workspace.recoverInterruptedSave() == [.adopted("a.md", kept: [])])
        #expect(try workspace.recoverInterruptedSave().isEmpty)
        #expect(try draft(workspace) == "typed\n")
        #expect(try workspace.status(of: []).map(\.state) == [.draft])
        #expect(try workspace.session(of: "a.md")?.operations.map(\.kind) == [.recover])
        _ = try workspace.undo("a.md")
        #expect(try draft(workspace) == "one\n")

        // Also where the first to look takes the lock; what is dropped for it is kept.
        _ = try abandon("again\n", in: workspace)
        let edit = Edit.replaceText(find: Array("again".utf8), with: Array("x".utf8), all: false)
        let report = try workspace.edit("a.md", [edit])
        guard case .adopted("a.md", let kept)? = report.recovered.first else {
            Issue.record("\(report.recovered)")
            return
        }
        #expect(kept.count == 1)
        #expect(try draft(workspace) == "x\n")
    }

    /// A program that is started at the moment of a look at the copy has what that has open, until
    /// it becomes another program: it is no living editor.
    @Test func childrenThatAreBeingStartedHoldNoCopy() throws {
        let repository = try repository()
        let heirs = Mutex<[Int32]>([])
        defer { heirs.withLock { for heir in $0 { close(heir) } } }
        _ = try abandon("typed\n", in: Workspace(in: repository.world()))
        var world = repository.world(seed: 500)
        world.files.fault = { call, path in
            // What the holder of a lock writes into it: it has the lock now.
            if call == .write, path.lastComponent == "edit-lock" {
                heirs.withLock { $0 += descriptors(of: path) }
            }
            return nil
        }
        #expect(
            try Workspace(in: world).recoverInterruptedSave() == [.adopted("a.md", kept: [])])
        #expect(heirs.withLock { $0.count } >= 2)
    }

    /// An editor that wrote nothing takes nothing back that came after it.
    @Test func abandonedCopiesWithoutChangesAreNothing() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let session: ULID
        do {
            // Opened, and not written; another command changes the draft, and docvc is killed.
            let copy = try workspace.openInEditor("a.md")
            session = copy.session
            let edit = Edit.replaceText(
                find: Array("one".utf8), with: Array("two".utf8), all: false)
            _ = try workspace.edit("a.md", [edit])
            kill(copy)
        }
        #expect(try workspace.recoverInterruptedSave().isEmpty)
        #expect(try draft(workspace) == "two\n")
        #expect(try !workspace.hasAbandonedEdit())
        #expect(
            try FileSystem().status(of: workspace.sessionFolder(session).appending("edit")) == nil)
    }

    /// Where the session is damaged, what the editor wrote is kept.
    @Test func abandonedCopiesOfLostSessionsAreKept() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let (session, _) = try abandon("typed\n", in: workspace)
        try FileSystem().replace(Session.file(of: session, in: workspace), with: "damage".utf8)
        #expect(try workspace.recoverInterruptedSave().count == 1)
        let kept = try #require(try workspace.keptTexts().first)
        #expect(try workspace.repository.blob(kept.blob) == Array("typed\n".utf8))
    }

    /// An editor that detached itself writes once more: found, though its edit was over.
    @Test func lateWritesAreTakenOver() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        var copy = try workspace.openInEditor("a.md")
        let location = copy.location
        try FileSystem().replace(
            location.removingLastComponent().appending(".a.md.swp"), with: "swap".utf8)
        _ = try workspace.finish(&copy)
        #expect(try FileSystem().status(of: location) == nil)
        #expect(try workspace.recoverInterruptedSave().isEmpty)
        try FileSystem().replace(location, with: "late\n".utf8)
        #expect(try workspace.recoverInterruptedSave() == [.adopted("a.md", kept: [])])
        #expect(try draft(workspace) == "late\n")
    }

    /// A link or a folder in the copy's place is put out of the way, and not followed.
    @Test(arguments: [true, false])
    func strangeCopiesAreSetAside(_ isLink: Bool) throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let (session, location) = try abandon(nil, in: workspace)
        try FileSystem().remove(location)
        if isLink {
            try repository.run(["ln", "-s", "/etc/passwd", location.string])
        } else {
            try FileSystem().makeFolders(location.appending("inner"))
        }
        let place = workspace.sessionFolder(session).appending("edit-aside-1")
        #expect(try workspace.recoverInterruptedSave() == [.setAside("a.md", in: place)])
        #expect(try FileSystem().status(of: place)?.kind == (isLink ? .link : .folder))
        var copy = try workspace.openInEditor("a.md")
        #expect(try FileSystem().read(copy.location) == Array("one\n".utf8))
        try write("two\n", to: copy)
        _ = try workspace.finish(&copy)
        #expect(try draft(workspace) == "two\n")
    }

    /// A name that is as long as a name can be leaves room for no other made of it.
    @Test func longNamesCanBeEdited() throws {
        let repository = try repository()
        let workspace = try Workspace(in: repository.world())
        let name = String(repeating: "n", count: 252) + ".md"
        try repository.write(name, "one\n")
        var copy = try workspace.openInEditor(name)
        try write("two\n", to: copy)
        _ = try workspace.finish(&copy)
        #expect(try draft(workspace, name) == "two\n")
    }
}
