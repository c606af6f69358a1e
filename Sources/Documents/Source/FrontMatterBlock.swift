/// Where a document's front matter lies; its content is not parsed yet.
public struct FrontMatterBlock: Sendable, Hashable {
    /// What surrounds front matter.
    public enum Fence: Sendable, Hashable {
        /// `---`, closed by `---` or `...`.
        case dashes
        /// `+++`.
        case pluses
        /// `---yaml`, `---toml` or `---json`, closed by `---`.
        case named
        /// The braces of a JSON object, as Hugo reads it; they are part of the content.
        case braces
    }

    /// The language of the content.
    public let syntax: Syntax
    /// What surrounds the content.
    public let fence: Fence
    /// The opening fence's line with its line ending; empty for ``Fence/braces``.
    public let opening: Range<Int>
    /// What is between the fences: whole lines, or the JSON object with its braces.
    public let content: Range<Int>
    /// The closing fence's line with its line ending; for ``Fence/braces`` the rest of the line.
    public let closing: Range<Int>
}
