import Documents

/// Reads the operations of a migration file.
extension MigrationReader {
    private static let words = [
        "rename", "move", "copy", "default", "set", "coerce", "map", "wrap", "unwrap", "split",
        "join", "each", "drop", "reorder", "syntax", "assert",
    ]

    mutating func operations(_ node: Node, _ what: String) -> [MigrationOperation] {
        guard let items = node.items else {
            let isEmpty = node.scalar?.type == .null
            reader.fail(isEmpty ? "\(what) are none yet" : "\(what) must be a list", at: node)
            return []
        }
        if items.isEmpty { reader.fail("\(what) are none yet", at: node) }
        return items.compactMap { operation($0) }
    }

    private mutating func operation(_ node: Node) -> MigrationOperation? {
        guard let mapping = node.mapping, mapping.entries.count == 1,
            let entry = mapping.entries.first
        else {
            reader.fail(
                "an operation is one word with its keys: rename: { from: a, to: b }", at: node)
            return nil
        }
        let word = entry.key.string
        guard MigrationReader.words.contains(word) else {
            reader.fail(
                "there is no operation '\(word)'"
                    + NearMiss.hint(word, among: MigrationReader.words),
                at: entry.keyRange.lowerBound)
            return nil
        }
        guard let kind = kind(word, entry.value) else { return nil }
        return MigrationOperation(
            name: word, kind: kind, position: reader.position(at: entry.start))
    }

    private mutating func kind(_ word: String, _ node: Node) -> MigrationOperation.Kind? {
        switch word {
        case "rename", "move", "copy":
            guard let fields = fields(node, word, ["from", "to"]) else { return nil }
            let from = path(fields["from"], word)
            let to = path(fields["to"], word)
            guard let from, let to else { return nil }
            guard from != to else {
                reader.fail("\(word): from and to are the same key", at: node)
                return nil
            }
            return word == "copy" ? .copy(from: from, to: to) : .move(from: from, to: to)
        case "default", "set":
            guard let fields = fields(node, word, ["key", "value"]) else { return nil }
            let path = path(fields["key"], word)
            let value = fields["value"].flatMap { self.value($0.value, word) }
            guard let path, let value else { return nil }
            return word == "set" ? .set(path, value) : .setDefault(path, value)
        case "coerce":
            guard let fields = fields(node, word, ["key", "to"]) else { return nil }
            let path = path(fields["key"], word)
            let kind = valueKind(fields["to"], "coerce", MigrationOperation.ValueKind.targets)
            guard let path, let kind else { return nil }
            return .coerce(path, to: kind)
        case "map": return map(node)
        case "wrap", "unwrap", "drop":
            guard let fields = fields(node, word, ["key"]), let path = path(fields["key"], word)
            else { return nil }
            return word == "wrap" ? .wrap(path) : word == "unwrap" ? .unwrap(path) : .drop(path)
        case "split": return split(node)
        case "join": return join(node)
        case "each":
            guard let fields = fields(node, word, ["key", "operations"]) else { return nil }
            let path = path(fields["key"], word)
            let inner = fields["operations"].map { operations($0.value, "the operations of each") }
            guard let path, let inner else { return nil }
            for operation in inner {
                if case .syntax = operation.kind {
                    reader.fail("syntax is for all front matter, not for an item", at: node)
                }
            }
            return .each(path, inner)
        case "reorder": return reorder(node)
        case "syntax":
            guard let fields = fields(node, word, ["to"]), let entry = fields["to"],
                let text = reader.text(entry.value, "syntax")
            else { return nil }
            guard let syntax = Syntax(rawValue: text) else {
                let names = Syntax.allCases.map(\.rawValue)
                reader.fail(
                    "there is no syntax '\(text)': yaml, toml or json"
                        + NearMiss.hint(text, among: names), at: entry.value)
                return nil
            }
            return .syntax(syntax)
        default: return assertion(node)
        }
    }

    private mutating func map(_ node: Node) -> MigrationOperation.Kind? {
        guard let fields = fields(node, "map", ["key", "values"]) else { return nil }
        let path = path(fields["key"], "map")
        guard let entry = fields["values"],
            let values = reader.fields(of: entry.value, "values")
        else { return nil }
        if values.isEmpty { reader.fail("values maps nothing", at: entry.value) }
        var replacements: [MigrationOperation.Replacement] = []
        for field in values.values.sorted(by: { $0.start < $1.start }) {
            guard let new = value(field.value, "values") else { continue }
            replacements.append(.init(old: oldValue(field), new: new))
        }
        guard let path else { return nil }
        return .map(path, replacements)
    }

    /// What a key of `values` stands for: a plain `true` or `1` is no string.
    private func oldValue(_ entry: Mapping.Entry) -> Value {
        guard entry.keyStyle == .plain,
            let probe = try? Document("---\nv: \(entry.key.string)\n---\n").readFrontMatter(),
            let scalar = probe.entries.first?.value.scalar, scalar.text == entry.key
        else { return .scalar(.string, entry.key) }
        return .scalar(scalar.type, scalar.text)
    }

