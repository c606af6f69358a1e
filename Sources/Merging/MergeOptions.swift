/// How a merge is to be made and written out.
public struct MergeOptions: Sendable {
    /// How a conflict is written.
    public enum Style: String, Sendable, CaseIterable {
        /// Ours and theirs.
        case merge
        /// Ours, base and theirs.
        case diff3
        /// Like ``diff3``, without lines at both ends that ours and theirs have in common.
        case zdiff3
    }

    /// What becomes of a conflict.
    public enum Favor: String, Sendable, CaseIterable {
        /// It is ours.
        case ours
        /// It is theirs.
        case theirs
        /// It is both, ours first, where that can be; never for a key, which would be twice.
        case union
    }

    /// The names behind the markers.
    public struct Labels: Sendable, Hashable {
        /// Behind `<<<<<<<`.
        public var ours: String
        /// Behind `|||||||`.
        public var base: String
        /// Behind `>>>>>>>`.
        public var theirs: String

        /// Makes labels.
        public init(ours: String = "ours", base: String = "base", theirs: String = "theirs") {
            self.ours = ours
            self.base = base
            self.theirs = theirs
        }
    }

    /// How conflicts are written.
    public var style: Style
    /// What becomes of conflicts; `nil` leaves them.
    public var favor: Favor?
    /// How many characters a marker has.
    public var markerSize: Int
    /// The names behind the markers.
    public var labels: Labels
    /// Whether this makes a base for another merge: conflicts take the base's text then, and
    /// none are left.
    public var isVirtual: Bool
    /// The repository's policy.
    public var policy: MergePolicy
    /// Asked about each conflict that the rules leave.
    public var strategy: (any MergeStrategy)?

    /// Makes options; as they stand they are Git's defaults.
    public init(
        style: Style = .merge, favor: Favor? = nil, markerSize: Int = ConflictMarkers.size,
        labels: Labels = Labels(), isVirtual: Bool = false, policy: MergePolicy = MergePolicy(),
        strategy: (any MergeStrategy)? = nil
    ) {
        self.style = style
        self.favor = favor
        self.markerSize = markerSize
        self.labels = labels
        self.isVirtual = isVirtual
        self.policy = policy
        self.strategy = strategy
    }
}
