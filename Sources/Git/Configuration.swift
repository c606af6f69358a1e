internal import Clibgit2
internal import Platform
public import SystemPackage

/// Git's settings: system, global, local, work tree, and those of the environment.
///
/// Which files count follows Git: `GIT_CONFIG_NOSYSTEM`, `GIT_CONFIG_SYSTEM`,
/// `GIT_CONFIG_GLOBAL`, `XDG_CONFIG_HOME`; `git -c` reaches docvc through
/// `GIT_CONFIG_PARAMETERS` and `GIT_CONFIG_COUNT`. docvc never writes a global file.
public struct Configuration: ~Copyable {
    private let handle: Handle<ConfigurationKind>
    private let overrides: [String: String]
    private let home: String?

    init(
        repository: borrowing Handle<RepositoryKind>, common: FilePath, git: FilePath,
        worktreeSettings: Bool, world: World
    ) throws(RepositoryError) {
        let configuration = try lifting {
            try LibGit2.make("git_config_new", ConfigurationKind.self) { unsafe git_config_new($0) }
        }
        var files = Configuration.userFiles(world.environment)
        files.append((common.appending("config"), GIT_CONFIG_LEVEL_LOCAL))
        if worktreeSettings {
            files.append((git.appending("config.worktree"), GIT_CONFIG_LEVEL_APP))
        }
        for (path, level) in files {
            let result = unsafe git_config_add_file_ondisk(
                configuration.pointer, path.string, level, repository.pointer, 0)
            if result == GitError.Code.notFound.rawValue {
                git_error_clear()
                continue
            }
            do throws(GitError) {
                try LibGit2.check("git_config_add_file_ondisk", result)
            } catch {
                throw .badSetting(path.string, error.message)
            }
        }
        let result = unsafe git_repository_set_config(repository.pointer, configuration.pointer)
        try lifting { try LibGit2.check("git_repository_set_config", result) }
        let overrides = try Configuration.overrides(world.environment)
        handle = configuration
        self.overrides = overrides
        home = world.environment["HOME"]
    }

    private static func userFiles(
        _ environment: [String: String]
    ) -> [(FilePath, git_config_level_t)] {
        var files: [(FilePath, git_config_level_t)] = []
        let noSystem = environment["GIT_CONFIG_NOSYSTEM"]?.lowercased() ?? "0"
        if ["", "0", "false", "no", "off"].contains(noSystem) {
            let path = environment["GIT_CONFIG_SYSTEM"] ?? "/etc/gitconfig"
            files.append((FilePath(path), GIT_CONFIG_LEVEL_SYSTEM))
        }
        if let path = environment["GIT_CONFIG_GLOBAL"] {
            if !path.isEmpty { files.append((FilePath(path), GIT_CONFIG_LEVEL_GLOBAL)) }
            return files
        }
        let home = environment["HOME"].map { FilePath($0) }
        if let folder = environment["XDG_CONFIG_HOME"], !folder.isEmpty {
            files.append((FilePath(folder).appending("git/config"), GIT_CONFIG_LEVEL_XDG))
        } else if let home {
            files.append((home.appending(".config/git/config"), GIT_CONFIG_LEVEL_XDG))
        }
        if let home { files.append((home.appending(".gitconfig"), GIT_CONFIG_LEVEL_GLOBAL)) }
        return files
    }

    // MARK: Reading

    /// The last value of the setting `name`, or nil where it is not set.
    public func string(_ name: String) throws(RepositoryError) -> String? {
        overrides[Configuration.normalized(name)] ?? Configuration.read(name, from: handle)
    }

    /// The setting `name` as a boolean, or nil where it is not set.
    public func boolean(_ name: String) throws(RepositoryError) -> Bool? {
        guard let text = try string(name) else { return nil }
        var value: Int32 = 0
        guard unsafe git_config_parse_bool(&value, text) == 0 else {
            git_error_clear()
            throw .badSetting(name, "'\(text)' is neither true nor false")
        }
        return value != 0
    }

    /// The setting `name` as a whole number (`k`, `m`, `g` allowed), or nil where not set.
    public func integer(_ name: String) throws(RepositoryError) -> Int? {
        guard let text = try string(name) else { return nil }
        var value: Int64 = 0
        guard unsafe git_config_parse_int64(&value, text) == 0 else {
            git_error_clear()
            throw .badSetting(name, "'\(text)' is no whole number")
        }
        return Int(value)
    }

    /// The setting `name` as a path, `~/` meaning the home folder, or nil where not set.
    public func path(_ name: String) throws(RepositoryError) -> FilePath? {
        guard let text = try string(name) else { return nil }
        guard text.hasPrefix("~/") else { return FilePath(text) }
        guard let home else { throw .badSetting(name, "'\(text)' needs HOME, which is not set") }
        return FilePath(home).appending(String(text.dropFirst(2)))
    }

    static func read(_ name: String, from handle: borrowing Handle<ConfigurationKind>) -> String? {
        var buffer = unsafe git_buf()
        defer { unsafe git_buf_dispose(&buffer) }
        guard unsafe git_config_get_string_buf(&buffer, handle.pointer, name) == 0 else {
            git_error_clear()
            return nil
        }
        return unsafe String(cString: buffer.ptr)
    }

    // MARK: The environment's settings

    private static func overrides(
        _ environment: [String: String]
    ) throws(RepositoryError) -> [String: String] {
        var values: [String: String] = [:]
        for word in quotedWords(environment["GIT_CONFIG_PARAMETERS"] ?? "") {
            guard let equals = word.firstIndex(of: "=") else {
                values[normalized(word)] = "true"
                continue
            }
            values[normalized(String(word[..<equals]))] = String(word[word.index(after: equals)...])
        }
        guard let text = environment["GIT_CONFIG_COUNT"], !text.isEmpty else { return values }
        guard let count = Int(text), (0...10_000).contains(count) else {
            throw .badSetting("GIT_CONFIG_COUNT", "'\(text)' is no count")
        }
        for index in 0..<count {
            guard let key = environment["GIT_CONFIG_KEY_\(index)"],
                let value = environment["GIT_CONFIG_VALUE_\(index)"]
            else { throw .badSetting("GIT_CONFIG_COUNT", "pair \(index) is not set") }
            values[normalized(key)] = value
        }
        return values
    }

    /// The words of a list that Git quoted for the shell: `'a=b' 'c'='d'`.
    private static func quotedWords(_ list: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quoted = false
        var escaped = false
        for character in list {
            if escaped {
                word = (word ?? "") + String(character)
                escaped = false
            } else if character == "'" {
                quoted.toggle()
                word = word ?? ""
            } else if !quoted && character == "\\" {
                escaped = true
            } else if !quoted && character == " " {
                if let whole = word { words.append(whole) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let whole = word { words.append(whole) }
        return words
    }

    /// `Section.Sub.Key` with section and key in lower case, as Git compares them.
    private static func normalized(_ name: String) -> String {
        guard let first = name.firstIndex(of: "."), let last = name.lastIndex(of: ".") else {
            return name.lowercased()
        }
        return name[..<first].lowercased() + name[first..<last] + name[last...].lowercased()
    }
}
