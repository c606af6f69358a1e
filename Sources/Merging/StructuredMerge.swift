import Documents

/// A merge by the structure of the documents, before it is proven.
struct StructuredMerge {
    let frontMatter: FrontMatterMerge.Outcome
    let body: [Chunk]
    /// Where bodies start.
    let bodies: Sides<Range<Int>>
    let diagnostics: [MergeDiagnostic]

    var chunks: [Chunk] { frontMatter.chunks + body }

    init(
        _ texts: Sides<[UInt8]>, _ documents: Sides<Document>, _ frontMatter: Sides<FrontMatter>,
        _ options: MergeOptions
    ) throws(OutlineMerge.Failure) {
        bodies = documents.map {
            FrontMatterMerge.region($0).upperBound..<$0.bytes.count
        }
        self.frontMatter = try FrontMatterMerge(
            texts: texts, frontMatter: frontMatter, policy: options.policy, favor: options.favor
        ).merge()
        body = LineMerge(
            texts: texts, mode: .body(words: options.policy.body == .words), subject: .body
        ).chunks(bodies)
        diagnostics = self.frontMatter.renames.map { .renamed($0.0, to: $0.1) }
    }
}
