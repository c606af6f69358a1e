import Documents

/// Keys that are open in front matter in braces, as conflicts of the lines that they stand on.
///
/// All that was decided is carried out on our text first; in what comes out, the lines of a key
/// that is open are those of each side.
struct FlowConflicts {
    let texts: Sides<[UInt8]>
    let frontMatter: Sides<FrontMatter>

    /// Lines of the merged text that hold one key, and the comma behind it.
    private struct Place {
        let path: FieldPath
        let reason: ConflictReason
        let lines: Range<Int>
        let entry: Range<Int>
    }

    /// The front matter, or `nil` where an open key stands on no lines of its own.
    func chunks(_ region: Range<Int>, _ decision: Decision) -> [Chunk]? {
        guard
            MergeSide.allCases.allSatisfy({
                frontMatter[$0].block == nil || frontMatter[$0].root.style == .flow
            }),
            let pieces = SyntaxReplay(texts: texts, frontMatter: frontMatter, kept: .ours)
                .pieces(region, decision.settled),
            let places = places(decision, in: pieces.bytes(in: texts))
        else { return nil }
        let merged = pieces.bytes(in: texts)
        var chunks: [Chunk] = []
        var position = 0
        for place in places {
            chunks.append(.merged(pieces.slice(position..<place.lines.lowerBound)))
            let sides = Sides(
                base: lines(place, of: .base, in: merged),
                ours: lines(place, of: .ours, in: merged),
                theirs: lines(place, of: .theirs, in: merged))
            chunks.append(
                .conflict(Region(subject: .key(place.path), reason: place.reason, sides: sides)))
            position = place.lines.upperBound
        }
        return chunks + [.merged(pieces.slice(position..<merged.count))]
    }

    /// Where the open keys stand, in order; of one without lines of its own the map that it is in.
    private func places(_ decision: Decision, in merged: [UInt8]) -> [Place]? {
        guard let read = try? Document(merged).readFrontMatter() else { return nil }
        var places: [Place] = []
        for (path, reason, values) in decision.conflicts(at: FieldPath([])) {
            // What one side has under another name cannot be shown in one place.
            for side in [MergeSide.ours, .theirs] {
                guard (values[side] == nil) == (frontMatter[side].entry(at: path) == nil) else {
                    return nil
                }
            }
            let above = (1...max(1, path.steps.count)).reversed().map {
                FieldPath(Array(path.steps.prefix($0)))
            }
            let found = above.lazy.compactMap { path -> Place? in
                guard let entry = read.entry(at: path),
                    let lines = ownLines(entry.start..<entry.end, of: merged)
                else { return nil }
                return Place(
                    path: path, reason: reason, lines: lines, entry: entry.start..<entry.end)
            }
            guard let place = found.first else { return nil }
            // Without the last entry, the comma before it would be one too many.
            let isLast = !merged[place.entry.upperBound..<place.lines.upperBound].contains(0x2C)
            let isOnBoth = [MergeSide.ours, .theirs].allSatisfy {
                frontMatter[$0].entry(at: place.path) != nil
            }
            guard !isLast || isOnBoth else { return nil }
            places.append(place)
        }
        places.sort {
            ($0.lines.lowerBound, $1.lines.upperBound) < ($1.lines.lowerBound, $0.lines.upperBound)
        }
        return places.reduce(into: []) { outer, place in
            if place.lines.lowerBound >= outer.last?.lines.upperBound ?? 0 { outer.append(place) }
        }
    }

    /// The whole lines of an entry and the comma behind it, if nothing else is on them.
    private func ownLines(_ entry: Range<Int>, of bytes: [UInt8]) -> Range<Int>? {
        let start =
            bytes[..<entry.lowerBound].lastIndex(of: LineBreaks.lineFeed).map { $0 + 1 } ?? 0
        guard let end = bytes[entry.upperBound...].firstIndex(of: LineBreaks.lineFeed) else {
            return nil
        }
        let rest = bytes[entry.upperBound..<end].filter { !$0.isBlank }
        guard bytes[start..<entry.lowerBound].allSatisfy(\.isBlank), rest.isEmpty || rest == [0x2C]
        else { return nil }
        return start..<(end + 1)
    }

    /// A side's lines of a key, with the comma that the place asks for.
    private func lines(_ place: Place, of side: MergeSide, in merged: [UInt8]) -> [Piece] {
        guard let entry = frontMatter[side].entry(at: place.path) else { return [] }
        let range = entry.start..<entry.end
        let tail = merged[place.entry.upperBound..<place.lines.upperBound]
        if let own = ownLines(range, of: texts[side]),
            texts[side][range.upperBound..<own.upperBound] == tail
        {
            return [Piece(side, own, .conflict)]
        }
        let indent = Array(merged[place.lines.lowerBound..<place.entry.lowerBound])
        return [
            Piece(made: indent, .conflict), Piece(side, range, .conflict),
            Piece(made: Array(tail), .conflict),
        ]
    }
}

extension Decision {
    /// The decision with what is open settled for ours, or for theirs where we have nothing.
    fileprivate var settled: Decision {
        switch self {
        case .kept, .take, .made: self
        case .map(let entries):
            .map(
                entries.map {
                    Entry(
                        key: $0.key, decision: $0.decision?.settled, formerly: $0.formerly)
                })
        case .conflict(_, let sides):
            if let ours = sides.ours {
                .take(.ours, ours, .conflict)
            } else {
                .take(.theirs, sides.theirs ?? .map([]), .conflict)
            }
        }
    }

    /// What is open below a path.
    fileprivate func conflicts(
        at path: FieldPath
    ) -> [(FieldPath, ConflictReason, Sides<Value?>)] {
        switch self {
        case .kept, .take, .made: []
        case .map(let entries):
            entries.flatMap { entry in
                entry.decision?.conflicts(at: path.appending(.key(entry.key))) ?? []
            }
        case .conflict(let reason, let sides): [(path, reason, sides)]
        }
    }
}

extension [Piece] {
    /// The pieces of a part of the bytes that they make.
    fileprivate func slice(_ range: Range<Int>) -> [Piece] {
        var slice: [Piece] = []
        var position = 0
        for var piece in self {
            let count = piece.count
            let part = range.clamped(to: position..<(position + count))
            let start = part.lowerBound - position
            position += count
            guard !part.isEmpty else { continue }
            switch piece.source {
            case .side(let side, let bytes):
                let lower = bytes.lowerBound + start
                piece.source = .side(side, lower..<(lower + part.count))
            case .made(let bytes):
                piece.source = .made([UInt8](bytes[start..<(start + part.count)]))
            }
            slice.append(piece)
        }
        return slice
    }
}
