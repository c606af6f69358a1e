import Git
import Platform
import Testing
import TestSupport

@testable import History

@Suite struct RevisionTests {
    static let session = "01JDK4T0V6M9Q8R3YB2X7Z5WHC"

    @Test(arguments: [
        "guide.md", "docs/a b.md", "quote\"d.md", "back\\slash.md", "new\nline.md", " lead.md",
        "trail.md ", "tab\there.md", "käse/日本語.md", "\u{7f}.md", "emoji 👩‍👩‍👧.md",
    ])
    func quotedPathsComeBack(_ path: String) {
        let quoted = QuotedPath.quote(path)
        #expect(!quoted.contains("\n"))
        #expect(QuotedPath.unquote(quoted) == path)
    }

    /// Git may hold what is too large for a document; it is not read into memory.
    @Test func hugeBlobsAreRefused() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "")
        try repository.run(["truncate", "-s", "257M", "a.md"])
        try repository.git("add", "a.md")
        try repository.git("commit", "--quiet", "-m", "huge")
        try repository.replace("a.md", "small\n")
        let workspace = try Workspace(in: repository.world())
        let version = try workspace.version(of: "a.md", in: "HEAD")
        for body in [
            { () throws in _ = try workspace.text(of: version) },
            { () throws in _ = try workspace.restore("a.md", from: "HEAD") },
            // Its history would begin with what HEAD has.
            { () throws in _ = try workspace.save(SaveRequest(["a.md"])) },
        ] {
            let error = #expect(throws: HistoryError.self) { try body() }
            guard case .badPath("a.md", .tooLarge)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        #expect(try repository.read("a.md") == "small\n")
    }

    @Test(arguments: ["", "\"", "\"a", "\"\\x\"", "\"\\77\"", "\"\\377\""])
    func malformedQuotesAreRefused(_ text: String) {
        #expect(QuotedPath.unquote(text) == nil)
    }

    @Test(arguments: [
        "", "x", "01JDK4T0V6M9Q8R3YB2X7Z5WHC", "01JDK4T0V6M9Q8R3YB2X7Z5WHC-",
        "01JDK4T0V6M9Q8R3YB2X7Z5WHC-0", "01JDK4T0V6M9Q8R3YB2X7Z5WHC-01",
        "01JDK4T0V6M9Q8R3YB2X7Z5WHI-1", "81JDK4T0V6M9Q8R3YB2X7Z5WHC-1",
        "01JDK4T0V6M9Q8R3YB2X7Z5WHC-9223372036854775807",
    ])
    func malformedIdsAreRefused(_ text: String) {
        #expect(RevisionID(text) == nil)
    }

    @Test func identifiersSortByTimeAndTellIt() throws {
        let world = try TemporaryRepository(initialized: false).world()
        let ids = (0..<50).map { _ in ULID(in: world) }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(ids.first?.seconds == 1_790_000_001)
    }

    @Test(arguments: [
        ("human:ann@example.org", true), ("agent:writer/2.1", true), ("ci:build", true),
        ("ann", false), (":x", false), ("human:", false), ("Human:x", false), ("a:b\nc", false),
        ("a: b", false), ("a:b ", false),
    ])
    func actors(_ text: String, _ isValid: Bool) {
        #expect((Actor(text) != nil) == isValid)
    }

    /// What a save writes, Git's own reader of trailers reads, and docvc too.
    @Test func trailersAreReadByGit() throws {
        let repository = try TemporaryRepository()
        let id = try #require(RevisionID("\(RevisionTests.session)-2"))
        let previous = try #require(RevisionID("\(RevisionTests.session)-1"))
        let actor = try #require(Actor("agent:writer/2.1"))
        let revision = Revision(
            id: id, documents: [.init(path: "a \"b\".md", blob: nil)], actor: actor, source: .cli,
            previous: previous)
        for text in [
            "Subject", "Subject\n\nBody: with a colon", "Subject\n\nSigned-off-by: Bob <b@c>",
        ] {
            let message = try Trailers.append(revision.trailers, to: text)
            try repository.write("message", message)
            let parsed = try repository.run([
                "sh", "-c", "git interpret-trailers --parse < message",
            ])
            for (key, value) in revision.trailers {
                #expect(parsed.contains("\(key): \(value)\n"))
            }
            #expect(parsed.contains("Signed-off-by") == text.contains("Signed-off-by"))
            let read = try #require(Revision.read(message).first)
            #expect(read.id == id)
            #expect(read.previous == previous)
            #expect(read.documents == revision.documents)
            #expect(read.actor == "agent:writer/2.1")
        }
    }

    /// A squash merge quotes the messages, indented and in the middle.
    @Test func squashedRevisionsAreFound() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        let world = repository.world()
        _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        try repository.git("switch", "--quiet", "-c", "side")
        for text in ["two\n", "three\n"] {
            try repository.write("a.md", text)
            _ = try Workspace(in: world).save(SaveRequest(["a.md"]))
        }
        try repository.git("switch", "--quiet", "main")
        try repository.git("merge", "--quiet", "--squash", "side")
        try repository.git("commit", "--quiet", "--no-edit")
        let revisions = Revision.read(try repository.git("log", "-1", "--format=%B"))
        #expect(Set(revisions.map(\.id.number)) == [2, 3])
        let workspace = try Workspace(in: world)
        #expect(try workspace.log(of: "a.md").count == 3)
        #expect(try workspace.verify().findings.isEmpty)
    }
}
