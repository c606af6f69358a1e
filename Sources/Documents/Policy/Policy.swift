/// What a team has agreed on for its documents: the tracked file `.docvc/policy.yaml`.
///
/// ```yaml
/// documents: ["content/**/*.md", "!content/drafts/"]
/// version-key: schema
/// merge: { sets: [tags] }
/// ```
public struct Policy: Sendable {
    /// Where the file lies, from the work tree's top.
    public static let path = ".docvc/policy.yaml"

    /// Which files are documents; `nil` for all Markdown files.
    public let documents: GlobList?
    /// The key that says which migration a document has reached; `nil` where none does.
    public let versionKey: FieldPath?
    /// The rules for merges, as they stand in the file; `nil` where it has none.
    public let merge: Node?
    /// The file, to read ``merge`` with; `nil` where there is none.
    public let reader: ConfigurationReader?

    /// The policy of a repository that has no policy file.
    public init() {
        documents = nil
        versionKey = nil
        merge = nil
        reader = nil
    }

    /// Reads a policy file; one with nothing in it is good.
    ///
    /// ``merge`` is left as it is, for what merges to read.
    ///
    /// - Throws: everything that is wrong with the file.
    public init(_ bytes: [UInt8]) throws(ConfigurationError) {
        var reader = try ConfigurationReader(bytes)
        let fields =
            if let root = reader.root {
                reader.fields(of: root, "the policy", known: ["documents", "version-key", "merge"])
            } else { nil as [String: Mapping.Entry]? }
        var documents: GlobList?
        var versionKey: FieldPath?
        if let entry = fields?["documents"] {
            documents = reader.globs(entry.value, "documents")
        }
        if let entry = fields?["version-key"] {
            versionKey = reader.path(entry.value, "version-key")
        }
        try reader.finish()
        self.documents = documents
        self.versionKey = versionKey
        merge = fields?["merge"]?.value
        self.reader = reader
    }

    /// Whether the file at a path, counted from the work tree's top, is a document.
    public func isDocument(_ path: String) -> Bool {
        documents?.matches(path) ?? Policy.isMarkdown(path)
    }

    /// The endings of Markdown files, which are documents without being named.
    private static let endings: Set<String> = [
        "md", "markdown", "mdown", "mkd", "mkdn", "mdwn", "mdx", "qmd", "rmd",
    ]

    /// Whether a file of this name is Markdown.
    public static func isMarkdown(_ path: some StringProtocol) -> Bool {
        guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return false }
        return endings.contains(path[path.index(after: dot)...].lowercased())
    }
}
