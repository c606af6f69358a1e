import Documents
import Merging
import Testing

@Suite struct ConflictResolverTests {
    private static let base = "---\ntitle: A\nmenu:\n  weight: 1\n---\nText.\n"
    private static let ours = "---\ntitle: O\nmenu:\n  weight: 2\n---\nText.\n"
    private static let theirs = "---\ntitle: T\nmenu:\n  weight: 3\n---\nText.\n"

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func resolved(
        _ key: String, _ settlement: ConflictResolver.Settlement,
        _ change: (inout MergeOptions) -> Void = { _ in }, endings: String = "\n"
    ) throws -> String {
        let texts = [Self.base, Self.ours, Self.theirs].map {
            bytes($0.replacing("\n", with: endings))
        }
        var options = MergeOptions()
        change(&options)
        let merged = DocumentMerge(options).merge(base: texts[0], ours: texts[1], theirs: texts[2])
        let resolver = ConflictResolver(
            base: texts[0], ours: texts[1], theirs: texts[2], policy: options.policy)
        let path = try FieldPath(parsing: key)
        #expect(resolver.openKeys(in: merged.bytes).contains(path))
        var text = try resolver.settle(path, settlement, in: merged.bytes)
        for other in resolver.openKeys(in: text) {
            text = try resolver.settle(other, .side(.ours), in: text)
        }
        return String(decoding: text, as: UTF8.self)
    }

    @Test func sidesAndValues() throws {
        #expect(
            try resolved("title", .side(.theirs)) == Self.ours.replacing("O", with: "T"))
        #expect(try resolved("title", .side(.base)) == Self.ours.replacing("O", with: "A"))
        #expect(
            try resolved("menu.weight", .value(.guess("7")))
                == Self.ours.replacing("weight: 2", with: "weight: 7"))
    }

    /// An object's entry takes its comma along, or none where it is the last one.
    @Test(arguments: [MergePolicy.Conflicts.markers, .parseable])
    func keysOfJSON(_ conflicts: MergePolicy.Conflicts) throws {
        func text(_ a: Int, _ z: Int) -> [UInt8] { bytes("{\n  \"a\": \(a),\n  \"z\": \(z)\n}\n") }
        var policy = MergePolicy()
        policy.conflicts = conflicts
        let (base, ours, theirs) = (text(1, 1), text(2, 2), text(3, 3))
        let merged = DocumentMerge(MergeOptions(policy: policy)).merge(
            base: base, ours: ours, theirs: theirs)
        let resolver = ConflictResolver(base: base, ours: ours, theirs: theirs, policy: policy)
        #expect(resolver.openKeys(in: merged.bytes).map(\.description) == ["a", "z"])
        let (a, z) = (try FieldPath(parsing: "a"), try FieldPath(parsing: "z"))
        let half = try resolver.settle(a, .side(.theirs), in: merged.bytes)
        #expect(try resolver.settle(z, .value(.guess("7")), in: half) == text(3, 7))
        let other = try resolver.settle(z, .side(.base), in: merged.bytes)
        #expect(try resolver.settle(a, .value(.guess("7")), in: other) == text(7, 1))
    }

    @Test(arguments: MergeOptions.Style.allCases) func everyStyle(_ style: MergeOptions.Style)
        throws
    {
        #expect(
            try resolved("title", .side(.theirs), { $0.style = style })
                == Self.ours.replacing("O", with: "T"))
    }

    @Test func lineEndingsStay() throws {
        #expect(
            try resolved("title", .side(.theirs), endings: "\r\n")
                == Self.ours.replacing("O", with: "T").replacing("\n", with: "\r\n"))
    }

    @Test func conflictsInComments() throws {
        let parseable: (inout MergeOptions) -> Void = { $0.policy.conflicts = .parseable }
        #expect(
            try resolved("title", .side(.theirs), parseable)
                == Self.ours.replacing("O", with: "T"))
        #expect(
            try resolved("menu.weight", .value(.guess("7")), parseable)
                == Self.ours.replacing("weight: 2", with: "weight: 7"))
        #expect(try resolved("title", .side(.ours), parseable) == Self.ours)
    }

    @Test func aKeyWithoutConflictIsRefused() throws {
        let resolver = ConflictResolver(
            base: bytes(Self.base), ours: bytes(Self.ours), theirs: bytes(Self.theirs),
            policy: MergePolicy())
        #expect(throws: ConflictResolver.Failure.noConflict(FieldPath(key: "title"), open: [])) {
            try resolver.settle(FieldPath(key: "title"), .side(.ours), in: bytes(Self.ours))
        }
    }
}

