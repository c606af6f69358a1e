import Git
import Platform
import SystemPackage
import TestSupport

@testable import History

/// Checkpoints and kept texts, as a hostile remote may hand them over: each is listed, or named
/// unreadable; recovering one makes a draft of its text, and writes nothing outside docvc's state.
enum CheckpointTarget {
    private static let identifier = "01JDK4T0V6M9Q8R3YB2X7Z5WHC"

    static func check(_ input: [UInt8]) throws {
        let input = FuzzInput(input, texts: 4)
        let repository = try TemporaryRepository.shared.get()
        defer { try? FileSystem().removeTree(repository.folder.appending(".git/docvc")) }
        try hang(input.texts, in: repository)
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.pendingRecovery()
        let (found, unreadable) = try workspace.recoveryCandidates()
        try hold(found.count + unreadable.count == 2, "a candidate is left out")
        for candidate in found {
            let (_, text) = try workspace.recoverable(candidate.id)
            guard let report = try? workspace.recover(candidate.id, onConflict: .force) else {
                continue
            }
            try hold(text == input.texts[2], "another text is recovered")
            let draft = try Session.load(report.session, in: workspace)?.draft
            try hold(draft == text, "the draft is another text")
        }
        let names = try FileSystem().names(in: repository.folder).sorted()
        try hold(names == [".git", "a.md"], "something was written: \(names)")
        try hold(try repository.read("a.md") == "text\n", "the document was written")
    }

    /// Hangs the texts up as a checkpoint and as a kept text.
    private static func hang(_ texts: [[UInt8]], in repository: TemporaryRepository) throws {
        let git = try Repository(in: repository.world())
        func tree(_ names: [String]) throws -> ObjectID {
            var batch = ObjectBatch()
            let entries = try zip(names, texts).map { name, text in
                (
                    path: name,
                    entry: Optional(
                        Repository.TreeEntry(
                            mode: .regular, id: try batch.blob(text)))
                )
            }
            let tree = try batch.tree(from: nil, setting: entries, in: git)
            try batch.store(in: git)
            return tree
        }
        let files = repository.world().files
        let refs = repository.folder.appending(".git/refs/docvc")
        for (folder, id, names) in [
            ("checkpoints", identifier, ["session.json", "baseline", "draft", "journal"]),
            ("kept", identifier.replacing("C", with: "D"), ["kept.json", "disk", "document"]),
        ] {
            try files.makeFolders(refs.appending(folder))
            try repository.write(".git/refs/docvc/\(folder)/\(id)", "\(tree(names).hex)\n")
        }
    }

    static var seeds: [[UInt8]] {
        ["a.md", "../a", ".git/hooks/post-checkout", "/etc/passwd", "a.md/b", "new/b.md"].flatMap {
            path in
            JournalTarget.seeds.prefix(3).map { journal in
                let facts = """
                    {"schema":"docvc.checkpoint/1","session":"\(identifier)","path":"\(path)",\
                    "time":"2024-01-02T03:04:05Z","operations":1,"workTree":"","id":\
                    "\(identifier.replacing("C", with: "D"))","reason":"x"}
                    """
                let texts = ["text\n", "more\n"].map { Array($0.utf8) }
                return FuzzInput.joined([Array(facts.utf8)] + texts + [journal])
            }
        }
    }
}

extension TemporaryRepository {
    /// One repository for all inputs: making one costs more than an input does.
    fileprivate static let shared = Result {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "text\n")
        try repository.git("add", ".")
        try repository.git("commit", "--quiet", "-m", "start")
        return repository
    }
}
