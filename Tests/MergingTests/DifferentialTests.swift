import Documents
import Merging
import Testing

/// Random merges beside a model of what they amount to: a clean merge says what the model says.
@Suite struct DifferentialTests {
    @Test(arguments: 0..<40, [Syntax.yaml, .toml])
    func frontMatterHasWhatEachKeyCameTo(_ seed: UInt64, _ syntax: Syntax) {
        var outlines = RandomOutline(random: Seeded(state: seed), syntax: syntax)
        for _ in 0..<40 {
            let base = outlines.make()
            let sides = [base, outlines.changed(base), outlines.changed(base)]
            let texts = sides.map { outlines.text($0) }
            let name: Comment = "\(texts.joined(separator: "#\n"))"
            let bytes = texts.map { Array($0.utf8) }
            let result = DocumentMerge().merge(base: bytes[0], ours: bytes[1], theirs: bytes[2])
            expectSound(result, base: bytes[0], ours: bytes[1], theirs: bytes[2], name)
            guard result.isClean, let read = try? Document(result.bytes).readFrontMatter() else {
                continue
            }
            let values = sides.map(\.value)
            let merged = Model.merge(values[0], values[1], values[2])
            #expect(merged != nil, name)
            #expect(merged.map { Model($0) == Model(read.value) } ?? true, name)
            // A comment that one side took out, and the other one left, is gone.
            let all = String(decoding: result.bytes, as: UTF8.self)
            for comment in base.comments {
                let kept = sides[1...].allSatisfy { $0.comments.contains(comment) }
                #expect(all.split(separator: comment).count - 1 == (kept ? 1 : 0), name)
            }
        }
    }

    @Test(arguments: 0..<60) func bodiesKeepWhatBothKeepAndNothingElse(_ seed: UInt64) {
        var bodies = RandomBody(random: Seeded(state: seed))
        for _ in 0..<40 {
            let base = bodies.make()
            let (ours, theirs) = (bodies.changed(base), bodies.changed(base))
            let texts = [base, ours, theirs].map { Array(($0.text).utf8) }
            let result = DocumentMerge().merge(base: texts[0], ours: texts[1], theirs: texts[2])
            guard result.isClean else { continue }
            let name: Comment = "\(base.text)#\n\(ours.text)#\n\(theirs.text)"
            let merged = String(decoding: result.bytes, as: UTF8.self)
                .split(separator: "\n\n").map { String($0.drop { $0 == "\n" }) }
                .map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
            for (id, text) in base.paragraphs {
                let mine = ours.paragraphs.first { $0.id == id }?.text
                let other = theirs.paragraphs.first { $0.id == id }?.text
                // Both changed it, or one deleted what the other changed: the lines decide.
                guard mine == text || other == text || mine == other else { continue }
                let expected = mine == text ? other : mine
                #expect(merged.count { $0 == text } == (expected == text ? 1 : 0), name)
                if let expected { #expect(merged.count { $0 == expected } == 1, name) }
            }
            for side in [ours, theirs] {
                for (id, text) in side.paragraphs
                where !base.paragraphs.contains(where: { $0.id == id }) {
                    #expect(merged.count { $0 == text } == 1, name)
                }
            }
        }
    }
}

/// Values without an order.
private indirect enum Model: Equatable {
    case leaf(String)
    case map([String: Model])

    init(_ value: Value) {
        switch value {
        case .map(let members):
            self = .map(Dictionary(members.map { ($0.key.string, Model($0.value)) }) { $1 })
        case .scalar(_, let text): self = .leaf(text.string)
        default: self = .leaf("\(value)")
        }
    }

    init(_ model: Model) { self = model }

    /// What three values come to, `nil` where that is open; `.some(nil)` stands for no value.
    static func merge(_ base: Model?, _ ours: Model?, _ theirs: Model?) -> Model?? {
        if case .map(let mine)? = ours, case .map(let other)? = theirs {
            var before: [String: Model] = [:]
            switch base {
            case .map(let members)?: before = members
            case nil: break
            case .leaf?: return ours == theirs ? .some(ours) : nil
            }
            var merged: [String: Model] = [:]
            for key in Set(mine.keys).union(other.keys) {
                guard let value = merge(before[key], mine[key], other[key]) else { return nil }
                merged[key] = value
            }
            return .some(.map(merged))
        }
        if ours == theirs || theirs == base { return .some(ours) }
        return ours == base ? .some(theirs) : nil
    }

    /// The merge of two maps' changes, `nil` where something is open.
    static func merge(_ base: Model, _ ours: Model, _ theirs: Model) -> Model? {
        let merged: Model?? = merge(Optional(base), Optional(ours), Optional(theirs))
        return merged.flatMap { $0 }
    }
}

/// Front matter of a few keys, some of them maps, with comments that stand alone.
private struct RandomOutline {
    enum Item: Equatable {
        case pair(String, Int)
        case map(String, [Item])
        case comment(String)

        var key: String? {
            switch self {
            case .pair(let key, _), .map(let key, _): key
            case .comment: nil
            }
        }
    }

    struct Made {
        var items: [Item]

        var value: Model { Self.value(items) }

        private static func value(_ items: [Item]) -> Model {
            var members: [String: Model] = [:]
            for item in items {
                switch item {
                case .pair(let key, let number): members[key] = .leaf("\(number)")
                case .map(let key, let items): members[key] = value(items)
                case .comment: break
                }
            }
            return .map(members)
        }

