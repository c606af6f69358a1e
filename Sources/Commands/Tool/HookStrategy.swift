import Glibc
import Merging
import Platform
import SystemPackage

/// Asks a program about conflicts.
///
/// It is called like a merge driver: the files of base, ours and theirs, the marker size and
/// the document's path; ours holds its answer when it exits 0. With 1 it leaves the conflict.
/// `DOCVC_MERGE_SUBJECT` and `DOCVC_MERGE_REASON` say what the conflict is about.
struct HookStrategy: MergeStrategy {
    /// How long the program may take for one conflict.
    static let timeLimit = Duration.seconds(10)

    let program: String
    let path: String
    let markerSize: Int
    let world: World

    /// Why the program gave no answer.
    enum Failure: Error, CustomStringConvertible {
        case notStarted(String)
        case status(Int32)

        var description: String {
            switch self {
            case .notStarted(let why): "it could not be started: \(why)"
            case .status(let status): "it ended with status \(status)"
            }
        }
    }

    func resolve(_ question: MergeQuestion) throws -> [UInt8]? {
        let folder = try temporaryFolder()
        defer { try? world.files.removeTree(folder) }
        let files = ["base", "ours", "theirs"].map { folder.appending($0) }
        for (file, text) in zip(files, [question.base, question.ours, question.theirs]) {
            try world.files.create(file, permissions: 0o600).write(text)
        }
        var environment = world.environment
        environment["DOCVC_MERGE_SUBJECT"] = question.subject.description
        environment["DOCVC_MERGE_REASON"] = question.reason.rawValue
        var run = Program(
            [program] + files.map(\.string) + [String(markerSize), path],
            environment: environment, folder: world.currentFolder)
        run.timeLimit = HookStrategy.timeLimit
        let result: Program.Result
        do {
            result = try run.run()
        } catch {
            throw Failure.notStarted("\(error.errno)")
        }
        if result.status == 1 { return nil }
        guard result.status == 0 else { throw Failure.status(result.status) }
        return try world.files.read(files[1])
    }

    /// A folder that nobody else can look into.
    private func temporaryFolder() throws -> FilePath {
        let parent = FilePath(world.environment["TMPDIR"] ?? "/tmp")
        var template = Array(parent.appending("docvc-hook-XXXXXX").string.utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) } != nil
        }
        guard made else { throw Failure.notStarted("\(Errno(rawValue: errno))") }
        return FilePath(
            String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