    private mutating func split(_ node: Node) -> MigrationOperation.Kind? {
        guard let fields = fields(node, "split", ["key", "by", "into"]) else { return nil }
        let path = path(fields["key"], "split")
        let separator = fields["by"].flatMap { reader.text($0.value, "by") }
        if separator?.isEmpty ?? false { reader.fail("by is empty", at: node) }
        let into = paths(fields["into"], "into")
        guard let path, let separator, !separator.isEmpty, let into else { return nil }
        guard into.count > 1 else {
            reader.fail("split takes two keys or more to split into", at: node)
            return nil
        }
        guard Set(into).count == into.count else {
            reader.fail("into names a key twice", at: node)
            return nil
        }
        return .split(path, by: separator, into: into)
    }

    private mutating func join(_ node: Node) -> MigrationOperation.Kind? {
        guard let fields = fields(node, "join", ["keys", "with", "into"]) else { return nil }
        let keys = paths(fields["keys"], "keys")
        let separator: String? = fields["with"].flatMap {
            $0.value.scalar?.text.isEmpty ?? false ? "" : reader.text($0.value, "with")
        }
        let into = path(fields["into"], "join")
        guard let keys, let separator, let into else { return nil }
        guard keys.count > 1, Set(keys).count == keys.count else {
            reader.fail("join takes two different keys or more", at: node)
            return nil
        }
        return .join(keys, with: separator, into: into)
    }

    private mutating func reorder(_ node: Node) -> MigrationOperation.Kind? {
        guard let fields = fields(node, "reorder", ["keys"]),
            let paths = paths(fields["keys"], "keys")
        else { return nil }
        var keys: [Text] = []
        for path in paths {
            guard case .key(let key)? = path.steps.last, path.parent == paths.first?.parent else {
                reader.fail("reorder takes keys of one map", at: node)
                return nil
            }
            keys.append(key)
        }
        guard let parent = paths.first?.parent else {
            reader.fail("keys names nothing", at: node)
            return nil
        }
        return .reorder(parent, keys)
    }

    private mutating func assertion(_ node: Node) -> MigrationOperation.Kind? {
        guard
            let fields = fields(node, "assert", ["key", "type", "required"], required: ["key"])
        else { return nil }
        let path = path(fields["key"], "assert")
        var type: MigrationOperation.ValueKind?
        if let entry = fields["type"] {
            type = valueKind(entry, "assert", MigrationOperation.ValueKind.allCases)
            if type == nil { return nil }
        }
        var isRequired = false
        if let entry = fields["required"] {
            guard entry.value.scalar?.type == .boolean else {
                reader.fail("required is true or false", at: entry.value)
                return nil
            }
            isRequired = entry.value.scalar?.text.utf8.first.map { $0 | 0x20 } == UInt8(ascii: "t")
        }
        if type == nil, !isRequired {
            reader.fail("assert says nothing: give a type, or required: true", at: node)
        }
        return path.map { .assert($0, type: type, isRequired: isRequired) }
    }

    // MARK: Fields

    /// The fields of an operation, of which none may be missing.
    private mutating func fields(
        _ node: Node, _ word: String, _ known: [String], required: [String]? = nil
    ) -> [String: Mapping.Entry]? {
        guard let fields = reader.fields(of: node, word, known: known) else { return nil }
        let missing = (required ?? known).filter { fields[$0] == nil }
        guard missing.isEmpty else {
            // An unknown key was reported already, with what it may have been meant for.
            if node.mapping?.entries.count == fields.count {
                reader.fail("\(word) has no \(missing.joined(separator: " and no "))", at: node)
            }
            return nil
        }
        return fields
    }

    private mutating func path(_ entry: Mapping.Entry?, _ word: String) -> FieldPath? {
        guard let entry else { return nil }
        guard let path = reader.path(entry.value, word) else { return nil }
        guard case .key? = path.steps.last else {
            reader.fail("\(word): '\(path)' is an item of a list, not a key", at: entry.value)
            return nil
        }
        return path
    }

    private mutating func paths(_ entry: Mapping.Entry?, _ what: String) -> [FieldPath]? {
        guard let entry, let items = reader.items(entry.value, what) else { return nil }
        let paths = items.compactMap { reader.path($0, what) }
        return paths.count == items.count ? paths : nil
    }

    private mutating func valueKind(
        _ entry: Mapping.Entry?, _ word: String, _ kinds: [MigrationOperation.ValueKind]
    ) -> MigrationOperation.ValueKind? {
        guard let entry, let text = reader.text(entry.value, "the type") else { return nil }
        let names = kinds.map(\.rawValue)
        guard let kind = kinds.first(where: { $0.rawValue == text }) else {
            reader.fail(
                "there is no type '\(text)' for \(word): \(names.joined(separator: ", "))"
                    + NearMiss.hint(text, among: names), at: entry.value)
            return nil
        }
        return kind
    }
}
