/// What is wrong with a file that configures docvc, and where.
public struct ConfigurationProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The place in the file.
    public let position: Position
    /// What is wrong there.
    public let message: String
    /// `line:column: message`.
    public var description: String { "\(position): \(message)" }

    /// Makes a problem from its parts.
    public init(_ message: String, at position: Position) {
        self.position = position
        self.message = message
    }
}

/// All that is wrong with a file that configures docvc.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The problems, in order of place; at least one.
    public let problems: [ConfigurationProblem]
    /// Each problem in a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }

    /// Makes an error of its problems.
    public init(_ problems: [ConfigurationProblem]) {
        self.problems = problems.sorted { $0.position.offset < $1.position.offset }
    }
}

/// Reads a YAML file that configures docvc, and gathers every problem instead of stopping at
/// the first.
///
/// What it cannot read it reports and answers `nil`; the file is good if ``problems`` is empty
/// at the end.
public struct ConfigurationReader: Sendable {
    /// The file's value; `nil` for a file without any.
    public let root: Node?
    /// What was found wrong so far.
    public private(set) var problems: [ConfigurationProblem] = []
    private let lines: LineIndex

    /// Parses a file.
    ///
    /// - Throws: the one problem that keeps it from being YAML.
    public init(_ bytes: [UInt8]) throws(ConfigurationError) {
        let lines = LineIndex(bytes)
        let start = bytes.starts(with: Document.byteOrderMark) ? 3 : 0
        if let invalid = UTF8Check.firstInvalid(in: bytes[...]) {
            throw ConfigurationError([
                ConfigurationProblem("not valid UTF-8", at: lines.position(at: invalid))
            ])
        }
        do {
            root = try YAMLReader.parse(bytes, start..<bytes.count) {
                lines.position(at: $0)
            }.root
        } catch {
            throw ConfigurationError([ConfigurationProblem(error.message, at: error.position)])
        }
        self.lines = lines
    }

    /// The line and column of an offset in the file.
    public func position(at offset: Int) -> Position { lines.position(at: offset) }

    /// Notes a problem with a value.
    public mutating func fail(_ message: String, at node: Node) {
        fail(message, at: node.range.lowerBound)
    }

    /// Notes a problem at an offset.
    public mutating func fail(_ message: String, at offset: Int) {
        problems.append(ConfigurationProblem(message, at: position(at: offset)))
    }

    /// Ends the reading.
    ///
    /// - Throws: every problem that was noted.
    public func finish() throws(ConfigurationError) {
        guard problems.isEmpty else { throw ConfigurationError(problems) }
    }

    /// The entries of a map by their keys; `what` names it in problems.
    ///
    /// Keys that are not among `known` are problems, and keys that are there twice; without
    /// `known` any key is good. `nil` where it is not a map.
    public mutating func fields(
        of node: Node, _ what: String, known: [String]? = nil
    ) -> [String: Mapping.Entry]? {
        guard let mapping = node.mapping else {
            fail("\(what) must be a map of keys to values", at: node)
            return nil
        }
        var fields: [String: Mapping.Entry] = [:]
        for entry in mapping.entries {
            let key = entry.key.string
            let place = entry.keyRange.lowerBound
            if entry.isComplex {
                fail("\(what) has a key that is not plain text", at: place)
            } else if fields[key] != nil {
                fail("\(what) has '\(key)' more than once", at: place)
            } else if let known, !known.contains(key) {
                fail("\(what) has no '\(key)'\(NearMiss.hint(key, among: known))", at: place)
            } else {
                fields[key] = entry
            }
        }
        return fields
    }

    /// A scalar's text, whatever its type; `nil` where it is not one, or null.
    public mutating func text(_ node: Node, _ what: String) -> String? {
        guard let scalar = node.scalar, scalar.type != .null else {
            fail("\(what) must be a text", at: node)
            return nil
        }
        return scalar.text.string
    }

    /// The items of a list; a single value counts as a list of one.
    public mutating func items(_ node: Node, _ what: String) -> [Node]? {
        if let items = node.items { return items }
        guard let scalar = node.scalar, scalar.type != .null else {
            fail("\(what) must be a list", at: node)
            return nil
        }
        return [node]
    }

    /// Patterns that name paths.
    public mutating func globs(_ node: Node, _ what: String) -> GlobList? {
        guard let items = items(node, what) else { return nil }
        guard !items.isEmpty else {
            fail("\(what) names nothing", at: node)
            return nil
        }
        var texts: [String] = []
        for item in items {
            guard let text = text(item, "a pattern of \(what)") else { continue }
            do {
                _ = try GlobList(parsing: [text])
                texts.append(text)
            } catch {
                fail("'\(text)' is not a pattern: \(error.description)", at: item)
            }
        }
        return texts.count == items.count ? try? GlobList(parsing: texts) : nil
    }

    /// The key path that a text names.
    public mutating func path(_ node: Node, _ what: String) -> FieldPath? {
        guard let text = text(node, what) else { return nil }
        do {
            return try FieldPath(parsing: text)
        } catch {
            fail("\(what): '\(text)' names no key: \(error.description)", at: node)
            return nil
        }
    }
}
