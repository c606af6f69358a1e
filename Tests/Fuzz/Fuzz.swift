// libFuzzer over the targets of this folder. Built only with DOCVC_FUZZ=1; `Tests/Proof/fuzz` builds
// and runs it.
//
// The first argument is a target, the second the folder of its corpus; an empty one gets seeds
// from Fixtures, and from the Markdown files below DOCVC_FUZZ_DOCUMENTS where that is set. The rest
// is libFuzzer's.

import Platform
import SystemPackage

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ testOne: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

@main
enum Fuzz {
    /// The target that this process runs.
    private static let target = FuzzTarget(rawValue: CommandLine.arguments.dropFirst().first ?? "")

    static func main() throws {
        guard let target, CommandLine.argc > 2 else {
            print("usage: Fuzz TARGET CORPUS [libFuzzer's options]\ntargets:", FuzzTarget.names)
            return
        }
        try makeCorpus(FilePath(CommandLine.arguments[2]), target)
        // libFuzzer takes the target's name for the program's.
        var count = CommandLine.argc - 1
        var arguments = CommandLine.unsafeArgv + 1
        _ = runDriver(&count, &arguments) { pointer, length in
            do {
                try Fuzz.target?.check(Array(UnsafeBufferPointer(start: pointer, count: length)))
            } catch {
                fatalError("\(error)")
            }
            return 0
        }
    }

    private static func makeCorpus(_ folder: FilePath, _ target: FuzzTarget) throws {
        let files = FileSystem()
        try files.makeFolders(folder)
        guard try files.names(in: folder).isEmpty else { return }
        var fixtures = FilePath(#filePath)
        for _ in 0..<3 { fixtures.removeLastComponent() }
        let more = World.real().environment["DOCVC_FUZZ_DOCUMENTS"].map { FilePath($0) }
        let seeds = try FuzzSeeds(fixtures.appending("Fixtures"), documents: more, files: files)
        for (index, seed) in target.seeds(seeds).enumerated() {
            try files.create(folder.appending("seed-\(index)")).write(seed)
        }
    }
}
