@testable import Git
import Platform
import SystemPackage
import Testing

/// Index files that are refused, and ones that are damaged.
struct IndexRefusalTests {
    @Test func aSplitIndexIsRefusedByName() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1"])
        try sandbox.git("update-index", "--split-index")
        let index = try IndexFile(of: sandbox.repository())
        let error = #expect(throws: RepositoryError.self) { _ = try index.entries(for: []) }
        #expect("\(try #require(error))".contains("split index"))
        #expect(throws: RepositoryError.self) {
            try index.bytes(applying: ["a": .remove], status: { _ in nil })
        }
    }

    @Test func aSparseIndexIsRefusedByName() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a/b": "1", "c/d": "2"])
        try sandbox.git("sparse-checkout", "set", "--cone", "--sparse-index", "a")
        let index = try IndexFile(of: sandbox.repository())
        let error = #expect(throws: RepositoryError.self) { _ = try index.entries(for: []) }
        #expect("\(try #require(error))".contains("sparse index"))
    }

    @Test func anUnknownExtensionIsKeptWhereOptionalAndElseRefused() throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1"])
        let bytes = try sandbox.read(".git/index")
        func index(with signature: String) throws -> IndexFile {
            try IndexFile(
                Array(bytes.dropLast(20)) + Array(signature.utf8) + [0, 0, 0, 2, 1, 2]
                    + bytes.suffix(20), written: .init(seconds: 0, nanoseconds: 0))
        }
        let kept = try index(with: "XTRA").bytes(applying: [:], status: { _ in nil })
        #expect(
            kept.dropLast(20).suffix(10).elementsEqual(Array("XTRA".utf8) + [0, 0, 0, 2, 1, 2]))
        #expect(throws: RepositoryError.self) { _ = try index(with: "xtra").entries(for: []) }
    }

    @Test(arguments: [2, 4])
    func noDamageCrashes(_ version: Int) throws {
        let sandbox = try Sandbox()
        try sandbox.commit(["a": "1", "dir/b": "2", "dir/sub/c": "3", "dir/sub/d.md": "4"])
        try sandbox.git("update-index", "--index-version", "\(version)")
        try sandbox.git("update-index", "--skip-worktree", "dir/b")
        try sandbox.git("write-tree")
        let bytes = try sandbox.read(".git/index")
        let id = try sandbox.blob("x")
        func read(_ bytes: [UInt8]) {
            do throws(RepositoryError) {
                let index = try IndexFile(bytes, written: .init(seconds: 1, nanoseconds: 0))
                _ = try index.entries(for: ["a", "dir/b"])
                _ = try index.allEntries()
                _ = try index.entries(for: [])
                _ = try index.bytes(
                    applying: ["dir/b": .remove, "new": .set(.regular, id, nil)],
                    status: { _ in nil })
            } catch {
                switch error {
                case .badIndex, .unsupported: break
                default: Issue.record("\(error)")
                }
            }
        }
        for length in 0..<bytes.count { read(Array(bytes.prefix(length))) }
        // Cut, but with a checksum's worth of bytes at the end.
        for length in 0..<bytes.count {
            read(Array(bytes.prefix(length)) + [UInt8](repeating: 0, count: 20))
            read(Array(bytes.prefix(length)) + [UInt8](repeating: 0xff, count: 20))
        }
        var random = Seeded(5)
        for place in bytes.indices {
            for _ in 0..<2 {
                var damaged = bytes
                damaged[place] ^= UInt8.random(in: 1...255, using: &random)
                read(damaged)
            }
        }
    }
}
