internal import Clibgit2
public import Platform
public import SystemPackage

/// A Git repository with a work tree.
///
/// Opening one refuses what docvc does not write, by name. Every path is absolute.
public struct Repository: ~Copyable {
    let handle: Handle<RepositoryKind>
    /// The folder of this work tree's own state: HEAD, the index, docvc's sessions.
    public let gitFolder: FilePath
    /// The folder of what all work trees share: objects, references, configuration.
    public let commonFolder: FilePath
    /// The top of the work tree, without links.
    public let workTree: FilePath
    /// The index file.
    public let indexPath: FilePath
    /// The settings, of all levels.
    public let configuration: Configuration
    /// What comes from outside.
    public let world: World

    /// Opens the repository that `world` stands in, as Git finds it: by `GIT_DIR`, or from
    /// the current folder upwards.
    public init(in world: World) throws(RepositoryError) {
        LibGit2.start
        if let other = world.environment["GIT_OBJECT_DIRECTORY"] {
            throw .unsupported("objects elsewhere: GIT_OBJECT_DIRECTORY is \(other)", remedy: nil)
        }
        let git = try Repository.findGitFolder(world)
        let common = try lifting { try Repository.findCommonFolder(git, world) }
        let local = try Repository.LocalSettings(git, common)
        let handle = try Repository.open(git)
        guard unsafe git_repository_is_bare(handle.pointer) == 0, !local.isBare else {
            throw .unsupported("a bare repository, which has no documents on disk", remedy: nil)
        }
        let configuration = try Configuration(
            repository: handle, common: common, git: git, worktreeSettings: local.hasWorkTreeFile,
            world: world)
        let top = try Repository.findWorkTree(handle, local, git, world)
        try Repository.checkOwner(git: git, workTree: top, world)
        let sharing = try Repository.sharing(configuration, below: [git, common])
        let index = try Repository.fileBehindLinks(
            world.environment["GIT_INDEX_FILE"].map(world.absolute) ?? git.appending("index"),
            world.files)
        workTree = top
        indexPath = index
        gitFolder = git
        commonFolder = common
        // No link that a clone brings leads out of the work tree.
        var confined = world
        confined.files.confinement = Confinement(to: top, except: [git, common])
        confined.files.sharing = sharing
        self.world = confined
        self.handle = handle
        self.configuration = configuration
    }

    // MARK: Finding

    private static func findGitFolder(_ world: World) throws(RepositoryError) -> FilePath {
        let start: FilePath
        guard let named = world.environment["GIT_DIR"] else {
            start = world.currentFolder
            var found = unsafe git_buf()
            defer { unsafe git_buf_dispose(&found) }
            let ceiling = world.environment["GIT_CEILING_DIRECTORIES"]
            let across = world.environment["GIT_DISCOVERY_ACROSS_FILESYSTEM"] != nil
            let result = unsafe git_repository_discover(
                &found, start.string, across ? 1 : 0, ceiling)
            try expectHeads(above: start, world)
            if result == GitError.Code.notFound.rawValue {
                git_error_clear()
                throw .notFound(start)
            }
            try lifting { try LibGit2.check("git_repository_discover", result) }
            return FilePath(unsafe String(cString: found.ptr))
        }
        start = world.absolute(named)
        guard let folder = try resolve(start, world) else { throw .notFound(start) }
        try expectHead(of: folder, world.files)
        return folder
    }

    /// Throws where the repository nearest to `start` has a HEAD that libgit2 cannot read.
    private static func expectHeads(above start: FilePath, _ world: World) throws(RepositoryError) {
        var folder = start
        while true {
            if let git = try? resolve(folder.appending(".git"), world) {
                return try expectHead(of: git, world.files)
            }
            let parent = folder.removingLastComponent()
            if parent == folder { return }
            folder = parent
        }
    }