        var comments: [String] {
            items.compactMap { if case .comment(let text) = $0 { text } else { nil } }
        }
    }

    var random: Seeded
    let syntax: Syntax
    private var last = 1000

    init(random: Seeded, syntax: Syntax) {
        self.random = random
        self.syntax = syntax
    }

    /// Every value and comment is another one, so that no key looks renamed.
    private mutating func next() -> Int {
        last += 1
        return last
    }

    mutating func make() -> Made {
        var items: [Item] = []
        for key in ["a", "b", "c", "d", "e"].shuffled(using: &random)
            .prefix(Int.random(in: 2...5, using: &random))
        {
            items.append(item(key, depth: 0))
            if Int.random(in: 0..<3, using: &random) == 0 { items.append(.comment("c\(next())")) }
        }
        return Made(items: ordered(items))
    }

    private mutating func item(_ key: String, depth: Int) -> Item {
        guard depth < 2, Int.random(in: 0..<3, using: &random) == 0 else {
            return .pair(key, next())
        }
        let keys = ["p", "q", "r"].shuffled(using: &random)
            .prefix(Int.random(in: 1...3, using: &random))
        return .map(key, keys.map { item($0, depth: depth + 1) })
    }

    /// TOML's pairs stand before its tables.
    private func ordered(_ items: [Item]) -> [Item] {
        guard syntax == .toml else { return items }
        func isTable(_ item: Item) -> Bool { if case .map = item { true } else { false } }
        return items.filter { !isTable($0) } + items.filter(isTable)
    }

    mutating func changed(_ made: Made) -> Made {
        var items = made.items
        for _ in 0..<Int.random(in: 1...3, using: &random) { items = changed(items, depth: 0) }
        return Made(items: ordered(items))
    }

    private mutating func changed(_ items: [Item], depth: Int) -> [Item] {
        var items = items
        guard let index = items.indices.randomElement(using: &random) else { return items }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: items.remove(at: index)
        case 1:
            let item = items.remove(at: index)
            items.insert(item, at: Int.random(in: 0...items.count, using: &random))
        case 2:
            let key = "n\(Int.random(in: 0..<3, using: &random))"
            if !items.contains(where: { $0.key == key }) {
                items.insert(
                    item(key, depth: depth), at: Int.random(in: 0...items.count, using: &random))
            }
        default:
            switch items[index] {
            case .pair(let key, _): items[index] = .pair(key, next())
            case .map(let key, let below):
                items[index] = .map(key, changed(below, depth: depth + 1))
            case .comment: break
            }
        }
        return items
    }

    func text(_ made: Made) -> String {
        syntax == .toml
            ? "+++\n\(toml(made.items, []))+++\nBody.\n"
            : "---\n\(yaml(made.items, ""))---\nBody.\n"
    }

    private func yaml(_ items: [Item], _ indent: String) -> String {
        items.map { item in
            switch item {
            case .pair(let key, let number): "\(indent)\(key): \(number)\n"
            case .map(let key, []): "\(indent)\(key): {}\n"
            case .map(let key, let items): "\(indent)\(key):\n" + yaml(items, indent + "  ")
            case .comment(let text): "\n\(indent)# \(text)\n\n"
            }
        }.joined()
    }

    private func toml(_ items: [Item], _ path: [String]) -> String {
        ordered(items).map { item in
            switch item {
            case .pair(let key, let number): return "\(key) = \(number)\n"
            case .map(let key, let items):
                let path = path + [key]
                return "[\(path.joined(separator: "."))]\n" + toml(items, path)
            case .comment(let text): return "\n# \(text)\n\n"
            }
        }.joined()
    }
}

/// Bodies of headings and paragraphs, no two of which have a word in common.
private struct RandomBody {
    struct Made {
        var paragraphs: [(id: Int, text: String)]

        var text: String { paragraphs.map(\.text).joined(separator: "\n\n") + "\n" }
    }

    var random: Seeded
    private var last = 0

    init(random: Seeded) { self.random = random }

    private mutating func paragraph() -> (id: Int, text: String) {
        last += 1
        let text =
            switch Int.random(in: 0..<4, using: &random) {
            case 0: "## heading\(last)"
            case 1: "| a\(last) | b\(last) |\n|---|---|\n| c\(last) | d\(last) |"
            default: "word\(last) and\(last) another\(last)"
            }
        return (last, text)
    }

    mutating func make() -> Made {
        Made(paragraphs: (0..<Int.random(in: 2...7, using: &random)).map { _ in paragraph() })
    }

    mutating func changed(_ made: Made) -> Made {
        var paragraphs = made.paragraphs
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            guard let index = paragraphs.indices.randomElement(using: &random) else { break }
            switch Int.random(in: 0..<4, using: &random) {
            case 0: paragraphs.remove(at: index)
            case 1:
                let moved = paragraphs.remove(at: index)
                paragraphs.insert(
                    moved, at: Int.random(in: 0...paragraphs.count, using: &random))
            case 2: paragraphs.insert(paragraph(), at: index)
            default:
                // What is moved is not changed as well: then nothing tells what it was.
                let place = made.paragraphs.firstIndex { $0.id == paragraphs[index].id }
                if place == index { paragraphs[index].text = paragraph().text }
            }
        }
        return Made(paragraphs: paragraphs)
    }
}
