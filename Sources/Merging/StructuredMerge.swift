import Documents

/// A merge by the structure of the documents, before it is proven.
struct StructuredMerge {
    let frontMatter: FrontMatterMerge.Outcome
    let body: [Chunk]
    /// Where bodies start.
    let bodies: Sides<Range<Int>>
    let diagnostics: [MergeDiagnostic]
    /// The front matter's values on each side.
    let values: Sides<Value>

    var chunks: [Chunk] { frontMatter.chunks + body }

    init(
        _ texts: Sides<[UInt8]>, _ frontMatter: Sides<FrontMatter>, _ options: MergeOptions
    ) throws(OutlineMerge.Failure) {
        bodies = frontMatter.map {
            FrontMatterMerge.region($0.document).upperBound..<$0.document.bytes.count
        }
        self.frontMatter = try FrontMatterMerge(
            texts: texts, frontMatter: frontMatter, policy: options.policy, favor: options.favor
        ).merge()
        body = BodyMerge(texts: texts, words: options.policy.body == .words).chunks(bodies)
        values = frontMatter.map(\.value)
        diagnostics = self.frontMatter.renames.map { .renamed($0.0, to: $0.1) }
    }

    /// The values that the output has when its conflicts are settled for one side.
    func expected(settledFor side: MergeSide) -> Value {
        var value = frontMatter.decision?.value(conflictsFor: side) ?? .map([])
        // Lines that could not be put together are a conflict too, whatever the values.
        for chunk in frontMatter.chunks {
            guard case .conflict(let region) = chunk, case .key(let path) = region.subject else {
                continue
            }
            value.set(path.keys[...], to: values[side].descendant(path.keys))
        }
        return value
    }
}
