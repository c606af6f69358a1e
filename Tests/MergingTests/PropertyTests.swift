import Documents
import TestSupport
import Testing

@testable import Merging

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite struct PropertyTests {
    @Test(arguments: 0..<60) func differencesAreRightAndKeepTheirDistance(_ seed: UInt64) {
        var random = Seeded(state: seed)
        for _ in 0..<40 {
            let letters = Int.random(in: 1...6, using: &random)
            func sequence() -> [Int] {
                (0..<Int.random(in: 0...30, using: &random)).map { _ in
                    Int.random(in: 0..<letters, using: &random)
                }
            }
            let old = sequence()
            let new = sequence()
            var rebuilt: [Int] = []
            var position = 0
            for hunk in Difference.hunks(old, new) {
                #expect(hunk.old.lowerBound > position || position == 0)
                rebuilt += old[position..<hunk.old.lowerBound] + new[hunk.new]
                position = hunk.old.upperBound
            }
            rebuilt += old[position...]
            #expect(rebuilt == new)
        }
    }

    /// A long pair with nothing in common must not take long.
    @Test func differencesOfStrangersEnd() {
        let start = processorTime()
        let hunks = Difference.hunks(Array(0..<60_000), Array(60_000..<120_000))
        #expect(hunks == [Hunk(old: 0..<60_000, new: 0..<60_000)])
        var random = Seeded(state: 1)
        let noise = (0..<2).map { _ in
            (0..<4_000).map { _ in Int.random(in: 0..<50, using: &random) }
        }
        #expect(!Difference.hunks(noise[0], noise[1]).isEmpty)
        #expect(processorTime() - start < 60)
    }

    @Test(arguments: 0..<80) func mergesKeepWhatEveryMergeKeeps(_ seed: UInt64) {
        var documents = RandomDocument(seed: seed)
        for _ in 0..<10 {
            let base = documents.make()
            let ours = documents.changed(base)
            let theirs = documents.changed(base)
            let merge = DocumentMerge()
            let bytes = [base, ours, theirs].map { Array($0.text.utf8) }
            let result = merge.merge(base: bytes[0], ours: bytes[1], theirs: bytes[2])
            let name: Comment = "\(base.text)\n#\n\(ours.text)\n#\n\(theirs.text)"
            expectSound(result, base: bytes[0], ours: bytes[1], theirs: bytes[2], name)
            let swapped = merge.merge(base: bytes[0], ours: bytes[2], theirs: bytes[1])
            #expect(result.isClean == swapped.isClean, name)
            #expect(merge.merge(base: bytes[0], ours: bytes[1], theirs: bytes[0]).bytes == bytes[1])
            #expect(merge.merge(base: bytes[0], ours: bytes[0], theirs: bytes[2]).bytes == bytes[2])
            #expect(merge.merge(base: bytes[0], ours: bytes[1], theirs: bytes[1]).bytes == bytes[1])
            guard result.isClean, let value = try? Document(result.bytes).readFrontMatter().value
            else { continue }
            // Each key has what the side that changed it gave it.
            for key in Set(base.keys.keys).union(ours.keys.keys).union(theirs.keys.keys) {
                let (before, mine, other) = (base.keys[key], ours.keys[key], theirs.keys[key])
                let expected = mine == before ? other : mine
                #expect(
                    value[Text(key)] == expected.map { .scalar(.integer, Text("\($0)")) }, name)
                #expect(mine == before || other == before || mine == other, name)
            }
        }
    }

    /// An alias stands for what it stood for on the side that has it, or changed it.
    @Test(arguments: 0..<40) func aliasesKeepTheirMeaning(_ seed: UInt64) {
        var random = Seeded(state: seed)
        func line(_ key: Int) -> String {
            let number = Int.random(in: 1...9, using: &random)
            let name = ["x", "y"].randomElement(using: &random) ?? ""
            switch Int.random(in: 0..<4, using: &random) {
            case 0: return "k\(key): &\(name) \(number)\n"
            case 1: return "k\(key): *\(name)\n"
            default: return "k\(key): \(number)\n"
            }
        }
        func changed(_ lines: [String]) -> [String] {
            var lines = lines
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<lines.count, using: &random)
                if Bool.random(using: &random) {
                    lines[index] = line(Int(lines[index].dropFirst().prefix(1)) ?? 0)
                } else {
                    let key = Int.random(in: 7...9, using: &random)
                    if lines.contains(where: { $0.hasPrefix("k\(key)") }) { continue }
                    lines.insert(line(key), at: index)
                }
            }
            return lines
        }
        for _ in 0..<60 {
            let base = (0..<6).map { line($0) }
            let texts = [base, changed(base), changed(base)].map {
                Array("---\n\($0.joined())---\n".utf8)
            }
            let sides = texts.map { meanings($0) }
            let result = DocumentMerge().merge(base: texts[0], ours: texts[1], theirs: texts[2])
            guard result.isClean, let before = sides[0], let mine = sides[1],
                let other = sides[2], let merged = meanings(result.bytes)
            else { continue }
            for (key, meaning) in merged {
                let expected = mine[key] == before[key] ? other[key] : mine[key]
                #expect(
                    meaning == expected,
                    "\(key): \(texts.map { String(decoding: $0, as: UTF8.self) })")
            }
        }
    }

    /// What the aliases of the root stand for, by their keys.
    private func meanings(_ text: [UInt8]) -> [Text: Value]? {
        guard let frontMatter = try? Document(text).readFrontMatter() else { return nil }
        var anchors: [Text: Value] = [:]
        var meanings: [Text: Value] = [:]
        for entry in frontMatter.entries {
            if let anchor = entry.value.properties?.anchor { anchors[anchor] = entry.value.value }
            if case .alias(let name) = entry.value.content { meanings[entry.key] = anchors[name] }
        }
        return meanings
    }

    /// Whatever the bytes are, a merge ends and its account is right.
    @Test(arguments: 0..<40) func anyBytesMerge(_ seed: UInt64) {
        var random = Seeded(state: seed)
        let pieces = [
            "---\n", "+++\n", "{", "}\n", "a: 1\n", "a = 1\n", "b: [1, 2]\n", "# c\n", "\n", "\r\n",
            "text ", "```\n", "<<<<<<< x\n", "=======\n", ">>>>>>> y\n", "é", "[t]\n", "- x\n",
            "  n: 2\n", "&a ", "*a ", "\"", "...\n",
        ]
        for _ in 0..<30 {
            var texts = (0..<3).map { _ in
                Array(
                    (0..<Int.random(in: 0...14, using: &random)).map { _ in
                        pieces.randomElement(using: &random) ?? ""
                    }.joined().utf8)
            }
            if Bool.random(using: &random) {
                texts = texts.map { Array("---\nk: 1\n".utf8) + $0 + Array("\n---\nend\n".utf8) }
            }
            let result = DocumentMerge().merge(base: texts[0], ours: texts[1], theirs: texts[2])
            expectSound(
                result, base: texts[0], ours: texts[1], theirs: texts[2],
                "\(texts.map { String(decoding: $0, as: UTF8.self) })")
        }
    }
}

