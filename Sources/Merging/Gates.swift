import Documents

/// The proofs that every merge has to pass.
///
/// 1. The output can be read whenever ours and theirs could.
/// 2. Each key has the value that was decided, no key is lost or there twice.
/// 3. No word is lost or doubled.
/// 4. With the sides swapped the values are the same, but for order.
struct Gates {
    let texts: Sides<[UInt8]>
    let structured: StructuredMerge
    let options: MergeOptions

    /// What a merge by structure fails by, or `nil` when it passes.
    func fault() -> MergeDiagnostic? {
        for side in [MergeSide.ours, .theirs] {
            if let fault = reading(settledFor: side) { return fault }
        }
        return words() ?? symmetry()
    }

    /// Gates 1 and 2, with conflicts settled for one side.
    private func reading(settledFor side: MergeSide) -> MergeDiagnostic? {
        guard structured.frontMatter.decision != nil else { return nil }
        let document = Document(structured.chunks.bytes(settledFor: side, in: texts))
        let body = structured.body.bytes(settledFor: side, in: texts)
        let frontMatter: FrontMatter
        do {
            frontMatter = try document.readFrontMatter()
        } catch {
            return .gate(1, "\(error)")
        }
        if let path = frontMatter.root.duplicate(at: FieldPath([])) {
            return .gate(2, "\(path) would be there twice")
        }
        let hasFrontMatter = !structured.frontMatter.chunks.isEmpty
        guard hasFrontMatter == (document.frontMatter != nil),
            document.bytes.count - FrontMatterMerge.region(document).upperBound == body.count
        else { return .gate(2, "the front matter would end elsewhere") }
        guard hasFrontMatter else { return nil }
        guard frontMatter.value.means(structured.expected(settledFor: side)) else {
            return .gate(2, "a value would read differently")
        }
        return nil
    }

    /// Gate 3, for what the decisions do not explain.
    private func words() -> MergeDiagnostic? {
        let fault = MergeDiagnostic.gate(3, "a word would be lost or doubled")
        guard !structured.chunks.hasConflict, structured.frontMatter.accounting != .open else {
            return bodyAddsUp ? nil : fault
        }
        let merged = structured.chunks.bytes(settledFor: .ours, in: texts)
        let withMarks = structured.frontMatter.accounting == .exact
        let addsUp = WordAccount.adds(up: texts, merged: merged, withMarks: withMarks)
        return addsUp && (withMarks || bodyAddsUp) ? nil : fault
    }

    private var bodyAddsUp: Bool {
        guard !structured.body.hasConflict else { return true }
        return merge(texts).addsUp(structured.body, structured.bodies)
    }

    private func merge(_ texts: Sides<[UInt8]>) -> BodyMerge {
        BodyMerge(texts: texts, words: options.policy.body == .words)
    }

    /// Gate 4.
    private func symmetry() -> MergeDiagnostic? {
        guard let decision = structured.frontMatter.decision else { return nil }
        let swapped = texts.swapped
        let documents = swapped.map { Document($0) }
        guard let base = try? documents.base.readFrontMatter(),
            let ours = try? documents.ours.readFrontMatter(),
            let theirs = try? documents.theirs.readFrontMatter()
        else { return .gate(4, "a side could not be read again") }
        var values = ValueMerge(policy: options.policy.swapped, favor: options.favor)
        let sides = Sides(base: base, ours: ours, theirs: theirs)
        let other = values.merge(
            sides.map { $0.block == nil ? nil : $0.value }, at: FieldPath([]))
        if sides.ours.block != nil, sides.theirs.block != nil {
            guard let other, other.hasConflict == decision.hasConflict,
                let left = decision.value(conflictsFor: .ours),
                let right = other.value(conflictsFor: .theirs), left.isReordering(of: right)
            else { return .gate(4, "the sides swapped would give other values") }
        }
        guard !structured.body.hasConflict else { return nil }
        let body = merge(swapped).chunks(structured.bodies.swapped)
        guard !body.hasConflict,
            body.bytes(settledFor: .ours, in: swapped)
                == structured.body.bytes(settledFor: .ours, in: texts)
        else { return .gate(4, "the sides swapped would give another body") }
        return nil
    }

    /// A textual merge, with the front matter as a conflict where the lines came together to
    /// something that neither side wrote. `base` is nil where it cannot be read.
    static func checked(
        _ chunks: [Chunk], _ texts: Sides<[UInt8]>, _ documents: Sides<Document>,
        _ base: FrontMatter?, _ ours: FrontMatter, _ theirs: FrontMatter
    ) -> [Chunk] {
        guard !chunks.hasConflict else { return chunks }
        let merged = Document(chunks.bytes(settledFor: .ours, in: texts))
        let reason: ConflictReason
        if let read = try? merged.readFrontMatter() {
            if read.root.duplicate(at: FieldPath([])) != nil {
                reason = .duplicateKey
            } else if base?.entries.contains(where: { entry in
                ours.value[entry.key] != nil && theirs.value[entry.key] != nil
                    && read.value[entry.key] == nil
            }) ?? false {
                reason = .lostKey
            } else {
                return chunks
            }
        } else {
            reason = .unreadable
        }
        let regions = documents.map { FrontMatterMerge.region($0) }
        let bodies = documents.map { FrontMatterMerge.region($0).upperBound..<$0.bytes.count }
        return [FrontMatterMerge.conflict(regions, reason)]
            + LineMerge(texts: texts, mode: .body(words: false), subject: { _ in .body }).chunks(
                bodies)
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
