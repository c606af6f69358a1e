/// Makes a conflict no larger than it is, in the style it is written in.
struct ConflictRefinement {
    /// A part of a conflict's place.
    enum Part {
        /// Both sides are the same here after all.
        case same([Piece])
        case conflict(Region)
    }

    /// Conflicts with no more lines than this between them are one, as Git has it.
    private static let gap = 3

    let texts: Sides<[UInt8]>
    let style: MergeOptions.Style

    func parts(_ region: Region) -> [Part] {
        // Only a side's own lines can be cut; and a key's lines stay together.
        guard style != .diff3, !region.subject.isKey, let ours = range(region.sides.ours),
            let theirs = range(region.sides.theirs)
        else { return [.conflict(region)] }
        let lines = (
            ours: LineBreaks.lines(in: texts.ours, ours),
            theirs: LineBreaks.lines(in: texts.theirs, theirs)
        )
        var interner = Interner()
        let mine = interner.numbers(of: lines.ours, in: texts.ours)
        let other = interner.numbers(of: lines.theirs, in: texts.theirs)
        // Lines that are wrong together have to be seen together.
        return style == .zdiff3 || region.reason.isGate
            ? trimmed(region, mine, other, lines, (ours, theirs))
            : split(region, mine, other, lines, (ours, theirs))
    }

    private typealias Lines = (ours: [Range<Int>], theirs: [Range<Int>])
    private typealias Bytes = (ours: Range<Int>, theirs: Range<Int>)

    /// Takes common lines off both ends.
    private func trimmed(
        _ region: Region, _ mine: [Int], _ other: [Int], _ lines: Lines, _ whole: Bytes
    ) -> [Part] {
        let shorter = min(mine.count, other.count)
        var start = 0
        while start < shorter, mine[start] == other[start] { start += 1 }
        var end = 0
        while end < shorter - start, mine[mine.count - 1 - end] == other[other.count - 1 - end] {
            end += 1
        }
        return part(0..<start, lines, whole)
            + [
                conflict(
                    region, start..<(mine.count - end), start..<(other.count - end), lines, whole,
                    base: region.sides.base)
            ] + part((mine.count - end)..<mine.count, lines, whole)
    }

    /// Leaves out lines that both sides have.
    private func split(
        _ region: Region, _ mine: [Int], _ other: [Int], _ lines: Lines, _ whole: Bytes
    ) -> [Part] {
        var hunks: [Hunk] = []
        for hunk in Difference.hunks(mine, other) {
            if let last = hunks.last,
                hunk.old.lowerBound - last.old.upperBound <= ConflictRefinement.gap
            {
                hunks[hunks.count - 1] = Hunk(
                    old: last.old.lowerBound..<hunk.old.upperBound,
                    new: last.new.lowerBound..<hunk.new.upperBound)
            } else {
                hunks.append(hunk)
            }
        }
        // What is open stays open, even where both sides read the same.
        if hunks.isEmpty { return [.conflict(region)] }
        var parts: [Part] = []
        var position = 0
        for hunk in hunks {
            parts += part(position..<hunk.old.lowerBound, lines, whole)
            parts.append(
                conflict(
                    region, hunk.old, hunk.new, lines, whole,
                    base: hunks.count == 1 ? region.sides.base : []))
            position = hunk.old.upperBound
        }
        return parts + part(position..<mine.count, lines, whole)
    }

    private func part(_ range: Range<Int>, _ lines: Lines, _ whole: Bytes) -> [Part] {
        range.isEmpty
            ? [] : [.same([Piece(.ours, lines.ours.bytes(range, of: whole.ours), .same)])]
    }

    private func conflict(
        _ region: Region, _ mine: Range<Int>, _ other: Range<Int>, _ lines: Lines, _ whole: Bytes,
        base: [Piece]
    ) -> Part {
        var region = region
        region.sides.ours = [
            Piece(.ours, lines.ours.bytes(mine, of: whole.ours), .conflict)
        ]
        region.sides.theirs = [
            Piece(.theirs, lines.theirs.bytes(other, of: whole.theirs), .conflict)
        ]
        region.sides.base = base
        return .conflict(region)
    }

    private func range(_ pieces: [Piece]) -> Range<Int>? {
        guard pieces.count == 1, case .side(_, let range) = pieces[0].source else { return nil }
        return range
    }
}
