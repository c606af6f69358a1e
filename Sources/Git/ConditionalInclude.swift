internal import Platform
internal import SystemPackage

extension Repository {
    /// Throws `unsupported` where Git may read settings from a file that is not read here, because
    /// libgit2 1.5 cannot tell that its condition holds (git-config, "Conditional includes"): they
    /// may say who commits, and that commits are to be signed.
    ///
    /// A file that another setting includes without a condition is read.
    func checkIncludes() throws(RepositoryError) {
        let entries = try configuration.entries("^includeif\\..*\\.path$")
        guard !entries.isEmpty else { return }
        let included = try configuration.entries("^include\\.path$").map(\.value)
        for (name, path) in entries where !included.contains(path) {
            let condition = name.dropFirst("includeif.".count).dropLast(".path".count)
            guard try mayHold(condition) else { continue }
            // Only these are the same file wherever they are set.
            let isAbsolute = path.hasPrefix("/") || path.hasPrefix("~/")
            throw .unsupported(
                "includeIf.\(condition).path, which it cannot evaluate, in a commit: the file"
                    + " '\(path)' may name another author, or ask for a signature",
                remedy: isAbsolute
                    ? "git config --add include.path '\(path.replacing("'", with: "'\\''"))'" : nil)
        }
    }

    /// Whether the condition may hold without libgit2's seeing it.
    private func mayHold(_ condition: Substring) throws(RepositoryError) -> Bool {
        let keyword = condition.prefix { $0 != ":" }
        let pattern = condition.dropFirst(keyword.count + 1)
        switch keyword {
        case "onbranch": return false
        case "gitdir": return try matchesOtherName(pattern, ignoringCase: false)
        case "gitdir/i": return try matchesOtherName(pattern, ignoringCase: true)
        case "hasconfig" where pattern.hasPrefix("remote.*.url:"):
            let glob = WildMatch(Array(pattern.dropFirst(13).utf8)[...], ignoringCase: false)
            return try configuration.entries("^remote\\..*\\.url$")
                .contains { glob?.matches(Array($0.value.utf8)[...]) ?? false }
        default: return true
        }
    }

    /// Whether a pattern of `gitdir` does not match Git's folder as it is, but by the name under
    /// which the shell came to the work tree, through a link. Git tries both, libgit2 does not.
    ///
    /// Source: `include_by_gitdir` in Git's config.c.
    private func matchesOtherName(
        _ pattern: Substring, ignoringCase: Bool
    ) throws(RepositoryError) -> Bool {
        guard let named = world.environment["PWD"], named != workTree.string,
            try lifting({ try world.files.realPath(of: FilePath(named)) }) == workTree,
            gitFolder == workTree.appending(".git")
        else { return false }
        var glob = String(pattern)
        if glob.hasPrefix("~/"), let home = world.environment["HOME"] {
            let real = try lifting { try world.files.realPath(of: FilePath(home)) }
            glob = (real?.string ?? home) + glob.dropFirst()
        } else if !glob.hasPrefix("/") {
            glob = "**/" + glob
        }
        if glob.hasSuffix("/") { glob += "**" }
        guard let match = WildMatch(Array(glob.utf8)[...], ignoringCase: ignoringCase) else {
            return false
        }
        func matches(_ path: FilePath) -> Bool {
            let name = ignoringCase ? path.string.lowercased() : path.string
            return match.matches(Array(name.utf8)[...])
        }
        return !matches(gitFolder) && matches(FilePath(named).appending(".git"))
    }
}
