/// A text file: an optional byte order mark, optional front matter, and a body.
///
/// The bytes are kept as they were read, and everything else is a range of them. Making one
/// looks for the fences only; ``readFrontMatter()`` parses what is between them.
public struct Document: Sendable, Hashable {
    /// UTF-8's byte order mark.
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The whole document.
    public let bytes: [UInt8]
    /// The byte order mark; empty when there is none.
    public let byteOrderMark: Range<Int>
    /// The front matter's fences and content, or `nil` when there is none.
    public let frontMatter: FrontMatterBlock?
    /// Everything after the closing fence; without front matter, after the byte order mark.
    public let body: Range<Int>
    /// The opening fence that nothing closes; then there is no front matter, and operations on
    /// keys refuse.
    public let unclosedFence: Range<Int>?

    /// Finds the parts of a document. Never fails: any bytes are a document.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let start = bytes.starts(with: Document.byteOrderMark) ? 3 : 0
        byteOrderMark = 0..<start
        let fences = FenceScanner(bytes: bytes, start: start).scan()
        switch fences {
        case .none:
            frontMatter = nil
            unclosedFence = nil
            body = start..<bytes.count
        case .unclosed(let fence):
            frontMatter = nil
            unclosedFence = fence
            body = start..<bytes.count
        case .block(let block):
            frontMatter = block
            unclosedFence = nil
            body = block.closing.upperBound..<bytes.count
        }
    }

    /// Makes a document of a string's UTF-8 bytes.
    public init(_ text: String) { self.init(Array(text.utf8)) }

    /// Documents are equal when their bytes are.
    public static func == (left: Document, right: Document) -> Bool { left.bytes == right.bytes }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    /// The bytes of the body.
    public var bodyBytes: ArraySlice<UInt8> { bytes[body] }

    /// How the document's lines end: as the first one does, `\n` when none ends.
    public var lineEnding: LineEnding { LineEnding(firstIn: bytes[...]) ?? .lf }

    /// The line and column of an offset, found in one pass over the bytes before it.
    public func position(at offset: Int) -> Position {
        LineIndex(Array(bytes.prefix(max(0, offset)))).position(at: offset)
    }

    /// Parses the front matter; a document without any has an empty map, unless its encoding is
    /// another than UTF-8: what would be put before it then could be read in neither.
    ///
    /// - Throws: ``ParseError`` with line and column when it cannot be read.
    public func readFrontMatter() throws(ParseError) -> FrontMatter {
        if let unclosedFence {
            throw ParseError(
                .unclosedFence, "the front matter's opening fence is never closed",
                at: position(at: unclosedFence.lowerBound))
        }
        guard let block = frontMatter else {
            try EncodingCheck.check(self)
            return FrontMatter(absentFrom: self)
        }
        switch block.syntax {
        case .yaml: return try YAMLReader.read(self, block)
        case .json: return try JSONReader.read(self, block)
        case .toml: return try TOMLReader.read(self, block)
        }
    }
}
