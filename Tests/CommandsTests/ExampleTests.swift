import Platform
import SystemPackage
import Testing
import TestSupport

/// The example program for people who embed docvc does what it says.
@Suite struct ExampleTests {
    @Test func theExampleEditsUndoesAndSaves() throws {
        let repository = try TemporaryRepository()
        try repository.write("docs/guide.md", "---\ntitle: Guide # shown\n---\ntext\n")
        let program = Project.root.appending(".build/debug/Example")
        let output = try repository.run([program.string, "docs", "guide.md"])
        let lines = output.split(separator: "\n")
        #expect(lines.first == "edited docs/guide.md, undo depth 1")
        #expect(lines.dropFirst().first == "undid set title")
        #expect(lines.last == "2 set title")
        #expect(
            try repository.git("show", "HEAD:docs/guide.md")
                == "---\ntitle: By an example # shown\n---\ntext\n")
        #expect(try repository.git("log", "-1", "--format=%B").contains("agent:example/1.0"))
        try repository.check()
    }
}
