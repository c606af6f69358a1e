@testable import Git
import Platform
import SystemPackage
import Testing

/// Who makes a commit, against `git var`.
struct IdentityTests {
    private static let nobody: [String: String?] = [
        "GIT_AUTHOR_NAME": nil, "GIT_AUTHOR_EMAIL": nil, "GIT_COMMITTER_NAME": nil,
        "GIT_COMMITTER_EMAIL": nil,
    ]

    private func expectSame(
        _ sandbox: Sandbox, _ more: [String: String?],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for role in [Repository.Role.author, .committer] {
            let run = try sandbox.tryGit(["var", "GIT_\(role.rawValue.uppercased())_IDENT"], more)
            let ours = try? sandbox.repository(more).identity(role).line
            #expect(
                ours == (run.status == 0 ? run.text : nil), "\(run.errors)",
                sourceLocation: sourceLocation)
        }
    }

    @Test func theEnvironmentComesFirst() throws {
        let sandbox = try Sandbox()
        try sandbox.git("config", "user.name", "User")
        try sandbox.git("config", "user.email", "user@example.org")
        try expectSame(sandbox, [:])
        try expectSame(sandbox, ["GIT_AUTHOR_NAME": nil, "GIT_COMMITTER_EMAIL": nil])
        try expectSame(sandbox, IdentityTests.nobody)
        try sandbox.git("config", "author.name", "Author")
        try sandbox.git("config", "committer.email", "committer@example.org")
        try expectSame(sandbox, IdentityTests.nobody)
        try expectSame(sandbox, [:])
    }

    @Test func anAddressMayComeFromEMAILUnlessGuessesAreOff() throws {
        let sandbox = try Sandbox()
        try sandbox.git("config", "user.name", "User")
        var more = IdentityTests.nobody
        more["EMAIL"] = "mail@example.org"
        try expectSame(sandbox, more)
        try sandbox.git("config", "user.useConfigOnly", "true")
        try expectSame(sandbox, more)
        try sandbox.git("config", "user.email", "user@example.org")
        try expectSame(sandbox, more)
    }

    @Test func nobodyIsNotGuessed() throws {
        let sandbox = try Sandbox()
        let error = #expect(throws: RepositoryError.self) {
            try sandbox.repository(IdentityTests.nobody).identity(.author)
        }
        guard case .noIdentity("author")? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [
        "Ann", " Ann ", "Ann, ", "\"Ann\"", "<Ann>", "A<n>n", "Ann\nBee", ". Ann .", "José", "李",
        "Ann\\", "O'Ann'", "\u{301}Ann", "A<\u{338}n", "Ann>\u{338}", "Ann:;", "--",
        "Ann \u{1F469}\u{200D}",
    ])
    func namesLoseWhatWouldBreakTheLine(_ name: String) throws {
        let sandbox = try Sandbox()
        try expectSame(
            sandbox,
            [
                "GIT_AUTHOR_NAME": name, "GIT_COMMITTER_NAME": name,
                "GIT_COMMITTER_EMAIL": name + "@x",
            ])
    }

    @Test(arguments: [
        "1700000000 +0100", "@1700000000 -0330", "@0 +0000", "@5 +0100", "1700000000 -0000",
        "2026-11-23T09:30:00+01:00", "2026-11-23T09:30:00Z", "2026-11-23 09:30:00 +0100",
        "2026-11-23 09:30:00", "2026-11-23T09:30:00", "Mon, 23 Nov 2026 09:30:00 +0100",
        "23 Nov 2026 09:30:00 -0800", "Mon, 3 Nov 2026 09:30:00 +0000", "1700000000",
        "2026-11-23T09:30:00.5+01:00",
    ])
    func datesAreReadAsGitReadsThem(_ date: String) throws {
        let sandbox = try Sandbox()
        try expectSame(sandbox, ["GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date])
    }

    @Test(arguments: [
        ("hasconfig:remote.*.url:https://work.example/**", false),
        ("hasconfig:remote.*.url:https://home.example/**", true),
        ("gitdir:/nowhere/", true), ("onbranch:no-such-branch", true), ("moonphase:full", false),
    ])
    func whatMayNameSomebodyElseIsNotPassedOver(_ condition: String, _ isRead: Bool) throws {
        let sandbox = try Sandbox()
        try sandbox.git("remote", "add", "origin", "https://work.example/site.git")
        try sandbox.git("config", "includeIf.\(condition).path", "/work.inc")
        let repository = try sandbox.repository()
        guard !isRead else {
            #expect(try repository.identity(.author).line.hasPrefix("Ann "))
            return
        }
        #expect {
            try repository.identity(.author)
        } throws: { error in
            guard case RepositoryError.unsupported(let what, let remedy) = error else {
                return false
            }
            return what.hasPrefix("includeIf.\(condition).path")
                && remedy == "git config --add include.path '/work.inc'"
        }
        // The way out: then it is read, whatever the condition.
        try sandbox.git("config", "--add", "include.path", "/work.inc")
        #expect(try sandbox.repository().identity(.author).line.hasPrefix("Ann "))
    }

    @Test(arguments: ["~/link/", "link/", "/nowhere/link/", "gitdir/i:~/LINK/", "~/link/.git"])
    func aNameThroughALinkIsTriedAsGitDoes(_ pattern: String) throws {
        let sandbox = try Sandbox()
        try sandbox.shell("ln -s ../work \"$HOME/link\"; git config -f ../more user.name Link")
        let condition = pattern.hasPrefix("gitdir") ? pattern : "gitdir:" + pattern
        let file = sandbox.root.appending("more").string
        try sandbox.git("config", "includeIf.\(condition).path", file)
        let named = sandbox.root.appending("home/link").string
        for folder in [named, sandbox.folder.string] {
            let place: [String: String?] = ["PWD": folder]
            let git = try sandbox.tryGit(["config", "user.name"], place)
            let isSeen = (try? sandbox.repository(place).identity(.author)) != nil
            #expect(isSeen == (git.status != 0), "\(folder): \(git.text)")
        }
    }

    @Test func theClockCountsWhereNoDateIsGiven() throws {
        let sandbox = try Sandbox()
        let signature = try sandbox.repository(["GIT_AUTHOR_DATE": nil]).identity(.author)
        #expect(signature.line == "Ann <ann@example.org> 1700000000 +0100")
        #expect(throws: RepositoryError.self) {
            try sandbox.repository(["GIT_AUTHOR_DATE": "soon"]).identity(.author)
        }
    }
}
