import Git
import Platform
import SystemPackage
import Testing

/// The commits that changed a path, against `git log -- PATH`.
struct CommitWalkTests {
    private func expectSameAsGit(
        _ sandbox: Sandbox, _ path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let repository = try sandbox.repository()
        var ours: [String] = []
        try repository.visitChanges(of: path, from: sandbox.id("HEAD")) {
            ours.append($0.id.hex)
            return true
        }
        let git = try sandbox.git("log", "--format=%H", "--", ":(literal)\(path)")
        #expect(ours.joined(separator: "\n") == git, "\(path)", sourceLocation: sourceLocation)
    }

    private func walked(
        _ repository: borrowing Repository, from start: ObjectID, hiding: ObjectID? = nil
    ) throws -> [String] {
        var walk = try CommitWalk(from: start, hiding: hiding, in: repository)
        var ids: [String] = []
        while let id = try walk.next() { ids.append(id.hex) }
        return ids
    }

    /// Scripts make many commits in one second, and clocks differ.
    @Test func noCommitComesBehindItsParents() throws {
        let sandbox = try Sandbox()
        for number in 0..<20 {
            let time = 1_700_000_000 - (number % 5 == 3 ? 3600 : 0)
            try sandbox.commit(["a": "\(number)"], "c", at: time)
        }
        let repository = try sandbox.repository()
        let ours = try walked(repository, from: sandbox.id("HEAD"))
        #expect(ours.joined(separator: "\n") == (try sandbox.git("log", "--format=%H")))
        let some = try walked(
            repository, from: sandbox.id("HEAD"), hiding: sandbox.id("HEAD~10"))
        #expect(some.joined(separator: "\n") == (try sandbox.git("log", "--format=%H", "-10")))
    }

    @Test func changesRemovalsAndReturnsAreFound() throws {
        let sandbox = try Sandbox()
        var time = 1_700_000_000
        func commit(_ files: [String: String]) throws {
            time += 10
            try sandbox.commit(files, "c", at: time)
        }
        try commit(["other": "0"])
        try commit(["d/a": "1", "b": "1"])
        try commit(["b": "2"])
        try commit(["d/a": "2"])
        try sandbox.shell("rm d/a")
        try commit(["b": "3"])
        try commit(["b": "4"])
        try commit(["d/a": "2"])
        try sandbox.shell("rm -r d")
        try commit(["d": "a file"])
        try sandbox.shell("rm d")
        try commit(["d/a/x": "a folder"])
        try sandbox.shell("rm -r d; ln -s b d")
        try commit([:])
        for path in ["d/a", "d", "b", "other", "missing", "d/missing", "d/a/x"] {
            try expectSameAsGit(sandbox, path)
        }
        let repository = try sandbox.repository()
        var count = 0
        try repository.visitChanges(of: "b", from: sandbox.id("HEAD")) { _ in
            count += 1
            return count < 2
        }
        #expect(count == 2)
        let head = try sandbox.id("HEAD")
        #expect(
            try walked(repository, from: head).joined(separator: "\n")
                == sandbox.git("log", "--format=%H"))
        #expect(
            try walked(repository, from: head, hiding: sandbox.id("HEAD~3")).joined(separator: "\n")
                == sandbox.git("log", "--format=%H", "HEAD~3.."))
    }

    /// Random histories with merges; commits come in few seconds or in one.
    @Test(arguments: 1...4 as ClosedRange<UInt64>, [false, true])
    func mergesAreFollowedAsGitFollowsThem(_ seed: UInt64, _ isSameSecond: Bool) throws {
        let sandbox = try Sandbox()
        var random = Seeded(seed)
        var stream = ""
        let branches = 3
        for number in 0..<40 {
            let branch = number == 0 ? 0 : Int.random(in: 0..<branches, using: &random)
            let time = 1_700_000_000 + (isSameSecond ? 0 : number)
            stream += "commit refs/heads/b\(branch)\nmark :\(number + 1)\n"
            stream += "committer A <a@b> \(time) +0000\ndata 1\nx\n"
            if number > 0 {
                let first =
                    number < branches + 1
                    ? 1 : Int.random(in: max(1, number - 6)...number, using: &random)
                stream += "from :\(first)\n"
                if Int.random(in: 0..<3, using: &random) == 0, number > 2 {
                    let other = Int.random(in: max(1, number - 6)...number, using: &random)
                    if other != first { stream += "merge :\(other)\n" }
                }
            }
            let name = ["p", "d/q"].randomElement(using: &random) ?? "p"
            switch Int.random(in: 0..<5, using: &random) {
            case 0: stream += "D \(name)\n"
            case 1, 2:
                stream +=
                    "M 100644 inline \(name)\ndata 1\n\(Int.random(in: 0..<3, using: &random))\n"
            default: break
            }
            stream += "\n"
        }
        stream += "reset refs/heads/main\nfrom :40\n"
        try sandbox.git(["fast-import", "--quiet", "--force"], input: Array(stream.utf8))
        let repository = try sandbox.repository()
        for path in ["p", "d/q", "d"] {
            var ours: [String] = []
            try repository.visitChanges(of: path, from: sandbox.id("main")) {
                ours.append($0.id.hex)
                return true
            }
            let git = try sandbox.git("log", "--format=%H", "main", "--", path).split(
                separator: "\n"
            ).map(String.init)
            #expect(Set(ours) == Set(git), "\(path)")
            #expect(ours == git, "\(path)")
        }
    }

    @Test func aShallowCloneEndsWhereItIsCut() throws {
        let sandbox = try Sandbox()
        for number in 0..<5 {
            try sandbox.commit(["a": "\(number)", "b": "0"], "c", at: 1_700_000_000 + number)
        }
        let clone = sandbox.root.appending("clone")
        try sandbox.git("clone", "-q", "--depth=2", "file://\(sandbox.folder)", clone.string)
        let repository = try sandbox.repository(in: clone)
        for path in ["a", "b", "missing"] {
            var ours: [String] = []
            try repository.visitChanges(of: path, from: sandbox.id("HEAD")) {
                ours.append($0.id.hex)
                return true
            }
            #expect(
                try ours.joined(separator: "\n")
                    == sandbox.git(["log", "--format=%H", "--", path], in: clone))
        }
        #expect(
            try walked(repository, from: sandbox.id("HEAD")).joined(separator: "\n")
                == sandbox.git(["log", "--format=%H"], in: clone))
        #expect(try repository.isAncestor(sandbox.id("HEAD~1"), of: sandbox.id("HEAD")))
    }
}
