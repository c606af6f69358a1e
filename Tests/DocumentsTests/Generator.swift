import Documents

/// SplitMix64 (Steele, Lea and Flood 2014): small, fast and the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Makes front matter as people write it, from a seed.
struct DocumentGenerator {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func pick<T>(_ choices: [T]) -> T {
        choices[Int.random(in: choices.indices, using: &random)]
    }

    mutating func chance(_ percent: Int) -> Bool {
        Int.random(in: 0..<100, using: &random) < percent
    }

    static let words = [
        "alpha", "beta", "no", "12:30", "1.10", "010", "2024-01-02", "null", "~", "true", "x: y",
        "a #b",
        "@at", "[[link]]", "{{ t }}", "🎉", "é", "e\u{301}", "- dash", "*star", "&amp", "!bang",
        "a'b", "a\"b",
        "back\\slash", "tab\there", " lead", "trail ", "%d", "`tick`", "?", ":", "a:", ",", "]",
        "}", "---", "...",
        "line\nbreak", "two\n\nbreaks\n", "\n", "\u{2028}", "\u{85}", "\u{7}", "\u{FEFF}", "#", "|",
        ">", "=", "<<",
        "0x1f", "1e5", ".5", "-", "+1", "1_000",
        "very long " + String(repeating: "word ", count: 300), "日本語",
        "'", "\"", "\\", "\r", "\r\n", "a\u{0}b", "Yes", "'quoted'", "\"quoted\"",
        "http://x.y/?q=1#z", "a, b",
    ]

    /// A string of one or several odd parts.
    mutating func string() -> String {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in pick(Self.words) }
            .joined(separator: pick(["", " ", "\n"]))
    }

    /// A YAML document with comments, blank lines and every style.
    mutating func yaml() -> String {
        var lines: [String] = []
        let names = [
            "title", "date", "tags", "seo", "list", "text", "quoted", "n", "empty", "flow",
        ].shuffled(
            using: &random)
        for name in names.prefix(Int.random(in: 1...10, using: &random)) {
            if chance(20) { lines.append("") }
            if chance(25) { lines.append("# about \(name)") }
            lines += entry(name)
        }
        if chance(20) { lines.append("# the end") }
        let newline = pick(["\n", "\n", "\r\n"])
        let body = pick(["", "Body\n", "\n# Heading\n\ntext", "---\n\nbreak\n"])
        return pick(["", "", "\u{FEFF}"]) + "---" + newline + lines.map { $0 + newline }.joined()
            + pick(["---", "...", "--- "]) + newline + body
    }

    private mutating func entry(_ name: String) -> [String] {
        let comment = chance(25) ? " # on \(name)" : ""
        let indent = pick(["  ", "    "])
        switch name {
        case "title":
            return [
                "title: " + pick(["plain text", "'single'", "\"double\"", "two\n  lines"]) + comment
            ]
        case "date": return ["date: 2024-01-02" + comment]
        case "tags":
            return [
                "tags: " + pick(["[a, b, c]", "[ a ]", "[]", "[\n  a,\n  b,\n  ]", "[a,b]"])
                    + comment
            ]
        case "seo":
            return [
                "seo:" + comment, indent + "title: x", indent + "# deep", indent + "deep:",
                indent + indent + "y: 1",
            ]
        case "list":
            let dash = pick(["", "  "])
            return ["list:" + comment]
                + pick([
                    [dash + "- a", dash + "# about b", dash + "- b"],
                    [dash + "- a: 1", dash + "  b: 2", dash + "- a: 3"],
                    [dash + "- - 1", dash + "  - 2"],
                ])
        case "text":
            return [
                "text: " + pick(["|", ">", "|-", ">-", "|+", "|2"]) + comment, "  some", "  text",
                "",
            ]
        case "quoted":
            return ["quoted: " + pick(["\"a # b\"", "'it''s'", "\"\\u00e9\""]) + comment]
        case "n": return ["\"n\": " + pick(["1", "1.10", "010", "0x1F", "true", "~"]) + comment]
        case "empty": return ["empty:" + comment]
        default: return ["flow: {a: 1, b: [x, {c: d}]}" + comment]
        }
    }

    /// An edit of something that is there, or of something new.
    mutating func edit(of frontMatter: FrontMatter) throws -> Edit {
        let known = frontMatter.paths
        let new = try FieldPath(parsing: pick(["fresh", "seo.fresh", "fresh.deep.er"]))
        let path = known.isEmpty || chance(15) ? new : pick(known)
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: return .unset(known.isEmpty ? path : pick(known))
        case 2: return .rename(path, to: pick(["renamed", "no", "with: colon", "title"]))
        case 3: return .append(path, .guess(pick(["item", "no", "a, b", "7"])))
        case 4: return .set(path, .typed(string(), .string))
        case 5:
            return .set(
                path,
                .value(
                    pick([.list([.string("p"), .string("no")]), .map([.init("k", .string("v"))])])))
        default: return .set(path, .guess(pick(Self.words)))
        }
    }
}
