/// A patch of one text, as `diff -u` and `git diff` write it.
///
/// Source: the unified format of GNU diffutils, with Git's `\ No newline at end of file`.
public struct UnifiedDiff: Sendable, Hashable {
    /// Lines that follow each other, and what becomes of them.
    public struct Hunk: Sendable, Hashable {
        /// The first line that the hunk is about, from 1; the line before it when it has none.
        public var oldStart: Int
        /// The lines that must be there, each with its line ending.
        public var old: [[UInt8]]
        /// The lines that are there afterwards, each with its line ending.
        public var new: [[UInt8]]
        /// How many lines at the start are only context.
        public var leadingContext: Int
        /// How many lines at the end are only context.
        public var trailingContext: Int
    }

    /// The hunks, in order.
    public let hunks: [Hunk]

    /// Why a text is not a patch.
    public struct SyntaxError: Error, Sendable, Hashable, CustomStringConvertible {
        /// The line of the patch, from 1.
        public let line: Int
        /// What is wrong there.
        public let message: String
        /// Both, in words.
        public var description: String { "line \(line) of the patch: \(message)" }
    }

    /// Makes a patch of hunks.
    public init(hunks: [Hunk]) { self.hunks = hunks }

    /// Reads a patch; text around its hunks (a message, Git's headers) is passed over.
    ///
    /// - Throws: ``SyntaxError`` when there is no hunk, a hunk's lines are not as many as it
    ///   says, or the patch is of several files.
    public init(parsing bytes: [UInt8]) throws(SyntaxError) {
        var parser = UnifiedDiffParser(bytes)
        hunks = try parser.parse()
    }
}
