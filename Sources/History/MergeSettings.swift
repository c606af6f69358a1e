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
    /// The program that is asked about conflicts; an absolute path, or a name in `PATH`.
    public let hook: String?

    /// Where the policy lies in a work tree.
    public static let policyPath = ".docvc/policy.yaml"

    /// Reads what counts where `world` stands; the defaults outside of a repository, or in one
    /// that docvc does not write to.
    public init(in world: World) throws(HistoryError) {
        guard let repository = MergeSettings.repository(in: world) else {
            style = .merge
            policy = MergePolicy()
            problems = []
            hook = nil
            return
        }
        let style = try lifting { try repository.configuration.string("merge.conflictStyle") }
        self.style = style.flatMap { MergeOptions.Style(rawValue: $0) } ?? .merge
        (policy, problems) = try lifting { try MergeSettings.policy(of: repository) }
        let allowed =
            try lifting { try repository.configuration.boolean("docvc.allowPolicyHook") } ?? false
        if let own = try lifting({ try repository.configuration.path("docvc.mergeHook") })?.string {
            hook = own
        } else if allowed, let named = policy.hook {
            // From the work tree's top, and never a program of the same name in `PATH`.
            hook = repository.workTree.appending(named).string
        } else {
            hook = nil
        }
    }

    private static func repository(in world: World) -> Repository? {
        do { return try Repository(in: world) } catch { return nil }
    }

    private static func policy(
        of repository: borrowing Repository
    ) throws -> (MergePolicy, [MergePolicy.Problem]) {
        let files = repository.world.files
        let folder = repository.workTree.appending(".docvc")
        let path = repository.workTree.appending(policyPath)
        // A link could lead out of the work tree.
        guard try files.status(of: folder)?.kind == .folder,
            try files.status(of: path)?.kind == .file
        else { return (MergePolicy(), []) }
        do throws(MergePolicy.Problems) {
            return (try MergePolicy(file: (try? files.read(path)) ?? []), [])
        } catch {
            return (MergePolicy(), error.all)
        }
    }
}
