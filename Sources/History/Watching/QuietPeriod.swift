/// When a file that is being written is ready to be read: when it has been quiet for a while, or
/// at the latest some time after its first change.
struct QuietPeriod {
    /// What was last seen of the file.
    enum Sign {
        /// Its writer closed it, or another file took its place.
        case finished
        /// More may follow: it is open for writing, or gone and may come back.
        case unfinished

        fileprivate var patience: Duration {
            switch self {
            case .finished: .milliseconds(50)
            case .unfinished: .milliseconds(300)
            }
        }
    }

    /// How long a file that is never quiet is waited for.
    private static let longest = Duration.seconds(2)

    private let latest: ContinuousClock.Instant
    /// When the file is to be read.
    private(set) var end: ContinuousClock.Instant

    /// A period that begins with a sign.
    init(_ sign: Sign, at now: ContinuousClock.Instant = .now) {
        latest = now + QuietPeriod.longest
        end = now + sign.patience
    }

    /// Another sign: the period begins anew.
    mutating func extend(_ sign: Sign, at now: ContinuousClock.Instant = .now) {
        end = min(latest, now + sign.patience)
    }
}
