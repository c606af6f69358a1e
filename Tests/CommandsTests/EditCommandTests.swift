import Glibc
import Platform
import SystemPackage
import Testing
import TestSupport

/// `docvc edit` as a process with an editor below it, and what signals make of the two.
@Suite(.enabled(if: ProofTests.program != nil, "the program was not built"))
struct EditCommandTests {
    /// An editor that tells in `ready` that it is open, and writes only when it is to end.
    private static let editor = """
        #!/bin/sh
        trap 'sleep 0.1; printf "work\\n" >"$1"; exit 0' TERM HUP
        : >"$READY"
        while :; do sleep 0.05; done
        """

    private func repository() throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        return repository
    }

    /// Starts `docvc edit a.md` with the editor `script`, and returns when that is open.
    private func start(
        _ script: String, in repository: TemporaryRepository
    ) throws -> RunningProgram {
        let tools = repository.folder.removingLastComponent()
        let (editor, ready) = (tools.appending("editor"), tools.appending("ready"))
        try repository.writeProgram("../editor", script)
        var environment = repository.environment
        environment["GIT_EDITOR"] = editor.string
        environment["READY"] = ready.string
        let program = try #require(ProofTests.program)
        let running = try Program(
            [program.string, "edit", "a.md"], environment: environment, folder: repository.folder
        ).start()
        try wait { try FileSystem().status(of: ready) != nil }
        return running
    }

    private func wait(until isDone: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try !isDone(), ContinuousClock.now < deadline { World.sleep(.milliseconds(20)) }
        #expect(try isDone())
    }

    private func docvc(_ arguments: String..., in repository: TemporaryRepository) throws -> String
    {
        try repository.run([try #require(ProofTests.program).string] + arguments)
    }

    private func copies(_ repository: TemporaryRepository) throws -> [String] {
        try repository.run(["find", ".git/docvc/sessions", "-path", "*/edit/*"])
            .split(separator: "\n").map { String($0.split(separator: "/").last ?? "") }.sorted()
    }

    /// The signal reaches the editor behind the shell, whose last text becomes the draft.
    @Test(arguments: [SIGTERM, SIGHUP])
    func signalsArePassedOn(_ number: Int32) throws {
        let repository = try repository()
        var running = try start(EditCommandTests.editor, in: repository)
        running.signal(number)
        #expect(try running.waitForEnd() == 128 + number)
        #expect(try docvc("show", "--draft", "a.md", in: repository) == "work\n")
        #expect(try copies(repository).isEmpty)
    }

    /// What an editor keeps beside the copy is not docvc's to remove.
    @Test func swapFilesStay() throws {
        let repository = try repository()
        let script = EditCommandTests.editor.replacing(
            ": >", with: "printf swap >\"$(dirname \"$1\")/.a.md.swp\"\n: >")
        var running = try start(script, in: repository)
        running.signal(SIGTERM)
        #expect(try running.waitForEnd() == 128 + SIGTERM)
        #expect(try docvc("show", "--draft", "a.md", in: repository) == "work\n")
        #expect(try copies(repository) == [".a.md.swp"])
    }

    /// What a killed `docvc edit` left is the draft with the next command, which says so.
    @Test func killsLoseNothing() throws {
        let repository = try repository()
        let script = """
            #!/bin/sh
            : >"$READY"
            while test ! -e "$READY.end"; do sleep 0.05; done
            printf 'precious\\n' >"$1"
            """
        var running = try start(script, in: repository)
        running.signal(SIGKILL)
        #expect(try running.waitForEnd() == 128 + SIGKILL)
        let ready = repository.folder.removingLastComponent().appending("ready")
        try FileSystem().replace(ready.appendingToName(".end"), with: [])
        try wait { try docvc("status", in: repository).contains("draft") }
        #expect(try docvc("show", "--draft", "a.md", in: repository) == "precious\n")
        #expect(try docvc("history", "a.md", in: repository).contains("edit that was interrupted"))
    }

    /// An editor that lives on keeps its file, and the document for itself.
    @Test func livingEditorsKeepTheCopy() throws {
        let repository = try repository()
        let script = """
            #!/bin/sh
            trap '' TERM
            : >"$READY"
            while test ! -e "$READY.end"; do sleep 0.05; done
            printf 'late\\n' >"$1"
            : >"$READY.done"
            """
        var running = try start(script, in: repository)
        running.signal(SIGTERM)
        #expect(try running.waitForEnd() == 128 + SIGTERM)
        #expect(try copies(repository) == ["a.md"])
        var environment = repository.environment
        environment["GIT_EDITOR"] = "true"
        let edit = Program(
            [try #require(ProofTests.program).string, "edit", "a.md"], environment: environment,
            folder: repository.folder)
        #expect(try edit.capture().status == 75)
        let ready = repository.folder.removingLastComponent().appending("ready")
        try FileSystem().replace(ready.appendingToName(".end"), with: [])
        try wait { try FileSystem().status(of: ready.appendingToName(".done")) != nil }
        try wait { try edit.capture().status == 0 }
        #expect(try docvc("show", "--draft", "a.md", in: repository) == "late\n")
        #expect(try copies(repository).isEmpty)
    }
}