    /// Throws where HEAD is a symbolic link to a branch that has no file, being packed or unborn:
    /// to libgit2 the folder is no repository then, and one that is above it would be taken.
    private static func expectHead(
        of git: FilePath, _ files: FileSystem
    ) throws(RepositoryError) {
        let path = git.appending("HEAD")
        try lifting {
            // What leads elsewhere is no HEAD to Git either.
            guard try files.status(of: path)?.kind == .link,
                try files.linkTarget(of: path).starts(with: "refs/".utf8),
                try files.statusFollowingLinks(of: path) == nil
            else { return }
            throw RepositoryError.unsupported(
                "a HEAD that is a symbolic link to a branch without a file",
                remedy: #"git -c core.preferSymlinkRefs=false symbolic-ref HEAD "#
                    + #""$(git symbolic-ref HEAD)""#)
        }
    }

    /// The folder that `start` is, or that it names where it is a `.git` file, as linked work
    /// trees and submodules have; nil where it is neither.
    private static func resolve(
        _ start: FilePath, _ world: World
    ) throws(RepositoryError) -> FilePath? {
        guard let status = try lifting({ try world.files.statusFollowingLinks(of: start) }) else {
            return nil
        }
        if status.kind == .folder { return start }
        let text = try lifting { try String(decoding: world.files.read(start), as: UTF8.self) }
        guard text.hasPrefix("gitdir: ") else { return nil }
        let target = FilePath(String(text.dropFirst(8).prefix { !$0.isNewline }))
        return target.isAbsolute
            ? target : start.removingLastComponent().pushing(target).lexicallyNormalized()
    }

    private static func findCommonFolder(_ git: FilePath, _ world: World) throws -> FilePath {
        if let named = world.environment["GIT_COMMON_DIR"] { return world.absolute(named) }
        guard let bytes = try world.files.readIfPresent(git.appending("commondir")) else {
            return git
        }
        let text = String(decoding: bytes, as: UTF8.self)
        return git.pushing(FilePath(String(text.prefix { !$0.isNewline }))).lexicallyNormalized()
    }

    private static func findWorkTree(
        _ handle: borrowing Handle<RepositoryKind>, _ local: LocalSettings, _ git: FilePath,
        _ world: World
    ) throws(RepositoryError) -> FilePath {
        let folder: FilePath
        if let named = world.environment["GIT_WORK_TREE"] {
            folder = world.absolute(named)
        } else if let named = local.workTree {
            folder = git.pushing(FilePath(named)).lexicallyNormalized()
        } else if world.environment["GIT_DIR"] != nil {
            // Who names the repository stands at its work tree's top.
            folder = world.currentFolder
        } else if let found = try findMark(of: git, world) {
            folder = found
        } else if let path = unsafe git_repository_workdir(handle.pointer) {
            folder = FilePath(unsafe String(cString: path))
        } else {
            throw .unsupported("a repository without a work tree", remedy: nil)
        }
        guard let real = try lifting({ try world.files.realPath(of: folder) }) else {
            throw .unsupported("the work tree \(folder) is missing", remedy: nil)
        }
        let result = unsafe git_repository_set_workdir(handle.pointer, real.string, 0)
        try lifting { try LibGit2.check("git_repository_set_workdir", result) }
        return real
    }

    /// The folder at or above the current one whose `.git` is or names `git`.
    private static func findMark(
        of git: FilePath, _ world: World
    ) throws(RepositoryError) -> FilePath? {
        let files = world.files
        let wanted = try lifting { try files.realPath(of: git) }
        var next = try lifting { try files.realPath(of: world.currentFolder) }
        while let folder = next {
            if let found = try resolve(folder.appending(".git"), world),
                try lifting({ try files.realPath(of: found) }) == wanted
            {
                return folder
            }
            let parent = folder.removingLastComponent()
            next = parent == folder ? nil : parent
        }
        return nil
    }

    static func open(_ git: FilePath) throws(RepositoryError) -> Handle<RepositoryKind> {
        do throws(GitError) {
            return try LibGit2.make("git_repository_open", RepositoryKind.self) {
                unsafe git_repository_open($0, git.string)
            }
        } catch {
            if error.code == .owner { throw .notOwned(git) }
            if error.code == .notFound { throw .notFound(git) }
            throw .git(error)
        }
    }

    // MARK: Git's own files

    /// Where the file of the references that are packed lies.
    var packedReferencesFile: FilePath {
        get throws(RepositoryError) {
            try Repository.fileBehindLinks(commonFolder.appending("packed-refs"), world.files)
        }
    }

    /// Where the file of the repository's own settings lies.
    var settingsFile: FilePath {
        get throws(RepositoryError) {
            try Repository.fileBehindLinks(commonFolder.appending("config"), world.files)
        }
    }

    /// Where the file at `path` lies for which a symbolic link may stand, as `git-new-workdir`
    /// makes them, also before there is a file: Git locks and replaces what the link leads to.
    private static func fileBehindLinks(
        _ path: FilePath, _ files: FileSystem
    ) throws(RepositoryError) -> FilePath {
        try lifting {
            var path = path
            // Five steps are Git's own bound.
            for _ in 0..<5 {
                guard try files.status(of: path)?.kind == .link else { break }
                let target = FilePath(bytes: try files.linkTarget(of: path))
                let next = path.removingLastComponent().pushing(target)
                guard let name = next.lastComponent,
                    let folder = try files.realPath(of: next.removingLastComponent())
                else { break }
                path = folder.appending(name)
            }
            return path
        }
    }

    // MARK: What is refused

    /// The settings that decide what the repository is, read before it is opened; they count
    /// only in its own files.
    private struct LocalSettings {
        /// Whether the work tree has settings of its own.
        private(set) var hasWorkTreeFile = false
        /// `core.worktree`, where it counts.
        private(set) var workTree: String?
        /// Whether the work tree's own settings say that it has no work tree.
        private(set) var isBare = false

        /// Refuses the formats that libgit2 1.5 cannot write, by name.
        init(_ git: FilePath, _ common: FilePath) throws(RepositoryError) {
            let local = try LocalSettings.values(in: common.appending("config"))
            if let format = local["extensions.objectformat"]?.lowercased(), format != "sha1" {
                throw .unsupported(
                    "a repository whose objects are named by \(format.uppercased())", remedy: nil)
            }
            if let storage = local["extensions.refstorage"]?.lowercased(), storage != "files" {
                throw .unsupported(
                    "a repository whose references are kept as \(storage)", remedy: nil)
            }
            LibGit2.allowExtensions
            if git == common { workTree = local["core.worktree"] }
            hasWorkTreeFile = LocalSettings.isTrue(local["extensions.worktreeconfig"])
            guard hasWorkTreeFile else { return }
            let own = try LocalSettings.values(in: git.appending("config.worktree"))
            workTree = own["core.worktree"] ?? local["core.worktree"]
            isBare = LocalSettings.isTrue(own["core.bare"])
        }

        /// The values in the file at `path` of the settings read here; none where it is missing.
        private static func values(
            in path: FilePath
        ) throws(RepositoryError) -> [String: String] {
            let file: Handle<ConfigurationKind>
            do throws(GitError) {
                file = try LibGit2.make("git_config_open_ondisk", ConfigurationKind.self) {
                    unsafe git_config_open_ondisk($0, path.string)
                }
            } catch {
                if error.code == .notFound { return [:] }
                throw .badSetting(path.string, error.message)
            }
            let names = [
                "core.bare", "core.worktree", "extensions.objectformat", "extensions.refstorage",
                "extensions.worktreeconfig",
            ]
            var values: [String: String] = [:]
            for name in names { values[name] = Configuration.read(name, from: file) }
            return values
        }

        private static func isTrue(_ text: String?) -> Bool {
            var value: Int32 = 0
            guard let text, unsafe git_config_parse_bool(&value, text) == 0 else {
                git_error_clear()
                return false
            }
            return value != 0
        }
    }

    // MARK: Operations in progress

    /// What Git is in the middle of, where a commit of single files would break it.
    public enum Unfinished: String, Sendable {
        case merge, cherryPick = "cherry-pick", revert, rebase, am
    }

    /// The merge, cherry-pick or revert that waits for its commit, or the rebase or `git am`
    /// that a conflict stopped, if one does.
    ///
    /// A rebase that stops for the user (`edit`, `break`, a failed `exec`) waits for no commit:
    /// it takes those that are made meanwhile. It says so by the file `amend`, or has no
    /// REBASE_HEAD.
    public func unfinished() throws(RepositoryError) -> Unfinished? {
        func isThere(_ name: String) throws(RepositoryError) -> Bool {
            try lifting { try world.files.status(of: gitFolder.appending(name)) } != nil
        }
        // First: a pick of a rebase may leave the marks of a single one too.
        if try isThere("rebase-apply") {
            return try isThere("rebase-apply/applying") ? .am : .rebase
        }
        if try isThere("rebase-merge"), try isThere("REBASE_HEAD"),
            try !isThere("rebase-merge/amend")
        {
            return .rebase
        }
        let marks: [(String, Unfinished)] = [
            ("MERGE_HEAD", .merge), ("CHERRY_PICK_HEAD", .cherryPick), ("REVERT_HEAD", .revert),
        ]
        for (name, operation) in marks {
            if try isThere(name) { return operation }
        }
        return nil
    }

    // MARK: Sharing

    /// How files and folders of Git's are shared that are made below `folders`; nil where
    /// `core.sharedRepository` leaves them to the process's mask.
    private static func sharing(
        _ configuration: borrowing Configuration, below folders: [FilePath]
    ) throws(RepositoryError) -> Sharing? {
        func shared(_ permissions: UInt32, isWhole: Bool = false) -> Sharing {
            Sharing(below: folders, permissions: permissions, isWhole: isWhole)
        }
        switch try configuration.string("core.sharedrepository")?.lowercased() {
        case nil, "umask", "0": return nil
        case "group", "1": return shared(0o660)
        case "all", "world", "everybody", "2": return shared(0o664)
        case .some(let text):
            guard let mode = UInt32(text, radix: 8) else {
                let isShared = try configuration.boolean("core.sharedrepository") ?? false
                return isShared ? shared(0o660) : nil
            }
            guard mode & 0o600 == 0o600 else {
                throw .badSetting("core.sharedRepository", "'\(text)' shuts the owner out")
            }
            return shared(mode & 0o666, isWhole: true)
        }
    }
}

extension World {
    /// `path`, made absolute from the current folder where it is relative.
    public func absolute(_ path: String) -> FilePath {
        currentFolder.pushing(FilePath(path)).lexicallyNormalized()
    }
}

extension LibGit2 {
    /// Lets repositories with these extensions be opened; docvc heeds each of them.
    static let allowExtensions: Void = {
        _ = docvc_libgit2_allow_extensions()
    }()
}
