public import Documents

extension Migration {
    /// Reads the migration file of the name `name`.
    ///
    /// - Throws: everything that is wrong with it; whether it fits the other migrations is
    ///   ``Chain``'s to say.
    public init(_ bytes: [UInt8], named name: String) throws(ConfigurationError) {
        var reader = MigrationReader(try ConfigurationReader(bytes))
        self = try reader.migration(name)
    }
}

/// Reads a migration file, and gathers every problem in it.
private struct MigrationReader {
    private var reader: ConfigurationReader

    init(_ reader: ConfigurationReader) { self.reader = reader }

    mutating func migration(_ name: String) throws(ConfigurationError) -> Migration {
        let known = [
            "migration", "after", "documents", "where", "allow-destructive", "operations",
        ]
        guard let root = reader.root else {
            reader.fail("the migration has no operations", at: 0)
            try reader.finish()
            throw ConfigurationError(reader.problems)
        }
        let fields = reader.fields(of: root, "a migration", known: known) ?? [:]
        let start = reader.position(at: root.range.lowerBound)
        let number = Migration.number(of: name)
        if number == nil {
            reader.fail(
                "'\(name)' is no name of a migration: it is NNNN-name, in small letters, digits"
                    + " and dashes", at: 0)
        }
        if let entry = fields["migration"], let text = reader.text(entry.value, "migration"),
            text != name
        {
            reader.fail(
                "migration is '\(text)', but the file's name says '\(name)'", at: entry.value)
        }
        if fields["migration"] == nil, root.mapping != nil {
            reader.fail("a migration says its name: migration: \(name)", at: root)
        }
        var after: String?
        if let entry = fields["after"], entry.value.scalar?.type != .null {
            after = reader.text(entry.value, "after")
        }
        let documents = fields["documents"].flatMap { reader.globs($0.value, "documents") }
        let conditions = fields["where"].map { self.conditions($0.value) } ?? []
        var reason: String?
        if let entry = fields["allow-destructive"],
            let text = reader.text(entry.value, "allow-destructive")
        {
            if text.allSatisfy(\.isWhitespace) || entry.value.scalar?.type == .boolean {
                reader.fail("allow-destructive takes the reason, in words", at: entry.value)
            }
            reason = text
        }
        var operations: [MigrationOperation] = []
        if let entry = fields["operations"] {
            operations = self.operations(entry.value, "operations")
        } else if root.mapping != nil {
            reader.fail("a migration has operations", at: root)
        }
        try reader.finish()
        func place(_ key: String) -> Position {
            fields[key].map { reader.position(at: $0.value.range.lowerBound) } ?? start
        }
        return Migration(
            name: name, number: number ?? 0, after: after, documents: documents,
            conditions: conditions, reason: reason, operations: operations,
            afterPosition: place("after"), documentsPosition: place("documents"),
            conditionsPosition: place("where"))
    }

    // MARK: Conditions

    private mutating func conditions(_ node: Node) -> [Condition] {
        guard let mapping = node.mapping else {
            _ = reader.fields(of: node, "where")
            return []
        }
        if mapping.entries.isEmpty { reader.fail("where says nothing", at: node) }
        var conditions: [Condition] = []
        for entry in mapping.entries {
            switch entry.key.string {
            case "exists", "missing":
                let isThere = entry.key == "exists"
                for item in reader.items(entry.value, entry.key.string) ?? [] {
                    guard let path = reader.path(item, entry.key.string) else { continue }
                    conditions.append(isThere ? .exists(path) : .missing(path))
                }
            case "matches":
                let fields = reader.fields(of: entry.value, "matches") ?? [:]
                for field in fields.values.sorted(by: { $0.start < $1.start }) {
                    guard let path = key(field), let text = reader.text(field.value, "matches")
                    else { continue }
                    do throws(Pattern.SyntaxError) {
                        conditions.append(.matches(path, try Pattern(text)))
                    } catch {
                        reader.fail("'\(text)' \(error.message)", at: field.value)
                    }
                }
            default:
                guard let path = key(entry), let value = value(entry.value, "where") else {
                    continue
                }
                conditions.append(.equals(path, value))
            }
        }
        return conditions
    }

    /// The path that a map's key names.
    private mutating func key(_ entry: Mapping.Entry) -> FieldPath? {
        do {
            return try FieldPath(parsing: entry.key.string)
        } catch {
            reader.fail(
                "'\(entry.key.string)' names no key: \(error.description)",
                at: entry.keyRange.lowerBound)
            return nil
        }
    }

    /// A value as it is to stand in documents.
    private mutating func value(_ node: Node, _ what: String) -> Value? {
        guard node.isPlain else {
            reader.fail("\(what): anchors, aliases and tags are not for migrations", at: node)
            return nil
        }
        return node.value
    }

    // MARK: Operations

    private static let words = [
        "rename", "move", "copy", "default", "set", "coerce", "map", "wrap", "unwrap", "split",
        "join", "each", "drop", "reorder", "syntax", "assert",
    ]

    private mutating func operations(_ node: Node, _ what: String) -> [MigrationOperation] {
        guard let items = node.items else {
            reader.fail("\(what) must be a list", at: node)
            return []
        }
        if items.isEmpty { reader.fail("\(what) are none", at: node) }
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

extension Node {
    /// Whether there is no anchor, alias or tag in it.
    fileprivate var isPlain: Bool {
        guard properties == nil else { return false }
        switch content {
        case .scalar: return true
        case .alias: return false
        case .sequence(let items): return items.allSatisfy(\.isPlain)
        case .mapping(let mapping):
            return mapping.entries.allSatisfy { !$0.isComplex && $0.value.isPlain }
        }
    }
}
