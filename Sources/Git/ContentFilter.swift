internal import Clibgit2
internal import Platform
internal import SystemPackage

/// What Git does to a file's bytes on their way into a blob: line endings, `$Id$`.
extension Repository {
    /// The bytes of the blob that the file `path` with `bytes` becomes.
    ///
    /// Attributes are those of the work tree's `.gitattributes`, as for `git add`. The
    /// library would read the whole index for them and for the blob's present version; it is
    /// given an index in memory that holds just what it asks for, from `index`, which may hold
    /// more.
    public func clean(
        _ bytes: [UInt8], path: String, index: [String: [IndexFile.Entry]]
    ) throws(RepositoryError) -> [UInt8] {
        try use(index, for: path, withLineEndings: bytes.contains(UInt8(ascii: "\r")))
        let text = try hasIdent(path) ? IdentKeyword.collapsed(bytes) : bytes
        return try filter(text, path: path, GIT_FILTER_TO_ODB)
    }

    /// The bytes of the file `path` whose blob holds `bytes`: the inverse of `clean`.
    public func smudge(
        _ bytes: [UInt8], path: String, index: [String: [IndexFile.Entry]]
    ) throws(RepositoryError) -> [UInt8] {
        try use(index, for: path)
        let text =
            try hasIdent(path)
            ? IdentKeyword.expanded(bytes, id: Repository.blobID(of: bytes)) : bytes
        return try filter(text, path: path, GIT_FILTER_TO_WORKTREE)
    }

    /// The paths of the index that `clean` and `smudge` of `path` may need: its own, and
    /// those of the attribute files above it.
    public static func indexPaths(for path: String) -> Set<String> {
        Set(attributeFiles(for: path) + [path])
    }

    /// The files in the work tree that may say what attributes `path` has.
    private static func attributeFiles(for path: String) -> [String] {
        var paths = [".gitattributes"]
        var folder = path[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            paths.append("\(folder)/.gitattributes")
        }
        return paths
    }

    /// Whether the index's version of the attribute file `name` counts: where none is in the
    /// work tree. A folder there is one that says nothing.
    ///
    /// Throws where a link or a device is there: Git does not follow a link, but the library
    /// does, wherever it leads, and would wait for what a pipe says.
    private func readsFromIndex(_ name: String) throws(RepositoryError) -> Bool {
        let status = try lifting { try world.files.status(of: workTree.appending(name)) }
        switch status?.kind {
        case nil: return true
        case .file, .folder: return false
        case .link, .other:
            throw .unsupported("a '\(name)' that is no regular file", remedy: nil)
        }
    }

    /// Refuses a path that another program would have to convert: docvc would save what no
    /// one else reads.
    private func checkConversion(of path: String) throws(RepositoryError) {
        if let name = try attribute("filter", of: path) {
            let settings = try [
                configuration.string("filter.\(name).clean"),
                configuration.string("filter.\(name).smudge"),
                configuration.string("filter.\(name).process"),
            ]
            // Git refuses one that is required and does nothing; one that is not is passed over.
            let isRequired = try configuration.boolean("filter.\(name).required") ?? false
            if name == "lfs" || isRequired || settings.contains(where: { $0 != nil }) {
                throw .converted(path, attribute: "filter=\(name)")
            }
        }
        if let encoding = try attribute("working-tree-encoding", of: path),
            encoding.uppercased() != "UTF-8"
        {
            throw .converted(path, attribute: "working-tree-encoding=\(encoding)")
        }
    }

    /// How many characters a conflict marker has in the file `path`, by its attribute
    /// `conflict-marker-size`; nil where that says nothing, or no number above 0 (gitattributes).
    ///
    /// `index` is what `clean` takes.
    public func conflictMarkerSize(
        of path: String, index: [String: [IndexFile.Entry]]
    ) throws(RepositoryError) -> Int? {
        try use(index, for: path)
        let size = try attribute("conflict-marker-size", of: path).flatMap { Int($0) }
        return size.flatMap { $0 > 0 ? $0 : nil }
    }

