internal import Clibgit2

/// The `Key: value` lines at the end of a commit message (git-interpret-trailers).
public enum Trailers {
    /// The trailers of `message`, as Git finds them in a commit, in order.
    public static func read(_ message: String) throws(RepositoryError) -> [(
        key: String, value: String
    )] {
        LibGit2.start
        let text = lines(message).map(asGitReadsIt).joined(separator: "\n")
        var list = unsafe git_message_trailer_array()
        let result = unsafe git_message_trailers(&list, text)
        try lifting { try LibGit2.check("git_message_trailers", result) }
        defer { unsafe git_message_trailer_array_free(&list) }
        return unsafe UnsafeBufferPointer(start: list.trailers, count: list.count).map {
            unsafe (String(cString: $0.key), String(cString: $0.value))
        }
    }

    /// A line that libgit2 reads as Git reads `line`. libgit2 takes a line of --- for the start of
    /// a patch, and a vertical tab or a form feed before a value for white space; in a commit
    /// all of these are text.
    private static func asGitReadsIt(_ line: Substring) -> String {
        guard !line.utf8.starts(with: "---".utf8) else { return "..." }
        let value = line.utf8.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        let key = line.utf8[..<value].map { $0 == 11 || $0 == 12 ? UInt8(ascii: ".") : $0 }
        return String(decoding: key, as: UTF8.self) + line[value...]
    }

    /// The lines of `message` as Git counts them: only a line feed ends one. Swift's characters
    /// are no help here, to which a letter may take a space or a line's end into it.
    public static func lines(_ message: String) -> [Substring] {
        message.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            Substring($0)
        }
    }

    /// The key and the value of a line `Key: value`, which may be indented; nil for any other.
    public static func pair(_ line: Substring) -> (key: String, value: Substring)? {
        let text = line.utf8.drop { " \t".utf8.contains($0) }
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let rest = text[colon...]
        guard rest.starts(with: ": ".utf8) else { return nil }
        let value = rest.dropFirst(2)
        let end = value.last == UInt8(ascii: "\r") ? value.dropLast() : value
        return (String(Substring(text[..<colon])), Substring(end))
    }

    /// `message`, cleaned as `git commit` cleans it, with `trailers` at its end.
    ///
    /// They join a block of trailers that is there already, so that Git reads both.
    public static func append(
        _ trailers: [(key: String, value: String)], to message: String
    ) throws(RepositoryError) -> String {
        let clean = try Trailers.clean(message)
        let block = trailers.map { "\($0.key): \($0.value)\n" }.joined()
        return clean + (try read(clean).isEmpty ? "\n" : "") + block
    }

    /// `message` without trailing white space, runs of blank lines, and blank lines at either
    /// end (`git stripspace`); lines that start with # stay.
    ///
    /// Throws `badObject` for a zero byte, which a commit's message cannot hold.
    public static func clean(_ message: String) throws(RepositoryError) -> String {
        guard !message.utf8.contains(0) else {
            throw .badObject("a commit message cannot hold a zero byte")
        }
        var result: [UInt8] = []
        var isAfterBlank = false
        let lines = message.utf8.split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for line in lines {
            guard let last = line.lastIndex(where: { !" \t\r".utf8.contains($0) }) else {
                isAfterBlank = true
                continue
            }
            if isAfterBlank, !result.isEmpty { result.append(UInt8(ascii: "\n")) }
            isAfterBlank = false
            result += line[...last]
            result.append(UInt8(ascii: "\n"))
        }
        return String(decoding: result, as: UTF8.self)
    }
}
