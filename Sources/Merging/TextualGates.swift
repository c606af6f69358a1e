import Documents

/// The proofs that a textual merge has to pass in its front matter: lines that come together may
/// say what neither side wrote.
struct TextualGates {
    private let texts: Sides<[UInt8]>
    private let documents: Sides<Document>
    /// The front matter of the sides where it can be read.
    private let frontMatter: Sides<FrontMatter?>
    private let options: MergeOptions

    init(_ texts: Sides<[UInt8]>, _ documents: Sides<Document>, _ options: MergeOptions) {
        self.texts = texts
        self.documents = documents
        self.options = options
        frontMatter = documents.map { TextualGates.read($0) }
    }

    /// The merge, with all front matter as one conflict where it does not pass: as it is, or
    /// with its conflicts settled for a side.
    func checked(_ chunks: [Chunk]) -> [Chunk] {
        let reason =
            fault(chunks, settledFor: .ours) ?? fault(chunks, settledFor: .theirs)
            ?? (saysWhatWasDecided(chunks) ? nil : .lostKey)
        guard let reason else { return chunks }
        let bodies = documents.map { FrontMatterMerge.region($0).upperBound..<$0.bytes.count }
        return [FrontMatterMerge.conflict(documents.map { FrontMatterMerge.region($0) }, reason)]
            + LineMerge(texts: texts, mode: .text, subject: { _ in .body }).chunks(bodies)
    }

    private func fault(_ chunks: [Chunk], settledFor side: MergeSide) -> ConflictReason? {
        let document = Document(chunks.bytes(settledFor: side, in: texts))
        guard let merged = TextualGates.read(document) else {
            // A clean merge holds what both wrote, and may be as wrong as either.
            let sides = chunks.hasConflict ? [side] : [.ours, .theirs]
            return sides.allSatisfy { frontMatter[$0] != nil } ? .unreadable : nil
        }
        let allowed = frontMatter.map { $0?.root.keyCounts ?? [:] }
        let isRepeated = merged.root.keyCounts.contains { path, count in
            count > max(1, allowed.ours[path] ?? 0, allowed.theirs[path] ?? 0)
        }
        if isRepeated { return .duplicateKey }
        if loses(merged, of: side) { return .lostKey }
        if AliasBindings.stray(in: merged, of: frontMatter, for: side) != nil {
            return .strayAlias
        }
        return nil
    }

    /// Whether a key of a side is gone that the other one did not remove.
    private func loses(_ merged: FrontMatter, of side: MergeSide) -> Bool {
        guard let own = frontMatter[side], let base = frontMatter.base,
            let other = frontMatter[side.opposite]
        else { return false }
        func has(_ key: Text, _ frontMatter: FrontMatter) -> Bool {
            frontMatter.root.mapping?.position(of: key) != nil
        }
        return own.entries.contains {
            !$0.isComplex && !has($0.key, merged) && (has($0.key, other) || !has($0.key, base))
        }
    }

    /// Whether all that the lines do not leave open reads as the rules decide about it: lines may
    /// bring back what a side took out, or put a key below another one.
    private func saysWhatWasDecided(_ chunks: [Chunk]) -> Bool {
        let root = FieldPath([])
        guard let base = frontMatter.base, let ours = frontMatter.ours,
            let theirs = frontMatter.theirs,
            let left = TextualGates.read(Document(chunks.bytes(settledFor: .ours, in: texts))),
            let right = TextualGates.read(Document(chunks.bytes(settledFor: .theirs, in: texts)))
        else { return true }
        let sides = Sides(base: base, ours: ours, theirs: theirs)
        let values = sides.map { $0.block == nil ? nil : $0.value }
        guard [base, ours, theirs].allSatisfy({ $0.root.duplicate(at: root) == nil }),
            FrontMatterMerge.isMergedByKey(values)
        else { return true }
        var merge = ValueMerge(policy: options.policy, favor: options.favor)
        let decision = merge.merge(values, at: root)
        guard
            Decision.isCarriedOut(
                decision, left.block == nil ? nil : left.value,
                right.block == nil ? nil : right.value)
        else { return false }
        // Comments count only where no lines with some are left open.
        let isOpen =
            left.document.bytes[FrontMatterMerge.region(left.document)]
            != right.document.bytes[FrontMatterMerge.region(right.document)]
        return isOpen || left.commentsAddUp(sides)
    }

    /// Front matter that can be read, and is not so large that this would take long.
    private static func read(_ document: Document) -> FrontMatter? {
        guard FrontMatterMerge.region(document).count <= MergePlan.sizeLimit else { return nil }
        return try? document.readFrontMatter()
    }
}

extension Node {
    /// How often each key is there, by its path.
    fileprivate var keyCounts: [FieldPath: Int] {
        var counts: [FieldPath: Int] = [:]
        func visit(_ node: Node, _ path: FieldPath) {
            for (index, item) in (node.items ?? []).enumerated() {
                visit(item, path.appending(.index(index)))
            }
            for entry in node.mapping?.entries ?? [] where !entry.isComplex {
                let place = path.appending(.key(entry.key))
                counts[place, default: 0] += 1
                visit(entry.value, place)
            }
        }
        visit(self, FieldPath([]))
        return counts
    }
}
