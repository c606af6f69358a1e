import Platform
import SystemPackage
import Testing
import TestSupport

/// A sample of the proofs in `Tests/Proof`, on the program as it was built.
@Suite(.serialized) struct ProofTests {
    /// The built program, beside the test's own.
    static let program: FilePath? = {
        guard let tests = try? FileSystem().realPath(of: "/proc/self/exe") else { return nil }
        // Some versions of the package manager run the tests inside a helper of its own.
        let built = Project.root.appending(".build/debug/docvc")
        let beside = tests.removingLastComponent().appending("docvc")
        let candidates = [beside, built]
        return candidates.first { ((try? FileSystem().status(of: $0)) ?? nil) != nil }
    }()

    static func has(_ tool: String) -> Bool {
        let world = World.real()
        let result = try? Program(
            ["sh", "-c", "command -v \(tool)"], environment: world.environment,
            folder: world.currentFolder
        ).capture()
        return result?.status == 0
    }

    static let canTrace = has("python3") && has("strace")

    @Test(.enabled(if: canTrace, "python3 and strace are needed"))
    func savesAreDurableInOrder() throws {
        try prove("save-order")
    }

    @Test(
        .enabled(if: canTrace, "python3 and strace are needed"),
        arguments: [
            ("save", 23), ("save-several", 31), ("restore-save", 29), ("restore", 17),
            ("overwrite", 37), ("set", 17), ("set-save", 31), ("save-deleted", 29),
            ("notes-rebuild", 19), ("init", 17), ("init-hook", 29), ("migrate-apply", 61),
            ("migrate-revert", 59), ("resolve", 5),
            ("save-hooked", 43), ("edit", 31), ("merge-driver", 3),
        ])
    func killsLeaveOldOrNew(_ scenario: String, _ sample: Int) throws {
        try prove("kill-matrix", "--only", scenario, "--sample", String(sample))
    }

    @Test(
        .enabled(if: canTrace, "python3 and strace are needed"),
        arguments: [("save", 41), ("restore-save", 43), ("set", 29), ("overwrite", 53)])
    func failuresLeaveOldOrNew(_ scenario: String, _ sample: Int) throws {
        try prove("errors", "--only", scenario, "--sample", String(sample))
    }

    @Test(
        .enabled(if: canTrace, "python3 and strace are needed"),
        arguments: ["save", "set-save", "overwrite"])
    func powerCutsLoseNothing(_ scenario: String) throws {
        try prove("power-cut", "--only", scenario, "--limit", "10")
    }

    @Test(.enabled(if: canTrace, "python3 and strace are needed"))
    func mendingMayBeKilledToo() throws {
        try prove("kill-matrix", "--only", "restore-save", "--sample", "41", "--twice")
    }

    @Test(.enabled(if: has("python3"), "python3 is needed"))
    func racesLoseNothing() throws {
        try prove("races", "--processes", "4", "--saves", "15", "--edits", "200")
    }

    @Test(.enabled(if: has("python3"), "python3 is needed"))
    func killsOfWatchersAndEditsLoseNothing() throws {
        try prove("kill-live", "--rounds", "2")
    }

    static let documents = ((try? FileSystem().names(in: Project.documents)) ?? []).count

    @Test(
        .enabled(if: has("python3"), "python3 is needed"),
        .enabled(if: documents > 0, "the real documents are not beside this checkout"))
    func realDocumentsAreSavedByteByByte() throws {
        try prove("corpus", Project.documents.string)
    }

    @Test(
        .enabled(if: has("python3") && hasYAML, "python3 with PyYAML is needed"),
        .enabled(if: documents > 0, "the real documents are not beside this checkout"))
    func migrationsTouchTheirKeysOnly() throws {
        try prove("migration", Project.documents.string, "--count", "120")
    }

    @Test(.enabled(if: has("python3") && has("pre-commit"), "pre-commit is needed (PyPI)"))
    func theFrameworkChecksWhatIsStaged() throws { try prove("pre-commit") }

    private static let hasYAML: Bool = {
        let world = World.real()
        let result = try? Program(
            ["python3", "-c", "import yaml"], environment: world.environment,
            folder: world.currentFolder
        ).capture()
        return result?.status == 0
    }()

    private func prove(_ script: String, _ arguments: String...) throws {
        let program = try #require(ProofTests.program, "the program was not built")
        let path = Project.root.appending("Tests/Proof").appending(script).string
        let world = World.real()
        let result = try Program(
            ["python3", path, program.string] + arguments, environment: world.environment,
            folder: world.currentFolder
        ).capture()
        let said = String(decoding: result.output + result.errors, as: UTF8.self)
        #expect(result.status == 0, "\(said)")
        #expect(said.contains(" passed, 0 failed"), "\(said)")
        #expect(!said.contains("\n0 passed"), "\(said)")
    }
}
