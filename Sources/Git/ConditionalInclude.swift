extension Configuration {
    /// The keywords of conditions (git-config, "Conditional includes") that libgit2 1.5 knows.
    private static let known = ["gitdir", "gitdir/i", "onbranch"]

    /// Throws `unsupported` where Git may read settings from a file that is not read here, because
    /// its condition is of a kind that libgit2 does not know: they may say who commits, and that
    /// commits are to be signed.
    ///
    /// A file that another setting includes without a condition is read.
    func checkIncludes() throws(RepositoryError) {
        let entries = try entries("^includeif\\..*\\.path$")
        guard !entries.isEmpty else { return }
        let included = try self.entries("^include\\.path$").map(\.value)
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

    /// Whether the condition may hold, and is of a kind that libgit2 does not know.
    private func mayHold(_ condition: Substring) throws(RepositoryError) -> Bool {
        let keyword = String(condition.prefix { $0 != ":" })
        if Configuration.known.contains(keyword) { return false }
        let remote = "hasconfig:remote.*.url:"
        guard condition.hasPrefix(remote) else { return true }
        let pattern = WildMatch(
            Array(condition.dropFirst(remote.count).utf8)[...], ignoringCase: false)
        let urls = try entries("^remote\\..*\\.url$").map(\.value)
        return urls.contains { pattern?.matches(Array($0.utf8)[...]) ?? false }
    }
}
