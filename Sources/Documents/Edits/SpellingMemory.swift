/// Earlier texts of a document, whose spellings its edits may take up again.
///
/// Each is read when it is first asked for, and those that cannot be read remember nothing.
final class SpellingMemory {
    private var unread: ArraySlice<Document>
    private var read: [KeyEditPlanner] = []
    private let lineEnding: LineEnding

    init(_ documents: [Document], for document: Document) {
        unread = documents.filter { $0 != document }[...]
        lineEnding = document.lineEnding
    }

    var isEmpty: Bool { unread.isEmpty && read.isEmpty }

    /// The earlier texts in turn; their lines end as the document's do.
    func planner(_ number: Int) -> KeyEditPlanner? {
        while read.count <= number, let document = unread.popFirst() {
            let frontMatter = try? document.ending(lines: lineEnding).readFrontMatter()
            guard let frontMatter, frontMatter.block != nil else { continue }
            read.append(KeyEditPlanner(frontMatter))
        }
        return number < read.count ? read[number] : nil
    }
}

extension Document {
    /// The document with all its lines ending like this, if its first one does not.
    fileprivate func ending(lines ending: LineEnding) -> Document {
        guard lineEnding != ending else { return self }
        var converted: [UInt8] = []
        for line in TextLines.split(bytes[...]) {
            guard line.last == ASCII.newline else {
                converted += line
                continue
            }
            let text = line.dropLast()
            converted += text.last == ASCII.carriageReturn ? text.dropLast() : text
            converted += ending.bytes
        }
        return Document(converted)
    }
}
