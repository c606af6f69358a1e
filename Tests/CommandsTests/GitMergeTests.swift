import Platform
import SystemPackage
import TestSupport
import Testing

/// Real Git, with the built program as its merge driver.
@Suite(.enabled(if: ProofTests.program != nil, "the program was not built"))
struct GitMergeTests {
    private static let document = "---\ntitle: A\nweight: 1\ntags: [a]\n---\nOne.\n\nTwo.\n"

    /// A repository that docvc is set up in, with one document committed.
    private struct Site {
        let repository: TemporaryRepository
        let tools: FilePath

        init(_ text: String = GitMergeTests.document, name: String = "a.md") throws {
            repository = try TemporaryRepository()
            tools = repository.folder.removingLastComponent().appending("bin")
            try FileSystem().makeFolders(tools)
            let program = try #require(ProofTests.program)
            try repository.run(["ln", "-s", program.string, tools.appending("docvc").string])
            try shell("docvc init --quiet")
            try repository.write(name, text)
            try shell("git add -A && git commit --quiet -m base")
        }

        /// Runs a line for the shell and returns its status and what it printed.
        func run(_ line: String, path: String? = nil) throws -> (status: Int32, text: String) {
            var environment = repository.environment
            environment["PATH"] = path ?? "\(tools):\(environment["PATH"] ?? "")"
            let done = try Program(
                ["sh", "-c", line], environment: environment, folder: repository.folder
            ).capture()
            return (done.status, String(decoding: done.output + done.errors, as: UTF8.self))
        }

        @discardableResult
        func shell(_ line: String) throws -> String {
            let (status, text) = try run(line)
            guard status == 0 else {
                throw CommandFailure(command: line, status: status, output: text)
            }
            return text
        }

        /// Commits a change on a new branch, and goes back to main.
        func branch(_ name: String, _ change: String, file: String = "a.md") throws {
            try shell("git checkout --quiet -b \(name)")
            try edit(change, file: file)
            try shell("git commit --quiet -am \(name) && git checkout --quiet main")
        }

        func edit(_ change: String, file: String = "a.md") throws {
            try shell("sed -i '\(change)' \(file)")
        }

        func text(_ name: String = "a.md") throws -> String {
            try repository.read(name) ?? ""
        }
    }

    /// Ours gives the document another title, theirs another weight: neighbours.
    private func parted() throws -> Site {
        let site = try Site()
        try site.branch("side", "s/weight: 1/weight: 2/")
        try site.edit("s/title: A/title: B/")
        try site.shell("git commit --quiet -am ours")
        return site
    }

    private let merged = "---\ntitle: B\nweight: 2\ntags: [a]\n---\nOne.\n\nTwo.\n"

    @Test(arguments: [
        "git merge --quiet side -m m", "git rebase --quiet side", "git cherry-pick side",
        "git pull --quiet --no-rebase . side", "git merge --quiet -s recursive side -m m",
        "git merge --quiet --squash side",
    ])
    func gitMergesByKey(_ command: String) throws {
        let site = try parted()
        try site.shell(command)
        #expect(try site.text() == merged)
        #expect(try !site.shell("git status --short").contains("U"))
    }

    @Test func withoutTheDriverTheyConflict() throws {
        let site = try parted()
        try site.shell("docvc deinit --quiet")
        #expect(try site.run("git merge --quiet side -m m").status != 0)
    }

    @Test func stashPops() throws {
        let site = try Site()
        try site.edit("s/weight: 1/weight: 2/")
        try site.shell("git stash --quiet")
        try site.edit("s/title: A/title: B/")
        try site.shell("git commit --quiet -am ours && git stash pop --quiet")
        #expect(try site.text() == merged)
    }

    @Test func treesAreMergedWithoutAWorkTree() throws {
        let site = try parted()
        let tree = try site.shell("git merge-tree --write-tree main side").prefix(40)
        #expect(try site.shell("git show \(tree):a.md") == merged)
    }

