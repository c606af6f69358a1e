import Documents
import Git
public import Migrations
import Platform

extension Workspace {
    /// What three versions of a document are merged as: the older ones migrated first, where
    /// one of the sides has come through migrations that the other has not.
    ///
    /// The migrations are those of the branches that are being merged, and of the work tree.
    /// Any that cannot be read are left out: then the merge is one like any other.
    public func prepareMerge(
        of path: String, base: [UInt8], ours: [UInt8], theirs: [UInt8]
    ) -> MergePreparation {
        let runner =
            (try? mergeRunner())
            ?? MigrationRunner(Chain(), policy: Policy())
        return MergePreparation(base: base, ours: ours, theirs: theirs, at: path, by: runner)
    }

    /// The longest chain of migrations that a side of the merge has, with its policy.
    private func mergeRunner() throws -> MigrationRunner? {
        var views: [DocumentView] = [.workTree]
        for name in ["HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD"] {
            if try repository.commitID(name) != nil { views.append(.commit(name)) }
        }
        // Git names the heads that it merges before it writes MERGE_HEAD (git-merge).
        for name in world.environment.keys.sorted() where name.hasPrefix("GITHEAD_") {
            let head = String(name.dropFirst("GITHEAD_".count))
            if ObjectID(hex: head) != nil { views.append(.commit(head)) }
        }
        var longest: MigrationSetup?
        for view in views {
            guard let setup = try? migrationSetup(in: view) else { continue }
            if setup.chain.migrations.count > longest?.chain.migrations.count ?? 0 {
                longest = setup
            }
        }
        return longest.map { MigrationRunner($0.chain, policy: $0.policy) }
    }
}
