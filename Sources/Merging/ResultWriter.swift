import Documents

/// Writes a merge out: settles or marks what is open, and gives lines their endings back.
struct ResultWriter {
    let texts: Sides<NormalText>
    let options: MergeOptions

    /// A part of the output that is settled, or a conflict's lines.
    private enum Part {
        case pieces([Piece])
        case conflict(Region, [Piece])
    }

    func result(_ plan: MergePlan) -> MergeResult {
        var diagnostics = plan.diagnostics
        let settled = settle(plan.chunks, &diagnostics)
        let parts = settled.flatMap(parts)
        var output = Output(texts: texts)
        var conflicts: [Conflict] = []
        for part in parts {
            switch part {
            case .pieces(let pieces): output.append(pieces)
            case .conflict(let region, let pieces):
                let first = output.lineCount + 1
                output.append(pieces)
                conflicts.append(
                    Conflict(
                        subject: region.subject, reason: region.reason,
                        lines: first..<(output.lineCount + 1)))
                if changesFenceParity(region) { diagnostics.append(.fenceParity) }
            }
        }
        output.finish(endsWithMarker: endsWithMarker(parts))
        return MergeResult(
            bytes: output.bytes, conflicts: conflicts, account: output.account,
            diagnostics: diagnostics)
    }

    private func endsWithMarker(_ parts: [Part]) -> Bool {
        guard case .conflict? = parts.last else { return false }
        return true
    }

    // MARK: Settling

    private var check: AnswerCheck {
        AnswerCheck(texts: texts.map(\.bytes), markerSize: options.markerSize)
    }

    private func settle(_ chunks: [Chunk], _ diagnostics: inout [MergeDiagnostic]) -> [Chunk] {
        let favored = favored(chunks, &diagnostics)
        guard favored.hasConflict, let strategy = options.strategy else { return favored }
        var settled = favored
        for index in favored.indices {
            guard case .conflict(let region) = favored[index] else { continue }
            let question = MergeQuestion(
                subject: region.subject, reason: region.reason, base: bytes(region.sides.base),
                ours: bytes(region.sides.ours), theirs: bytes(region.sides.theirs))
            do {
                guard let given = try strategy.resolve(question) else { continue }
                let answer = normal(given)
                if let fault = check.fault(of: answer, to: question, at: index, in: settled) {
                    diagnostics.append(.hookRefused(region.subject, fault))
                } else {
                    settled[index] = .merged([Piece(made: answer, .hook)])
                }
            } catch {
                diagnostics.append(.hookRefused(region.subject, "\(error)"))
            }
        }
        return settled
    }

    /// An answer as texts are merged: without carriage returns, and with its last line ended.
    private func normal(_ answer: [UInt8]) -> [UInt8] {
        let lines = answer.filter { $0 != LineBreaks.carriageReturn }
        return lines.last.map { $0 == LineBreaks.lineFeed } ?? true
            ? lines : lines + [LineBreaks.lineFeed]
    }

    /// The preferred side of what is open. Where a textual merge would then have a key twice or
    /// could not be read, all stays open; a virtual base is the base as a whole.
    private func favored(_ chunks: [Chunk], _ diagnostics: inout [MergeDiagnostic]) -> [Chunk] {
        let favored = chunks.map { favor($0) }
        guard options.favor != nil || options.isVirtual, chunks.hasConflict,
            let fault = check.readingFault(favored)
        else { return favored }
        if options.isVirtual {
            return [.merged([Piece(.base, 0..<texts.base.bytes.count, .favor)])]
        }
        diagnostics.append(.favorRefused(fault))
        return chunks
    }

    private func favor(_ chunk: Chunk) -> Chunk {
        guard case .conflict(let region) = chunk else { return chunk }
        func whole(_ side: MergeSide) -> Chunk {
            .merged(
                region.sides[side].map {
                    var piece = $0
                    piece.rule = .favor
                    return piece
                })
        }
        if options.isVirtual { return whole(.base) }
        switch options.favor {
        case .ours: return whole(.ours)
        case .theirs: return whole(.theirs)
        case .union:
            // Both lines of a key would be the key twice.
            guard region.subject == .body || region.subject == .document else { return chunk }
            return .merged(region.sides.ours + region.sides.theirs)
        case nil: return chunk
        }
    }

    // MARK: Marking

    private func parts(_ chunk: Chunk) -> [Part] {
        switch chunk {
        case .merged(let pieces): return [.pieces(pieces)]
        case .conflict(let region):
            // JSON has no comments to put the other sides in.
            if options.policy.conflicts == .parseable, case .key = region.subject,
                !region.sides.ours.isEmpty, Document(texts.ours.bytes).frontMatter?.syntax != .json
            {
                return [.conflict(region, parseable(region))]
            }
            return ConflictRefinement(texts: texts.map(\.bytes), style: options.style)
                .parts(region).map {
                    switch $0 {
                    case .same(let pieces): .pieces(pieces)
                    case .conflict(let region): .conflict(region, marked(region))
                    }
                }
        }
    }

    private func parseable(_ region: Region) -> [Piece] {
        let lines = ParseableConflict.lines(
            region.subject, region.reason, base: bytes(region.sides.base),
            theirs: bytes(region.sides.theirs))
        return [Piece(made: lines.before, .marker)] + region.sides.ours
            + [Piece(made: lines.after, .marker)]
    }

    private func marked(_ region: Region) -> [Piece] {
        let labels = options.labels
        var pieces = [marker("<", labels.ours)] + region.sides.ours
        if options.style != .merge {
            pieces += [marker("|", labels.base)] + region.sides.base
        }
        return pieces + [marker("=", "")] + region.sides.theirs + [marker(">", labels.theirs)]
    }

    private func marker(_ character: String, _ label: String) -> Piece {
        let line = String(repeating: character, count: options.markerSize)
        return Piece(
            made: Array((label.isEmpty ? line : "\(line) \(label)").utf8) + [LineBreaks.lineFeed],
            .marker)
    }

    private func bytes(_ pieces: [Piece]) -> [UInt8] { pieces.bytes(in: texts.map(\.bytes)) }

    /// Whether the sides of a conflict open or close a fenced block.
    private func changesFenceParity(_ region: Region) -> Bool {
        [MergeSide.ours, .theirs].contains { side in
            let text = bytes(region.sides[side])
            let lines = LineBreaks.lines(in: text, 0..<text.count)
            return BodyLines(lines, of: text).kinds.count { $0 == .fence } % 2 != 0
        }
    }
}
