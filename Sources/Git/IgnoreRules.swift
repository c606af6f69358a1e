import Platform
import SystemPackage

/// What is ignored in a work tree: what the `.gitignore` of each folder, `info/exclude` and
/// `core.excludesFile` name (gitignore(5)).
///
/// Each file is read when a path is asked for that it may name, and once: a value is for one
/// look at a work tree. libgit2 1.5 has another answer than Git where a pattern takes back what
/// one of another file, or with another form, names.
public struct IgnoreRules {
    private struct Folder {
        let isIgnored: Bool
        /// Those of its own file, in its order.
        let patterns: [IgnorePattern]
    }

    private let files: FileSystem
    private let workTree: FilePath
    private let ignoresCase: Bool
    /// Those of no folder, in order.
    private let general: [IgnorePattern]
    private var folders: [String: Folder] = [:]

    init(of repository: borrowing Repository) throws(RepositoryError) {
        let files = repository.world.files
        let ignoresCase = try repository.configuration.boolean("core.ignoreCase") ?? false
        self.files = files
        self.ignoresCase = ignoresCase
        workTree = repository.workTree
        var places = [repository.commonFolder.appending("info/exclude")]
        if let place = try IgnoreRules.userFile(of: repository) { places.insert(place, at: 0) }
        var general: [IgnorePattern] = []
        for place in places {
            // These may be links, as where somebody keeps all settings in one folder.
            guard let place = try lifting({ try files.realPath(of: place) }) else { continue }
            general += try IgnoreRules.read(place, files, ignoringCase: ignoresCase)
        }
        self.general = general
    }

    /// The user's own file, if the settings name one or there is a folder for it.
    private static func userFile(
        of repository: borrowing Repository
    ) throws(RepositoryError) -> FilePath? {
        if let path = try repository.configuration.path("core.excludesFile") {
            return path.isEmpty ? nil : repository.world.currentFolder.pushing(path)
        }
        let environment = repository.world.environment
        if let folder = environment["XDG_CONFIG_HOME"], !folder.isEmpty {
            return FilePath(folder).appending("git/ignore")
        }
        return environment["HOME"].map { FilePath($0).appending(".config/git/ignore") }
    }

    /// The largest file that Git reads; it passes over others (dir.c, `PATTERN_MAX_FILE_SIZE`).
    private static let sizeLimit = 100 << 20

    private static func read(
        _ place: FilePath, _ files: FileSystem, ignoringCase: Bool
    ) throws(RepositoryError) -> [IgnorePattern] {
        try lifting {
            guard let status = try files.status(of: place), status.kind != .folder,
                // Git does not follow a link here either.
                status.kind != .link, status.size <= sizeLimit,
                var text = try files.readIfPresent(place)?[...]
            else { return [] }
            if text.starts(with: "\u{feff}".utf8) { text = text.dropFirst(3) }
            return text.split(separator: UInt8(ascii: "\n")).compactMap { line in
                let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
                return IgnorePattern(line, ignoringCase: ignoringCase)
            }
        }
    }

    /// Whether `path` is ignored, as `git check-ignore` says it; one with a `/` at its end is a
    /// folder, any other is none.
    public mutating func ignores(_ path: String) throws(RepositoryError) -> Bool {
        path.hasSuffix("/")
            ? try ignores(String(path.dropLast()), isFolder: true)
            : try ignores(path, isFolder: false)
    }

    private mutating func ignores(
        _ path: String, isFolder: Bool
    ) throws(RepositoryError) -> Bool {
        // What is in an ignored folder no pattern takes back.
        if try folder(IgnoreRules.parent(of: path)).isIgnored { return true }
        var bytes = Array(path.utf8)
        if ignoresCase { bytes = bytes.map(\.lowercased) }
        func last(of patterns: [IgnorePattern], from start: Int) -> Bool? {
            patterns.last { $0.matches(bytes[start...], isFolder: isFolder) }.map { !$0.isNegated }
        }
        // The nearest file has the last word.
        var above = path
        while !above.isEmpty {
            above = IgnoreRules.parent(of: above)
            let start = above.isEmpty ? 0 : above.utf8.count + 1
            if let answer = last(of: try folder(above).patterns, from: start) { return answer }
        }
        return last(of: general, from: 0) ?? false
    }

    private static func parent(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }

    private mutating func folder(_ path: String) throws(RepositoryError) -> Folder {
        if let known = folders[path] { return known }
        let isIgnored = path.isEmpty ? false : try ignores(path, isFolder: true)
        let place = workTree.appending(path.isEmpty ? ".gitignore" : "\(path)/.gitignore")
        let patterns =
            isIgnored ? [] : try IgnoreRules.read(place, files, ignoringCase: ignoresCase)
        let folder = Folder(isIgnored: isIgnored, patterns: patterns)
        folders[path] = folder
        return folder
    }
}

extension Repository {
    /// What is ignored in the work tree now.
    public func ignoreRules() throws(RepositoryError) -> IgnoreRules { try IgnoreRules(of: self) }

    /// Whether `path` is ignored now.
    public func isIgnored(_ path: String) throws(RepositoryError) -> Bool {
        var rules = try ignoreRules()
        return try rules.ignores(path)
    }
}
