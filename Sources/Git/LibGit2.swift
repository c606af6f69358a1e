internal import Clibgit2

/// The library as a whole: its start, and the one place where its results are read.
enum LibGit2 {
    /// Starts the library, once a process.
    ///
    /// Objects are verified when they are read, and written by `ObjectBatch`, not by
    /// the library (its own option costs a flush an object).
    static let start: Void = {
        _ = git_libgit2_init()
        _ = docvc_libgit2_set_flag(Int32(GIT_OPT_ENABLE_FSYNC_GITDIR.rawValue), 0)
        // `Repository.checkOwner` looks where Git looks.
        _ = docvc_libgit2_set_flag(Int32(GIT_OPT_SET_OWNER_VALIDATION.rawValue), 0)
        // Of its own accord it caches no tree above 4 KiB, some 100 entries, and reads the tree
        // of a larger folder again for each of its documents. 1 MiB is a folder of 25,000.
        _ = docvc_libgit2_cache_up_to(GIT_OBJECT_TREE, 1 << 20)
        // All that is cached, or a walk through the versions of a large folder would fill the
        // 256 MiB that libgit2 allows itself. It counts the objects' own bytes: with what it makes
        // of them, a walk was measured to take 60 MiB more than without.
        _ = docvc_libgit2_set_cache_size(32 << 20)
    }()

    /// Throws where `result` tells of a failure of `call`; returns it otherwise.
    @discardableResult
    static func check(_ call: StaticString, _ result: Int32) throws(GitError) -> Int32 {
        guard result < 0 else { return result }
        // The message lives in the thread and may be missing: copy it, then clear it.
        var message = "failed without a message"
        if let last = unsafe git_error_last(), let text = unsafe last.pointee.message {
            message = unsafe String(cString: text)
        }
        git_error_clear()
        throw GitError(
            call: "\(call)", code: GitError.Code(rawValue: result), message: message)
    }

    /// Calls `body`, which makes an object, and returns the object with its one owner.
    @safe static func make<Kind>(
        _ call: StaticString, _ kind: Kind.Type,
        _ body: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
    ) throws(GitError) -> Handle<Kind> {
        var pointer: OpaquePointer?
        unsafe try check(call, body(&pointer))
        guard let pointer = unsafe pointer else {
            throw GitError(call: "\(call)", code: .notFound, message: "returned nothing")
        }
        return unsafe Handle(pointer)
    }
}

/// What frees one of libgit2's types.
protocol HandleKind {
    static func free(_ pointer: OpaquePointer)
}

/// The one owner of an object of libgit2; it frees the object when it goes.
@safe struct Handle<Kind: HandleKind>: ~Copyable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe Kind.free(pointer) }
}

enum RepositoryKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_repository_free(pointer) }
}

enum ConfigurationKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_config_free(pointer) }
}

enum ConfigurationIteratorKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_config_iterator_free(pointer) }
}

enum ObjectDatabaseKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_odb_free(pointer) }
}

enum ObjectKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_object_free(pointer) }
}

enum StoredObjectKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_odb_object_free(pointer) }
}

enum TreeKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_tree_free(pointer) }
}

enum CommitKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_commit_free(pointer) }
}

enum ReferenceKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_reference_free(pointer) }
}

enum ReferenceIteratorKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_reference_iterator_free(pointer) }
}

enum IndexKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_index_free(pointer) }
}

enum FilterListKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_filter_list_free(pointer) }
}

enum WalkKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_revwalk_free(pointer) }
}

enum DiffKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_diff_free(pointer) }
}

enum PatchKind: HandleKind {
    static func free(_ pointer: OpaquePointer) { unsafe git_patch_free(pointer) }
}
