public import Documents

/// One declared change of documents' front matter.
public struct MigrationOperation: Sendable {
    /// What a value can be made into, and asserted to be.
    public enum ValueKind: String, Sendable, CaseIterable {
        case string, integer, float, boolean, date, list
        /// Only to be asserted.
        case map

        /// `a string`, `an integer`.
        var words: String { (self == .integer ? "an " : "a ") + rawValue }

        /// What `coerce` takes.
        static let targets = allCases.filter { $0 != .map }
    }

    /// A value and what stands for it afterwards.
    public struct Replacement: Sendable {
        /// The value before.
        public let old: Value
        /// The value afterwards.
        public let new: Value
    }

    /// What the operation does. A key that is not there is left so, unless said otherwise.
    public enum Kind: Sendable {
        /// Gives a key another name or path, in its place where both are in one map.
        case move(from: FieldPath, to: FieldPath)
        /// Gives a value a second key, where that is missing.
        case copy(from: FieldPath, to: FieldPath)
        /// Adds a key where it is missing.
        case setDefault(FieldPath, Value)
        /// Gives a key a value, whatever it has.
        case set(FieldPath, Value)
        /// Makes a value of another type.
        case coerce(FieldPath, to: ValueKind)
        /// Replaces values, of a list its items.
        case map(FieldPath, [Replacement])
        /// Makes a scalar or map a list of one item.
        case wrap(FieldPath)
        /// Makes a list of one item that item, and an empty one null.
        case unwrap(FieldPath)
        /// Parts a string at a separator; the last key gets all that is left.
        case split(FieldPath, by: String, into: [FieldPath])
        /// Puts scalars together into a string.
        case join([FieldPath], with: String, into: FieldPath)
        /// Does operations in each map of a list; their keys count from the item.
        case each(FieldPath, [MigrationOperation])
        /// Removes a key.
        case drop(FieldPath)
        /// Puts a map's keys in this order, before its others.
        case reorder(FieldPath, [Text])
        /// Writes the front matter in another language.
        case syntax(Syntax)
        /// Says what must be so.
        case assert(FieldPath, type: ValueKind?, isRequired: Bool)
    }

    /// The word in the migration file: `rename`, `drop`.
    public let name: String
    /// What it does.
    public let kind: Kind
    /// Where it stands in the migration file.
    public let position: Position

    /// The key that it is about, as it is written; nil where it is about all front matter.
    public var key: String? {
        switch kind {
        case .move(let path, _), .copy(let path, _), .setDefault(let path, _), .set(let path, _),
            .coerce(let path, _), .map(let path, _), .wrap(let path), .unwrap(let path),
            .split(let path, _, _), .each(let path, _), .drop(let path), .assert(let path, _, _):
            path.description
        case .join(_, _, let path): path.description
        case .reorder(let path, _): path.steps.isEmpty ? nil : path.description
        case .syntax: nil
        }
    }

    /// What it does, in a few words.
    public var summary: String {
        func list(_ paths: [FieldPath]) -> String {
            paths.map(\.description).joined(separator: ", ")
        }
        switch kind {
        case .move(let from, let to): return "\(name) \(from) to \(to)"
        case .copy(let from, let to): return "copy \(from) to \(to)"
        case .setDefault(let path, let value): return "default \(path): \(value.jsonText)"
        case .set(let path, let value): return "set \(path): \(value.jsonText)"
        case .coerce(let path, let kind): return "coerce \(path) to \(kind.rawValue)"
        case .map(let path, _): return "map \(path)"
        case .wrap(let path): return "wrap \(path)"
        case .unwrap(let path): return "unwrap \(path)"
        case .split(let path, _, let into): return "split \(path) into \(list(into))"
        case .join(let paths, _, let into): return "join \(list(paths)) into \(into)"
        case .each(let path, let operations):
            return "each \(path): \(operations.map(\.summary).joined(separator: "; "))"
        case .drop(let path): return "drop \(path)"
        case .reorder(let path, _):
            return path.steps.isEmpty ? "reorder keys" : "reorder keys of \(path)"
        case .syntax(let syntax): return "syntax \(syntax.rawValue)"
        case .assert(let path, let type, let isRequired):
            let words = [type?.rawValue, isRequired ? "required" : nil].compactMap { $0 }
            return "assert \(path): \(words.joined(separator: ", "))"
        }
    }

    /// Whether it always takes something away where it changes a document.
    public var isDestructiveByName: Bool {
        switch kind {
        case .drop: true
        case .each(_, let operations): operations.contains(where: \.isDestructiveByName)
        default: false
        }
    }
}
