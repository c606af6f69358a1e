@testable import Git
import Platform
import SystemPackage
import Testing

/// Notes that docvc writes and Git reads, and the other way.
struct NotesTests {
    private let reference = "refs/notes/docvc"

    private func add(
        _ notes: [(commit: ObjectID, text: [UInt8])], _ repository: borrowing Repository
    ) throws {
        let old = try Notes(reference, in: repository)
        var batch = ObjectBatch()
        let commit = try old.adding(
            notes, by: ann, message: "Add notes", to: &batch, in: repository)
        try batch.store(in: repository)
        try repository.update(
            ReferenceUpdate(reference, from: old.commit, to: commit, reason: "notes"), by: ann,
            timeout: .seconds(1))
    }

    @Test func gitShowsTheNotes() throws {
        let sandbox = try Sandbox()
        let one = try sandbox.commit(["a": "1"])
        let two = try sandbox.commit(["a": "2"])
        let repository = try sandbox.repository()
        #expect(try Notes(reference, in: repository).note(on: one, in: repository) == nil)
        try add([(one, Array("first\n".utf8)), (two, Array("second\n".utf8))], repository)
        #expect(try sandbox.git("notes", "--ref=docvc", "show", one.hex) == "first")
        #expect(try sandbox.git("notes", "--ref=docvc", "show", two.hex) == "second")
        try add([(one, Array("third\n".utf8))], repository)
        #expect(try sandbox.git("notes", "--ref=docvc", "show", one.hex) == "third")
        #expect(try sandbox.git("notes", "--ref=docvc", "list").split(separator: "\n").count == 2)
        #expect(try sandbox.git("log", "--format=%s", reference) == "Add notes\nAdd notes")
        #expect(try sandbox.tryGit(["fsck", "--strict"]).status == 0)
    }

    /// Names split into folders after `folders` pairs of digits.
    @Test(arguments: 0...4)
    func aNoteInAnySplitIsReadAndReplaced(_ folders: Int) throws {
        let sandbox = try Sandbox()
        let one = try sandbox.commit(["a": "1"])
        let two = try sandbox.commit(["a": "2"])
        let blob = try sandbox.blob("old\n")
        func path(_ id: ObjectID) -> String {
            var rest = id.hex[...]
            var path = ""
            for _ in 0..<folders {
                path += rest.prefix(2) + "/"
                rest = rest.dropFirst(2)
            }
            return path + rest
        }
        let lines = [one, two].map { "100644 \(blob) 0\t\(path($0))\n" }.joined()
        let index: [String: String?] = ["GIT_INDEX_FILE": sandbox.root.appending("notes").string]
        try sandbox.git(["update-index", "--index-info"], input: Array(lines.utf8), index)
        let tree = try sandbox.git(["write-tree"], index)
        let commit = try sandbox.git("commit-tree", "-m", "notes", tree)
        try sandbox.git("update-ref", reference, commit)
        #expect(try sandbox.git("notes", "--ref=docvc", "show", one.hex) == "old")

        let repository = try sandbox.repository()
        let notes = try Notes(reference, in: repository)
        #expect(try notes.note(on: one, in: repository) == Array("old\n".utf8))
        try add([(one, Array("new\n".utf8))], repository)
        #expect(try sandbox.git("notes", "--ref=docvc", "show", one.hex) == "new")
        #expect(try sandbox.git("notes", "--ref=docvc", "show", two.hex) == "old")
        let names = try sandbox.git("ls-tree", "-r", "--name-only", reference)
            .replacing("/", with: "").split(separator: "\n")
        #expect(names.filter { $0 == one.hex }.count == 1)
        #expect(names.count == 2)
    }

    @Test func notesThatGitSplitItselfAreRead() throws {
        let sandbox = try Sandbox()
        let one = try sandbox.commit(["a": "1"])
        let blob = try sandbox.blob("n")
        // Enough notes that Git splits their names.
        var lines = "commit \(reference)\ncommitter A <a@b> 1 +0000\ndata 1\nx\n"
        var random = Seeded(1)
        for _ in 0..<400 {
            let hex = (0..<40).map { _ in String(Int.random(in: 0..<16, using: &random), radix: 16)
            }.joined()
            lines += "M 100644 \(blob) \(hex.prefix(2))/\(hex.dropFirst(2))\n"
        }
        try sandbox.git(["fast-import", "--quiet"], input: Array(lines.utf8))
        try sandbox.git("notes", "--ref=docvc", "add", "-m", "git's", one.hex)
        #expect(
            try sandbox.git("ls-tree", "-d", "--name-only", reference).split(separator: "\n").count
                > 100)
        let repository = try sandbox.repository()
        #expect(
            try Notes(reference, in: repository).note(on: one, in: repository)
                == Array("git's\n".utf8))
        try add([(one, Array("ours\n".utf8))], repository)
        #expect(try sandbox.git("notes", "--ref=docvc", "show", one.hex) == "ours")
        #expect(try sandbox.git("notes", "--ref=docvc", "list").split(separator: "\n").count == 401)
    }
}