    private func hasIdent(_ path: String) throws(RepositoryError) -> Bool {
        var value: UnsafePointer<CChar>?
        let result = unsafe git_attr_get(&value, handle.pointer, 0, path, "ident")
        try lifting { try LibGit2.check("git_attr_get", result) }
        return unsafe git_attr_value(value) == GIT_ATTR_VALUE_TRUE
    }

    private func attribute(_ name: String, of path: String) throws(RepositoryError) -> String? {
        var value: UnsafePointer<CChar>?
        let result = unsafe git_attr_get(&value, handle.pointer, 0, path, name)
        try lifting { try LibGit2.check("git_attr_get", result) }
        guard unsafe git_attr_value(value) == GIT_ATTR_VALUE_STRING, let text = unsafe value else {
            return nil
        }
        return unsafe String(cString: text)
    }

    private func filter(
        _ bytes: [UInt8], path: String, _ direction: git_filter_mode_t
    ) throws(RepositoryError) -> [UInt8] {
        try checkConversion(of: path)
        return try lifting {
            var found: OpaquePointer?
            let flags = UInt32(GIT_FILTER_ALLOW_UNSAFE.rawValue)
            let loaded = unsafe git_filter_list_load(
                &found, handle.pointer, nil, path, direction, flags)
            try LibGit2.check("git_filter_list_load", loaded)
            guard let found = unsafe found else { return bytes }
            let filters = unsafe Handle<FilterListKind>(found)
            var output = unsafe git_buf()
            defer { unsafe git_buf_dispose(&output) }
            let applied = unsafe bytes.withUnsafeBytes { input in
                unsafe git_filter_list_apply_to_buffer(
                    &output, filters.pointer,
                    input.baseAddress?.assumingMemoryBound(to: CChar.self), input.count)
            }
            try LibGit2.check("git_filter_list_apply_to_buffer", applied)
            return unsafe [UInt8](UnsafeRawBufferPointer(start: output.ptr, count: output.size))
        }
    }

    /// Has the library read attributes from `entries`; and, where the line endings of a blob
    /// count, those of the one that `path` has: a text with CR LF stays as it is.
    private func use(
        _ entries: [String: [IndexFile.Entry]], for path: String, withLineEndings: Bool = false
    ) throws(RepositoryError) {
        var paths: Set<String> = []
        for name in Repository.attributeFiles(for: path) where try readsFromIndex(name) {
            paths.insert(name)
        }
        if withLineEndings, try endsLinesWithCRLF(entries[path] ?? []) { paths.insert(path) }
        try lifting {
            let index = try LibGit2.make("git_index_new", IndexKind.self) {
                unsafe git_index_new($0)
            }
            for entry in paths.compactMap({ entries[$0] }).joined() where entry.stage == 0 {
                try unsafe entry.path.withCString { path in
                    var raw = unsafe git_index_entry()
                    unsafe raw.path = path
                    unsafe raw.mode = entry.mode.rawValue
                    unsafe raw.id = entry.id.oid
                    let result = unsafe git_index_add(index.pointer, &raw)
                    try LibGit2.check("git_index_add", result)
                }
            }
            let result = unsafe git_repository_set_index(handle.pointer, index.pointer)
            try LibGit2.check("git_repository_set_index", result)
        }
    }

    /// Whether the blob of a document's entry is a text with CR LF as Git sees it (convert.c,
    /// `has_crlf_in_index`); to the library any CR is one.
    private func endsLinesWithCRLF(
        _ entries: [IndexFile.Entry]
    ) throws(RepositoryError) -> Bool {
        guard let entry = entries.first(where: { $0.stage == 0 }), entry.mode.isFile,
            try contains(entry.id)
        else { return false }
        let bytes = try blob(entry.id)
        return bytes.contains(UInt8(ascii: "\r")) && LineStatistics(bytes).isTextWithCRLF
    }
}
