internal import Clibgit2
internal import Platform
internal import SystemPackage

extension Repository {
    /// Whether the repository's own settings have `value` among the values of `name`.
    public func localConfiguration(_ name: String, has value: String) throws(RepositoryError)
        -> Bool
    {
        let path = try settingsFile
        return try lifting { try Repository.values(of: name, in: path).contains(value) }
    }

    /// The values of `name` in the repository's own settings.
    public func localConfiguration(_ name: String) throws(RepositoryError) -> [String] {
        let path = try settingsFile
        return try lifting { try Repository.values(of: name, in: path) }
    }

    /// Adds `value` to the values of `name` in the repository's own settings; what is there
    /// stays.
    public func addLocalConfiguration(
        _ name: String, value: String, timeout: Duration
    ) throws(RepositoryError) {
        try changeConfiguration(timeout: timeout) { configuration in
            // A pattern that matches no value adds one; libgit2 writes this one as it is.
            unsafe git_config_set_multivar(
                configuration.pointer, name, "a^", Configuration.escaped(value))
        }
    }

    /// Removes `value` from the values of `name` in the repository's own settings, and with the
    /// last one the header of its section, as Git does.
    public func removeLocalConfiguration(
        _ name: String, value: String, timeout: Duration
    ) throws(RepositoryError) {
        let pattern =
            "^"
            + value.map { $0.isLetter || $0.isNumber || $0 == "/" ? "\($0)" : "\\\($0)" }.joined()
            + "$"
        let header = Repository.header(of: name)
        try changeConfiguration(timeout: timeout, ending: { $0.removingEmpty(header) }) {
            configuration in
            let result = unsafe git_config_delete_multivar(configuration.pointer, name, pattern)
            return result == GitError.Code.notFound.rawValue ? 0 : result
        }
    }

    /// The line that the section of `name` begins with.
    private static func header(of name: String) -> String {
        let parts = name.split(separator: ".").dropLast()
        let section = parts.first ?? ""
        let subsection = parts.dropFirst().joined(separator: ".")
        return subsection.isEmpty ? "[\(section)]" : "[\(section) \"\(subsection)\"]"
    }

    /// Changes a copy of the settings and puts it in place under Git's lock, durably; `ending`
    /// makes of the changed text the one that counts.
    private func changeConfiguration(
        timeout: Duration, ending: ([UInt8]) -> [UInt8] = { $0 },
        _ body: (borrowing Handle<ConfigurationKind>) -> Int32
    ) throws(RepositoryError) {
        let files = world.files
        let path = try settingsFile
        // Among the private files of locks, so that what a kill leaves is cleared away.
        let copy = claims.appending("config-copy")
        // Settings may hold passwords: who may read them stays as it is.
        let permissions = try lifting { try files.status(of: path)?.permissions }
        var lock = try LockFile(path, in: self, timeout: timeout, permissions: permissions)
        do {
            try files.makeFolders(copy.removingLastComponent())
            try files.remove(copy)
            try files.create(copy, permissions: 0o600).write(files.read(path))
            let configuration = try LibGit2.make("git_config_open_ondisk", ConfigurationKind.self) {
                unsafe git_config_open_ondisk($0, copy.string)
            }
            try LibGit2.check("git_config_set_multivar", body(configuration))
            try lock.write(ending(files.read(copy)))
            try lock.commit()
            try files.remove(copy)
        } catch {
            _ = try? files.remove(copy)
            try lifting { throw error }
        }
    }

    /// The values of `name` in the file at `path`, which must be there.
    static func values(of name: String, in path: FilePath) throws -> [String] {
        let configuration = try LibGit2.make("git_config_open_ondisk", ConfigurationKind.self) {
            unsafe git_config_open_ondisk($0, path.string)
        }
        var found: OpaquePointer?
        let result = unsafe git_config_multivar_iterator_new(
            &found, configuration.pointer, name, nil)
        if result == GitError.Code.notFound.rawValue {
            git_error_clear()
            return []
        }
        try LibGit2.check("git_config_multivar_iterator_new", result)
        guard let found = unsafe found else { return [] }
        let iterator = unsafe Handle<ConfigurationIteratorKind>(found)
        var values: [String] = []
        var entry: UnsafeMutablePointer<git_config_entry>?
        while true {
            let result = unsafe git_config_next(&entry, iterator.pointer)
            if result == GitError.Code.endOfIteration.rawValue { break }
            try LibGit2.check("git_config_next", result)
            // A name alone, without a value, is true.
            if let value = unsafe entry?.pointee.value {
                unsafe values.append(String(cString: value))
            }
        }
        git_error_clear()
        return values
    }
}

extension [UInt8] {
    /// The text without the lines of `header` that no key and no comment follows.
    fileprivate func removingEmpty(_ header: String) -> [UInt8] {
        let lineFeed = UInt8(ascii: "\n")
        let lines = split(separator: lineFeed, omittingEmptySubsequences: false)
        let words = lines.map { line in
            String(
                decoding: line.drop { $0 <= 32 }.reversed().drop { $0 <= 32 }.reversed(),
                as: UTF8.self)
        }
        let kept = lines.indices.filter { index in
            // What follows a backslash belongs to a value.
            guard words[index] == header, index == 0 || lines[index - 1].last != UInt8(ascii: "\\")
            else { return true }
            let next = words[(index + 1)...].first { !$0.isEmpty }
            return !(next?.hasPrefix("[") ?? true)
        }
        return [UInt8](kept.map { lines[$0] }.joined(separator: [lineFeed]))
    }
}
