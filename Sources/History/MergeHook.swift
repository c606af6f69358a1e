import Git
import Merging
public import Platform
import SystemPackage

/// Why the program in `docvc.mergeHook` has not merged; nothing was changed then.
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

extension Workspace {
    /// Lets the program in `docvc.mergeHook` merge: it gets the names of three files, the size
    /// of markers and the document's path, as a merge driver of Git's gets `%O %A %B %L %P`,
    /// leaves the result in the second, and exits with 0, or up to 128 for conflicts.
    ///
    /// What is no result by that throws `mergeHookFailed`.
    func mergeByHook(
        _ path: String, base: [UInt8], ours: [UInt8], theirs: [UInt8]
    ) throws(HistoryError) -> MergedText {
        let command = try lifting { try repository.configuration.string("docvc.mergehook") }
        guard let command, !command.isEmpty else {
            throw .badValue(
                name: "docvc.mergeHook", value: "", expected: "the program that is to merge")
        }
        let text = try lifting { try repository.configuration.string("docvc.hookTimeout") }
        let limit = Duration.seconds(try Settings.seconds("hookTimeout", text ?? "60s", unit: 1))
        let folder = state.appending("merge-\(ULID(in: world))")
        return try lifting {
            try files.makeFolders(folder)
            defer { try? files.removeTree(folder) }
            let names = ["base", "ours", "theirs"].map { folder.appending($0) }
            for (name, bytes) in zip(names, [base, ours, theirs]) {
                try files.create(name).write(bytes)
            }
            let program = Program(
                ["/bin/sh", "-c", command + " \"$@\"", command] + names.map(\.string)
                    + [String(ConflictMarkers.size), path],
                environment: world.environment, folder: repository.workTree)
            do {
                return try mergedText(
                    program, limit, result: names[1], ours: ours, canBeEmpty: theirs.isEmpty)
            } catch let failure as MergeHookFailure {
                throw HistoryError.mergeHookFailed(path: path, failure)
            }
        }
    }

    /// Runs the program and reads what it left.
    private func mergedText(
        _ program: Program, _ limit: Duration, result: FilePath, ours: [UInt8], canBeEmpty: Bool
    ) throws -> MergedText {
        let status: Int32
        do {
            guard let end = try program.run(input: [], limit: limit) else {
                throw MergeHookFailure.timedOut(limit)
            }
            status = end.status
        } catch let failure as Program.Failure {
            throw MergeHookFailure.notRun(failure)
        }
        guard status <= 128 else { throw MergeHookFailure.status(status) }
        guard try files.status(of: result)?.kind == .file else { throw MergeHookFailure.noResult }
        let bytes = try files.read(result)
        guard !bytes.isEmpty || ours.isEmpty || canBeEmpty else { throw MergeHookFailure.noResult }
        if status == 0 { return MergedText(bytes: bytes, conflicts: 0) }
        let conflicts = ConflictMarkers.conflicts(in: bytes).count
        guard conflicts > 0, bytes != ours else { throw MergeHookFailure.unmarkedConflicts(status) }
        return MergedText(bytes: bytes, conflicts: conflicts)
    }
}
