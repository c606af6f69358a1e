public import Documents
public import Git
public import Merging
public import Platform

/// Why an operation on documents was refused or failed; but for `unsettled`, nothing was changed.
public enum HistoryError: Error, Sendable {
    /// A name that stands for no document.
    public enum BadPath: Sendable {
        case missing, deleted, empty, unreadableName, folder, device, danglingLink
        case outside, insideGit, otherRepository, ignored, outsideCheckout, lookAlike, tooLarge
    }

    /// The name that was given stands for no document that can be used.
    case badPath(String, BadPath)
    /// One or more documents are not as the save expected them.
    case diverged([Divergence])
    /// An edit cannot be made of the document; `near` are the keys that may have been meant
    /// where one is missing.
    case refusedEdit(path: String, EditError, near: [FieldPath])
    /// Git waits for the end of a merge, cherry-pick, revert, rebase or `git am`; the divergences are the
    /// conflicts that it left in the documents named.
    case unfinished(Repository.Unfinished, conflicts: [Divergence])
    /// Another process holds the docvc lock.
    case busy(holder: String)
    /// Another process watches the work tree.
    case watched(by: String)
    /// The system lets this user watch no more: the setting that says how much.
    case watchLimit(setting: String)
    /// The document is open in an editor that another process started.
    case beingEdited(String, by: String)
    /// A document with several names would lose its link.
    case hardLinked(String)
    /// The pre-commit hook staged files that were not to be saved.
    case hookStagedOthers([String])
    /// The pre-commit hook changes these documents on disk each time it runs.
    case hookKeepsChanging([String])
    /// The pre-commit hook staged another version of the document than is to be saved: than its
    /// draft, or than what is on disk.
    case hookChangedDraft(String, isOnDisk: Bool)
    /// The message is empty, or holds trailers of docvc's own, or a hook broke it.
    case badMessage(String, hook: String? = nil)
    /// A setting or option has a value that it cannot have.
    case badValue(name: String, value: String, expected: String)
    /// A commit was named, and there is none yet.
    case noCommit
    /// No revision or commit has that name.
    case unknownRevision(String)
    /// The document is not in that revision.
    case notInRevision(path: String, revision: String)
    /// Fewer operations can be undone, or made again, than were asked for.
    case nothingToUndo(String, available: Int, asked: Int)
    case nothingToRedo(String, available: Int, asked: Int)
    /// The draft is that there be no document; saving would remove the file. `canRedo`: an undo
    /// made it so.
    case draftIsGone(String, canRedo: Bool)
    /// The document moved on since the work to be recovered was left.
    case recoveryDiverged(RecoveryCandidate, Divergence)
    /// No unsaved work has that id.
    case noCandidate(String)
    /// A merge left conflicts in the draft, which only a person can settle; `kept` is what no
    /// undo leads to any more, and what the merge may have left out.
    case conflicts(path: String, count: Int, kept: [KeptText] = [])
    /// No merge left the document open, in the index or in its draft.
    case notUnmerged(String)
    /// The document has no conflict about the key; `open` are those that it has.
    case noConflict(path: String, FieldPath, open: [FieldPath])
    /// The policy that a merge is to go by cannot be read; all that is wrong with it.
    case malformedPolicy([MergePolicy.Problem])
    /// The program in `docvc.mergeHook` did not merge.
    case mergeHookFailed(path: String, MergeHookFailure)
    /// The document is no text that could be merged.
    case notText(String)
    /// Nothing was named to be saved.
    case nothingNamed
    /// The session belongs to another document.
    case otherSession(ULID, path: String)
    /// A session was named for several documents, which are always a session of their own.
    case sessionOfSeveral
    /// A change failed, and so did taking it back: of a save the next command does that, or
    /// finishes it; of a draft the change may be found to hold.
    indirect case unsettled(HistoryError)
    /// docvc's own state cannot be read.
    case badState(String)
    /// The repository refused or failed.
    case repository(RepositoryError)
    /// A file could not be read or written.
    case file(FileError)
}

/// Runs `body`, turning the errors of the layers below into this layer's.
@discardableResult
func lifting<Value: ~Copyable>(_ body: () throws -> Value) throws(HistoryError) -> Value {
    do {
        return try body()
    } catch let error as HistoryError {
        throw error
    } catch let error as RepositoryError {
        if case .file(let inner) = error { throw .file(inner) }
        throw .repository(error)
    } catch let error as FileError {
        throw .file(error)
    } catch {
        throw .badState("\(error)")
    }
}
