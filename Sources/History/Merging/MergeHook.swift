import Git
import Merging
public import Platform
import SystemPackage

/// Why a merge hook has not merged; nothing was changed then.
public enum MergeHookFailure: Error, Sendable {
    /// It ended with a status above 128, or by a signal: 128 and its number.
    case status(Int32)
    /// It ran longer than this and was killed, with what it had started.
    case timedOut(Duration)
    /// The shell that is to run it could not be started.
    case notRun(Program.Failure)
    /// It left no file with a result, or an empty one of two texts that are not.
    case noResult
    /// It ended with this status, which tells of conflicts, and marked none in the result: of
    /// theirs nobody would know.
    case unmarkedConflicts(Int32)
}

extension MergeHookFailure: CustomStringConvertible {
    /// `it ended with status 200`: what "it", the program, did.
    public var description: String {
        switch self {
        case .status(let status): "it ended with status \(status)"
        case .timedOut(let limit):
            "it was killed after \(limit.components.seconds) s (docvc.hookTimeout)"
        case .notRun(let failure): "it could not be run: \(failure.errno)"
        case .noResult: "it left no result in its second file"
        case .unmarkedConflicts(let status):
            "it told of conflicts (status \(status)) and marked none"
        }
    }
}

/// A program that merges: the one in the user's `docvc.mergeHook`, or the policy's where the user
/// allows it.
///
/// It gets the names of three files, the size of markers and the document's path, as a merge
/// driver of Git's gets `%O %A %B %L %P`, leaves the result in the second file, and exits with 0,
/// or up to 128 for conflicts.
public struct MergeHook: Sendable {
    /// The program, with what stands before the files' names.
    let command: [String]
    /// How long it may run; `docvc.hookTimeout`, or a minute.
    let limit: Duration
    /// The top of the work tree, where it runs.
    let folder: FilePath
    /// Where its texts are written.
    let scratch: FilePath
    let world: World
    private let environment: [String: String]

    /// The hook that counts in a repository, or nil.
    ///
    /// A tracked file makes no program run by itself: the policy's hook counts only where the
    /// user's own configuration says `docvc.allowPolicyHook`.
    init?(of repository: borrowing Repository, policy: MergePolicy) throws {
        let isAllowed = try repository.configuration.boolean("docvc.allowPolicyHook") ?? false
        if let own = try repository.configuration.string("docvc.mergeHook"), !own.isEmpty {
            // A line for the shell, as Git's own settings of programs are.
            command = ["/bin/sh", "-c", own + " \"$@\"", own]
        } else if isAllowed, let named = policy.hook {
            // From the work tree's top, and never a program of the same name in `PATH`.
            command = [repository.workTree.appending(named).string]
        } else {
            return nil
        }
        let text = try repository.configuration.string("docvc.hookTimeout") ?? "60s"
        limit = .seconds(try Settings.seconds("hookTimeout", text, unit: 1))
        folder = repository.workTree
        scratch = Workspace.scratchFolder(of: repository)
        world = repository.world
        environment = repository.environmentAtTop
    }

    private static let folderName = "hook"

    /// Takes the lock on a folder of texts.
    private static func lock(
        _ folder: FilePath, _ world: World
    ) throws(FileError) -> KernelLock {
        let path = folder.appending("lock")
        do throws(KernelLock.Failure) {
            return try KernelLock(
                path, holder: "process \(World.processID)", timeout: .zero, world: world)
        } catch {
            switch error {
            case .held: throw FileError(.lock, path, .resourceTemporarilyUnavailable)
            case .file(let failure): throw failure
            }
        }
    }

    /// Removes a folder of the scratch folder's, if it holds the texts of a process that died.
    static func sweep(_ folder: FilePath, _ world: World) throws(FileError) {
        guard try world.files.names(in: folder).contains("base"),
            let lock = try? lock(folder, world)
        else { return }
        try world.files.removeTree(folder)
        lock.release()
    }

    /// What the program left.
    struct End {
        let status: Int32
        /// The second file, or nil where it is none any more.
        let bytes: [UInt8]?
    }