@Suite struct MergeOptionTests {
    private struct Answer: MergeStrategy {
        let text: String?
        func resolve(_ question: MergeQuestion) throws -> [UInt8]? { text.map { Array($0.utf8) } }
    }

    private func merge(_ options: MergeOptions, body: Bool = false) -> (String, MergeResult) {
        func text(_ value: String) -> [UInt8] {
            Array("---\nkey: \(body ? "x" : value)\n---\n\(body ? value : "x")\n".utf8)
        }
        let result = DocumentMerge(options).merge(
            base: text("base"), ours: text("ours"), theirs: text("theirs"))
        return (String(decoding: result.bytes, as: UTF8.self), result)
    }

    @Test func aVirtualBaseHasNoConflicts() {
        let (text, result) = merge(MergeOptions(isVirtual: true))
        #expect(text == "---\nkey: base\n---\nx\n")
        #expect(result.isClean)
    }

    @Test func bothSidesOfABodyButNeverOfAKey() {
        let (text, result) = merge(MergeOptions(favor: .union), body: true)
        #expect(text == "---\nkey: x\n---\nours\ntheirs\n")
        #expect(result.isClean)
        #expect(!merge(MergeOptions(favor: .union)).1.isClean)
    }

    @Test func aStrategyIsAskedLast() {
        #expect(merge(MergeOptions(strategy: Answer(text: "key: mine"))).0.contains("key: mine\n"))
        #expect(!merge(MergeOptions(strategy: Answer(text: nil))).1.isClean)
        for answer in ["key: [", "a: 1\na: 2\n", "<<<<<<< x\n=======\n>>>>>>> y\n"] {
            let (_, result) = merge(MergeOptions(strategy: Answer(text: answer)))
            #expect(!result.isClean)
            #expect(!result.diagnostics.isEmpty)
        }
    }

    @Test func binaryTextsAreNotMerged() {
        let result = DocumentMerge().merge(base: [1], ours: [0, 2], theirs: [3])
        #expect(result.bytes == [0, 2])
        #expect(result.conflicts.map(\.reason) == [.binary])
        // One that only one side changed is that side's: there is nothing to merge.
        #expect(DocumentMerge().merge(base: [1], ours: [1], theirs: [0]).isClean)
    }

    @Test func emptySidesMerge() {
        let merge = DocumentMerge()
        let text = Array("---\na: 1\n---\n".utf8)
        #expect(merge.merge(base: [], ours: text, theirs: []).bytes == text)
        #expect(merge.merge(base: text, ours: text, theirs: []).bytes == [])
        let changed = Array("---\na: 2\n---\n".utf8)
        #expect(!merge.merge(base: text, ours: changed, theirs: []).isClean)
    }
}

@Suite struct MergePolicyTests {
    private func read(_ text: String) throws(MergePolicy.Problems) -> MergePolicy {
        try MergePolicy(file: Array(text.utf8))
    }

    @Test func aPolicyIsRead() throws {
        let policy = try read(
            """
            documents: ["docs/**/*.md"]
            merge:
              sets: [tags, authors]
              newest: [updated]
              keys: { status: ours, version: max, "seo.title": theirs }
              lists: { links: url }
              body: lines
              conflicts: parseable
              hook: tools/resolve
            """)
        #expect(policy.sets == ["tags", "authors"])
        #expect(policy.newest == ["updated"])
        #expect(policy.keys == ["status": .ours, "version": .max, "seo.title": .theirs])
        #expect(policy.lists == ["links": "url"])
        #expect(policy.body == .lines)
        #expect(policy.conflicts == .parseable)
        #expect(policy.hook == "tools/resolve")
        #expect(try read("") == MergePolicy())
        #expect(try read("documents: []\n") == MergePolicy())
    }

    @Test func allProblemsAreNamedWithTheirPlaces() {
        let error = #expect(throws: MergePolicy.Problems.self) {
            try read(
                """
                merge:
                  sets: tags
                  newest: [date]
                  keys: { a: first }
                  lists: { b: [] }
                  body: letters
                  other: 1
                """)
        }
        #expect(
            error?.all.map { "\($0.position)" } == ["2:9", "3:12", "4:14", "5:15", "6:9", "7:3"])
        #expect(throws: MergePolicy.Problems.self) { try read("merge: [\n") }
    }
}
