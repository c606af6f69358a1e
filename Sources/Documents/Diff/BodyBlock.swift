/// A piece of a body that belongs together: a paragraph, a heading, a fenced block.
public struct BodyBlock: Sendable, Hashable {
    /// Its bytes in the document, whole lines.
    public let range: Range<Int>
    /// Its first line in the document, from 1.
    public let line: Int
    /// Its text, line endings included.
    public let text: Text

    /// Blocks are equal when their text is, wherever they stand.
    public static func == (left: BodyBlock, right: BodyBlock) -> Bool { left.text == right.text }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// The blocks of a document's body; blank lines stand between them and are no blocks.
    ///
    /// A block ends at a blank line and before and after a heading; a fenced block (CommonMark
    /// 0.31, section 4.5) ends with its fence only.
    public static func blocks(of document: Document) -> [BodyBlock] {
        var splitter = BlockSplitter(document)
        return splitter.split()
    }
}

private struct BlockSplitter {
    let document: Document
    let lines: [ArraySlice<UInt8>]
    var blocks: [BodyBlock] = []
    /// The lines of the block that is being gathered.
    var open: Range<Int>?
    let firstLine: Int

    init(_ document: Document) {
        self.document = document
        lines = TextLines.split(document.bodyBytes)
        firstLine = 1 + document.bytes[..<document.body.lowerBound].count { $0 == ASCII.newline }
    }

    mutating func split() -> [BodyBlock] {
        var fence: (mark: UInt8, count: Int)?
        for (number, line) in lines.enumerated() {
            let text = line.drop { $0 == ASCII.space }
            if let current = fence {
                extend(to: number)
                let run = text.prefix { $0 == current.mark }.count
                if run >= current.count, text.dropFirst(run).allSatisfy(\.isWhiteSpace) {
                    fence = nil
                    close()
                }
            } else if text.allSatisfy(\.isWhiteSpace) {
                close()
            } else if let opening = openingFence(text) {
                close()
                extend(to: number)
                fence = opening
            } else if text.first == ASCII.hash {
                close()
                extend(to: number)
                close()
            } else {
                extend(to: number)
            }
        }
        close()
        return blocks
    }

    private func openingFence(_ text: ArraySlice<UInt8>) -> (mark: UInt8, count: Int)? {
        guard let mark = text.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else {
            return nil
        }
        let count = text.prefix { $0 == mark }.count
        guard count >= 3 else { return nil }
        // An info string with a backtick makes it inline code.
        if mark == UInt8(ascii: "`"), text.dropFirst(count).contains(mark) { return nil }
        return (mark, count)
    }

    private mutating func extend(to number: Int) {
        open = (open?.lowerBound ?? number)..<(number + 1)
    }

    private mutating func close() {
        guard let block = open else { return }
        open = nil
        let range = lines[block.lowerBound].startIndex..<lines[block.upperBound - 1].endIndex
        blocks.append(
            BodyBlock(
                range: range, line: firstLine + block.lowerBound,
                text: Text(utf8: document.bytes[range])))
    }
}
