/// Bytes of the output, with where they come from.
struct Piece {
    enum Source: Equatable {
        /// A range of one side's normalized text.
        case side(MergeSide, Range<Int>)
        /// Bytes that a rule made.
        case made([UInt8])
    }

    var source: Source
    var rule: MergeRule

    init(_ side: MergeSide, _ range: Range<Int>, _ rule: MergeRule) {
        source = .side(side, range)
        self.rule = rule
    }

    init(made bytes: [UInt8], _ rule: MergeRule) {
        source = .made(bytes)
        self.rule = rule
    }

    var count: Int {
        switch source {
        case .side(_, let range): range.count
        case .made(let bytes): bytes.count
        }
    }

    func bytes(in texts: Sides<[UInt8]>) -> ArraySlice<UInt8> {
        switch source {
        case .side(let side, let range): texts[side][range]
        case .made(let bytes): bytes[...]
        }
    }
}

extension [Piece] {
    func bytes(in texts: Sides<[UInt8]>) -> [UInt8] { flatMap { $0.bytes(in: texts) } }
}

/// A part of the output before conflicts are written out.
enum Chunk {
    /// Text that is settled.
    case merged([Piece])
    /// Text that is not.
    case conflict(Region)
}

/// A place that the rules leave open: whole lines, with what each side has there.
struct Region {
    var subject: ConflictSubject
    var reason: ConflictReason
    var sides: Sides<[Piece]>
}

extension [Chunk] {
    /// The bytes when every conflict is settled for one side.
    func bytes(settledFor side: MergeSide, in texts: Sides<[UInt8]>) -> [UInt8] {
        var bytes: [UInt8] = []
        for chunk in self {
            switch chunk {
            case .merged(let pieces): for piece in pieces { bytes += piece.bytes(in: texts) }
            case .conflict(let region):
                for piece in region.sides[side] { bytes += piece.bytes(in: texts) }
            }
        }
        return bytes
    }

    var hasConflict: Bool { contains { if case .conflict = $0 { true } else { false } } }
}
