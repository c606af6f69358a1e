import Documents

/// Merges the front matter of three documents by key.
struct FrontMatterMerge {
    /// What came of it.
    struct Outcome {
        /// Fences and content.
        var chunks: [Chunk]
        /// What was decided about the root's keys; `nil` where the front matter is one conflict.
        var decision: Decision?
        var renames: [(FieldPath, Text)] = []
    }

    let texts: Sides<[UInt8]>
    let frontMatter: Sides<FrontMatter>
    let policy: MergePolicy
    let favor: MergeOptions.Favor?

    /// More keys than this, at any depth, are no front matter, and would take long: each is
    /// compared with all.
    private static let keyLimit = 2_000

    /// Whether no side has more keys than can be merged one by one.
    static func isMergedByKey(_ values: Sides<Value?>) -> Bool {
        MergeSide.allCases.allSatisfy { values[$0]?.keyCount ?? 0 <= keyLimit }
    }

    /// What lies before the body on each side.
    static func region(_ document: Document) -> Range<Int> {
        0..<(document.frontMatter == nil ? 0 : document.body.lowerBound)
    }

    func merge() throws(OutlineMerge.Failure) -> Outcome {
        let regions = frontMatter.map { FrontMatterMerge.region($0.document) }
        let blocks = frontMatter.map(\.block)
        guard let ours = blocks.ours, let theirs = blocks.theirs else {
            return oneSided(regions, blocks)
        }
        let values = frontMatter.map { $0.block == nil ? nil : $0.value }
        guard FrontMatterMerge.isMergedByKey(values) else {
            throw OutlineMerge.Failure(reason: "it has too many keys")
        }
        var merge = ValueMerge(policy: policy, favor: favor)
        guard let decision = merge.merge(values, at: FieldPath([])) else {
            throw OutlineMerge.Failure(reason: "there is nothing to merge")
        }
        var outcome = Outcome(chunks: [], decision: decision, renames: merge.renames)
        let syntaxes = Set([blocks.base, ours, theirs].compactMap { $0?.syntax })
        let outlines = frontMatter.map { $0.outline() }
        guard syntaxes.count == 1, let syntax = syntaxes.first, let base = outlines.base,
            let mine = outlines.ours, let other = outlines.theirs
        else {
            outcome.chunks = replay(regions, blocks, decision)
            return outcome
        }
        guard let opening = frame(\.opening, from: { _ in 0 }, blocks),
            let closing = frame(\.closing, from: { $0.closing.lowerBound }, blocks)
        else { throw OutlineMerge.Failure(reason: "both sides changed the fences") }
        let outline = OutlineMerge(
            texts: texts, syntax: syntax,
            hasReferences: base.hasReferences || mine.hasReferences || other.hasReferences)
        outcome.chunks =
            [.merged([opening])]
            + (try outline.chunks(
                Sides(base: base.items, ours: mine.items, theirs: other.items), decision,
                at: FieldPath([])))
            + [.merged([closing])]
        return outcome
    }

    /// Front matter that one side lacks: it was added on the other one, or removed here.
    private func oneSided(
        _ regions: Sides<Range<Int>>, _ blocks: Sides<FrontMatterBlock?>
    ) -> Outcome {
        let side: MergeSide = blocks.ours == nil ? .theirs : .ours
        let gone = side.opposite
        if blocks.base == nil, blocks[side] == nil {
            return Outcome(chunks: [], decision: .map([]))
        }
        guard blocks.base != nil else {
            let rule: MergeRule = side == .ours ? .ours : .theirs
            return Outcome(
                chunks: [.merged([Piece(side, regions[side], rule)])],
                decision: .take(side, frontMatter[side].value, rule))
        }
        guard blocks[side] != nil, texts[side][regions[side]] != texts.base[regions.base] else {
            return Outcome(chunks: [], decision: .map([]))
        }
        var sides = regions.map { _ in [Piece]() }
        sides.base = [Piece(.base, regions.base, .conflict)]
        sides[side] = [Piece(side, regions[side], .conflict)]
        sides[gone] = []
        let region = Region(subject: .frontMatter, reason: .deletedAndChanged, sides: sides)
        return Outcome(chunks: [.conflict(region)], decision: nil)
    }

    /// A fence, with what is before it, by the three-way rule.
    private func frame(
        _ fence: KeyPath<FrontMatterBlock, Range<Int>>, from start: (FrontMatterBlock) -> Int,
        _ blocks: Sides<FrontMatterBlock?>
    ) -> Piece? {
        let ranges = blocks.map { $0.map { start($0)..<$0[keyPath: fence].upperBound } }
        let bytes = Sides(
            base: ranges.base.map { texts.base[$0] }, ours: ranges.ours.map { texts.ours[$0] },
            theirs: ranges.theirs.map { texts.theirs[$0] })
        guard let side = bytes.winner, let range = ranges[side] else { return nil }
        return Piece(side, range, bytes.base == bytes[side] ? .unchanged : .ours)
    }

    /// Front matter without lines of its own for each key, or in two syntaxes: by lines where
    /// they come to what was decided, else by making the edits of one side on the other's text.
    private func replay(
        _ regions: Sides<Range<Int>>, _ blocks: Sides<FrontMatterBlock?>, _ decision: Decision
    ) -> [Chunk] {
        let syntaxes = blocks.map { $0?.syntax }
        let lines = LineMerge(texts: texts, mode: .text, subject: { _ in .frontMatter }).chunks(
            regions)
        if !lines.hasConflict, reads(lines, as: decision) { return lines }
        let kept: MergeSide? =
            syntaxes.ours == syntaxes.theirs || syntaxes.theirs == syntaxes.base
            ? .ours : syntaxes.ours == syntaxes.base ? .theirs : nil
        if !decision.hasConflict, let kept,
            let pieces = SyntaxReplay(texts: texts, frontMatter: frontMatter, kept: kept)
                .pieces(regions[kept], decision)
        {
            return [.merged(pieces)]
        }
        if decision.hasConflict, syntaxes.ours == syntaxes.theirs,
            let chunks = FlowConflicts(texts: texts, frontMatter: frontMatter)
                .chunks(regions.ours, decision)
        {
            return chunks
        }
        // The lines that conflict, where lines tell; else all of it.
        if Set([syntaxes.base, syntaxes.ours, syntaxes.theirs]).count == 1, lines.hasConflict {
            return lines
        }
        return [FrontMatterMerge.conflict(regions, .layout)]
    }

    private func reads(_ chunks: [Chunk], as decision: Decision) -> Bool {
        guard !decision.hasConflict, let value = decision.value(conflictsFor: .ours),
            let read = try? Document(chunks.bytes(settledFor: .ours, in: texts)).readFrontMatter()
        else { return false }
        return read.value.means(value)
    }

    /// All front matter as one conflict.
    static func conflict(_ regions: Sides<Range<Int>>, _ reason: ConflictReason) -> Chunk {
        func pieces(_ side: MergeSide) -> [Piece] {
            regions[side].isEmpty ? [] : [Piece(side, regions[side], .conflict)]
        }
        return .conflict(
            Region(
                subject: .frontMatter, reason: reason,
                sides: Sides(
                    base: pieces(.base), ours: pieces(.ours), theirs: pieces(.theirs))))
    }
}