    @Test func crissCrossMergesHaveAVirtualBase() throws {
        let site = try Site()
        // Both sides change the title, and settle it in two ways when they merge each other.
        try site.branch("side", "s/title: A/title: S/")
        try site.edit("s/title: A/title: M/")
        try site.shell("git commit --quiet -am main1 && git branch main1")
        _ = try site.run("git merge --quiet side -m m")
        try site.repository.write(
            "a.md", GitMergeTests.document.replacing("title: A", with: "title: M"))
        try site.shell("git commit --quiet -am merge1 && git checkout --quiet side")
        _ = try site.run("git merge --quiet main1 -m m")
        try site.repository.write(
            "a.md", GitMergeTests.document.replacing("title: A", with: "title: M"))
        try site.shell("git commit --quiet -am merge2")
        try site.edit("s/weight: 1/weight: 2/")
        try site.shell("git commit --quiet -am weight && git checkout --quiet main")
        try site.edit("s/tags: .a./tags: [a, b]/")
        try site.shell("git commit --quiet -am tags")
        #expect(try site.shell("git merge-base --all main side").split(separator: "\n").count == 2)
        try site.shell("git merge --quiet side -m crisscross")
        #expect(
            try site.text() == "---\ntitle: M\nweight: 2\ntags: [a, b]\n---\nOne.\n\nTwo.\n")
    }

    @Test func renamedDocumentsMerge() throws {
        let site = try Site()
        try site.shell("git checkout --quiet -b side && git mv a.md b.md")
        try site.edit("s/weight: 1/weight: 2/", file: "b.md")
        try site.shell("git commit --quiet -am side && git checkout --quiet main")
        try site.edit("s/title: A/title: B/")
        try site.shell("git commit --quiet -am ours && git merge --quiet side -m m")
        #expect(try site.text("b.md") == merged)
    }

    @Test func documentsAddedOnBothSidesMerge() throws {
        let site = try Site()
        try site.shell("git checkout --quiet -b side")
        try site.repository.write("n.md", "---\ntitle: N\ntheirs: 1\n---\nText.\n")
        try site.shell("git add n.md && git commit --quiet -m s && git checkout --quiet main")
        try site.repository.write("n.md", "---\ntitle: N\nours: 1\n---\nText.\n")
        try site.shell("git add n.md && git commit --quiet -m o && git merge --quiet side -m m")
        #expect(try site.text("n.md") == "---\ntitle: N\nours: 1\ntheirs: 1\n---\nText.\n")
    }

    /// A document whose title both sides changed.
    private func clashing() throws -> Site {
        let site = try Site()
        try site.branch("side", "s/title: A/title: S/;s/weight: 1/weight: 2/")
        try site.edit("s/title: A/title: M/")
        try site.shell("git commit --quiet -am ours")
        return site
    }

    @Test func aClashIsOneKeyWide() throws {
        let site = try clashing()
        let (status, said) = try site.run("git merge side -m m")
        #expect(status == 1)
        #expect(said.contains("a.md: conflict in lines 2-6: title: both sides changed it"))
        #expect(
            try site.text() == """
                ---
                <<<<<<< ours
                title: M
                =======
                title: S
                >>>>>>> theirs
                weight: 2
                tags: [a]
                ---
                One.

                Two.

                """)
        #expect(try site.shell("git status --short") == "UU a.md\n")
    }

    @Test func sizeAndStyleOfMarkersAreGits() throws {
        let site = try clashing()
        try site.shell("echo '*.md conflict-marker-size=9' >> .git/info/attributes")
        try site.shell("git config merge.conflictStyle diff3")
        _ = try site.run("git merge side -m m")
        #expect(
            try site.text().contains(
                "<<<<<<<<< ours\ntitle: M\n||||||||| base\ntitle: A\n=========\ntitle: S\n"))
    }

    /// Resolving and the check of what is staged see markers of the size that Git was told.
    @Test(arguments: [12, 3])
    func conflictsAreFoundBySizeOfMarkers(_ size: Int) throws {
        let site = try clashing()
        try site.shell("echo '*.md conflict-marker-size=\(size)' >> .gitattributes")
        try site.shell("git commit --quiet -am size")
        _ = try site.run("git merge side -m m")
        #expect(try site.run("docvc resolve a.md") == (1, "open: title\n"))
        let text = try site.text()
        try site.shell("git add a.md")
        let (status, said) = try site.run("docvc hook pre-commit")
        #expect(status == 1)
        #expect(said.contains("a.md:2:1: conflict-markers: an unresolved conflict"))
        try site.shell("git reset --quiet --merge && git commit --quiet --allow-empty -m x")
        _ = try site.run("git merge side -m m")
        #expect(try site.text() == text)
        try site.shell("docvc resolve a.md title=theirs && git add a.md")
        try site.shell("docvc hook pre-commit")
        #expect(try site.text().hasPrefix("---\ntitle: S\nweight: 2\n"))
    }

    /// A draft's conflicts have markers of that size too, and are not saved by oversight.
    @Test func draftsHaveMarkersOfThatSize() throws {
        let site = try clashing()
        try site.shell("echo '*.md conflict-marker-size=9' >> .git/info/attributes")
        try site.shell("docvc set a.md title=Draft && sed -i 's/title: M/title: D/' a.md")
        #expect(try site.run("docvc save a.md --on-conflict merge").status == 2)
        #expect(try site.shell("docvc show a.md").contains("\n<<<<<<<<< draft\n"))
        #expect(try site.run("docvc save a.md").status == 2)
    }

    /// Git hands `-X ours` to its own merge only; a driver is not told.
    @Test func aFavoredSideIsNotToldToTheDriver() throws {
        let site = try clashing()
        #expect(try site.run("git merge -X ours side -m m").status == 1)
        #expect(try site.text().contains("<<<<<<< ours\ntitle: M"))
    }

    @Test func lineEndingsOfTheWorkTreeStay() throws {
        let site = try Site()
        try site.shell("echo '*.md text=auto eol=crlf' >> .git/info/attributes")
        try site.shell("rm a.md && git checkout --quiet a.md")
        try site.branch("side", "s/weight: 1/weight: 2/")
        try site.edit("s/title: A/title: B/")
        try site.shell("git commit --quiet -am ours && git merge --quiet side -m m")
        #expect(try site.text() == merged.replacing("\n", with: "\r\n"))
    }

    @Test func withoutTheProgramGitMergesAndSaysSo() throws {
        let site = try clashing()
        let path = site.repository.environment["PATH"] ?? ""
        let (status, said) = try site.run("git merge side -m m", path: path)
        #expect(status == 1)
        #expect(said.contains("docvc: ") && said.contains("not found"))
        // The lines beside each other are a conflict for Git, and both sides are in it.
        let text = try site.text()
        #expect(text.contains("title: M") && text.contains("title: S\nweight: 2"))
    }

    @Test func aDriverThatFailsLosesNoSide() throws {
        let site = try clashing()
        // The policy's folder cannot be read as one: settings fail after the textual merge.
        try site.shell("git config docvc.allowPolicyHook perhaps")
        let (status, said) = try site.run("git merge side -m m")
        #expect(status == 1)
        #expect(said.contains("allowPolicyHook"))
        let text = try site.text()
        #expect(text.contains("title: M") && text.contains("title: S"))
        #expect(try site.shell("git status --short") == "UU a.md\n")
    }

    /// Kills the driver at each of its renames: before the textual merge is there, and before
    /// its own is.
    @Test(
        .enabled(if: ProofTests.has("strace"), "strace is needed"), arguments: [1, 2])
    func aKilledDriverLosesNoSide(_ rename: Int) throws {
        let site = try clashing()
        let program = try #require(ProofTests.program)
        try site.shell("rm \(site.tools)/docvc")
        let script = """
            #!/bin/sh
            exec strace -o /dev/null -e inject=rename,renameat,renameat2:signal=KILL:when=\(rename) \
            \(program) "$@"
            """
        try site.repository.writeProgram("../bin/docvc", script)
        #expect(try site.run("git merge side -m m").status != 0)
        #expect(try site.shell("git status --short").contains("UU a.md"))
        #expect(try site.shell("git show :2:a.md").contains("title: M"))
        #expect(try site.shell("git show :3:a.md").contains("title: S"))
        let text = try site.text()
        #expect(text.contains("title: M"))
        if rename == 2 { #expect(text.contains("title: S")) }
    }

    @Test func sidesThatCannotBeReadMergeAsText() throws {
        let site = try Site()
        try site.branch("side", "s/Two/Zwei/")
        try site.edit("s/title: A/title: \"A/")
        // The check before a commit would refuse it.
        try site.shell("git commit --quiet --no-verify -am ours")
        try site.shell("git merge --quiet side -m m")
        #expect(try site.text().contains("title: \"A\n"))
        #expect(try site.text().contains("Zwei."))
    }

    @Test func binaryDocumentsStayOurs() throws {
        let site = try Site()
        try site.shell("git checkout --quiet -b side && printf 'a\\0b' > a.md")
        try site.shell("git commit --quiet -am side && git checkout --quiet main")
        try site.edit("s/title: A/title: B/")
        try site.shell("git commit --quiet -am ours")
        #expect(try site.run("git merge side -m m").status == 1)
        #expect(try site.text().contains("title: B"))
        #expect(try site.shell("git status --short") == "UU a.md\n")
    }

    // MARK: Hooks

    private func hook(_ site: Site, _ body: String) throws -> String {
        try site.repository.writeProgram("../hook", "#!/bin/sh\n\(body)\n")
        return site.repository.folder.removingLastComponent().appending("hook").string
    }

    @Test func theUsersHookSettlesWhatIsLeft() throws {
        let site = try clashing()
        let file = try hook(
            site,
            #"[ "$DOCVC_MERGE_SUBJECT" = title ] && [ "$5" = a.md ] && cat "$3" > "$2""#)
        try site.shell("git config docvc.mergeHook \(file) && git merge --quiet side -m m")
        #expect(try site.text().hasPrefix("---\ntitle: S\nweight: 2\n"))
    }

    /// The texts that a killed driver gave its hook do not outlast the next command; those of a
    /// living one do.
    @Test func whatAKilledDriverLeavesIsSwept() throws {
        let site = try clashing()
        // The parent is the shell that runs the hook's line; its parent is the driver.
        let file = try hook(
            site,
            #"docvc status >/dev/null; cp "$2" kept; kill -9 $(cut -d' ' -f4 /proc/$PPID/stat)"#)
        _ = try site.run("git config docvc.mergeHook \(file) && git merge side -m m")
        #expect(try site.text("kept").contains("title: M"))
        #expect(try site.shell("ls .git/docvc/scratch") != "")
        try site.shell("docvc status")
        #expect(try site.shell("ls .git/docvc/scratch") == "")
    }

    /// Before the first save there are no notes, and Git has nothing to complain about.
    @Test func aRebaseBeforeTheFirstSaveIsQuiet() throws {
        let site = try parted()
        let (status, said) = try site.run("git rebase --quiet side")
        #expect(status == 0 && !said.contains("notes"), "\(said)")
    }

    @Test func anAnswerThatCannotStandIsNotTaken() throws {
        let site = try clashing()
        let file = try hook(site, #"printf 'weight: 3\n' > "$2""#)
        let (status, said) = try site.run(
            "git config docvc.mergeHook \(file) && git merge side -m m")
        #expect(status == 1)
        #expect(said.contains("the hook's answer for title was not taken: weight would be there"))
        #expect(try site.text().contains("<<<<<<< ours\ntitle: M"))
    }

    /// Words for a program that failed are those that a save has.
    @Test(arguments: [
        ("exit 200", "60s", "it ended with status 200"),
        ("rm \"$2\"", "60s", "it left no result in its second file"),
        ("exec sleep 60", "1s", "it was killed after 1 s (docvc.hookTimeout)"),
    ])
    func aHookThatFailsIsToldOfInWords(
        _ body: String, _ limit: String, _ words: String
    ) throws {
        let site = try clashing()
        let file = try hook(site, body)
        try site.shell("git config docvc.mergeHook \(file); git config docvc.hookTimeout \(limit)")
        let (status, said) = try site.run("git merge side -m m")
        #expect(status == 1)
        #expect(said.contains("the hook's answer for title was not taken: \(words)\n"))
    }

    @Test func aPolicysHookRunsOnlyWhereTheUserAllowsIt() throws {
        let site = try clashing()
        try site.shell("mkdir -p .docvc tools")
        try site.repository.write(".docvc/policy.yaml", "merge:\n  hook: tools/settle\n")
        try site.repository.writeProgram("tools/settle", "#!/bin/sh\ncat \"$3\" > \"$2\"\n")
        #expect(try site.run("git merge side -m m").status == 1)
        try site.shell("git merge --abort && git config docvc.allowPolicyHook true")
        try site.shell("git merge --quiet side -m m")
        #expect(try site.text().hasPrefix("---\ntitle: S\n"))
    }
}
