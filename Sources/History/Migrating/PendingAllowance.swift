public import Git
import Platform

/// Why a commit may leave migrations pending.
public enum PendingAllowance: Sendable {
    /// The commit applies a migration or takes one back: others wait, and so may this one then.
    case migrating
    /// The commit concludes what Git is in the middle of. A document that comes with it can
    /// only be migrated when it is in HEAD.
    case concluding(Repository.Unfinished)

    /// What tells the hooks of a migration's commit its migrations, by their names.
    static let variable = "DOCVC_MIGRATING"
}

extension Workspace {
    /// Why the commit that is being made, by whose hook this runs, may leave migrations pending;
    /// nil where it may not.
    public func pendingAllowance() throws -> PendingAllowance? {
        if world.environment[PendingAllowance.variable] != nil { return .migrating }
        return try repository.unfinished().map { .concluding($0) }
    }
}
