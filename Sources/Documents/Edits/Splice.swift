/// A change to bytes: at an offset, some are removed and others inserted.
///
/// In a list of splices every offset counts in the bytes before any of them; the list is in
/// order of offset and its removed ranges do not overlap.
public struct Splice: Sendable, Hashable {
    /// Where, in bytes from the start.
    public var offset: Int
    /// What stands there before; empty for a mere insertion.
    public var removed: [UInt8]
    /// What stands there afterwards; empty for a mere removal.
    public var inserted: [UInt8]

    /// Makes a splice from its parts.
    public init(offset: Int, removed: [UInt8], inserted: [UInt8]) {
        self.offset = offset
        self.removed = removed
        self.inserted = inserted
    }

    /// Makes a splice that replaces a range of these bytes.
    public init(replacing range: Range<Int>, of bytes: [UInt8], with inserted: [UInt8]) {
        self.init(offset: range.lowerBound, removed: Array(bytes[range]), inserted: inserted)
    }

    /// The removed range, in the bytes before.
    public var range: Range<Int> { offset..<(offset + removed.count) }
}

/// Why splices do not fit the bytes they were to be applied to.
public enum SpliceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A splice overlaps the one before it, or reaches beyond the end; its position in the list.
    case misplaced(Int)
    /// What a splice removes is not what stands there; its position in the list.
    case differs(Int)

    /// The reason in words.
    public var description: String {
        switch self {
        case .misplaced(let index): "splice \(index + 1) is out of place"
        case .differs(let index): "the text at splice \(index + 1) is not what it removes"
        }
    }
}

extension [Splice] {
    /// The bytes with all splices made.
    ///
    /// - Throws: ``SpliceError`` when they do not fit; nothing is changed then.
    public func applied(to bytes: [UInt8]) throws(SpliceError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + reduce(0) { $0 + $1.inserted.count })
        var position = 0
        for (index, splice) in enumerated() {
            guard splice.offset >= position, splice.range.upperBound <= bytes.count else {
                throw .misplaced(index)
            }
            guard bytes[splice.range].elementsEqual(splice.removed) else { throw .differs(index) }
            result += bytes[position..<splice.offset]
            result += splice.inserted
            position = splice.range.upperBound
        }
        result += bytes[position...]
        return result
    }

    /// The splices that undo these, for the bytes these were applied to.
    public func inverted() -> [Splice] {
        var shift = 0
        return map { splice in
            defer { shift += splice.inserted.count - splice.removed.count }
            return Splice(
                offset: splice.offset + shift, removed: splice.inserted, inserted: splice.removed)
        }
    }

    /// One list that does what this one and then `next` do.
    ///
    /// - Parameters:
    ///   - next: splices on the result of these.
    ///   - original: the bytes that these apply to.
    public func followed(by next: [Splice], on original: [UInt8]) -> [Splice] {
        if isEmpty { return next }
        if next.isEmpty { return self }
        var pieces = SplicePieces(length: original.count)
        pieces.apply(self)
        pieces.apply(next)
        return pieces.splices(on: original)
    }
}

/// A text as pieces of the original and pieces that are new, in order.
private struct SplicePieces {
    private enum Piece {
        case kept(Range<Int>)
        case new([UInt8])

        var count: Int {
            switch self {
            case .kept(let range): range.count
            case .new(let bytes): bytes.count
            }
        }

        func part(_ range: Range<Int>) -> Piece {
            switch self {
            case .kept(let whole):
                .kept((whole.lowerBound + range.lowerBound)..<(whole.lowerBound + range.upperBound))
            case .new(let bytes): .new(Array(bytes[range]))
            }
        }
    }

    private var pieces: [Piece]

    init(length: Int) { pieces = [.kept(0..<length)] }

    mutating func apply(_ splices: [Splice]) {
        var result: [Piece] = []
        var remaining = splices[...]
        var position = 0
        for piece in pieces {
            let end = position + piece.count
            var start = position
            // An insertion between two pieces is made at the end of the first; a removal there
            // begins with the second.
            while let splice = remaining.first,
                splice.offset < end || (splice.offset == end && splice.removed.isEmpty)
            {
                // One that began in a piece before has its insertion made already.
                if splice.offset >= position {
                    if splice.offset > start {
                        result.append(piece.part((start - position)..<(splice.offset - position)))
                    }
                    if !splice.inserted.isEmpty { result.append(.new(splice.inserted)) }
                }
                start = Swift.min(splice.range.upperBound, end)
                guard splice.range.upperBound <= end else { break }
                remaining = remaining.dropFirst()
            }
            if start < end { result.append(piece.part((start - position)..<piece.count)) }
            position = end
        }
        // Only where there is no piece, all text being gone.
        result += remaining.map { .new($0.inserted) }
        pieces = result
    }

    func splices(on original: [UInt8]) -> [Splice] {
        var splices: [Splice] = []
        var position = 0
        var inserted: [UInt8] = []
        func flush(upTo end: Int, _ splices: inout [Splice]) {
            guard end > position || !inserted.isEmpty else { return }
            splices.append(Splice(replacing: position..<end, of: original, with: inserted))
        }
        for piece in pieces {
            switch piece {
            case .new(let bytes): inserted += bytes
            case .kept(let range):
                flush(upTo: range.lowerBound, &splices)
                inserted = []
                position = range.upperBound
            }
        }
        flush(upTo: original.count, &splices)
        return splices
    }
}
