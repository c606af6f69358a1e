import Git
import Testing

/// Messages and trailers, against `git stripspace` and `git interpret-trailers`.
struct TrailersTests {
    private static let messages = [
        "Subject", "Subject\n", "Subject\n\nBody\n", "Subject\r\n\r\nBody \t\r\n",
        "\n\n  Subject  \n\n\n\nBody\n\n",
        "fix: it", "fix: it\n\nmore: text\n", "Subject\n\nSigned-off-by: A <a@b>\n",
        "Subject\n\nSigned-off-by: A <a@b>", "Subject\n\nKey: value\n  continued\nOther: x\n",
        "Subject\n\ntext\nKey: value\n", "Subject\n\nKey: value\n\nnot a trailer\n",
        "Subject\n\n(cherry picked from commit 1234567)\n", "# a comment\n\nBody # x\n",
        "Subject\n\nA\nB\nSigned-off-by: x\n",
        "Subject\n\n- list\n\n---\n\nmore\n", "Subject\n\nbody\n\n---\nKey: below\n", "", "\n \n",
        "Subject\n\nKey : spaced\n", "Subject\n\nKey:\n",
        "Subject\n\n\tindented\n", "Subject\u{0b}\u{0c}\n", "Subject\n\nBody\u{a0}\n",
        "Subject\n\nKey: value\n\u{0b} text\n", "Subject\n\nKey: value\n\u{0c}Other: x\n",
        "🎉\n\nDocvc-Revision: 1\nDocvc-Actor: human:a@b\n",
    ]

    @Test(arguments: messages)
    func cleanIsStripspace(_ message: String) throws {
        let sandbox = try Sandbox(nil)
        let wanted = try sandbox.tryGit(["stripspace"], input: Array(message.utf8)).bytes
        #expect(try Array(Trailers.clean(message).utf8) == wanted)
    }

    @Test(arguments: messages)
    func trailersAreAppendedWhereGitAppendsThem(_ message: String) throws {
        let sandbox = try Sandbox(nil)
        let trailers = [("Docvc-Revision", "01X-3"), ("Docvc-Document", "docs/a b.md 1234")]
        let ours = try Trailers.append(trailers.map { (key: $0.0, value: $0.1) }, to: message)
        let clean = try Trailers.clean(message)
        let options = trailers.flatMap { ["--trailer", "\($0.0): \($0.1)"] }
        let wanted = try sandbox.tryGit(
            ["-c", "trailer.ifexists=add", "interpret-trailers", "--no-divider"] + options,
            input: Array(clean.utf8)
        ).bytes
        // Git rewrites the trailers that are there; docvc leaves them.
        let isOdd = ["Key :", "Key:\n", "(cherry"].contains { message.contains($0) }
        if !isOdd { #expect(ours == String(decoding: wanted, as: UTF8.self)) }
        let parsed = try sandbox.tryGit(
            ["interpret-trailers", "--parse", "--no-divider"], input: Array(ours.utf8)
        ).lines
        #expect(parsed.suffix(2) == trailers.map { "\($0.0): \($0.1)" }[...])
        let read = try Trailers.read(ours).map { "\($0.key): \($0.value)" }
        if !isOdd { #expect(read.suffix(2) == trailers.map { "\($0.0): \($0.1)" }[...]) }
    }

    @Test func aZeroByteIsRefused() {
        #expect(throws: RepositoryError.self) { try Trailers.clean("a\0b") }
    }
}
