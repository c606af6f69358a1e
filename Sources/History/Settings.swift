import Platform
import Git

/// The settings of docvc: Git's configuration (`docvc.*`), overridden by `DOCVC_*` variables,
/// overridden by flags.
public struct Settings: Sendable {
    /// What the flags of a command say.
    public struct Overrides: Sendable {
        /// The actor, as given.
        public var actor: String?
        /// The way, as given.
        public var source: String?
        /// The session, as given.
        public var session: String?

        /// No overrides.
        public init() {}
    }

    /// Who acts; nil where neither a setting nor an address tells.
    public let actor: Actor?
    /// By what way.
    public let source: Source
    /// The session that was asked for.
    public let session: ULID?
    /// How long to wait for a lock.
    public let lockTimeout: Duration
    /// How long what was displaced stays retrievable, in seconds.
    public let retention: Int64
    /// How much of a session's past is kept for undo.
    let history: HistoryBounds
    /// When checkpoints are taken.
    let checkpoints: CheckpointBounds

    init(
        of repository: borrowing Repository, _ overrides: Overrides
    ) throws(HistoryError) {
        let environment = repository.world.environment
        func value(_ name: String, _ variable: String) throws(HistoryError) -> String? {
            if let text = environment[variable], !text.isEmpty { return text }
            return try lifting { try repository.configuration.string("docvc.\(name)") }
        }
        let actorText =
            if let given = overrides.actor { given } else { try value("actor", "DOCVC_ACTOR") }
        if let text = actorText {
            guard let actor = Actor(text) else {
                throw .badValue(
                    name: "actor", value: text,
                    expected: "kind:name, as in human:ann@example.org or agent:writer/2.1")
            }
            self.actor = actor
        } else {
            let email = try lifting { try repository.configuration.string("user.email") }
            actor =
                (email ?? environment["GIT_AUTHOR_EMAIL"] ?? environment["EMAIL"])
                .flatMap { Actor("human:\($0)") }
        }
        let sourceText =
            if let given = overrides.source { given } else { try value("source", "DOCVC_SOURCE") }
        if let text = sourceText {
            guard let source = Source(rawValue: text) else {
                throw .badValue(
                    name: "source", value: text,
                    expected: "one of \(Source.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            self.source = source
        } else {
            source = .cli
        }
        if let text = overrides.session {
            guard let session = ULID(text) else {
                throw .badValue(
                    name: "session", value: text, expected: "a session's 26 letters and digits")
            }
            self.session = session
        } else {
            session = nil
        }
        let timeout = try value("lockTimeout", "DOCVC_LOCK_TIMEOUT") ?? "5s"
        lockTimeout = .seconds(try Settings.seconds("lockTimeout", timeout, unit: 1))
        let retention = try value("retention", "DOCVC_RETENTION") ?? "14d"
        self.retention = try Settings.seconds("retention", retention, unit: 86_400)

        func size(_ name: String, _ variable: String) throws(HistoryError) -> Int? {
            guard let text = try value(name, variable) else { return nil }
            return try Settings.size(name, text)
        }
        var history = HistoryBounds()
        if let count = try size("history.operations", "DOCVC_HISTORY_OPERATIONS") {
            history.operations = max(1, count)
        }
        if let bytes = try size("history.bytes", "DOCVC_HISTORY_BYTES") { history.bytes = bytes }
        self.history = history
        var checkpoints = CheckpointBounds()
        if let text = try value("checkpoint.interval", "DOCVC_CHECKPOINT_INTERVAL") {
            checkpoints.interval = try Settings.seconds("checkpoint.interval", text, unit: 1)
        }
        if let bytes = try size("checkpoint.bytes", "DOCVC_CHECKPOINT_BYTES") {
            checkpoints.bytes = bytes
        }
        if let count = try size("checkpoint.operations", "DOCVC_CHECKPOINT_OPERATIONS") {
            checkpoints.operations = count
        }
        self.checkpoints = checkpoints
    }

    /// A number, as Git's configuration writes it: `200`, `64k`, `8m`, `1g`.
    static func size(_ name: String, _ text: String) throws(HistoryError) -> Int {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units = ["": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
        guard let count = Int(digits), count < 1 << 32,
            let factor = units[text.dropFirst(digits.count).lowercased()]
        else {
            throw .badValue(
                name: "docvc.\(name)", value: text, expected: "a number, as in 200, 64k or 8m")
        }
        return count * factor
    }

    /// A length of time: `30`, `45s`, `10m`, `12h`, `14d`, `14 days`; a bare number counts
    /// in `unit` seconds.
    static func seconds(
        _ name: String, _ text: String, unit: Int64
    ) throws(HistoryError) -> Int64 {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let word = text.dropFirst(digits.count).drop { $0 == " " || $0 == "." }.lowercased()
        let units: [String: Int64] = [
            "": unit, "s": 1, "second": 1, "seconds": 1, "m": 60, "minute": 60, "minutes": 60,
            "h": 3_600, "hour": 3_600, "hours": 3_600, "d": 86_400, "day": 86_400, "days": 86_400,
        ]
        guard let count = Int64(digits), count < 1 << 32, let factor = units[word] else {
            throw .badValue(
                name: "docvc.\(name)", value: text, expected: "a time, as in 45s, 10m, 12h or 14d")
        }
        return count * factor
    }
}
