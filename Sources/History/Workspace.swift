public import Git
public import Platform
import SystemPackage

/// One work tree of a repository, as the place where documents are saved.
///
/// It is what an editor or a server embeds, and what the command line uses.
public struct Workspace: ~Copyable {
    /// The repository.
    public let repository: Repository
    /// The settings of docvc, flags and environment included.
    public let settings: Settings

    /// Called between the steps of a save; tests let other writers in there.
    package var atStep: @Sendable (SaveStep) -> Void = { _ in }

    /// Opens the work tree that `world` stands in.
    public init(
        in world: World, overrides: Settings.Overrides = .init()
    ) throws(HistoryError) {
        let repository = try lifting { try Repository(in: world) }
        settings = try Settings(of: repository, overrides)
        self.repository = repository
    }

    var world: World { repository.world }
    var files: FileSystem { repository.world.files }

    /// docvc's state of this work tree: sessions, the intent of a save.
    var state: FilePath { repository.gitFolder.appending("docvc") }
    /// docvc's state of the repository: its lock.
    var sharedState: FilePath { repository.commonFolder.appending("docvc") }

    /// The index that hooks see.
    var hookIndex: FilePath { state.appending("hook-index") }

    /// Where the document `path` lies.
    func location(of path: String) -> FilePath { repository.workTree.appending(path) }
}

/// The steps of a save that others can come between.
package enum SaveStep: Sendable, Equatable {
    /// An edit was made of the text on disk; nothing is written yet.
    case edited
    /// The documents were read and compared.
    case planned
    /// Every object is on the disk; nothing names them yet.
    case objectsWritten
    /// The intent is on the disk.
    case intentWritten
    /// The document is about to be exchanged.
    case beforeExchange(String)
    /// The branch names the new commit.
    case branchMoved
    /// The notes name it.
    case notesMoved
}

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