    /// Runs the program on three texts.
    func run(
        base: [UInt8], ours: [UInt8], theirs: [UInt8], path: String, markerSize: Int,
        variables: [String: String] = [:]
    ) throws -> End {
        let files = world.files
        try files.makeFolders(scratch)
        let temporary = try files.createUniqueFolder(scratch.appending(MergeHook.folderName))
        defer { try? files.removeTree(temporary) }
        // Before there is a text in it: one with texts that nobody holds is a dead process's.
        let lock = try MergeHook.lock(temporary, world)
        defer { lock.release() }
        let names = ["base", "ours", "theirs"].map { temporary.appending($0) }
        for (name, bytes) in zip(names, [base, ours, theirs]) {
            try files.create(name, permissions: 0o600).write(bytes)
        }
        let program = Program(
            command + names.map(\.string) + [String(markerSize), path],
            environment: environment.merging(variables) { $1 }, folder: folder)
        let result: Program.Result?
        do {
            result = try program.run(input: [], limit: limit)
        } catch {
            throw MergeHookFailure.notRun(error)
        }
        guard let result else { throw MergeHookFailure.timedOut(limit) }
        guard result.status <= 128 else { throw MergeHookFailure.status(result.status) }
        let isFile = try files.status(of: names[1])?.kind == .file
        return End(status: result.status, bytes: isFile ? try files.read(names[1]) : nil)
    }
}

/// Asks a merge hook about each conflict that the rules leave, a key or a hunk at a time.
///
/// With 1 the program leaves the conflict. `DOCVC_MERGE_SUBJECT` and `DOCVC_MERGE_REASON` say
/// what the conflict is about.
struct HookStrategy: MergeStrategy {
    let hook: MergeHook
    let path: String
    let markerSize: Int

    func resolve(_ question: MergeQuestion) throws -> [UInt8]? {
        let end = try hook.run(
            base: question.base, ours: question.ours, theirs: question.theirs, path: path,
            markerSize: markerSize,
            variables: [
                "DOCVC_MERGE_SUBJECT": question.subject.description,
                "DOCVC_MERGE_REASON": question.reason.rawValue,
            ])
        if end.status == 1 { return nil }
        guard end.status == 0 else { throw MergeHookFailure.status(end.status) }
        guard let bytes = end.bytes else { throw MergeHookFailure.noResult }
        return bytes
    }
}

extension Workspace {
    /// Lets the merge hook merge a whole document.
    ///
    /// What is no result throws `mergeHookFailed`.
    func mergeByHook(
        _ path: String, base: [UInt8], ours: [UInt8], theirs: [UInt8]
    ) throws(HistoryError) -> MergedText {
        guard let hook = try MergeSettings(of: repository).hook else {
            throw .badValue(
                name: "docvc.mergeHook", value: "", expected: "the program that is to merge")
        }
        return try lifting {
            do {
                let size = try conflictMarkerSize(of: path)
                let end = try hook.run(
                    base: base, ours: ours, theirs: theirs, path: path, markerSize: size)
                return try MergedText(end, size, of: ours, canBeEmpty: theirs.isEmpty)
            } catch let failure as MergeHookFailure {
                throw HistoryError.mergeHookFailed(path: path, failure)
            }
        }
    }
}

extension MergedText {
    /// What a hook made of a document.
    fileprivate init(
        _ end: MergeHook.End, _ markerSize: Int, of ours: [UInt8], canBeEmpty: Bool
    ) throws(MergeHookFailure) {
        guard let bytes = end.bytes, !bytes.isEmpty || ours.isEmpty || canBeEmpty else {
            throw .noResult
        }
        let marked = ConflictMarkers.conflicts(in: bytes, size: markerSize).count
        let conflicts = end.status == 0 ? 0 : marked
        guard end.status == 0 || conflicts > 0 && bytes != ours else {
            throw .unmarkedConflicts(end.status)
        }
        self.init(bytes: bytes, conflicts: conflicts, isDecided: true)
    }
}
