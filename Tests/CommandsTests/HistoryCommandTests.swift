import Commands
import TestSupport
import Testing

/// What `docvc history` lists.
@Suite struct HistoryCommandTests {
    /// A document that HEAD has is one, also where it is gone from the disk.
    @Test func documentsOfHeadHaveAHistory() throws {
        let repository = try TemporaryRepository()
        try repository.write("a.md", "one\n")
        try repository.git("add", "a.md")
        try repository.git("commit", "--quiet", "-m", "start")
        try repository.run(["rm", "a.md"])
        func history(_ name: String) -> Int32 {
            CommandLineTool.run(
                ["history", name], in: repository.world(), output: Output { _, _ in })
        }
        #expect(history("a.md") == 0)
        #expect(history("b.md") == 66)
    }
}
