import Documents
import Testing

/// Properties that hold for generated documents and edits. Each case is named by its seed.
@Suite("Properties")
struct PropertyTests {
    /// Refusals that are the outcome for a document, not a failure of the editor.
    private func isOutcome(_ error: EditError) -> Bool {
        switch error {
        case .missing, .wrongKind, .occupied, .duplicateKey, .alias, .anchored, .invalidValue: true
        default: false
        }
    }

    @Test("an edit is undone exactly, and touches no other key's bytes", arguments: 0..<8)
    func edits(shard: UInt64) throws {
        var made = 0
        var refused = 0
        var unproven: [String] = []
        for seed in (shard * 120)..<((shard + 1) * 120) {
            var generator = DocumentGenerator(seed: seed)
            guard let text = try page(&generator, seed) else { continue }
            let document = Document(text)
            let before = try document.readFrontMatter()
            for _ in 0..<4 {
                let edit = try generator.edit(of: before)
                do {
                    let result = try Edit.apply([edit], to: before)
                    made += 1
                    let undone = try result.splices.inverted().applied(to: result.document.bytes)
                    #expect(undone == document.bytes, "seed \(seed)")
                    try expectOthersUntouched(edit, before, result, seed)
                } catch let error as EditError where isOutcome(error) {
                    refused += 1
                } catch let error as EditError {
                    unproven.append("seed \(seed): \(edit): \(error)\n\(text)")
                }
            }
        }
        print(
            "properties: shard \(shard): \(made) edits, \(refused) refused, \(unproven.count) not proven"
        )
        for text in unproven.prefix(3) { print(text) }
        #expect(unproven.isEmpty)
    }

    /// Two in four are YAML; the others are written as TOML or JSON, where their values can be.
    private func page(_ generator: inout DocumentGenerator, _ seed: UInt64) throws -> String? {
        let text = generator.yaml()
        guard seed % 4 > 1 else { return text }
        let value = try Document(text).readFrontMatter().value
        let bytes = try? FrontMatterWriter.bytes(value, as: seed % 4 == 2 ? .toml : .json)
        return bytes.map { String(decoding: $0, as: UTF8.self) + "body\n" }
    }

    /// Every other key at the root keeps its bytes, comments included, and its order.
    private func expectOthersUntouched(
        _ edit: Edit, _ before: FrontMatter, _ result: EditResult, _ seed: UInt64
    ) throws {
        guard let after = result.frontMatter else { return }
        let edited: Set<Text>
        switch edit {
        case .rename(let path, let name): edited = [first(path), name]
        case .set(let path, _), .unset(let path), .append(let path, _): edited = [first(path)]
        default: return
        }
        func rest(_ frontMatter: FrontMatter) -> [String] {
            zip(frontMatter.entries, frontMatter.ownedSpans(of: frontMatter.root))
                .filter { !edited.contains($0.0.key) }
                .map { frontMatter.source($0.1.whole) }
        }
        #expect(rest(before) == rest(after), "seed \(seed) \(edit)")
    }

    private func first(_ path: FieldPath) -> Text {
        if case .key(let key)? = path.steps.first { key } else { "" }
    }

