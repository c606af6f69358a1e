import Commands
import Synchronization
import Testing
import TestSupport

/// What `docvc save` says.
@Suite struct SaveCommandTests {
    private let seeds = Counter(0)

    /// Runs docvc and returns its status and all that it printed.
    private func docvc(
        _ arguments: String..., in repository: TemporaryRepository
    ) -> (status: Int32, text: String) {
        let printed = Mutex("")
        let output = Output { bytes, _ in
            printed.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
        }
        let status = CommandLineTool.run(
            arguments, in: repository.world(seed: 1_000 * seeds.next()), output: output)
        return (status, printed.withLock { $0 })
    }

    private func hook(_ name: String, _ script: String, in repository: TemporaryRepository) throws {
        try repository.writeProgram(".git/hooks/\(name)", "#!/bin/sh\n\(script)\n")
    }

    /// A draft whose document has become a link does not stand in the way of the others.
    @Test(arguments: [[], ["--all"]])
    func draftsWithoutAPlaceAreLeftOut(_ options: [String]) throws {
        let repository = try TemporaryRepository()
        for name in ["a.md", "b.md"] { try repository.write(name, "one\n") }
        _ = docvc("save", "a.md", "b.md", in: repository)
        for name in ["a.md", "b.md"] { _ = docvc("set", name, "title=x", in: repository) }
        try repository.run(["mv", "a.md", "moved.txt"])
        try repository.run(["ln", "-s", "moved.txt", "a.md"])
        let (status, text) =
            options.isEmpty
            ? docvc("save", in: repository)
            : docvc("save", "--all", in: repository)
        #expect(status == 0 && text.contains("saved b.md"), "\(text)")
        #expect(text.contains("left out the draft of a.md"))
        #expect(text.contains("docvc recover list"))
        #expect(docvc("recover", "list", in: repository).text.contains("a.md  draft"))
    }

    /// A hook that changes the document each time is named, and soon.
    @Test func hooksThatKeepChangingAreRefused() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        _ = docvc("save", "a.md", in: repository)
        _ = docvc("set", "a.md", "title=x", in: repository)
        try hook("pre-commit", "echo run >>.git/runs; echo $$ >>a.md", in: repository)
        let (status, text) = docvc("save", "a.md", "--on-conflict", "overwrite", in: repository)
        #expect(status == 2 && text.contains("pre-commit hook"), "\(text)")
        #expect(try #require(try repository.read(".git/runs")).count <= 3 * 4)
        let kept = try repository.git("for-each-ref", "refs/docvc/kept").split(separator: "\n")
        #expect(kept.count <= 1)
        // One that comes to an end is no obstacle.
        try hook("pre-commit", "grep -q end a.md || echo end >>a.md", in: repository)
        let again = docvc("save", "a.md", "--on-conflict", "overwrite", in: repository)
        #expect(again.status == 0 && again.text.contains("saved a.md"), "\(again.text)")
    }

    /// What went wrong after the save does not say that there was none.
    @Test(arguments: [[], ["--json"]])
    func warningsDoNotDenyTheSave(_ options: [String]) throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        try hook("post-commit", "exit 1", in: repository)
        let (status, text) =
            options.isEmpty
            ? docvc("save", "a.md", in: repository)
            : docvc("--json", "save", "a.md", in: repository)
        #expect(status == 0)
        #expect(text.contains("saved, but the post-commit hook refused with status 1"))
        #expect(!text.contains("nothing was changed"))
    }
}