/// Documents of keys and paragraphs, and changes of them.
private struct RandomDocument {
    struct Made {
        var order: [String]
        var keys: [String: Int]
        var comments: [String: String]
        var paragraphs: [String]

        var text: String {
            let front = order.map { key in
                (comments[key].map { "# \($0)\n" } ?? "") + "\(key): \(keys[key] ?? 0)\n"
            }.joined()
            return "---\n\(front)---\n" + paragraphs.joined(separator: "\n\n") + "\n"
        }
    }

    private var random: Seeded

    init(seed: UInt64) { random = Seeded(state: seed) }

    mutating func make() -> Made {
        let order = Array("abcdefgh".map { "k\($0)" }.prefix(Int.random(in: 1...8, using: &random)))
        return Made(
            order: order, keys: Dictionary(uniqueKeysWithValues: order.map { ($0, number()) }),
            comments: Bool.random(using: &random) ? [order[0]: "note \(number())"] : [:],
            paragraphs: (0..<5).map { "Paragraph \($0) is here." })
    }

    mutating func changed(_ document: Made) -> Made {
        var document = document
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            switch Int.random(in: 0..<6, using: &random) {
            case 0:
                let key = "n\(Int.random(in: 0..<4, using: &random))"
                if document.keys[key] == nil {
                    document.order.insert(
                        key, at: Int.random(in: 0...document.order.count, using: &random))
                }
                document.keys[key] = number()
            case 1:
                guard let key = document.order.randomElement(using: &random) else { continue }
                document.order.removeAll { $0 == key }
                document.keys[key] = nil
                document.comments[key] = nil
            case 2, 3:
                if let key = document.order.randomElement(using: &random) {
                    document.keys[key] = number()
                }
            case 4: document.order.shuffle(using: &random)
            default:
                let index = Int.random(in: 0..<document.paragraphs.count, using: &random)
                document.paragraphs[index] += " And \(number()) more."
            }
        }
        return document
    }

    private mutating func number() -> Int { Int.random(in: 1000...9999, using: &random) }
}
