import Documents
import Merging
import Platform
import Testing
import TestSupport

@testable import History

/// `--on-conflict merge`: a save merges as the merge driver does, by policy, migrations and hook.
@Suite struct MergeOnSaveTests {
    /// A repository in which draft and disk have the title changed, each in its own way.
    private func scene(policy: String? = nil) throws -> TemporaryRepository {
        let repository = try TemporaryRepository()
        if let policy { try repository.write(".docvc/policy.yaml", policy) }
        try repository.write("a.md", MergeHookTests.start)
        let workspace = try Workspace(in: repository.world())
        _ = try workspace.save(SaveRequest(["a.md"]))
        _ = try workspace.edit("a.md", [.set(try FieldPath(parsing: "title"), .guess("Mine"))])
        try repository.write("a.md", MergeHookTests.start.replacing("Start", with: "Theirs"))
        return repository
    }

    private var byMerge: SaveRequest {
        var request = SaveRequest(["a.md"])
        request.onConflict = .merge
        return request
    }

    /// The policy's choice leaves out what is on disk, so that is kept.
    @Test(arguments: [("ours", "Mine", 1), ("theirs", "Theirs", 0)])
    func thePolicyDecides(_ choice: String, _ title: String, _ kept: Int) throws {
        let repository = try scene(policy: "merge:\n  keys: { title: \(choice) }\n")
        let workspace = try Workspace(in: repository.world(seed: 900))
        let report = try workspace.save(byMerge)
        #expect(
            try repository.read("a.md") == MergeHookTests.start.replacing("Start", with: title))
        #expect(report.displaced.count == kept)
    }

    @Test func aPolicyThatCannotBeReadIsRefused() throws {
        let repository = try scene(policy: "merge:\n  keys: { title: perhaps }\n")
        let workspace = try Workspace(in: repository.world(seed: 900))
        let error = #expect(throws: HistoryError.self) { _ = try workspace.save(byMerge) }
        guard case .malformedPolicy(let problems) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(problems.map(\.position.line) == [2])
        #expect(
            try workspace.draft("a.md")
                == Array(
                    MergeHookTests.start.replacing(
                        "Start", with: "Mine"
                    ).utf8))
    }

    /// The hook is asked about the key, not about the document.
    @Test func theHookSettlesWhatTheRulesLeave() throws {
        let repository = try scene()
        try repository.git(
            "config", "docvc.mergeHook",
            "f() { test \"$DOCVC_MERGE_SUBJECT\" = title && sed -i s/Mine/Both/ \"$2\"; }; f")
        let workspace = try Workspace(in: repository.world(seed: 900))
        let report = try workspace.save(byMerge)
        #expect(
            try repository.read("a.md") == MergeHookTests.start.replacing("Start", with: "Both"))
        #expect(report.displaced.count == 1)
    }

    @Test func aHookThatFailsLeavesTheConflict() throws {
        let repository = try scene()
        try repository.git("config", "docvc.mergeHook", "exit 3 #")
        let workspace = try Workspace(in: repository.world(seed: 900))
        let error = #expect(throws: HistoryError.self) { _ = try workspace.save(byMerge) }
        guard case .conflicts(path: "a.md", 1, _) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
    }
}
