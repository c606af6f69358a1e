@testable import Git
import Platform
import SystemPackage
import Testing

/// Signed commits, as `git verify-commit` judges them.
struct SigningTests {
    private func commit(
        _ sandbox: Sandbox, _ more: [String: String?] = [:]
    ) throws -> ObjectID {
        let repository = try sandbox.repository(more)
        var batch = ObjectBatch()
        let tree = try batch.tree(from: nil, setting: [], in: repository)
        let commit = try batch.commit(
            tree: tree, parents: [], author: ann, committer: ann, message: "Signed\n\n文\n",
            in: repository)
        try batch.store(in: repository)
        return commit
    }

    private func expectNotSigned(
        _ sandbox: Sandbox, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: RepositoryError.self, sourceLocation: sourceLocation) {
            try commit(sandbox)
        }
        switch error {
        case .notSigned, .program: break
        default: Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
        }
    }

    @Test func nothingIsSignedUnlessAsked() throws {
        let sandbox = try Sandbox()
        let id = try commit(sandbox)
        #expect(try !sandbox.git("cat-file", "commit", id.hex).contains("gpgsig"))
        try sandbox.git("config", "commit.gpgSign", "false")
        #expect(try commit(sandbox) == id)
    }

    @Test func aKeyOfSSHSigns() throws {
        let sandbox = try Sandbox()
        let key = sandbox.root.pushing("home/key")
        try sandbox.shell("ssh-keygen -q -t ed25519 -N '' -C ann -f \(key)")
        let allowed = sandbox.root.appending("allowed")
        try sandbox.shell("printf 'ann@example.org ' > \(allowed); cat \(key).pub >> \(allowed)")
        for (name, value) in [
            ("commit.gpgSign", "true"), ("gpg.format", "ssh"), ("user.signingKey", "~/key"),
            ("gpg.ssh.allowedSignersFile", allowed.string),
        ] { try sandbox.git("config", name, value) }
        let id = try commit(sandbox)
        #expect(try sandbox.tryGit(["verify-commit", id.hex]).status == 0)
        #expect(try sandbox.tryGit(["fsck", "--strict"]).status == 0)
        #expect(try sandbox.repository().commit(id).message == "Signed\n\n文\n")
        #expect(try sandbox.shell("find .git/docvc -type f") == "")

        // The public key's file names the private one beside it.
        try sandbox.git("config", "user.signingKey", "\(key).pub")
        #expect(try sandbox.tryGit(["verify-commit", commit(sandbox).hex]).status == 0)

        // A key given as text is the agent's.
        let socket = sandbox.root.appending("agent")
        let started = try sandbox.shell("ssh-agent -a \(socket) -s")
        let process = try #require(started.firstMatch(of: /SSH_AGENT_PID=(\d+)/)?.1)
        defer { _ = try? sandbox.shell("kill \(process)") }
        let agent: [String: String?] = ["SSH_AUTH_SOCK": socket.string]
        try sandbox.shell("ssh-add -q \(key)", agent)
        let text = try sandbox.shell("cut -d' ' -f1,2 \(key).pub")
        for literal in ["key::\(text)", text] {
            try sandbox.git("config", "user.signingKey", literal)
            let id = try commit(sandbox, agent)
            #expect(try sandbox.tryGit(["verify-commit", id.hex]).status == 0, "\(literal)")
        }
        try sandbox.git("config", "--unset", "user.signingKey")
        try sandbox.git("config", "gpg.ssh.defaultKeyCommand", "printf 'key::%s\\n' '\(text)'")
        #expect(try sandbox.tryGit(["verify-commit", commit(sandbox, agent).hex]).status == 0)
    }

    @Test func aKeyOfOpenPGPSigns() throws {
        let sandbox = try Sandbox()
        let home = sandbox.root.appending("gnupg")
        let gpg: [String: String?] = ["GNUPGHOME": home.string]
        try sandbox.shell("mkdir -m 700 \(home)")
        let made = try sandbox.run(
            [
                "gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "",
                "--quick-gen-key", "Ann <ann@example.org>", "ed25519", "sign", "never",
            ], gpg)
        defer { _ = try? sandbox.run(["gpgconf", "--kill", "all"], gpg) }
        // Where there is no gpg that can make a key, nothing is to be tested.
        guard made.status == 0 else { return }
        try sandbox.git("config", "commit.gpgSign", "true")
        let id = try commit(sandbox, gpg)
        #expect(try sandbox.tryGit(["verify-commit", id.hex], gpg).status == 0)
        #expect(try sandbox.tryGit(["fsck", "--strict"]).status == 0)
        try sandbox.git("config", "user.signingKey", "nobody@example.org")
        #expect(throws: RepositoryError.self) { try commit(sandbox, gpg) }
    }

    @Test func aCommitIsNeverWrittenUnsignedInstead() throws {
        let sandbox = try Sandbox()
        try sandbox.git("config", "commit.gpgSign", "true")
        try sandbox.git("config", "gpg.program", "/nonexistent/gpg")
        expectNotSigned(sandbox)
        for script in ["exit 0", "echo '[GNUPG:] SIG_CREATED ' >&2; exit 2", "echo x; exit 0"] {
            let program = sandbox.root.appending("gpg")
            try sandbox.writeProgram(program, "#!/bin/sh\ncat > /dev/null\n\(script)\n")
            try sandbox.git("config", "gpg.program", program.string)
            expectNotSigned(sandbox)
        }
        try sandbox.git("config", "gpg.format", "ssh")
        expectNotSigned(sandbox)
        try sandbox.git("config", "user.signingKey", "/nonexistent/key")
        expectNotSigned(sandbox)
        try sandbox.git("config", "gpg.ssh.program", "/nonexistent/program")
        expectNotSigned(sandbox)
        try sandbox.git("config", "gpg.format", "pigeon")
        #expect(throws: RepositoryError.self) { try commit(sandbox) }
        #expect(
            try sandbox.git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype)") == "")
        #expect(try sandbox.shell("find .git/docvc -type f") == "")
    }
}
