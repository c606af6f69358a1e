public import Documents

extension MergePolicy {
    /// Something wrong in a policy file.
    public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
        /// Where it is.
        public let position: Position
        /// What is wrong, and what is expected.
        public let message: String

        /// Makes a problem.
        public init(_ position: Position, _ message: String) {
            self.position = position
            self.message = message
        }

        /// `line:column: message`.
        public var description: String { "\(position): \(message)" }
    }

    /// Reads the section `merge` of a policy.
    ///
    /// - Parameters:
    ///   - node: the section's value.
    ///   - position: the place of an offset of the node's document.
    ///   - problems: gets all problems; what is wrong counts as if it were not there.
    public init(
        reading node: Node, position: @escaping (Int) -> Position, problems: inout [Problem]
    ) {
        self.init()
        var reader = MergePolicyReader(position: position)
        reader.read(node, into: &self)
        problems += reader.problems
    }
}

private struct MergePolicyReader {
    let position: (Int) -> Position
    var problems: [MergePolicy.Problem] = []

    init(position: @escaping (Int) -> Position) { self.position = position }

    mutating func read(_ node: Node, into policy: inout MergePolicy) {
        if node.scalar?.type == .null { return }
        guard let section = node.mapping else { return report(node, "merge is not a map") }
        var seen = Set<Text>()
        for entry in section.entries {
            let value = entry.value
            guard seen.insert(entry.key).inserted else {
                report(at: entry.keyRange.lowerBound, "merge.\(entry.key) is there twice")
                continue
            }
            switch entry.key.string {
            case "sets": if let names = names(value, "sets") { policy.sets = names }
            case "newest": if let names = names(value, "newest") { policy.newest = names }
            case "keys": policy.keys = choices(value)
            case "lists": policy.lists = lists(value)
            case "body":
                if let body = word(value, "body", MergePolicy.Body.self) { policy.body = body }
            case "conflicts":
                if let choice = word(value, "conflicts", MergePolicy.Conflicts.self) {
                    policy.conflicts = choice
                }
            case "hook":
                guard value.scalar?.type == .string, let text = value.scalar?.text, !text.isEmpty
                else {
                    report(value, "merge.hook is not the path of a program")
                    continue
                }
                policy.hook = text.string
            default:
                report(
                    at: entry.keyRange.lowerBound,
                    "merge has no key '\(entry.key)'; it has sets, newest, keys, lists, body, conflicts and hook"
                )
            }
        }
    }

    private mutating func names(_ node: Node, _ key: String) -> Set<String>? {
        guard let items = node.items else {
            report(node, "merge.\(key) is not a list of keys")
            return nil
        }
        var names = Set<String>()
        for item in items {
            guard let name = item.scalar, path(name.text) != nil else {
                report(item, "merge.\(key) holds something that is not a key")
                continue
            }
            if key == "newest", name.text == "date" {
                report(item, "merge.newest cannot hold 'date': it says when, not how new")
                continue
            }
            names.insert(name.text.string)
        }
        return names
    }

    private mutating func choices(_ node: Node) -> [String: MergePolicy.Choice] {
        var choices: [String: MergePolicy.Choice] = [:]
        for (name, value) in members(node, "keys") {
            if let choice = word(value, "keys.\(name)", MergePolicy.Choice.self) {
                choices[name] = choice
            }
        }
        return choices
    }

    private mutating func lists(_ node: Node) -> [String: String] {
        var lists: [String: String] = [:]
        for (name, value) in members(node, "lists") {
            guard let id = value.scalar, !id.text.isEmpty else {
                report(value, "merge.lists.\(name) is not the name of a key")
                continue
            }
            lists[name] = id.text.string
        }
        return lists
    }

    private mutating func members(_ node: Node, _ key: String) -> [(String, Node)] {
        guard let mapping = node.mapping else {
            report(node, "merge.\(key) is not a map")
            return []
        }
        var members: [(String, Node)] = []
        for entry in mapping.entries {
            guard let path = path(entry.key) else {
                report(at: entry.keyRange.lowerBound, "'\(entry.key)' is not a key's path")
                continue
            }
            members.append((path.description, entry.value))
        }
        return members
    }

    private func path(_ text: Text) -> FieldPath? { try? FieldPath(parsing: text.string) }

    private mutating func word<Word: RawRepresentable & CaseIterable>(
        _ node: Node, _ key: String, _ type: Word.Type
    ) -> Word? where Word.RawValue == String {
        if let text = node.scalar?.text, let word = Word(rawValue: text.string) { return word }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        report(node, "merge.\(key) is not one of \(words)")
        return nil
    }

    private mutating func report(_ node: Node, _ message: String) {
        report(at: node.range.lowerBound, message)
    }

    private mutating func report(at offset: Int, _ message: String) {
        problems.append(.init(position(offset), message))
    }
}
