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
        if keep { try context.output.lines("\nThe repository is at \(tour.folder).") }
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
        case remove(String)
        /// A command of docvc's; `CHECKPOINT` stands for the id of the checkpoint that is there.
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
        .say("An edit changes a draft, and in it no byte that it is not about; the comment stays:"),
        .docvc("set guide.md 'title=The guide' tags+=start"),
        .docvc("diff guide.md --text"),
        .say("The document on disk is as it was:"),
        .git("status --short"),
        .docvc("show guide.md --disk"),
        .say("The draft lives on. An agent edits it under its own name; each edit can be undone:"),
        .docvc("--actor agent:writer/2.1 body guide.md --replace here --with 'here, then go on'"),
        .docvc("history guide.md"),
        .docvc("undo guide.md"),
        .docvc("history guide.md"),
        .docvc("redo guide.md"),
        .say("A save puts the draft on disk and commits it; the commit tells of it to every tool:"),
        .docvc("--actor agent:writer/2.1 save -m 'Name the guide'"),
        .git("log -1 --format=%B"),
        .say("Somebody writes the document while there is a draft. Nothing is overwritten:"),
        .docvc("set guide.md draft=false"),
        .write(
            "guide.md",
            "---\ntitle: The guide   # shown in the menu\ndraft: true\ntags:\n  - start\n---\n\n"
                + "Start here, and take your time.\n"),
        .docvc("status"),
        .docvc("save -m 'Publish the guide'", expecting: .refused),
        .say("Both changes are kept where they are about different places:"),
        .docvc("save -m 'Publish the guide' --on-conflict merge"),
        .docvc("show guide.md"),
        .say("Unsaved work outlives docvc's own files: checkpoints are in Git, on a hidden ref."),
        .docvc("set guide.md 'subtitle=An hour of work'"),
        .remove(".git/docvc"),
        .docvc("recover list"),
        .docvc("recover apply CHECKPOINT"),
        .docvc("save -m 'Add a subtitle'"),
        .say("An older version comes back as a draft, to be looked at, saved or undone:"),
        .docvc("log guide.md"),
        .docvc("restore guide.md --revision HEAD~1"),
        .docvc("diff guide.md"),
        .docvc("undo guide.md"),
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
                try context.output.line("")
                try context.output.line(context.output.colored("# " + text, .cyan))
            case .write(let name, let text):
                try write(name, text)
            case .remove(let name):
                try context.output.line("$ rm -rf \(name)")
                try world.files.removeTree(world.currentFolder.pushing(FilePath(name)))
            case .docvc(let line, let expected):
                try docvc(withCheckpoint(line), expected)
            case .git(let line):
                try git(line, isShown: true)
            }
        }
    }

    private func write(_ name: String, _ text: String) throws {
        try context.output.line("$ cat > \(name)")
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            try context.output.line("> \(line)")
        }
        let path = world.currentFolder.appending(name)
        try world.files.remove(path)
        try world.files.create(path).write(text.utf8)
    }

    private func docvc(_ line: String, _ expected: ExitStatus) throws {
        try context.output.line("$ docvc \(line)")
        let shown = context.output
        let captured = Output { bytes, _ in
            let text = String(decoding: bytes, as: UTF8.self)
            try shown.lines(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        }
        let status = CommandLineTool.run(Tour.words(line), in: world, output: captured)
        if expected != .done { try context.output.line("(exit \(status))") }
        guard status == expected.rawValue else {
            throw TourFailure(line: "docvc \(line)", status: status)
        }
    }

    @discardableResult
    private func git(_ line: String, isShown: Bool) throws -> String {
        if isShown { try context.output.line("$ git \(line)") }
        let program = Program(
            ["git"] + Tour.words(line), environment: world.environment, folder: world.currentFolder)
        let result = try program.capture()
        let output = String(decoding: result.output, as: UTF8.self)
        let text = output.hasSuffix("\n") ? String(output.dropLast()) : output
        if isShown && !text.isEmpty { try context.output.lines(text) }
        guard result.status == 0 else {
            throw TourFailure(line: "git \(line)", status: result.status)
        }
        return text
    }

    /// `line` with the id of the checkpoint that is there.
    private func withCheckpoint(_ line: String) throws -> String {
        guard line.contains("CHECKPOINT") else { return line }
        let id = try git(
            "for-each-ref --count=1 --format=%(refname:lstrip=3) refs/docvc/checkpoints",
            isShown: false)
        return line.replacing("CHECKPOINT", with: id)
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
