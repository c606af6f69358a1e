import Platform
import SystemPackage
import Testing
import TestSupport

/// Merges by Git itself of a branch that was migrated and one that was not.
@Suite(.enabled(if: ProofTests.program != nil, "the program is not built"))
struct MigratedMergeTests {
    /// One operation, on a document of its own.
    struct Case {
        let name: String
        let operations: String
        /// The keys before, as the older branch edited them, and as they are to be merged.
        let old: String
        let edited: String
        let merged: String
    }

    private static let cases = [
        Case(
            name: "rename", operations: "rename: { from: summary, to: description }",
            old: "summary: s  # kept\n", edited: "summary: edited  # kept\n",
            merged: "description: edited  # kept\n"),
        Case(
            name: "coerce", operations: "coerce: { key: draft, to: boolean }",
            old: "draft: \"yes\"\n", edited: "draft: \"no\"\n", merged: "draft: false\n"),
        Case(
            name: "map", operations: "map: { key: status, values: { wip: draft, live: public } }",
            old: "status: wip\n", edited: "status: live\n", merged: "status: public\n"),
        Case(
            name: "move", operations: "move: { from: seo.title, to: headline }",
            old: "seo:\n  title: s\n  size: 1\n", edited: "seo:\n  title: edited\n  size: 2\n",
            merged: "seo:\n  size: 2\n"),
        Case(
            name: "wrap", operations: "wrap: { key: author }",
            old: "author: Ann\n", edited: "author: Bob\n", merged: "author:\n  - Bob\n"),
        Case(
            name: "given", operations: "default: { key: lang, value: en }",
            old: "y: 1\n", edited: "y: 1\nlang: de\n", merged: "y: 1\nlang: de\n"),
        Case(
            name: "missing", operations: "default: { key: lang, value: en }",
            old: "y: 1\n", edited: "y: 2\n", merged: "y: 2\n"),
        Case(
            name: "each",
            operations: "each: { key: links, operations: [{ rename: { from: u, to: url } }] }",
            old: "links:\n  - u: a\n  - u: b\n", edited: "links:\n  - u: a\n  - u: c\n",
            merged: "links:\n  - url: a\n  - url: c\n"),
    ]

    /// What a migration adds at the end of front matter.
    private static let added = ["move": "headline: edited\n", "missing": "lang: en\n"]

    private static func text(_ keys: String, x: Int, _ body: String, end: String = "") -> String {
        "---\ntitle: A\n\(keys)z: 0\nx: \(x)\n\(end)---\n\(body)\n"
    }

    /// A repository on `main`, which is migrated; `side` is not, and has edits.
    private func repository() throws -> TemporaryRepository {
        let program = try #require(ProofTests.program).string
        let repository = try TemporaryRepository()
        try repository.git(
            "config", "merge.docvc.driver",
            "'\(program)' merge-driver -- %O %A %B %L %P %S %X %Y")
        try repository.write(".gitattributes", "*.md merge=docvc\n")
        for one in MigratedMergeTests.cases {
            try repository.write(
                "\(one.name).md", MigratedMergeTests.text(one.old, x: 1, "Body"))
        }
        try repository.git("add", ".")
        try repository.git("commit", "--quiet", "--message", "start")
        try repository.git("switch", "--quiet", "--create", "side")
        for one in MigratedMergeTests.cases {
            try repository.write(
                "\(one.name).md", MigratedMergeTests.text(one.edited, x: 1, "Other body"))
        }
        try repository.git("commit", "--quiet", "--all", "--message", "edit")
        try repository.git("switch", "--quiet", "main")
        var before: String?
        for (number, one) in MigratedMergeTests.cases.enumerated() {
            let name = "000\(number + 1)-\(one.name)"
            try repository.write(
                ".docvc/migrations/\(name).yaml",
                "migration: \(name)\n\(before.map { "after: \($0)\n" } ?? "")"
                    + "documents: [\(one.name).md]\noperations:\n  - \(one.operations)\n")
            before = name
        }
        try repository.run([program, "migrate", "apply", "--yes", "--quiet"])
        for one in MigratedMergeTests.cases {
            let text = try #require(try repository.read("\(one.name).md"))
            try repository.write("\(one.name).md", text.replacing("x: 1\n", with: "x: 2\n"))
        }
        try repository.git("commit", "--quiet", "--all", "--message", "more")
        return repository
    }

    private func expectMerged(_ repository: TemporaryRepository) throws {
        for one in MigratedMergeTests.cases {
            let end = MigratedMergeTests.added[one.name] ?? ""
            let expected = MigratedMergeTests.text(one.merged, x: 2, "Other body", end: end)
            #expect(try repository.read("\(one.name).md") == expected, "\(one.name)")
        }
        #expect(try repository.git("status", "--porcelain").isEmpty)
        let program = try #require(ProofTests.program).string
        try repository.run([program, "migrate", "check"])
    }

    @Test(arguments: [
        ["git merge --quiet --message merge side"],
        ["git switch --quiet side", "git merge --quiet --message merge main"],
        ["git switch --quiet side", "git rebase --quiet main"],
        ["git cherry-pick side"],
    ])
    func bringsTheOlderSideForward(_ commands: [String]) throws {
        let repository = try repository()
        for command in commands { try repository.run(["sh", "-c", command]) }
        try expectMerged(repository)
    }
}
