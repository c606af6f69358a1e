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
            let keys = path.steps.compactMap { if case .key(let key) = $0 { key } else { nil } }
            value.set(keys[...], to: values[side].descendant(keys))
        }
        return value
    }
}

extension Value {
    fileprivate func descendant(_ keys: [Text]) -> Value? {
        var value: Value? = self
        for key in keys { value = value?[key] }
        return value
    }

    /// Gives a key below this map a value, or takes it away.
    fileprivate mutating func set(_ keys: ArraySlice<Text>, to new: Value?) {
        guard let key = keys.first, case .map(var members) = self else { return }
        let index = members.firstIndex { $0.key == key }
        if keys.count > 1 {
            guard let index else { return }
            members[index].value.set(keys.dropFirst(), to: new)
        } else if let new {
            if let index { members[index].value = new } else { members.append(.init(key, new)) }
        } else if let index {
            members.remove(at: index)
        }
        self = .map(members)
    }
}
