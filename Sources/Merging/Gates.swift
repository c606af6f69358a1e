import Documents

/// The proofs that every merge by structure has to pass.
///
/// 1. The output can be read whenever ours and theirs could.
/// 2. Each key has the value that was decided, no key is lost or there twice, and each alias
///    stands for what it stood for.
/// 3. No word is lost or doubled, and no key that both sides took out may have got another name.
/// 4. With the sides swapped it passes too, and the values are the same but for order.
struct Gates {
    let texts: Sides<[UInt8]>
    let frontMatter: Sides<FrontMatter>
    let structured: StructuredMerge
    let options: MergeOptions

    /// What a merge by structure fails by, or `nil` when it passes.
    func fault() -> MergeDiagnostic? { proof() ?? symmetry() }

    /// Gates 1 to 3.
    private func proof() -> MergeDiagnostic? {
        for side in [MergeSide.ours, .theirs] {
            if let fault = reading(settledFor: side) { return fault }
        }
        return words()
    }

    /// Gates 1 and 2, with conflicts settled for one side.
    private func reading(settledFor side: MergeSide) -> MergeDiagnostic? {
        guard structured.frontMatter.decision != nil else { return nil }
        let document = Document(structured.chunks.bytes(settledFor: side, in: texts))
        let body = structured.body.bytes(settledFor: side, in: texts)
        let merged: FrontMatter
        do {
            merged = try document.readFrontMatter()
        } catch {
            return .gate(1, "\(error)")
        }
        if let path = merged.root.duplicate(at: FieldPath([])) {
            return .gate(2, "\(path) would be there twice")
        }
        let hasFrontMatter = !structured.frontMatter.chunks.isEmpty
        guard hasFrontMatter == (document.frontMatter != nil),
            document.bytes.count - FrontMatterMerge.region(document).upperBound == body.count
        else { return .gate(2, "the front matter would end elsewhere") }
        guard hasFrontMatter else { return nil }
        guard merged.value.means(structured.expected(settledFor: side)) else {
            return .gate(2, "a value would read differently")
        }
        if let alias = AliasBindings.stray(in: merged, of: frontMatter.map { $0 }, for: side) {
            return .gate(2, "the alias '*\(alias)' would stand for another value")
        }
        return nil
    }

    /// Gate 3: the values against the decisions about them, and the words of the comments and
    /// of the body. Quotes and brackets are spelling.
    private func words() -> MergeDiagnostic? {
        let decision = structured.frontMatter.decision
        guard decision?.addsUp(frontMatter.map { $0.block == nil ? nil : $0.value }) ?? true,
            commentsAddUp, bodyAddsUp
        else { return .gate(3, "a word would be lost or doubled") }
        guard keysAddUp else {
            return .gate(3, "both sides removed keys, and what was added may be their new names")
        }
        return nil
    }

    /// Where both sides took keys out and one put others in, it may have renamed what the other
    /// did not want any more. The values do not tell, but the number of keys does: such a merge
    /// has more than the base and both changes come to.
    private var keysAddUp: Bool {
        guard !structured.frontMatter.chunks.hasConflict else { return true }
        func keys(_ value: Value) -> [Int] { [Int](repeating: 0, count: value.keyCount) }
        return WordAccount.adds(
            up: frontMatter.map { keys($0.value) },
            merged: keys(structured.expected(settledFor: .ours)))
    }

    private var commentsAddUp: Bool {
        let chunks = structured.frontMatter.chunks
        guard !chunks.hasConflict,
            let merged = try? Document(chunks.bytes(settledFor: .ours, in: texts)).readFrontMatter()
        else { return true }
        return merged.commentsAddUp(frontMatter)
    }

    private var bodyAddsUp: Bool {
        guard !structured.body.hasConflict else { return true }
        return BodyMerge(texts: texts, words: options.policy.body == .words)
            .addsUp(structured.body, structured.bodies)
    }

    /// Gate 4.
    private func symmetry() -> MergeDiagnostic? {
        var options = options
        options.policy = options.policy.swapped
        let (swapped, sources) = (texts.swapped, frontMatter.swapped)
        guard let other = try? StructuredMerge(swapped, sources, options),
            Gates(texts: swapped, frontMatter: sources, structured: other, options: options)
                .proof() == nil,
            other.frontMatter.chunks.hasConflict == structured.frontMatter.chunks.hasConflict
        else { return .gate(4, "the sides swapped would not merge alike") }
        if let decision = structured.frontMatter.decision {
            guard let left = decision.value(conflictsFor: .ours),
                let right = other.frontMatter.decision?.value(conflictsFor: .theirs),
                left.isReordering(of: right)
            else { return .gate(4, "the sides swapped would give other values") }
        }
        guard !structured.body.hasConflict else { return nil }
        guard !other.body.hasConflict,
            other.body.bytes(settledFor: .ours, in: swapped)
                == structured.body.bytes(settledFor: .ours, in: texts)
        else { return .gate(4, "the sides swapped would give another body") }
        return nil
    }
}

extension FrontMatter {
    /// Whether a merge neither lost nor invented a word of the sides' comments.
    func commentsAddUp(_ sides: Sides<FrontMatter>) -> Bool {
        WordAccount.adds(up: sides.map(\.commentText), merged: commentText)
    }

    /// The comments, a line each.
    private var commentText: [UInt8] {
        guard let block, block.syntax != .json else { return [] }
        return comments(in: block.content, around: root)
            .flatMap { document.bytes[$0] + [LineBreaks.lineFeed] }
    }
}

extension MergePolicy {
    /// The same policy for the sides swapped.
    fileprivate var swapped: MergePolicy {
        var policy = self
        policy.keys = keys.mapValues { $0 == .ours ? .theirs : $0 == .theirs ? .ours : $0 }
        return policy
    }
}
