import Documents

/// Merges three versions of a document: front matter by key, the body by its structure.
///
/// Where the rules do not reach, or a gate finds fault with what they made, the merge is a
/// textual one, as Git would make it. Nothing is ever left out silently: what cannot be settled
/// is a conflict, with all sides in it.
public struct DocumentMerge: Sendable {
    private let options: MergeOptions

    /// Makes a merge with options.
    public init(_ options: MergeOptions = MergeOptions()) { self.options = options }

    /// Merges two versions that began with one.
    ///
    /// - Parameters:
    ///   - base: what both began with; empty when there was nothing.
    ///   - ours: the version that is merged into.
    ///   - theirs: the version that is merged.
    public func merge(base: [UInt8], ours: [UInt8], theirs: [UInt8]) -> MergeResult {
        let given = Sides(base: base, ours: ours, theirs: theirs)
        if let side = given.winner { return whole(side, given) }
        if MergeSide.allCases.contains(where: { Binary.isBinary(given[$0]) }) {
            return binary(given)
        }
        let normal = given.map { NormalText($0) }
        let plan = MergePlan(normal.map(\.bytes), options)
        return ResultWriter(texts: normal, options: options).result(plan)
    }

    /// One side as it is.
    private func whole(_ side: MergeSide, _ given: Sides<[UInt8]>) -> MergeResult {
        let bytes = given[side]
        let rule: MergeRule =
            given.ours == given.theirs
            ? (given.base == bytes ? .unchanged : .same) : side == .ours ? .ours : .theirs
        let entry = AccountEntry(
            output: 0..<bytes.count, side: side, source: 0..<bytes.count, rule: rule)
        return MergeResult(
            bytes: bytes, conflicts: [], account: bytes.isEmpty ? [] : [entry], diagnostics: [])
    }

    /// Ours, with a conflict that has no lines, unless a side is preferred.
    private func binary(_ given: Sides<[UInt8]>) -> MergeResult {
        let side: MergeSide =
            options.isVirtual ? .base : options.favor == .theirs ? .theirs : .ours
        let settled = options.isVirtual || options.favor == .ours || options.favor == .theirs
        let bytes = given[side]
        let entry = AccountEntry(
            output: 0..<bytes.count, side: side, source: 0..<bytes.count, rule: .favor)
        return MergeResult(
            bytes: bytes,
            conflicts: settled
                ? [] : [Conflict(subject: .document, reason: .binary, lines: 1..<1)],
            account: bytes.isEmpty ? [] : [entry], diagnostics: [])
    }
}

/// Tells binary files from text, as Git does.
public enum Binary {
    /// Whether a NUL is among the first 8,000 bytes.
    public static func isBinary(_ bytes: [UInt8]) -> Bool { bytes.prefix(8000).contains(0) }
}
