import Documents
import Git
import History
import Platform
import SystemPackage

/// Where a command ran, so that the commands it suggests reach the same documents.
struct CommandPlace {
    /// What leads from the folder of the command to the work tree's top: `../` a level.
    private let up: String
    /// The folder of the command below the work tree's top, with a slash at its end.
    private let below: String
    /// The folder that `-C` named.
    private let named: String?
    /// `--session` and its id, where the command had them.
    private let session: [String]
    private let world: World
    /// The folder of the command.
    private let folder: FilePath

    init(_ context: Context) {
        named = context.folder
        session = context.overrides.session.map { ["--session", $0] } ?? []
        world = context.world
        let current = world.currentFolder
        folder = (try? world.files.realPath(of: current)) ?? current
        let top = CommandPlace.workTree(above: folder, world)
        var inner = folder
        // Without a work tree above there are no documents to name.
        if let top, inner.removePrefix(top) {
            up = String(repeating: "../", count: inner.components.count)
            below = inner.components.map { $0.string + "/" }.joined()
        } else {
            up = ""
            below = ""
        }
    }

    /// The top of the work tree that `folder` lies in, as Git finds it.
    private static func workTree(above folder: FilePath, _ world: World) -> FilePath? {
        if let named = world.environment["GIT_WORK_TREE"] {
            let path = world.currentFolder.pushing(FilePath(named))
            return (try? world.files.realPath(of: path)) ?? path
        }
        if world.environment["GIT_DIR"] != nil { return folder }
        var top = folder
        while top.lastComponent != nil {
            let found = (try? world.files.status(of: top.appending(".git"))) ?? nil
            if found != nil { return top }
            top.removeLastComponent()
        }
        return nil
    }

    /// Whether the repository here is a partial clone.
    var isInPartialClone: Bool {
        do {
            return try Repository(in: world).configuration.isOfPartialClone
        } catch {
            return false
        }
    }

    /// The command `words` of docvc's, to be run from here.
    func docvc(_ words: String) -> String { command("docvc", words) }

    /// The command `words` of docvc's for the document at `path`, to be run from here.
    func docvc(_ words: String, _ path: String) -> String {
        command("docvc", (session + [words, argument(path)]).joined(separator: " "))
    }

    /// The command `words` of Git's, to be run from here.
    func git(_ words: String) -> String { command("git", words) }

    /// The command `words` of Git's for the document at `path`, to be run from here.
    func git(_ words: String, _ path: String) -> String { git(words + " " + argument(path)) }

    private func command(_ name: String, _ words: String) -> String {
        CommandPlace.command(name, words, in: named)
    }

    /// The command `words` of the program `name`, run as if started in `folder`.
    static func command(_ name: String, _ words: String, in folder: String?) -> String {
        ([name] + (folder.map { ["-C", Shell.quote($0)] } ?? []) + [words]).joined(separator: " ")
    }

    /// The document at `path` below the work tree's top, as docvc and Git take it from here.
    func argument(_ path: String) -> String {
        let name = relative(path)
        return Shell.quote(name.hasPrefix("-") ? "./" + name : name)
    }

    /// The file at `path` below the work tree's top, as other programs take it from here.
    func file(_ path: String) -> String {
        guard let named else { return argument(path) }
        return Shell.quote(FilePath(named).pushing(FilePath(relative(path))).string)
    }

    /// A path beside `path` that nothing has: with `suffix` at its end, and a number if need be.
    func unused(_ path: String, _ suffix: String) -> String {
        let names = (1...).lazy.map { path + suffix + ($0 == 1 ? "" : "\($0)") }
        return names.first {
            ((try? world.files.status(of: folder.pushing(FilePath(relative($0))))) ?? nil) == nil
        } ?? path + suffix
    }

    private func relative(_ path: String) -> String {
        path.hasPrefix(below) ? String(path.dropFirst(below.count)) : up + path
    }
}

extension CommandPlace {
    /// What goes on from a finding, to be done from here.
    func words(for fix: CheckFinding.Fix) -> String {
        switch fix {
        case .edit(let path, let text):
            "edit \(argument(path))" + (text.map { ": \($0)" } ?? "")
        case .editOrLeaveOut(let path):
            "edit \(argument(path)), or leave it out of the documents in \(argument(Policy.path))"
        case .replace(let words): words
        case .add(let path): git("add", path)
        case .checkOut(let path, let commit): git("checkout \(commit.short) --", path)
        case .apply(let name, nil): docvc("migrate apply \(name)")
        case .apply(let name, let path?):
            docvc("save --no-verify", path) + " && " + docvc("migrate apply \(name)")
        }
    }
}
