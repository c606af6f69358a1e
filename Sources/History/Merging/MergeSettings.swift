import Documents
import Git
public import Merging
public import Platform
import SystemPackage

/// What a repository and its user say about merging: `merge.conflictStyle`, the tracked policy,
/// and the hook.
public struct MergeSettings: Sendable {
    /// How conflicts are written.
    public let style: MergeOptions.Style
    /// The policy of `.docvc/policy.yaml`.
    public let policy: MergePolicy
    /// The problems of that file; the policy is the default one then.
    public let problems: [MergePolicy.Problem]
    /// The program that is asked about conflicts.
    let hook: MergeHook?

    /// Reads what counts where `world` stands; the defaults outside of a repository, or in one
    /// that docvc does not write to.
    public init(in world: World) throws(HistoryError) {
        guard let repository = MergeSettings.repository(in: world) else {
            self.init()
            return
        }
        try self.init(of: repository)
    }

    /// The defaults.
    private init() {
        style = .merge
        policy = MergePolicy()
        problems = []
        hook = nil
    }

    /// Reads what counts in a repository.
    init(of repository: borrowing Repository) throws(HistoryError) {
        let style = try lifting { try repository.configuration.string("merge.conflictStyle") }
        let (policy, problems) = try lifting { try MergeSettings.policy(of: repository) }
        self.style = style.flatMap { MergeOptions.Style(rawValue: $0) } ?? .merge
        self.policy = policy
        self.problems = problems
        hook = try lifting { try MergeHook(of: repository, policy: policy) }
    }

    /// Gives the merge of the document `path` the policy, and the hook to ask.
    public func apply(to options: inout MergeOptions, for path: String) {
        options.policy = policy
        options.strategy = hook.map {
            HookStrategy(hook: $0, path: path, markerSize: options.markerSize)
        }
    }

    private static func repository(in world: World) -> Repository? {
        do { return try Repository(in: world) } catch { return nil }
    }

    private static func policy(
        of repository: borrowing Repository
    ) throws -> (MergePolicy, [MergePolicy.Problem]) {
        let files = repository.world.files
        if let obstacle = try Policy.obstacle(in: repository.workTree, files) {
            return (MergePolicy(), [MergePolicy.Problem(.start, obstacle)])
        }
        let path = repository.workTree.appending(Policy.path)
        guard let bytes = try files.readIfPresent(path) else { return (MergePolicy(), []) }
        do throws(MergePolicy.Problems) {
            return (try MergePolicy(file: bytes), [])
        } catch {
            return (MergePolicy(), error.all)
        }
    }
}

extension Policy {
    /// Why the policy of a work tree is not read, in words: what has its name is no plain file, or
    /// not in a plain folder. A link could lead out of the work tree.
    static func obstacle(
        in workTree: FilePath, _ files: FileSystem
    ) throws(FileError) -> String? {
        guard let folder = try files.status(of: workTree.appending(".docvc"))?.kind else {
            return nil
        }
        guard folder == .folder else { return ".docvc is not a folder, and no link is followed" }
        let kind = try files.status(of: workTree.appending(path))?.kind
        return kind == nil || kind == .file ? nil : notAFile
    }

    /// What is wrong with a policy that is a folder or a link.
    static let notAFile = "not a plain file, and no link is followed"
}

extension Position {
    /// Where a file begins.
    static let start = Position(offset: 0, line: 1, column: 1)
}
