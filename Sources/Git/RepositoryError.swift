public import Platform
public import SystemPackage

/// Why a repository cannot be used, or a step in it could not be taken.
public enum RepositoryError: Error, Sendable {
    /// No repository at or above the folder.
    case notFound(FilePath)
    /// The repository is of a kind that docvc does not write; the text names the kind.
    case unsupported(String, remedy: String?)
    /// Another program converts what Git keeps of the file, by the attribute named.
    case converted(String, attribute: String)
    /// The repository belongs to another user, and `safe.directory` does not list it.
    case notOwned(FilePath)
    /// A lock file of Git's was held for longer than the time allowed.
    case locked(FilePath)
    /// A reference was not at the value expected.
    case moved(reference: String, current: ObjectID?)
    /// An object that something names is missing, or is not what it should be.
    case badObject(String)
    /// The index cannot be read.
    case badIndex(String)
    /// A setting, or a variable of the environment, that cannot be used.
    case badSetting(String, String)
    /// Nobody is named as author or committer.
    case noIdentity(role: String)
    /// A hook refused.
    case hookFailed(name: String, status: Int32)
    /// A signature was wanted and could not be made.
    case notSigned(String)
    /// A program could not be started.
    case program(Program.Failure)
    /// A file could not be read or written.
    case file(FileError)
    /// libgit2 failed.
    case git(GitError)
}

extension RepositoryError {
    /// Which object is missing, in words; nil where the failure is another.
    public var missingObject: String? {
        switch self {
        case .badObject(let what) where what.hasSuffix(" is missing"): what
        case .git(let error) where error.code == .notFound && error.call.hasPrefix("git_odb_read"):
            // Only its message says which.
            error.message.split { !$0.isHexDigit }.first { $0.utf8.count == 40 }
                .map { "object \($0) is missing" } ?? error.message
        default: nil
        }
    }
}

/// Runs `body`, turning the errors of the layers below into this layer's.
@discardableResult
func lifting<Value: ~Copyable>(
    _ body: () throws -> Value
) throws(RepositoryError) -> Value {
    do {
        return try body()
    } catch let error as RepositoryError {
        throw error
    } catch let error as FileError {
        throw .file(error)
    } catch let error as GitError {
        throw .git(error)
    } catch let error as Program.Failure {
        throw .program(error)
    } catch {
        throw .badObject("\(error)")
    }
}
