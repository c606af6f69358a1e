/// Decides what the rules leave open: the place where an application hooks in.
///
/// It is asked after the rules, one key or one hunk at a time. What it answers must pass the
/// gates of the merge like everything else, or is not taken.
public protocol MergeStrategy: Sendable {
    /// The whole lines that are to stand in the conflict's place, or `nil` to leave it.
    ///
    /// - Throws: when it could not decide; the conflict is left then, and the error reported.
    func resolve(_ question: MergeQuestion) throws -> [UInt8]?
}

/// A conflict as a ``MergeStrategy`` gets it.
public struct MergeQuestion: Sendable {
    /// What it is about.
    public let subject: ConflictSubject
    /// Why the rules could not settle it.
    public let reason: ConflictReason
    /// The base's lines; empty when it has none.
    public let base: [UInt8]
    /// Our lines; empty when we removed them.
    public let ours: [UInt8]
    /// Their lines; empty when they removed them.
    public let theirs: [UInt8]
}
