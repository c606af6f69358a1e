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
    /// `-C` and its folder, where the command had it.
    let options: [String]

    init(_ context: Context) {
        options = context.folder.map { ["-C", $0] } ?? []
        let files = context.world.files
        let start = (try? files.realPath(of: context.world.currentFolder)) ?? nil
        var folder = start ?? context.world.currentFolder
        var inner: [String] = []
        while let name = folder.lastComponent,
            (try? files.status(of: folder.appending(".git"))) ?? nil == nil
        {
            inner.insert(name.string, at: 0)
            folder.removeLastComponent()
        }
        // Without a work tree above there are no documents to name.
        if folder.lastComponent == nil { inner = [] }
        up = String(repeating: "../", count: inner.count)
        below = inner.map { $0 + "/" }.joined()
    }

    /// The command `name` of docvc's for the document at `path`, to be run from here.
    func docvc(_ name: String, _ path: String) -> String {
        (["docvc"] + options.map { Shell.quote($0) } + [name, argument(path)])
            .joined(separator: " ")
    }

    /// The command `name` of Git's for the document at `path`, to be run from here.
    func git(_ name: String, _ path: String) -> String {
        (["git"] + options.map { Shell.quote($0) } + [name, argument(path)]).joined(separator: " ")
    }

    /// The command `words` of docvc's, to be run from here.
    func docvc(_ words: String) -> String {
        (["docvc"] + options.map { Shell.quote($0) } + [words]).joined(separator: " ")
    }

    /// What goes on from a finding, to be done from here.
    func words(for fix: CheckFinding.Fix) -> String {
        switch fix {
        case .edit(let path, let text):
            "edit \(argument(path))" + (text.map { ": \($0)" } ?? "")
        case .replace(let words): words
        case .add(let path): git("add", path)
        case .checkOut(let path, let commit): git("checkout \(commit.short) --", path)
        case .apply(let name, nil): docvc("migrate apply \(name)")
        case .apply(let name, let path?):
            docvc("save --no-verify", path) + " && " + docvc("migrate apply \(name)")
        }
    }

    /// The document at `path` below the work tree's top, as it is named from here.
    func argument(_ path: String) -> String {
        let named = path.hasPrefix(below) ? String(path.dropFirst(below.count)) : up + path
        return Shell.quote(named.hasPrefix("-") ? "./" + named : named)
    }
}
