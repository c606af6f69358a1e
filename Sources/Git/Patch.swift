internal import Clibgit2

/// A textual difference, as `git diff` prints it.
public enum Patch {
    /// The unified diff from `old` to `new` under the given names, nil meaning that the file
    /// is not there; empty where they are equal.
    public static func text(
        from old: [UInt8]?, named oldName: String, to new: [UInt8]?, named newName: String,
        contextLines: Int = 3
    ) throws(RepositoryError) -> [UInt8] {
        LibGit2.start
        if old == new { return [] }
        // To the library a missing address is a missing file, not an empty one.
        let none: [UInt8] = [0]
        return try lifting {
            // The library's patch keeps no copy of the texts: it is printed while they last.
            try unsafe (old.map { $0 + none } ?? none).withUnsafeBytes { one in
                try unsafe (new.map { $0 + none } ?? none).withUnsafeBytes { other in
                    try unsafe print(contextLines) { (patch, options) in
                        unsafe git_patch_from_buffers(
                            patch, old == nil ? nil : one.baseAddress, old?.count ?? 0, oldName,
                            new == nil ? nil : other.baseAddress, new?.count ?? 0, newName,
                            options)
                    }
                }
            }
        }
    }

    /// Makes a patch and prints it.
    private static func print(
        _ contextLines: Int,
        _ make: (UnsafeMutablePointer<OpaquePointer?>, UnsafePointer<git_diff_options>) -> CInt
    ) throws(GitError) -> [UInt8] {
        var options = unsafe git_diff_options()
        try LibGit2.check(
            "git_diff_options_init",
            unsafe git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION)))
        unsafe options.context_lines = UInt32(contextLines)
        let patch = try LibGit2.make("git_patch_from_buffers", PatchKind.self) { patch in
            unsafe make(patch, &options)
        }
        var output = unsafe git_buf()
        defer { unsafe git_buf_dispose(&output) }
        try LibGit2.check("git_patch_to_buf", unsafe git_patch_to_buf(&output, patch.pointer))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: output.ptr, count: output.size))
    }
}
