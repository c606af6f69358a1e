@testable import Git
import Platform
import Testing

/// Trees with paths set and removed, against `git update-index` and `git write-tree`.
struct TreeEditTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func randomEditsGiveGitsTree(_ seed: UInt64) throws {
        let sandbox = try Sandbox()
        let repository = try sandbox.repository()
        var random = Seeded(seed)
        var paths = RandomPaths()
        var tree: ObjectID?
        for round in 0..<5 {
            var changes: [(path: String, entry: Repository.TreeEntry?)] = []
            for _ in 0..<(round == 0 ? 30 : 8) {
                if let old = paths.existing(&random), Int.random(in: 0..<3, using: &random) > 0 {
                    paths.remove(old)
                    changes.append((old, nil))
                } else {
                    let id = try sandbox.blob("\(Int.random(in: 0...9, using: &random))")
                    let modes: [FileMode] = [.regular, .executable, .link]
                    changes.append(
                        (
                            paths.fresh(&random),
                            .init(mode: modes.randomElement(using: &random) ?? .regular, id: id)
                        ))
                }
            }
            tree = try expectSameAsGit(sandbox, repository, tree, changes)
        }
    }

    /// Each case is a tree and then the changes, in order; `-` before a path removes it.
    @Test(arguments: [
        (["a", "a.b", "ab"], ["a/x"]),
        (["a/x", "a/y"], ["a"]),
        (["a/x"], ["-a/x", "a"]),
        (["a/x", "a/y/z"], ["-a/x", "a"]),
        (["a/x"], ["a", "-a/x"]),
        (["a/x", "b"], ["-a/x", "a", "-a"]),
        (["a/x", "b"], ["a", "a/y"]),
        (["a", "b"], ["a", "-a"]),
        (["a"], ["-a", "a/x"]),
        (["a"], ["a/x", "-a"]),
        (["a/x", "b"], ["-a/x"]),
        (["a/b/c/d"], ["-a/b/c/d"]),
        (["a/b/c/d", "a/e"], ["-a/b/c/d"]),
        (["a"], ["-a/b", "-c/d", "-e"]),
        (["a"], ["a/b", "a/b/c"]),
        (["a-", "a/b", "a.c", "a0", "a"], ["-a", "a/c"]),
        (["e\u{301}", "x"], ["é"]),
        (["e\u{301}", "é"], ["-é"]),
        ([], ["e\u{301}", "é", "\u{301}/a", "b/\u{301}c"]),
    ])
    func filesAndFoldersTakeEachOthersPlace(_ base: [String], _ edits: [String]) throws {
        let sandbox = try Sandbox()
        let repository = try sandbox.repository()
        let id = try sandbox.blob("x")
        func changes(_ edits: [String]) -> [(path: String, entry: Repository.TreeEntry?)] {
            edits.map {
                $0.utf8.first == UInt8(ascii: "-")
                    ? (String($0.dropFirst()), nil)
                    : ($0, Repository.TreeEntry(mode: .regular, id: id))
            }
        }
        let tree = try expectSameAsGit(sandbox, repository, nil, changes(base))
        _ = try expectSameAsGit(sandbox, repository, tree, changes(edits))
    }

    @Test func anEmptyEditOfNothingIsTheEmptyTree() throws {
        let sandbox = try Sandbox()
        var batch = ObjectBatch()
        let tree = try batch.tree(from: nil, setting: [], in: sandbox.repository())
        #expect(tree.hex == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
    }

    /// Modes that Git no longer writes, and names that are not UTF-8, stay as they are.
    @Test func whatIsNotChangedIsKeptToTheByte() throws {
        let sandbox = try Sandbox()
        let repository = try sandbox.repository()
        let id = try sandbox.blob("x")
        func entry(_ mode: String, _ name: [UInt8], _ id: ObjectID) -> [UInt8] {
            Array("\(mode) ".utf8) + name + [0] + id.rawBytes
        }
        func write(_ bytes: [UInt8]) throws -> ObjectID {
            let hex = try sandbox.git(
                ["hash-object", "-w", "-t", "tree", "--literally", "--stdin"], input: bytes)
            return try #require(ObjectID(hex: hex))
        }
        let inner = try write(entry("100664", Array("kept".utf8), id))
        let base = try write(
            entry("100664", Array("group".utf8), id) + entry("100644", [0x6e, 0xff], id)
                + entry("040000", Array("old".utf8), inner)
                + entry("160000", Array("submodule".utf8), id))
        var batch = ObjectBatch()
        let tree = try batch.tree(
            from: base,
            setting: [
                ("a", .init(mode: .regular, id: id)), ("old/new", .init(mode: .regular, id: id)),
            ], in: repository)
        try batch.store(in: repository)
        let list = try sandbox.git("ls-tree", "-r", tree.hex)
        #expect(
            list == """
                100644 blob \(id)\ta
                100644 blob \(id)\tgroup
                100644 blob \(id)\t"n\\377"
                100644 blob \(id)\told/kept
                100644 blob \(id)\told/new
                160000 commit \(id)\tsubmodule
                """)
        let text = String(decoding: try repository.object(tree).bytes, as: UTF8.self)
        #expect(text.contains("100664 group\0"))
    }

    @Test func aTreeThatIsCutShortIsRefused() throws {
        let bytes = Array("100644 a\0".utf8) + [UInt8](repeating: 1, count: 20)
        for length in 1..<bytes.count {
            #expect(throws: RepositoryError.self) {
                try TreeEdit.replacing([:], in: Array(bytes.prefix(length)))
            }
        }
    }

    private func expectSameAsGit(
        _ sandbox: Sandbox, _ repository: borrowing Repository, _ base: ObjectID?,
        _ changes: [(path: String, entry: Repository.TreeEntry?)],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> ObjectID {
        if let base {
            try sandbox.git("read-tree", base.hex)
        } else {
            try sandbox.git("read-tree", "--empty")
        }
        var lines: [UInt8] = []
        for (path, entry) in changes {
            if let entry {
                let mode = String(entry.mode.rawValue, radix: 8)
                lines += Array("\(mode) \(entry.id) 0\t\(path)\0".utf8)
            } else {
                lines += Array("0 \(ObjectID.zero)\t\(path)\0".utf8)
            }
        }
        try sandbox.git(["update-index", "-z", "--replace", "--index-info"], input: lines)
        var batch = ObjectBatch()
        let tree = try batch.tree(from: base, setting: changes, in: repository)
        try batch.store(in: repository)
        let wanted = try sandbox.git("write-tree")
        #expect(tree.hex == wanted, sourceLocation: sourceLocation)
        if tree.hex != wanted {
            Issue.record(
                "\(try sandbox.git("ls-tree", "-r", tree.hex))\nwanted:\n\(try sandbox.git("ls-tree", "-r", wanted))",
                sourceLocation: sourceLocation)
        }
        #expect(
            try sandbox.tryGit(["fsck", "--strict"]).status == 0, sourceLocation: sourceLocation)
        return tree
    }
}
