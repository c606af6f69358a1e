@testable import Git
import Platform
import SystemPackage
import Testing

/// Commits that docvc writes and Git reads, and the other way.
struct CommitTests {
    @Test(arguments: [
        "Subject\n", "Subject", "Subject\r\n\r\nBody\r\n", "  leading\n", "\n\nafter blank\n", "",
        "emoji 🎉\n\nbody 文\n", "a\n\nb\n\n\n", "tree 123\nparent 456\n", "e\u{301}\n",
        "Subject\n\nDocvc-Revision: x-1\n",
    ])
    func messagesStayAsTheyAre(_ message: String) throws {
        let sandbox = try Sandbox()
        let parent = try sandbox.commit(["a": "1"])
        let repository = try sandbox.repository()
        let author = Signature(
            name: "José, 李", email: "j@example.org", time: Timestamp(seconds: 5, offset: -210))
        var batch = ObjectBatch()
        let id = try batch.commit(
            tree: repository.commit(parent).tree, parents: [parent, parent], author: author,
            committer: ann, message: message, in: repository)
        try batch.store(in: repository)
        #expect(try sandbox.tryGit(["fsck", "--strict", "--no-dangling"]).text == "")
        let raw = try sandbox.tryGit(["cat-file", "commit", id.hex]).bytes
        let head =
            "author José, 李 <j@example.org> 5 -0330\ncommitter Ann <ann@example.org> 1700000000 +0100\n\n"
        #expect(
            String(decoding: raw, as: UTF8.self).utf8.elementsEqual(
                "tree \(try sandbox.id("HEAD^{tree}"))\nparent \(parent)\nparent \(parent)\n\(head)\(message)"
                    .utf8))
        let commit = try repository.commit(id)
        #expect(commit.message.utf8.elementsEqual(message.utf8))
        #expect(commit.author == author && commit.committer == ann)
        #expect(commit.parents == [parent, parent])
        #expect(!commit.subject.contains { $0.isNewline })
    }

    /// Headers of other tools, and lines that Git itself shows with zeros.
    @Test(arguments: [
        (
            "author A <a@b> 1 +0000\ncommitter C <c@d> 2 +0530\ngpgsig -----BEGIN\n tree 5\n \n -----END\n",
            1, 2
        ),
        (
            "author A <a@b> 1 +0000\ncommitter C <c@d> 2 -0000\nmergetag object 5\n type commit\n author x\n \n y\nencoding ISO-8859-1\n",
            1, 2
        ),
        ("author A <a@b>\ncommitter C <c@d> 2 +0000\n", 0, 2),
        ("author A a@b 1 +0000\ncommitter C <c@d> 2 +0000\n", 0, 2),
        ("author  <> 1 +0000\ncommitter C <c@d> 99999999999999999999 +0000\n", 1, 0),
        ("author A <a<b>> 7 +9999999999\ncommitter C <c@d> 2 +junk\n", 7, 2),
        (
            "author A <a@b> 9223372036854775807 +0100\ncommitter C <c@d> 2 +9223372036854775807\n",
            9_223_372_036_854_775_807, 2
        ),
    ])
    func oddCommitsAreRead(_ headers: String, _ author: Int64, _ committer: Int64) throws {
        let sandbox = try Sandbox()
        let tree = try sandbox.git(["mktree"], input: [])
        let text = "tree \(tree)\n\(headers)\nMessage\n"
        let hex = try sandbox.git(
            ["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], input: Array(text.utf8)
        )
        let id = try #require(ObjectID(hex: hex))
        let commit = try sandbox.repository().commit(id)
        #expect(commit.message == "Message\n")
        #expect(commit.tree.hex == tree)
        #expect(commit.author.time.seconds == author)
        #expect(commit.committer.time.seconds == committer)
        #expect(!commit.author.time.display.isEmpty && !commit.committer.time.rfc3339.isEmpty)
    }

    @Test func expressionsNameCommits() throws {
        let sandbox = try Sandbox()
        let one = try sandbox.commit(["a": "1"])
        let two = try sandbox.commit(["a": "2"])
        try sandbox.git("tag", "-a", "-m", "t", "v1", one.hex)
        let repository = try sandbox.repository()
        for (expression, id) in [
            ("HEAD", two), ("HEAD~1", one), ("main", two), ("v1", one), (one.hex, one),
            (one.short, one), ("@{0}", two),
        ] { #expect(try repository.commitID(expression) == id, "\(expression)") }
        for expression in ["HEAD~9", "nothing", "", "v1^{tree}", "HEAD:a"] {
            #expect(try repository.commitID(expression) == nil, "\(expression)")
        }
        #expect(try repository.isAncestor(one, of: two))
        #expect(try repository.isAncestor(two, of: two))
        #expect(try !repository.isAncestor(two, of: one))
    }

    @Test func objectsAreFoundWhereverTheyLie() throws {
        let sandbox = try Sandbox()
        let commit = try sandbox.commit(["a": "text"])
        let blob = try sandbox.id("HEAD:a")
        let repository = try sandbox.repository()
        var batch = ObjectBatch()
        #expect(try batch.blob(Array("text".utf8)) == blob)
        #expect(try Repository.blobID(of: Array("text".utf8)) == blob)
        try sandbox.git("gc", "-q", "--prune=now")
        try batch.store(in: repository)
        #expect(try repository.blob(blob) == Array("text".utf8))
        #expect(try repository.size(of: blob) == 4)
        #expect(try repository.contains(commit))
        #expect(try !repository.contains(.zero))
        #expect(throws: RepositoryError.self) { try repository.blob(commit) }
        #expect(throws: RepositoryError.self) { try repository.commit(blob) }
        let empty = try batch.blob([])
        try batch.store(in: repository)
        #expect(try empty == Repository.blobID(of: []))
        #expect(try repository.blob(empty) == [])
    }
}
