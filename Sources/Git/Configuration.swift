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
    /// The environment's settings once more, for what libgit2 asks for itself: line endings,
    /// attributes, ignored files.
    private let environmentFile: MemoryFile?
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
        let overrides = try Configuration.overrides(world.environment)
        let environmentFile = try lifting { () -> MemoryFile? in
            overrides.isEmpty ? nil : try MemoryFile(Configuration.text(of: overrides).utf8)
        }
        switch environmentFile {
        case .some(let file):
            // Above all levels that the library names.
            files.append((file.path, git_config_level_t(GIT_CONFIG_LEVEL_APP.rawValue + 1)))
        case nil: break
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
        handle = configuration
        self.overrides = overrides
        self.environmentFile = environmentFile
        home = world.environment["HOME"]
    }

    static func userFiles(
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

    /// The settings whose names match a regular expression, in the order they are read in.
    func entries(_ names: String) throws(RepositoryError) -> [(name: String, value: String)] {
        try lifting {
            let iterator = try LibGit2.make(
                "git_config_iterator_glob_new", ConfigurationIteratorKind.self
            ) {
                unsafe git_config_iterator_glob_new($0, handle.pointer, names)
            }
            var entries: [(String, String)] = []
            var entry: UnsafeMutablePointer<git_config_entry>?
            while true {
                let result = unsafe git_config_next(&entry, iterator.pointer)
                if result == GitError.Code.endOfIteration.rawValue { break }
                try LibGit2.check("git_config_next", result)
                guard let found = unsafe entry?.pointee else { continue }
                // A name alone, without a value, is true.
                let value = unsafe found.value.map { unsafe String(cString: $0) } ?? "true"
                unsafe entries.append((String(cString: found.name), value))
            }
            git_error_clear()
            return entries
        }
    }

    /// Whether the objects are fetched as they are needed (`git clone --filter`), by Git alone.
    public var isOfPartialClone: Bool {
        get throws(RepositoryError) {
            if try string("extensions.partialclone") != nil { return true }
            return try entries("^remote\\..*\\.promisor$").contains { entry in
                var value: Int32 = 0
                return unsafe git_config_parse_bool(&value, entry.value) == 0 && value != 0
            }
        }
    }

    static func read(_ name: String, from handle: borrowing Handle<ConfigurationKind>) -> String? {
        var found: UnsafeMutablePointer<git_config_entry>?
        guard unsafe git_config_get_entry(&found, handle.pointer, name) == 0,
            let entry = unsafe found
        else {
            git_error_clear()
            return nil
        }
        defer { unsafe git_config_entry_free(entry) }
        // A name alone, without a value, is true.
        guard let value = unsafe entry.pointee.value else { return "true" }
        return unsafe String(cString: value)
    }

    // MARK: The environment's settings

    static func overrides(
        _ environment: [String: String]
    ) throws(RepositoryError) -> [String: String] {
        var values = try counted(environment)
        for (key, value) in try parameters(environment["GIT_CONFIG_PARAMETERS"] ?? "") {
            values[normalized(key)] = value
        }
        return values
    }

    private static func counted(
        _ environment: [String: String]
    ) throws(RepositoryError) -> [String: String] {
        var values: [String: String] = [:]
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

    /// `settings` as a settings file holds them (git-config, "Syntax").
    private static func text(of settings: [String: String]) -> String {
        settings.map { name, value in
            guard let first = name.firstIndex(of: "."), let last = name.lastIndex(of: ".") else {
                return ""
            }
            let section = name[..<first]
            let subsection = first == last ? nil : name[name.index(after: first)..<last]
            let heading = subsection.map { "\(section) \"\(escaped(String($0)))\"" } ?? "\(section)"
            return "[\(heading)]\n\(name[name.index(after: last)...]) = \"\(escaped(value))\"\n"
        }.joined()
    }

    /// `value` with what a settings file would read otherwise behind a backslash.
    static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\", "\"": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The settings that `git -c` hands on: `'key'='value' 'key'= 'key=value'`, the second
    /// being true, the third as Git wrote them before 2.31.
    private static func parameters(
        _ text: String
    ) throws(RepositoryError) -> [(key: String, value: String)] {
        let bad = RepositoryError.badSetting("GIT_CONFIG_PARAMETERS", "'\(text)' is malformed")
        let equals = UInt8(ascii: "=")
        var found: [(String, String)] = []
        var rest = Array(text.utf8)[...]
        while true {
            rest = rest.drop { " \t\n".utf8.contains($0) }
            guard !rest.isEmpty else { return found }
            guard let word = dequoted(&rest) else { throw bad }
            var parts = [word[...]]
            if rest.first == equals {
                rest.removeFirst()
                if rest.first == quote {
                    guard let value = dequoted(&rest) else { throw bad }
                    parts.append(value[...])
                }
            } else {
                parts = word.split(
                    separator: equals, maxSplits: 1, omittingEmptySubsequences: false)
            }
            let value = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : "true"
            found.append((String(decoding: parts[0], as: UTF8.self), value))
        }
    }

    private static let quote = UInt8(ascii: "'")

    /// Takes a word that Git quoted for the shell, `'it'\''s'`, off the start of `text`.
    private static func dequoted(_ text: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard text.first == quote else { return nil }
        var word: [UInt8] = []
        while text.first == quote {
            guard let end = text.dropFirst().firstIndex(of: quote) else { return nil }
            word += text[text.startIndex + 1..<end]
            text = text[(end + 1)...]
            // A quote or an exclamation mark stands outside, after a backslash.
            guard text.first == UInt8(ascii: "\\") else { return word }
            guard let mark = text.dropFirst().first, text.dropFirst(2).first == quote else {
                return nil
            }
            word.append(mark)
            text = text.dropFirst(2)
        }
        return word
    }

    /// `Section.Sub.Key` with section and key in lower case, as Git compares them.
    private static func normalized(_ name: String) -> String {
        guard let first = name.firstIndex(of: "."), let last = name.lastIndex(of: ".") else {
            return name.lowercased()
        }
        return name[..<first].lowercased() + name[first..<last] + name[last...].lowercased()
    }
}
