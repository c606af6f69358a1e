@testable import Git
import Platform
import SystemPackage
import Testing

/// An index in which paths were set and removed, against what Git makes of the same.
struct IndexChangeTests {
    /// The kinds of index that Git writes.
    enum Kind: String, CaseIterable, Sendable {
        case version2, version3, version4, threaded2, threaded4, untrackedCache, fsmonitor
    }

    @Test(arguments: Kind.allCases, [1, 2] as [UInt64])
    func randomChangesGiveTheIndexGitGives(_ kind: Kind, _ seed: UInt64) throws {
        let sandbox = try Sandbox()
        var random = Seeded(seed)
        var paths = RandomPaths()
        try fill(sandbox, kind, &paths, &random)
        for _ in 0..<3 {
            var changes: [String: IndexFile.Change] = [:]
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let id = try sandbox.blob("\(Int.random(in: 0...9, using: &random))")
                let set = IndexFile.Change.set(
                    Bool.random(using: &random) ? .regular : .executable, id, nil)
                guard let old = paths.existing(&random), Int.random(in: 0..<3, using: &random) > 0
                else {
                    changes[paths.fresh(&random)] = set
                    continue
                }
                if Bool.random(using: &random) {
                    changes[old] = set
                } else if changes[old] == nil {
                    changes[old] = .remove
                    paths.remove(old)
                }
            }
            try expectSameAsGit(sandbox, changes)
        }
    }

    @Test(arguments: [2, 4])
    func namesLongerThanTheLengthFieldAreKept(_ version: Int) throws {
        let sandbox = try Sandbox()
        let folder = (0..<20).map { _ in String(repeating: "d", count: 250) }.joined(separator: "/")
        let id = try sandbox.blob("long")
        let entries = ["\(folder)/b", "\(folder)/c", "z"].map { "100644 \(id) 0\t\($0)\n" }
        try sandbox.git(["update-index", "--index-info"], input: Array(entries.joined().utf8))
        try sandbox.git("update-index", "--index-version", "\(version)")
        try expectSameAsGit(
            sandbox,
            [
                "\(folder)/a": .set(.regular, id, nil), "\(folder)/b": .remove,
                "\(folder)/bb": .set(.regular, id, nil),
            ])
    }

    @Test(arguments: [2, 4])
    func conflictStagesGiveWayToOneEntry(_ version: Int) throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1\n", "b": "1\n", "c": "1\n"])
        try sandbox.git("switch", "-q", "-c", "other")
        try sandbox.commit(["a": "2\n", "b": "2\n"])
        try sandbox.git("switch", "-q", "main")
        try sandbox.commit(["a": "3\n", "b": "3\n"])
        _ = try sandbox.tryGit(["merge", "other"])
        try sandbox.git("update-index", "--index-version", "\(version)")
        let entries = try IndexFile(of: sandbox.repository()).entries(for: ["a", "c"])
        #expect(entries["a"]?.map(\.stage) == [1, 2, 3])
        #expect(entries["c"]?.map(\.stage) == [0])

        let id = try sandbox.blob("merged\n")
        try expectSameAsGit(sandbox, ["a": .set(.regular, id, nil)])
        #expect(try sandbox.git("ls-files", "-u", "--", "a") == "")
        try expectSameAsGit(sandbox, ["b": .remove, "aa": .set(.regular, id, nil)])
    }

    @Test func marksOfOtherEntriesStay() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1", "b": "2", "c": "3", "d": "4"])
        try sandbox.write("new", "5")
        try sandbox.git("add", "-N", "new")
        try sandbox.git("update-index", "--skip-worktree", "b")
        try sandbox.git("update-index", "--assume-unchanged", "c")
        let entries = try IndexFile(of: sandbox.repository()).allEntries()
        #expect(entries.filter(\.isIntentToAdd).map(\.path) == ["new"])
        #expect(entries.filter(\.skipsWorkTree).map(\.path) == ["b"])
        try expectSameAsGit(sandbox, ["a": .set(.regular, sandbox.blob("x"), nil), "d": .remove])
        #expect(try sandbox.git("ls-files", "-v", "b", "c") == "S b\nh c")
        try expectSameAsGit(sandbox, ["new": .set(.regular, sandbox.blob("5"), nil)])
        #expect(try sandbox.git("ls-files", "-s", "new").contains("\tnew"))
    }

    @Test(arguments: [2, 4]) func marksOfAChangedEntryStay(_ version: Int) throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1", "b": "2", "c": "3", "d": "4"])
        try sandbox.git("update-index", "--index-version", "\(version)")
        try sandbox.git("update-index", "--skip-worktree", "b", "d")
        try sandbox.git("update-index", "--assume-unchanged", "c", "d")
        let id = try sandbox.blob("x")
        let changes = ["a", "b", "c", "d"].map { ($0, IndexFile.Change.set(.executable, id, nil)) }
        let before = try IndexFile(of: sandbox.repository())
        try install(
            before.bytes(applying: Dictionary(uniqueKeysWithValues: changes), status: { _ in nil }),
            sandbox)
        #expect(try sandbox.git("ls-files", "-v") == "H a\nS b\nh c\ns d")
        #expect(try sandbox.git("ls-files", "-s").split(separator: "\n").count == 4)
        #expect(try sandbox.git("ls-files", "-s", "d") == "100755 \(id) 0\td")
    }

    @Test func aFileTakesThePlaceOfAFolderAndAFolderThatOfAFile() throws {
        let sandbox = try Sandbox()
        try sandbox.commit([
            "a/b/c": "1", "a/d": "2", "a.txt": "3", "a0": "4", "f": "5", "g/h": "6",
        ])
        let id = try sandbox.blob("x")
        try expectSameAsGit(
            sandbox, ["a": .set(.regular, id, nil), "f/x/y": .set(.regular, id, nil)])
        #expect(
            try sandbox.git("ls-files") == "a\na.txt\na0\nf/x/y\ng/h")
        try expectSameAsGit(sandbox, ["f/x": .set(.regular, id, nil)])
    }

    @Test func theFirstEntryMakesAnIndex() throws {
        let sandbox = try Sandbox()
        let id = try sandbox.blob("x")
        let repository = try sandbox.repository()
        let index = try IndexFile(of: repository)
        #expect(try index.allEntries().isEmpty)
        try install(
            index.bytes(applying: ["d/a": .set(.regular, id, nil)], status: { _ in nil }), sandbox)
        #expect(try sandbox.git("ls-files", "-s") == "100644 \(id) 0\td/a")
        try expectSameAsGit(sandbox, ["d/a": .remove])
        #expect(try sandbox.git("ls-files") == "")
    }

    @Test func namesThatAreNotUTF8AreKept() throws {
        let sandbox = try Sandbox()
        let id = try sandbox.blob("x")
        for name in ["a\\377", "a\\376", "e\\314\\201"] {
            try sandbox.shell(
                "printf '100644 \(id) 0\\t\(name)\\n' | git update-index --index-info")
        }
        try expectSameAsGit(sandbox, ["b": .set(.regular, id, nil), "é": .set(.regular, id, nil)])
        #expect(try sandbox.git("ls-files").split(separator: "\n").count == 5)
    }

    // MARK: What Git makes of it

    private func fill(
        _ sandbox: Sandbox, _ kind: Kind, _ paths: inout RandomPaths, _ random: inout Seeded
    ) throws {
        if kind == .untrackedCache { try sandbox.git("config", "core.untrackedCache", "true") }
        if kind == .fsmonitor {
            let hook = sandbox.root.appending("monitor")
            try sandbox.writeProgram(hook, "#!/bin/sh\nprintf 'token\\0'\n")
            try sandbox.git("config", "core.fsmonitor", hook.string)
        }
        if kind == .threaded2 || kind == .threaded4 {
            try sandbox.git("config", "index.threads", "4")
        }
        let isFourth = kind == .version4 || kind == .threaded4
        try sandbox.git("config", "index.version", isFourth ? "4" : "2")
        let id = try sandbox.blob("0")
        var lines = ""
        for _ in 0..<60 { lines += "100644 \(id) 0\t\(paths.fresh(&random))\n" }
        try sandbox.git(["update-index", "--index-info"], input: Array(lines.utf8))
        if isFourth { try sandbox.git("update-index", "--index-version", "4") }
        if kind == .version3, let marked = paths.existing(&random) {
            try sandbox.git("update-index", "--skip-worktree", marked)
        }
        // A cache tree, and the extensions that a look at the work tree leaves.
        try sandbox.git("write-tree")
        try sandbox.git("status")
    }

    private func install(_ bytes: [UInt8], _ sandbox: Sandbox) throws {
        let path = sandbox.folder.appending(".git/index")
        try FileSystem().replace(path, with: bytes)
    }

    /// Applies `changes` to the index, and with Git to a copy of it; both must be alike.
    private func expectSameAsGit(
        _ sandbox: Sandbox, _ changes: [String: IndexFile.Change],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let oracle = ["GIT_INDEX_FILE": Optional(sandbox.root.appending("oracle").string)]
        try sandbox.write(sandbox.root.appending("oracle"), sandbox.read(".git/index"))
        var lines: [UInt8] = []
        for (path, change) in changes {
            switch change {
            case .remove: lines += Array("0 \(ObjectID.zero)\t\(path)\0".utf8)
            case .set(let mode, let id, _):
                lines += Array("\(String(mode.rawValue, radix: 8)) \(id) 0\t\(path)\0".utf8)
            }
        }
        try sandbox.git(["update-index", "--replace", "-z", "--index-info"], input: lines, oracle)

        let before = try IndexFile(of: sandbox.repository())
        // Git's own command forgets what the user marked.
        for entry in try before.allEntries() where entry.skipsWorkTree {
            guard case .set? = changes[entry.path] else { continue }
            try sandbox.git(["update-index", "--skip-worktree", entry.path], oracle)
        }
        try install(before.bytes(applying: changes, status: { _ in nil }), sandbox)
        for query in [
            ["ls-files", "-s", "-z"], ["ls-files", "-t", "-z"], ["ls-files", "-v", "-z"],
        ] {
            #expect(
                try sandbox.tryGit(query).text == sandbox.tryGit(query, oracle).text,
                sourceLocation: sourceLocation)
        }
        // The cache tree is what `write-tree` believes.
        let tree = try sandbox.tryGit(["write-tree"])
        #expect(
            try tree.text == sandbox.tryGit(["write-tree"], oracle).text,
            "\(tree.errors)", sourceLocation: sourceLocation)
        let status = try sandbox.tryGit(["--no-optional-locks", "status", "--porcelain"])
        #expect(
            try status.text
                == sandbox.tryGit(["--no-optional-locks", "status", "--porcelain"], oracle).text,
            "\(status.errors)", sourceLocation: sourceLocation)
        let check = try sandbox.tryGit(["fsck"])
        #expect(
            check.status == 0 && !check.errors.contains("error"), "\(check.errors)",
            sourceLocation: sourceLocation)
        let read = try IndexFile(of: sandbox.repository()).allEntries().map(\.path)
        #expect(
            try read.sorted()
                == String(decoding: sandbox.tryGit(["ls-files", "-z"]).bytes, as: UTF8.self)
                .split(separator: "\0").map(String.init).sorted(),
            sourceLocation: sourceLocation)
    }
}
