import Git
import Platform
import SystemPackage

@testable import History

/// Trailers: behind any message Git itself finds docvc's, and docvc reads what it wrote.
enum TrailersTarget {
    static func check(_ input: [UInt8]) throws {
        let input = FuzzInput(input, texts: 3)
        let message = String(decoding: input.texts[0], as: UTF8.self)
        for revision in Revision.read(message) {
            try hold(revision.documentCount >= revision.documents.count, "documents are missing")
        }
        _ = try? Trailers.read(message)
        try checkAppended(
            to: message, path: String(decoding: input.texts[1], as: UTF8.self),
            actor: Actor(String(decoding: input.texts[2], as: UTF8.self)))
    }

    private static func checkAppended(to message: String, path: String, actor: Actor?) throws {
        guard let session = ULID("01JDK4T0V6M9Q8R3YB2X7Z5WHC"),
            let actor = actor ?? Actor("human:ann@example.org")
        else { return }
        let name = path.isEmpty || path.utf8.contains(0) ? "a.md" : path
        let blob = try Repository.blobID(of: [])
        let revision = Revision(
            id: RevisionID(session: session, number: 3),
            documents: [.init(path: name, blob: blob), .init(path: "docs/b.md", blob: nil)],
            actor: actor, source: .cli, previous: RevisionID(session: session, number: 2))
        guard let text = try? Trailers.append(revision.trailers, to: message) else { return }
        let read = Revision.read(text).last
        try hold(read?.id == revision.id, "the revision is not read")
        try hold(read?.documents == revision.documents, "the documents are not read: \(text)")
        try hold(read?.actor == actor.text, "the actor is not read")
        try hold(read?.previous == revision.previous, "the revision before is not read")
        let wanted = revision.trailers.map { "\($0.key): \($0.value)" }
        try hold(
            try git(text).suffix(wanted.count) == wanted[...], "Git does not read them: \(text)")
    }

    /// The trailers that Git finds; a commit's message has no patch behind it.
    private static func git(_ text: String) throws -> [String] {
        let world = World.real()
        let program = Program(
            ["git", "interpret-trailers", "--parse", "--no-divider"],
            environment: ["PATH": world.environment["PATH"] ?? "", "HOME": "/nowhere"], folder: "/")
        let output = try program.capture(input: Array(text.utf8)).output
        return output.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    }

    static var seeds: [[UInt8]] {
        let messages = [
            "", "Subject", "Subject\n\nBody of it.\n", "Subject\n\nSigned-off-by: A <a@b>\n",
            "Subject\n\nA: b\n c\nD: e\n", "a: b\n", "Subject\n\ntext: with colon\nand more\n",
            "# comment\n\n#x\n", "S\n\n---\n f | 1 +\n", "S\n\n(cherry picked from commit 1)\n",
            "Squash\n\n    Docvc-Revision: 01JDK4T0V6M9Q8R3YB2X7Z5WHC-1\n    Docvc-Actor: ci:x\n"
                + "    Docvc-Source: cli\n    Docvc-Documents: 20\n\n    more\n",
        ]
        let paths = ["docs/a.md", "a\nb.md", " a\".md", "\u{2028}.md", "\u{301}\u{85}", "a: b"]
        return messages.enumerated().map { index, message in
            FuzzInput.joined([
                Array(message.utf8), Array(paths[index % paths.count].utf8),
                Array("agent:writer/2.1".utf8),
            ])
        }
    }
}
