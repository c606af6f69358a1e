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
struct MigrationReader {
    var reader: ConfigurationReader

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
    mutating func value(_ node: Node, _ what: String) -> Value? {
        guard node.isPlain else {
            reader.fail("\(what): anchors, aliases and tags are not for migrations", at: node)
            return nil
        }
        return node.value
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
