internal import Clibgit2

/// The `Key: value` lines at the end of a commit message (git-interpret-trailers).
public enum Trailers {
    /// The trailers of `message`, as Git finds them, in order.
    public static func read(_ message: String) throws(RepositoryError) -> [(
        key: String, value: String
    )] {
        var list = unsafe git_message_trailer_array()
        let result = unsafe git_message_trailers(&list, message)
        try lifting { try LibGit2.check("git_message_trailers", result) }
        defer { unsafe git_message_trailer_array_free(&list) }
        return unsafe UnsafeBufferPointer(start: list.trailers, count: list.count).map {
            unsafe (String(cString: $0.key), String(cString: $0.value))
        }
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
    public static func clean(_ message: String) throws(RepositoryError) -> String {
        var output = unsafe git_buf()
        defer { unsafe git_buf_dispose(&output) }
        let result = unsafe git_message_prettify(&output, message, 0, 0)
        try lifting { try LibGit2.check("git_message_prettify", result) }
        return unsafe output.ptr == nil ? "" : String(cString: output.ptr)
    }
}
