internal import Platform
internal import SystemPackage

extension Repository {
    /// The signature over a commit's bytes that `commit.gpgSign` asks for, or nil where it
    /// asks for none (git-config: `gpg.format`, `user.signingKey`, `gpg.program` …).
    ///
    /// Throws `notSigned` where one is asked for and cannot be had: a commit is never
    /// written unsigned instead.
    func signature(over bytes: [UInt8], by who: Signature) throws(RepositoryError) -> String? {
        guard try configuration.boolean("commit.gpgsign") ?? false else { return nil }
        let format = try configuration.string("gpg.format") ?? "openpgp"
        let key = try configuration.string("user.signingkey")
        switch format {
        case "openpgp", "x509":
            let name = format == "openpgp" ? "gpg" : "gpgsm"
            var program = try configuration.string("gpg.\(format).program")
            if program == nil, format == "openpgp" {
                program = try configuration.string("gpg.program")
            }
            return try signWithGPG(
                bytes, program: program ?? name, key: key ?? "\(who.name) <\(who.email)>")
        case "ssh":
            return try signWithSSH(bytes, key: key)
        default:
            throw .badSetting("gpg.format", "'\(format)' is not openpgp, x509 or ssh")
        }
    }

    private func signWithGPG(
        _ bytes: [UInt8], program: String, key: String
    ) throws(RepositoryError) -> String {
        let result = try run([program, "--status-fd=2", "-bsau", key], input: bytes)
        let status = String(decoding: result.errors, as: UTF8.self)
        guard result.status == 0, status.contains("[GNUPG:] SIG_CREATED ") else {
            let lines = status.split(separator: "\n").filter { !$0.hasPrefix("[GNUPG:]") }
            throw .notSigned("\(program): \(lines.last ?? "no signature came back")")
        }
        return String(decoding: result.output, as: UTF8.self).replacing("\r\n", with: "\n")
    }

    private func signWithSSH(_ bytes: [UInt8], key: String?) throws(RepositoryError) -> String {
        let program = try configuration.string("gpg.ssh.program") ?? "ssh-keygen"
        let key = if let key { key } else { try defaultSSHKey() }
        let literal =
            key.hasPrefix("key::") ? String(key.dropFirst(5)) : key.hasPrefix("ssh-") ? key : nil
        let folder = gitFolder.appending("docvc")
        let files = world.files
        // Only the holder of the docvc lock signs, so the names are free.
        let keyFile = folder.appending("signing-key")
        let buffer = folder.appending("signing-buffer")
        let signature = buffer.appendingToName(".sig")
        defer { for path in [keyFile, buffer, signature] { _ = try? files.remove(path) } }
        try lifting {
            try files.makeFolders(folder)
            for path in [keyFile, buffer, signature] { try files.remove(path) }
            try files.create(buffer, permissions: 0o600).write(bytes)
            if let literal {
                try files.create(keyFile, permissions: 0o600).write("\(literal)\n".utf8)
            }
        }
        // A key given as text is a public one, whose private part the agent has.
        var path = keyFile.string
        if literal == nil {
            path = try configuration.path("user.signingkey")?.string ?? key
        }
        let arguments =
            [program, "-Y", "sign", "-n", "git", "-f", path] + (literal == nil ? [] : ["-U"])
        let result = try run(arguments + [buffer.string], input: [])
        let text = try lifting { try files.readIfPresent(signature) }
        guard result.status == 0, let text else {
            let said = String(decoding: result.errors, as: UTF8.self)
                .split(whereSeparator: \.isNewline).last
            throw .notSigned("\(program): \(said ?? "no signature came back")")
        }
        return String(decoding: text, as: UTF8.self).replacing("\r\n", with: "\n")
    }

    private func defaultSSHKey() throws(RepositoryError) -> String {
        guard let command = try configuration.string("gpg.ssh.defaultkeycommand") else {
            throw .notSigned("user.signingKey is not set, nor gpg.ssh.defaultKeyCommand")
        }
        let result = try run(["/bin/sh", "-c", command], input: [])
        let line = String(decoding: result.output, as: UTF8.self).prefix { $0 != "\n" }
        guard result.status == 0, !line.isEmpty else {
            throw .notSigned("gpg.ssh.defaultKeyCommand printed no key")
        }
        return String(line)
    }

    private func run(_ arguments: [String], input: [UInt8]) throws(RepositoryError)
        -> Program.Result
    {
        do throws(Program.Failure) {
            return try Program(arguments, environment: world.environment, folder: workTree)
                .capture(input: input)
        } catch {
            throw .notSigned("\(error.name) cannot be run: \(error.errno)")
        }
    }
}

extension ObjectBatch {
    /// Adds a commit of `tree`, signed where the user's settings ask for it.
    public mutating func commit(
        tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature,
        message: String, in repository: borrowing Repository
    ) throws(RepositoryError) -> ObjectID {
        let bytes = Commit.bytes(
            tree: tree, parents: parents, author: author, committer: committer, message: message)
        guard let signature = try repository.signature(over: bytes, by: committer) else {
            return try commit(bytes)
        }
        return try commit(
            Commit.bytes(
                tree: tree, parents: parents, author: author, committer: committer,
                message: message, signature: signature))
    }
}
