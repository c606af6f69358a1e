import Git
import Platform
import SystemPackage
import Testing

/// The permissions of what docvc writes, against those Git gives under
/// `core.sharedRepository`.
struct SharedRepositoryTests {
    @Test(arguments: [nil, "umask", "group", "true", "all", "0640", "0666"] as [String?])
    func filesGetGitsPermissions(_ setting: String?) throws {
        let sandbox = try Sandbox()
        let old = try sandbox.commit(["a": "1"])
        if let setting { try sandbox.git("config", "core.sharedRepository", setting) }
        try sandbox.git("update-ref", "-m", "r", "refs/heads/git", old.hex)
        try sandbox.git("update-index", "--force-write-index")
        let repository = try sandbox.repository()
        try repository.update(
            ReferenceUpdate("refs/heads/ours", from: nil, to: old, reason: "r"), by: ann,
            timeout: .seconds(1))
        func mode(_ path: String) throws -> String {
            try sandbox.shell("stat -c %a .git/\(path)")
        }
        #expect(try mode("refs/heads/ours") == mode("refs/heads/git"))
        // Folders of references and of their logs.
        try sandbox.git("update-ref", "--create-reflog", "-m", "r", "refs/heads/git-1/a", old.hex)
        try repository.update(
            ReferenceUpdate("refs/heads/ours-1/a", from: nil, to: old, reason: "r"), by: ann,
            timeout: .seconds(1))
        for folder in ["refs/heads", "logs/refs/heads"] {
            #expect(try mode("\(folder)/ours-1") == mode("\(folder)/git-1"))
        }
        let isShared = ![nil, "umask"].contains(setting)
        #expect(try mode("docvc/locks") == (isShared ? mode("refs/heads/git-1") : "755"))
        #expect(try mode("logs/refs/heads/ours") == mode("logs/refs/heads/git"))
        // Objects in folders that neither of the two programs made before.
        let theirObject = try sandbox.blob("theirs").hex
        var batch = ObjectBatch()
        let ourObject = try batch.blob(Array("ours".utf8)).hex
        try batch.store(in: repository)
        func place(_ hex: String) -> String { "objects/\(hex.prefix(2))" }
        #expect(try mode(place(ourObject)) == mode(place(theirObject)))
        #expect(
            try mode("\(place(ourObject))/\(ourObject.dropFirst(2))")
                == mode("\(place(theirObject))/\(theirObject.dropFirst(2))"))
        let theirs = try mode("index")
        var update = try repository.lockIndex(timeout: .seconds(1))
        try update.prepare(["a": .remove])
        try update.commit()
        #expect(try mode("index") == theirs)
    }

    @Test func aPrivateConfigurationStaysPrivate() throws {
        let sandbox = try Sandbox()
        try sandbox.shell("chmod 600 .git/config")
        try sandbox.repository().addLocalConfiguration("a.b", value: "c", timeout: .seconds(1))
        #expect(try sandbox.shell("stat -c %a .git/config") == "600")
    }
}
