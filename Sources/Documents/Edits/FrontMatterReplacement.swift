/// Replaces all front matter by other text.
struct FrontMatterReplacement {
    let document: Document

    /// The splices that put text in the place of the front matter.
    ///
    /// Text that begins with a fence replaces the fences too; other text is in the document's
    /// syntax, YAML when it has none yet.
    func splices(_ given: [UInt8]) throws(EditError) -> [Splice] {
        let new = Document(given)
        let old = document.frontMatter
        if old == nil, document.unclosedFence == nil {
            do {
                try EncodingCheck.check(document)
            } catch {
                throw .unparsable(error)
            }
        }
        let start = old?.opening.lowerBound ?? document.byteOrderMark.upperBound
        let whole = start..<(old?.closing.upperBound ?? start)
        var bytes: [UInt8]
        if let block = new.frontMatter {
            guard new.bodyBytes.allSatisfy(\.isWhiteSpace) else {
                throw .invalidValue(
                    "the new front matter", reason: "has a body after its closing fence")
            }
            bytes = Array(given[block.opening.lowerBound..<block.closing.upperBound])
            if bytes.last != ASCII.newline, !document.body.isEmpty {
                bytes += document.lineEnding.bytes
            }
        } else {
            var content = Array(given[new.byteOrderMark.upperBound...])
            if !content.isEmpty, content.last != ASCII.newline {
                content += document.lineEnding.bytes
            }
            let fence = [ASCII.dash, ASCII.dash, ASCII.dash] + document.lineEnding.bytes
            let opening = old.map { Array(document.bytes[$0.opening]) } ?? fence
            let closing = old.map { Array(document.bytes[$0.closing]) } ?? fence
            bytes = opening + content + closing
        }
        let splice = Splice(replacing: whole, of: document.bytes, with: bytes).trimmed()
        try prove(splice)
        return splice.map { [$0] } ?? []
    }

    private func prove(_ splice: Splice?) throws(EditError) {
        guard let splice else { return }
        let result: Document
        do {
            result = Document(try [splice].applied(to: document.bytes))
        } catch {
            throw .unprovable(error.description)
        }
        do {
            _ = try result.readFrontMatter()
        } catch {
            throw .unparsableReplacement(error)
        }
        guard result.frontMatter != nil, result.bodyBytes.elementsEqual(document.bodyBytes) else {
            throw .unprovable("the body would change")
        }
    }
}

extension Splice {
    /// The same change without the bytes that stay at both ends, or `nil` if it is none.
    func trimmed() -> Splice? {
        guard removed != inserted else { return nil }
        let shorter = min(removed.count, inserted.count)
        var prefix = 0
        while prefix < shorter, removed[prefix] == inserted[prefix] { prefix += 1 }
        var suffix = 0
        while suffix < shorter - prefix,
            removed[removed.count - 1 - suffix] == inserted[inserted.count - 1 - suffix]
        { suffix += 1 }
        return Splice(
            offset: offset + prefix, removed: Array(removed[prefix..<(removed.count - suffix)]),
            inserted: Array(inserted[prefix..<(inserted.count - suffix)]))
    }
}
