@testable import Git
import Platform
import Synchronization
import SystemPackage
import Testing

/// What stands under the names of objects, whatever happened before or goes wrong.
struct ObjectBatchTests {
    /// Git does not make loose objects durable, and takes one that is there for good.
    @Test(arguments: ["", "x", "garbage"])
    func whatAPowerCutLeftOfAnObjectIsReplaced(_ rest: String) throws {
        let sandbox = try Sandbox()
        let text = "text that Git wrote"
        let id = try sandbox.blob(text)
        let path = ".git/objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))"
        try sandbox.shell("chmod u+w \(path) && printf '%s' '\(rest)' > \(path)")
        #expect(try sandbox.tryGit(["cat-file", "blob", id.hex]).status != 0)
        let repository = try sandbox.repository()
        var batch = ObjectBatch()
        #expect(try batch.blob(Array(text.utf8)) == id)
        try batch.store(in: repository)
        #expect(try sandbox.tryGit(["cat-file", "blob", id.hex]).text == text)
        #expect(try sandbox.shell("stat -c %a \(path)") == "444")
    }

    @Test func gitReadsWhatIsStoredAndNothingBefore() throws {
        let sandbox = try Sandbox()
        let repository = try sandbox.repository()
        var batch = ObjectBatch()
        let texts = ["", "a", String(repeating: "long ", count: 100_000)]
        let ids = try texts.map { try batch.blob(Array($0.utf8)) }
        let tree = try batch.tree(
            from: nil,
            setting: zip(texts.indices, ids).map { ("\($0)/f", .init(mode: .regular, id: $1)) },
            in: repository)
        #expect(try sandbox.tryGit(["cat-file", "-e", ids[1].hex]).status != 0)
        try batch.store(in: repository)
        for (text, id) in zip(texts, ids) {
            #expect(try sandbox.tryGit(["cat-file", "blob", id.hex]).text == text)
        }
        #expect(try sandbox.git("ls-tree", "-r", tree.hex).split(separator: "\n").count == 3)
        #expect(try sandbox.tryGit(["fsck", "--strict", "--no-dangling"]).text == "")
        #expect(try sandbox.shell("find .git/objects -name 'tmp_*'") == "")
    }

    /// `git gc` removes a folder of objects that is empty at any moment: before an object is
    /// moved there, and before its new folder is opened.
    @Test(arguments: [FileCall.rename, .open])
    func aFolderThatGoesIsMadeAgain(_ call: FileCall) throws {
        let sandbox = try Sandbox()
        try sandbox.git("config", "core.sharedRepository", "group")
        let calls = Calls()
        var world = sandbox.world()
        let id = try Repository.blobID(of: Array("x".utf8))
        let folder = sandbox.folder.appending(".git/objects/\(id.hex.prefix(2))")
        world.files.fault = { made, path in
            if made == call, path.starts(with: folder), calls.next() <= 2 {
                try? FileSystem().removeFolderIfEmpty(folder)
            }
            return nil
        }
        var batch = ObjectBatch()
        _ = try batch.blob(Array("x".utf8))
        try batch.store(in: Repository(in: world))
        #expect(try sandbox.tryGit(["cat-file", "blob", id.hex]).text == "x")
        #expect(calls.count > 2)
    }

    @Test(arguments: FileCall.allCases)
    func failuresAreReportedAndLeaveWholeObjects(_ call: FileCall) throws {
        let sandbox = try Sandbox()
        for failing in 0..<12 {
            let calls = Calls()
            var world = sandbox.world()
            world.files.fault = { made, path in
                guard made == call, path.string.contains("/objects") else { return nil }
                return calls.next() == failing + 1 ? .noSpace : nil
            }
            let repository = try Repository(in: world)
            var batch = ObjectBatch()
            let blob = try batch.blob(Array("\(failing) \(call)".utf8))
            let tree = try batch.tree(
                from: nil, setting: [("a/b", .init(mode: .regular, id: blob))], in: repository)
            let stored = (try? batch.store(in: repository)) != nil
            // To remove a temporary file is all that may fail unseen.
            #expect(stored == (calls.count <= failing) || call == .remove)
            if stored { #expect(try sandbox.tryGit(["cat-file", "-e", tree.hex]).status == 0) }
            #expect(try sandbox.tryGit(["fsck", "--strict", "--no-dangling"]).text == "")
            #expect(try sandbox.shell("find .git/objects -name 'tmp_*'") == "")
        }
    }
}

/// How many calls were seen.
private final class Calls: Sendable {
    private let seen = Mutex(0)
    var count: Int { seen.withLock { $0 } }
    func next() -> Int {
        seen.withLock {
            $0 += 1
            return $0
        }
    }
}
