import Platform
import SystemPackage
import TestSupport
import Testing

/// What each fuzz target once failed on, and what its corpus starts with.
@Suite struct ReplayTests {
    private static let fixtures = Project.root.appending("Fixtures")

    @Test(arguments: FuzzTarget.allCases) func holdsForKeptCrashers(_ target: FuzzTarget) throws {
        let files = FileSystem()
        let folder = ReplayTests.fixtures.appending("fuzz").appending(target.rawValue)
        for name in try files.names(in: folder).sorted() {
            let input = try files.read(folder.appending(name))
            #expect(throws: Never.self, "\(target.rawValue)/\(name)") { try target.check(input) }
        }
    }

    @Test(arguments: FuzzTarget.allCases) func holdsForSeeds(_ target: FuzzTarget) throws {
        let seeds = try FuzzSeeds(ReplayTests.fixtures, documents: nil, files: FileSystem())
        let inputs = target.seeds(seeds)
        #expect(!inputs.isEmpty)
        for input in inputs {
            #expect(throws: Never.self, "\(String(decoding: input, as: UTF8.self))") {
                try target.check(input)
            }
        }
    }
}
