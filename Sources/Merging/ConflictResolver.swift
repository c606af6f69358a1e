public import Documents

/// Settles conflicts that a merge left in a document's text, by key.
///
/// The merge is made again from its three versions to know which lines are about which key;
/// those lines are then looked for between the markers of the text, which may have been edited
/// elsewhere meanwhile.
public struct ConflictResolver: Sendable {
    /// How a conflict is settled.
    public enum Settlement: Sendable, Hashable {
        /// With a side's lines; none where the side removed the key.
        case side(MergeSide)
        /// With a value, in our lines, or in theirs where we removed the key.
        case value(NewValue)
    }

    /// Why a conflict cannot be settled.
    public enum Failure: Error, Sendable, Hashable {
        /// The text has no conflict about the key; the keys that it has conflicts about.
        case noConflict(FieldPath, open: [FieldPath])
        /// The value cannot be put in.
        case badValue(EditError)
    }

    /// A key that is open, with its lines on each side.
    private struct Open {
        let path: FieldPath
        let lines: Sides<[UInt8]>
        /// Where it is in the text.
        let range: Range<Int>
    }

    private let questions: [MergeQuestion]
    private let syntax: Syntax
    private let markerSize: Int

    /// Prepares for the conflicts of a merge.
    ///
    /// - Parameter markerSize: how many characters its markers have.
    public init(
        base: [UInt8], ours: [UInt8], theirs: [UInt8], policy: MergePolicy,
        markerSize: Int = ConflictMarkers.size
    ) {
        let texts = Sides(
            base: NormalText(base).bytes, ours: NormalText(ours).bytes,
            theirs: NormalText(theirs).bytes)
        questions = MergePlan(texts, MergeOptions(policy: policy)).questions
        syntax = Document(texts.ours).frontMatter?.syntax ?? .yaml
        self.markerSize = markerSize
    }

    /// The keys that a text has conflicts about, in order.
    public func openKeys(in text: [UInt8]) -> [FieldPath] { open(in: text).map(\.path) }

    /// The text with the conflict about a key settled.
    public func settle(
        _ path: FieldPath, _ settlement: Settlement, in text: [UInt8]
    ) throws(Failure) -> [UInt8] {
        let open = open(in: text)
        guard let conflict = open.first(where: { $0.path == path }) else {
            throw .noConflict(path, open: open.map(\.path))
        }
        var lines: [UInt8]
        switch settlement {
        case .side(let side): lines = conflict.lines[side]
        case .value(let value):
            let own = conflict.lines.ours.isEmpty ? conflict.lines.theirs : conflict.lines.ours
            lines = try set(value, path, in: own)
        }
        if text[conflict.range].contains(LineBreaks.carriageReturn) {
            lines = lines.flatMap {
                $0 == LineBreaks.lineFeed ? [LineBreaks.carriageReturn, $0] : [$0]
            }
        }
        return text[..<conflict.range.lowerBound] + lines + text[conflict.range.upperBound...]
    }

    /// An entry's lines with another value.
    private func set(
        _ value: NewValue, _ path: FieldPath, in lines: [UInt8]
    ) throws(Failure) -> [UInt8] {
        var opening = EntryEdit.fence(syntax)
        var closing = opening
        // The comma that the place asks for is no part of an object's last entry.
        var comma = lines[lines.endIndex...]
        if syntax == .json {
            opening = Array("---json\n{\n".utf8)
            closing = Array("}\n---\n".utf8)
            let end = lines.lastIndex { !$0.isBlank && $0 != LineBreaks.lineFeed }
            if let end, lines[end] == UInt8(ascii: ",") { comma = lines[end...] }
        }
        let entry = lines[..<comma.startIndex]
        let document = Document(opening + entry + closing)
        // The lines may be those of a key in a map, or in a table.
        let paths = path.steps.indices.map { FieldPath(Array(path.steps[$0...])) }
        do {
            let frontMatter: FrontMatter
            do throws(ParseError) {
                frontMatter = try document.readFrontMatter()
            } catch {
                throw EditError.unparsable(error)
            }
            guard let here = paths.first(where: { frontMatter.node(at: $0) != nil }) else {
                throw EditError.missing(path)
            }
            let bytes = try Edit.set(here, value).apply(to: document).document.bytes
            return bytes.dropFirst(opening.count).dropLast(closing.count) + comma
        } catch let error as EditError {
            throw .badValue(error)
        } catch {
            throw .badValue(.missing(path))
        }
    }

    // MARK: Finding

    private func open(in text: [UInt8]) -> [Open] {
        let marked = ConflictMarkers.conflicts(in: text, size: markerSize).compactMap { range in
            open(MarkedConflict(text, range, size: markerSize), at: range)
        }
        let parseable = ParseableConflict.conflicts(in: text).compactMap { range in
            open(ParseableConflict.parts(text, range), at: range)
        }
        return (marked + parseable).sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private func open(_ conflict: MarkedConflict, at range: Range<Int>) -> Open? {
        for question in questions {
            guard case .key(let path) = question.subject, question.ours == conflict.ours,
                question.theirs == conflict.theirs
            else { continue }
            let lines = Sides(
                base: question.base, ours: question.ours, theirs: question.theirs)
            return Open(path: path, lines: lines, range: range)
        }
        return nil
    }

    private func open(_ conflict: ParseableConflict.Parts?, at range: Range<Int>) -> Open? {
        guard let conflict, let path = try? FieldPath(parsing: conflict.subject) else { return nil }
        let lines = Sides(base: conflict.base, ours: conflict.ours, theirs: conflict.theirs)
        return Open(path: path, lines: lines, range: range)
    }
}

/// The lines between the markers of a conflict, without carriage returns.
private struct MarkedConflict {
    var ours: [UInt8] = []
    var theirs: [UInt8] = []

    init(_ text: [UInt8], _ range: Range<Int>, size: Int) {
        var part = UInt8(ascii: "<")
        for line in LineBreaks.lines(in: text, range) {
            let bytes = text[line]
            if let first = bytes.first, "<|=>".utf8.contains(first),
                bytes.prefix(size).count == size, bytes.prefix(size).allSatisfy({ $0 == first }),
                bytes.count == size || !(bytes[bytes.startIndex + size] == first)
            {
                part = first
                continue
            }
            let content = bytes.filter { $0 != LineBreaks.carriageReturn }
            if part == UInt8(ascii: "<") { ours += content }
            if part == UInt8(ascii: "=") { theirs += content }
        }
    }
}

extension MergePlan {
    /// The conflicts as a strategy is asked about them.
    var questions: [MergeQuestion] {
        chunks.compactMap { chunk in
            guard case .conflict(let region) = chunk else { return nil }
            func bytes(_ side: MergeSide) -> [UInt8] { region.sides[side].bytes(in: texts) }
            return MergeQuestion(
                subject: region.subject, reason: region.reason, base: bytes(.base),
                ours: bytes(.ours), theirs: bytes(.theirs))
        }
    }
}
