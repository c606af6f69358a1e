internal import Clibgit2
internal import SystemPackage

/// Merges commits in memory, with the caller's own merge of files that both sides changed.
///
/// libgit2 follows renames, and where two commits have several bases merges those first. What it
/// makes goes to a store of objects in memory: the repository is only read.
public struct TreeMerger: ~Copyable {
    private let handle: Handle<RepositoryKind>

    /// Merges commits of a repository.
    public init(of repository: borrowing Repository) throws(RepositoryError) {
        // A handle of its own, so that nobody else's objects go to the store in memory.
        let handle = try Repository.open(repository.gitFolder)
        let result = unsafe git_repository_set_workdir(
            handle.pointer, repository.workTree.string, 0)
        try lifting {
            try LibGit2.check("git_repository_set_workdir", result)
            try TreeMerger.keepInMemory(handle)
        }
        self.handle = handle
    }

    private static func keepInMemory(_ handle: borrowing Handle<RepositoryKind>) throws {
        let database = try LibGit2.make("git_repository_odb", ObjectDatabaseKind.self) {
            unsafe git_repository_odb($0, handle.pointer)
        }
        var store: UnsafeMutablePointer<git_odb_backend>?
        unsafe try LibGit2.check("git_mempack_new", git_mempack_new(&store))
        // Objects are written to the backend of the highest priority; Git's own have 1 and 2.
        unsafe try LibGit2.check(
            "git_odb_add_backend", git_odb_add_backend(database.pointer, store, 1000))
    }

    /// Merges `theirs` into `ours`.
    ///
    /// - Parameter driver: merges the texts of a file; nil merges every text as Git does, also
    ///   where an attribute names docvc's driver.
    public func merge(
        _ ours: ObjectID, _ theirs: ObjectID, by driver: FileMergeDriver? = nil
    ) throws(RepositoryError) -> MergedTree {
        try lifting {
            let ours = try commit(ours)
            let theirs = try commit(theirs)
            var index: OpaquePointer?
            let result =
                if let driver {
                    unsafe try driver.whileKnown {
                        unsafe merge(ours.pointer, theirs.pointer, by: $0, into: &index)
                    }
                } else {
                    unsafe merge(ours.pointer, theirs.pointer, by: nil, into: &index)
                }
            return MergedTree(
                index: try LibGit2.make("git_merge_commits", IndexKind.self) {
                    unsafe $0.pointee = unsafe index
                    return result
                })
        }
    }

    private func merge(
        _ ours: OpaquePointer, _ theirs: OpaquePointer, by driver: UnsafePointer<CChar>?,
        into index: inout OpaquePointer?
    ) -> Int32 {
        var options = unsafe git_merge_options()
        let result = unsafe git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION))
        guard result == 0 else { return result }
        unsafe options.default_driver = unsafe driver
        return unsafe git_merge_commits(&index, handle.pointer, ours, theirs, &options)
    }

    private func commit(_ id: ObjectID) throws -> Handle<CommitKind> {
        var oid = id.oid
        return try LibGit2.make("git_commit_lookup", CommitKind.self) {
            unsafe git_commit_lookup($0, handle.pointer, &oid)
        }
    }
}

/// What a ``TreeMerger`` made of two commits.
public struct MergedTree: ~Copyable {
    let index: Handle<IndexKind>

    /// What became of a file.
    public enum Outcome: Equatable, Sendable {
        /// It has this content.
        case merged(ObjectID)
        /// It is left to a person.
        case conflict
        /// There is none of this name.
        case absent
    }

    /// What became of the file at `path`.
    public func outcome(at path: String) -> Outcome {
        if let entry = unsafe git_index_get_bypath(index.pointer, path, 0) {
            return .merged(unsafe ObjectID(entry.pointee.id))
        }
        let isOpen = (1...3).contains { (stage: Int32) in
            unsafe git_index_get_bypath(index.pointer, path, stage) != nil
        }
        return isOpen ? .conflict : .absent
    }
}
