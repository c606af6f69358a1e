import ArgumentParser
import Git
import History
import Platform
import SystemPackage

/// `docvc tour`
struct TourCommand: DocvcCommand {
    static let configuration = CommandConfiguration(
        commandName: "tour",
        abstract: "See docvc work, in a repository that is thrown away.",
        discussion: """
            Makes a repository in a temporary folder, runs real commands in it, shows what they \
            print, and removes it. Nothing outside that folder is touched.
            """)

    @Flag(name: .long, help: "Leave the repository in place at the end.")
    var keep = false

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: Context) throws -> ExitStatus {
        let tour = try Tour(context)
        defer { if !keep { try? context.world.files.removeTree(tour.folder) } }
        try tour.run()
        if keep { try context.output.line("\nThe repository is at \(tour.folder).") }
        try context.output.json(TourAnswer(steps: Tour.steps.count))
        return .done
    }
}

/// `docvc.tour/1`
private struct TourAnswer: Encodable {
    let schema = "docvc.tour/1"
    let steps: Int
}

/// A story in commands.
private struct Tour {
    enum Step {
        case say(String)
        case write(String, String)
        case docvc(String, expecting: ExitStatus = .done)
        case git(String)
    }

    static let steps: [Step] = [
        .say("A document, written by any editor:"),
        .write(
            "guide.md",
            "---\ntitle: Guide   # shown in the menu\ndraft: true\n---\n\nStart here.\n"),
        .docvc("status"),
        .say("A save is a commit. It is on the disk when the command ends:"),
        .docvc("save guide.md -m 'Begin the guide'"),
        .say("An agent edits the same document, under its own name:"),
        .write(
            "guide.md",
            "---\ntitle: Guide   # shown in the menu\ndraft: false\n---\n\nStart here, then go on.\n"
        ),
        .docvc("diff guide.md"),
        .docvc("--actor agent:writer/2.1 save guide.md -m 'Publish the guide'"),
        .say("Revision and actor are in the commit, for every tool to read:"),
        .docvc("log guide.md"),
        .git("log -1 --format=%B"),
        .say("A key is edited without touching another byte; the comment stays:"),
        .docvc("set guide.md 'title=The guide' tags+=start"),
        .git("diff --unified=0 guide.md"),
        .docvc("set guide.md tags+=howto --save -m 'Tag the guide'"),
        .docvc("get guide.md"),
        .say("An older version comes back with one command, and becomes a revision too:"),
        .docvc("restore guide.md --revision HEAD~1 --save"),
        .say("Nothing unsaved is overwritten without being asked:"),
        .write("guide.md", "An hour of unsaved work.\n"),
        .docvc("restore guide.md --revision HEAD~1", expecting: .refused),
        .docvc("restore guide.md --revision HEAD~1 --on-conflict overwrite"),
        .docvc("status"),
        .say("Trailers, notes, contents and sequence are checked against each other:"),
        .docvc("verify"),
        .say("And plain Git finds a plain repository:"),
        .git("fsck --no-dangling"),
        .git("status --short"),
        .say("Two people change neighbouring keys, a conflict for Git; docvc merges by key:"),
        .write("base.md", "---\ntitle: A\nweight: 1\ntags: [a]\n---\n"),
        .write("ours.md", "---\ntitle: B\nweight: 1\ntags: [a, b]\n---\n"),
        .write("theirs.md", "---\ntitle: A\nweight: 2\ntags: [a, c]\n---\n"),
        .docvc("merge-file -p ours.md base.md theirs.md"),
    ]

    let folder: FilePath
    private let context: Context
    private let world: World

    init(_ context: Context) throws {
        let base = FilePath(context.world.environment["TMPDIR"] ?? "/tmp")
        folder = base.appending("docvc-tour-\(ULID(in: context.world))")
        guard try context.world.files.statusFollowingLinks(of: base)?.kind == .folder else {
            throw ValidationError("TMPDIR names \(base), which is no folder")
        }
        try context.world.files.makeFolders(folder)
        guard let real = try context.world.files.realPath(of: folder) else {
            throw FileError(.open, folder, .noSuchFileOrDirectory)
        }
        var world = context.world
        world.currentFolder = real
        // The user's own settings must not change the story, nor the story them.
        world.environment = world.environment.filter {
            !$0.key.hasPrefix("GIT_") && !$0.key.hasPrefix("DOCVC_")
        }
        world.environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
        world.environment["GIT_CONFIG_NOSYSTEM"] = "1"
        for role in ["AUTHOR", "COMMITTER"] {
            world.environment["GIT_\(role)_NAME"] = "Ann"
            world.environment["GIT_\(role)_EMAIL"] = "ann@example.org"
        }
        self.world = world
        self.context = context
    }

    func run() throws {
        try git("init --quiet --initial-branch=main .", isShown: false)
        for step in Tour.steps {
            switch step {
            case .say(let text):
                try context.output.line("\n\(context.output.colored("# " + text, .cyan))")
            case .write(let name, let text):
                try write(name, text)
            case .docvc(let line, let expected):
                try docvc(line, expected)
            case .git(let line):
                try git(line, isShown: true)
            }
        }
    }

    private func write(_ name: String, _ text: String) throws {
        try context.output.line("$ cat > \(name)")
        try context.output.line(
            text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
                "> \($0)"
            }.joined(separator: "\n"))
        let path = world.currentFolder.appending(name)
        try world.files.remove(path)
        try world.files.create(path).write(text.utf8)
    }

    private func docvc(_ line: String, _ expected: ExitStatus) throws {
        try context.output.line("$ docvc \(line)")
        let shown = context.output
        let captured = Output { bytes, _ in
            let text = String(decoding: bytes, as: UTF8.self)
            try shown.line(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        }
        let status = CommandLineTool.run(Tour.words(line), in: world, output: captured)
        if expected != .done { try context.output.line("(exit \(status))") }
        guard status == expected.rawValue else {
            throw TourFailure(line: "docvc \(line)", status: status)
        }
    }

    private func git(_ line: String, isShown: Bool) throws {
        if isShown { try context.output.line("$ git \(line)") }
        let program = Program(
            ["git"] + Tour.words(line), environment: world.environment, folder: world.currentFolder)
        let result = try program.capture()
        let text = String(decoding: result.output, as: UTF8.self)
        if isShown && !text.isEmpty {
            try context.output.line(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        }
        guard result.status == 0 else {
            throw TourFailure(line: "git \(line)", status: result.status)
        }
    }

    /// The words of a line, single quotes holding words together.
    private static func words(_ line: String) -> [String] {
        line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap {
            index, part in
            index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
        }
    }
}

/// A step of the tour that ended otherwise than it should.
struct TourFailure: Error {
    let line: String
    let status: Int32
}
