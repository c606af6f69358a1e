import Documents
import Foundation
import Testing

/// PyYAML, tomllib and Python's json read the corpus as docvc does.
@Suite("Independent parsers agree")
struct AgreementTests {
    struct Request: Codable {
        let name: String
        let syntax: String
        let text: String
    }

    struct Answer: Codable {
        let name: String
        let error: String?
        let keys: [Pair]?
    }

    /// A path and the text that stands there.
    struct Pair: Codable, Hashable, CustomStringConvertible {
        let path: [Step]
        let text: String

        init(path: [Step], text: String) {
            self.path = path
            self.text = text
        }

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            path = try pair.decode([Step].self)
            text = try pair.decode(String.self)
        }

        var description: String { "\(path.map(\.text)): \(text)" }

        static func == (left: Pair, right: Pair) -> Bool {
            left.path == right.path && Text(left.text) == Text(right.text)
        }
    }

    struct Step: Codable, Hashable {
        let text: String

        init(_ text: String) { self.text = text }

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            text = try (try? value.decode(String.self)) ?? String(value.decode(Int.self))
        }

        static func == (left: Step, right: Step) -> Bool { Text(left.text) == Text(right.text) }
    }

    /// Documents that one side reads and the other refuses, or that both read otherwise.
    static let exceptions: [String: String] = [:]

    @Test(
        "on every key and every scalar's text",
        .enabled(if: !Corpus.files.isEmpty, "no corpus here"))
    func agree() throws {
        var requests: [Request] = []
        var ours: [String: [Pair]] = [:]
        for file in Corpus.files {
            guard let block = file.document.frontMatter else { continue }
            let text = String(decoding: file.document.bytes[block.content], as: UTF8.self)
            requests.append(Request(name: file.name, syntax: block.syntax.rawValue, text: text))
            if let read = try? file.document.readFrontMatter() { ours[file.name] = pairs(read) }
        }
        guard let answers = try ask(requests) else {
            print("agreement: python3 with PyYAML and tomllib is not here; nothing was compared")
            return
        }
        #expect(answers.count == requests.count)
        var agreed = 0
        var keys = 0
        var refusedByBoth = 0
        var disagreements: [String] = []
        for answer in answers {
            let reading = ours[answer.name]
            if answer.keys == nil, reading == nil {
                refusedByBoth += 1
            } else if let theirs = answer.keys, let reading, same(theirs, reading) {
                agreed += 1
                keys += reading.count
            } else if Self.exceptions[answer.name] == nil {
                disagreements.append(explain(answer, reading))
            }
        }
        print(
            """
            agreement: \(requests.count) with front matter; \(agreed) read alike \
            (\(keys) keys and items), \(refusedByBoth) refused by both, \
            \(Self.exceptions.count) exceptions, \(disagreements.count) not explained
            """)
        for disagreement in disagreements { print("disagreement:", disagreement) }
        #expect(disagreements.isEmpty)
    }

    @Test("that a string written by docvc is that string, with YAML 1.1's types too")
    func olderReaders() throws {
        var generator = DocumentGenerator(seed: 11)
        let parts = Array("0123456789012345678901.:_-+eExbo,TZ ").map(String.init)
        var strings = DocumentGenerator.words
        for _ in 0..<1_500 {
            let count = Int.random(in: 1...8, using: &generator.random)
            strings.append((0..<count).map { _ in generator.pick(parts) }.joined())
        }
        // What a string may hold and PyYAML still reads.
        strings.removeAll { $0.contains("\0") }
        var plain = 0
        let requests = try strings.enumerated().map { number, text in
            let page = Document(number % 2 == 0 ? "---\nk: x\n---\n" : "---\n{k: x}\n---\n")
            let result = try Edit.set(FieldPath(key: "k"), .typed(text, .string)).apply(to: page)
            if result.frontMatter?.node(at: FieldPath(key: "k"))?.style == .plain { plain += 1 }
            let content = try #require(result.document.frontMatter).content
            return Request(
                name: "\(number)", syntax: "yaml-1.1",
                text: String(decoding: result.document.bytes[content], as: UTF8.self))
        }
        guard let answers = try ask(requests) else { return }
        print("agreement: \(strings.count) strings written, \(plain) of them plain")
        for (answer, text) in zip(answers, strings) {
            let expected = [Pair(path: [Step("k")], text: "str \(text)")]
            #expect(answer.keys == expected, "\(text.debugDescription): \(answer.error ?? "")")
        }
    }

    /// Order counts for nothing: TOML's is docvc's own.
    private func same(_ left: [Pair], _ right: [Pair]) -> Bool {
        left.count == right.count && Set(left) == Set(right)
    }

    private func explain(_ answer: Answer, _ ours: [Pair]?) -> String {
        guard let theirs = answer.keys else {
            return "\(answer.name): Python: \(answer.error ?? "")"
        }
        guard let ours else { return "\(answer.name): docvc refuses" }
        let difference = Set(theirs).symmetricDifference(ours)
        return "\(answer.name): \(difference.prefix(4).map(\.description))"
    }

    private func pairs(_ frontMatter: FrontMatter) -> [Pair] {
        let isYAML = frontMatter.block?.syntax == .yaml
        var anchors: [Text: Node] = [:]
        var pairs: [Pair] = []
        func visit(_ node: Node, _ path: [Step]) {
            if let anchor = node.properties?.anchor { anchors[anchor] = node }
            switch node.content {
            case .scalar(let scalar):
                pairs.append(Pair(path: path, text: isYAML ? scalar.text.string : plain(scalar)))
            case .alias(let name):
                // PyYAML puts the node itself in the alias's place; its items come only once.
                if let target = anchors[name], let scalar = target.scalar {
                    pairs.append(Pair(path: path, text: scalar.text.string))
                } else {
                    pairs.append(Pair(path: path, text: anchors[name]?.items == nil ? "{}" : "[]"))
                }
            case .sequence(let items):
                pairs.append(Pair(path: path, text: "[]"))
                for (index, item) in items.enumerated() { visit(item, path + [Step("\(index)")]) }
            case .mapping(let mapping):
                pairs.append(Pair(path: path, text: "{}"))
                for entry in mapping.entries where !entry.isComplex {
                    visit(entry.value, path + [Step(entry.key.string)])
                }
            }
        }
        visit(frontMatter.root, [])
        // PyYAML makes nothing of nothing, docvc an empty map.
        return isYAML && frontMatter.entries.isEmpty ? [] : pairs
    }

    /// What Python prints for a value of TOML or JSON.
    private func plain(_ scalar: Node.Scalar) -> String {
        switch scalar.type {
        case .date: isoDate(scalar.text.string)
        case .integer:
            Int(scalar.text.string.replacing("_", with: "")).map(String.init) ?? scalar.text.string
        case .null: "null"
        default: scalar.text.string
        }
    }

    /// Python writes `T` between date and time, and `+00:00` for `Z`.
    private func isoDate(_ text: String) -> String {
        guard text.count > 10 else { return text }
        return text.replacing(" ", with: "T").replacing("Z", with: "+00:00")
    }

    /// Runs the script, or returns nil where Python or PyYAML is missing.
    private func ask(_ requests: [Request]) throws -> [Answer]? {
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "independent-parsers.py")
        let encoder = JSONEncoder()
        let lines = try requests.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        let input = FileManager.default.temporaryDirectory
            .appending(path: "docvc-agreement-\(UUID().uuidString)")
        try Data(lines.joined(separator: "\n").utf8).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments = ["python3", script.path]
        let output = Pipe()
        python.standardInput = try FileHandle(forReadingFrom: input)
        python.standardOutput = output
        try python.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        python.waitUntilExit()
        guard python.terminationStatus == 0 else { return nil }
        let decoder = JSONDecoder()
        return try String(decoding: data, as: UTF8.self).split(separator: "\n").map {
            try decoder.decode(Answer.self, from: Data($0.utf8))
        }
    }
}
