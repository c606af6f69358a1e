/// Why front matter cannot be read, and where.
///
/// Such a document is still a document: it can be saved, undone and merged as plain text.
/// Only operations on keys refuse.
public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Reason: Sendable, Hashable {
        /// The text is not valid in its syntax.
        case syntax
        /// The bytes are not UTF-8, or hold a character that the syntax forbids.
        case encoding
        /// The opening fence has no closing one.
        case unclosedFence
        /// The front matter is not a map of keys to values.
        case notAMap
        /// Values are nested deeper than ``FrontMatter/depthLimit``.
        case tooDeep
        /// An alias names an anchor that is not defined before it.
        case undefinedAlias
        /// There is more than one YAML document between the fences.
        case severalDocuments
    }

    /// The kind of failure.
    public let reason: Reason
    /// What is wrong, in a few words, in the parser's terms.
    public let message: String
    /// Where it was noticed.
    public let position: Position

    /// Makes an error from its parts.
    public init(_ reason: Reason, _ message: String, at position: Position) {
        self.reason = reason
        self.message = message
        self.position = position
    }

    /// `line:column: message`.
    public var description: String { "\(position): \(message)" }
}