    @Test("any string can be written anywhere, and reads back as itself", arguments: 0..<4)
    func strings(shard: UInt64) throws {
        let pages = [
            "---\nk: x\n---\n", "---\nk: 'x'\n---\n", "---\nk: \"x\"\n---\n",
            "---\nk: |\n  x\n---\n",
            "---\nk: >-\n  x\n---\n", "---\nm: {k: x}\n---\n", "---\nl:\n  - x\n---\n",
            "---\nk:\n---\n",
            "---\nm:\n  k: x # c\nz: 1\n---\n", "+++\nk = \"x\"\n+++\n", "+++\nk = 'x'\n+++\n",
            "+++\nk = '''x'''\n+++\n",
            "+++\nm = { k = \"x\" }\n+++\n", "{\"k\": \"x\"}\n", "---\n---\n", "",
        ]
        var written = 0
        for seed in (shard * 60)..<((shard + 1) * 60) {
            var generator = DocumentGenerator(seed: seed)
            for page in pages {
                let text = generator.string()
                let frontMatter = try Document(page).readFrontMatter()
                let path = try frontMatter.paths.last ?? FieldPath(parsing: "k")
                do {
                    let result = try Edit.apply(
                        [.set(path, .typed(text, .string))], to: frontMatter)
                    let scalar = (result.frontMatter ?? frontMatter).node(at: path)?.scalar
                    #expect(scalar?.text == Text(text), "seed \(seed), \(page)")
                    #expect(scalar?.type == .string, "seed \(seed), \(page)")
                } catch {
                    Issue.record(
                        "seed \(seed): \(text.debugDescription) in \(page.debugDescription): \(error)"
                    )
                }
                written += 1
                // libyaml reads no longer keys.
                guard text.utf8.count < 300 else { continue }
                let name = FieldPath(key: Text("key " + text))
                let key = try Edit.apply([.set(name, .guess("v"))], to: frontMatter)
                #expect(key.frontMatter?.entry(at: name) != nil)
            }
        }
        print("properties: shard \(shard): \(written) strings written as values and as keys")
    }

    @Test("splices compose as their results do")
    func splices() throws {
        for seed in 0..<300 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let original = (0..<40).map { _ in UInt8.random(in: 65...90, using: &random) }
            let first = randomSplices(original, &random)
            let middle = try first.applied(to: original)
            let second = randomSplices(middle, &random)
            let end = try second.applied(to: middle)
            let both = first.followed(by: second, on: original)
            #expect(try both.applied(to: original) == end, "seed \(seed)")
            #expect(try both.inverted().applied(to: end) == original, "seed \(seed)")
        }
    }

    private func randomSplices(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [Splice] {
        var splices: [Splice] = []
        var position = 0
        while position < bytes.count, splices.count < 5 {
            let start = Int.random(in: position...bytes.count, using: &random)
            let end = Int.random(in: start...min(bytes.count, start + 6), using: &random)
            let inserted = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                UInt8.random(in: 97...122, using: &random)
            }
            if end > start || !inserted.isEmpty {
                splices.append(Splice(replacing: start..<end, of: bytes, with: inserted))
            }
            position = end + 1
        }
        return splices
    }

    @Test("a path reads back from its description")
    func paths() throws {
        for seed in 0..<500 as Range<UInt64> {
            var generator = DocumentGenerator(seed: seed)
            var steps: [FieldPath.Step] = [.key(Text(generator.string()))]
            while generator.chance(60) {
                steps.append(
                    generator.chance(40)
                        ? .index(generator.pick([0, 1, 42])) : .key(Text(generator.string())))
            }
            let path = FieldPath(steps)
            #expect(try FieldPath(parsing: path.description) == path, "seed \(seed)")
        }
    }

    @Test("nothing crashes on damaged documents", arguments: 0..<4)
    func damage(shard: UInt64) throws {
        var readable = 0
        for seed in (shard * 150)..<((shard + 1) * 150) {
            var generator = DocumentGenerator(seed: seed)
            var bytes = Array(generator.yaml().utf8)
            for _ in 0..<Int.random(in: 1...6, using: &generator.random) where !bytes.isEmpty {
                let offset = Int.random(in: bytes.indices, using: &generator.random)
                switch Int.random(in: 0..<3, using: &generator.random) {
                case 0: bytes[offset] = UInt8.random(in: 0...255, using: &generator.random)
                case 1: bytes.remove(at: offset)
                default:
                    bytes.insert(
                        contentsOf: Array(generator.pick(DocumentGenerator.words).utf8), at: offset)
                }
            }
            let document = Document(bytes)
            guard let before = try? document.readFrontMatter() else { continue }
            readable += 1
            let edit = try generator.edit(of: before)
            guard let result = try? edit.apply(to: document) else { continue }
            #expect(try result.splices.inverted().applied(to: result.document.bytes) == bytes)
        }
        print("properties: shard \(shard): 150 damaged documents, \(readable) readable")
    }
}
