import Documents

/// The bytes that changed outside the keys that were to change.
///
/// It looks at the two texts only, not at the splices that led from one to the other: every key
/// that was not a target has its bytes, comments included, and so has what stands between keys,
/// the fences and the body.
struct ForeignBytes {
    /// How many bytes of the old text are gone, or others; 0 is what is promised.
    private(set) var count = 0
    private let old: FrontMatter
    private let new: FrontMatter
    private let targets: Set<FieldPath>

    init(_ run: DocumentRun, before: FrontMatter) {
        old = before
        new = run.frontMatter
        targets = run.targets
        if !old.document.bodyBytes.elementsEqual(new.document.bodyBytes) {
            count += old.document.body.count
        }
        guard !run.isRewritten, let oldBlock = old.block, let newBlock = new.block else { return }
        for (left, right) in [
            (oldBlock.opening, newBlock.opening), (oldBlock.closing, newBlock.closing),
        ]
        where !old.document.bytes[left].elementsEqual(new.document.bytes[right]) {
            count += left.count
        }
        compare(old.root, new.root, at: FieldPath([]))
    }

    private mutating func compare(_ left: Node, _ right: Node, at path: FieldPath) {
        guard let leftMap = left.mapping, let rightMap = right.mapping else { return }
        let leftSpans = old.ownedSpans(of: left)
        let rightSpans = new.ownedSpans(of: right)
        // A key that is there twice is compared one by one.
        var seen: [Text: Int] = [:]
        for (entry, span) in zip(leftMap.entries, leftSpans) {
            let key = path.appending(.key(entry.key))
            guard !entry.isComplex, !targets.contains(key) else { continue }
            let earlier = leftMap.duplicates.isEmpty ? 0 : seen[entry.key, default: 0]
            if !leftMap.duplicates.isEmpty { seen[entry.key] = earlier + 1 }
            guard let position = rightMap.position(of: entry.key, after: earlier) else {
                // A map that held nothing but what went is taken along.
                if !hasTarget(below: key) { count += span.whole.count }
                continue
            }
            if hasTarget(below: key) {
                compare(entry.value, rightMap.entries[position].value, at: key)
                continue
            }
            let other = rightSpans[position].whole
            if !old.document.bytes[span.whole].elementsEqual(new.document.bytes[other]) {
                count += span.whole.count
            }
        }
        guard path.steps.isEmpty, left.style == .block, old.block?.syntax == .yaml else { return }
        let before = between(leftSpans.map(\.whole), old)
        let after = between(rightSpans.map(\.whole), new)
        guard before != after else { return }
        // A comment above a new key came along with it, or was there before it.
        let withComments = between(
            zip(rightMap.entries, rightSpans).map { (entry, span) in
                let isNew = leftMap.position(of: entry.key) == nil
                return isNew
                    ? span.leadingComments.upperBound..<span.whole.upperBound : span.whole
            }, new)
        guard before != withComments else { return }
        // Blank lines within a map are behind it when what was below them is gone.
        let left = zip(leftMap.entries, leftSpans).map { reach($0, $1.whole, old) }
        let right = zip(rightMap.entries, rightSpans).map { reach($0, $1.whole, new) }
        guard between(left, old) != between(right, new) else { return }
        count += max(1, abs(before.count - after.count))
    }

    /// A key's lines; where something below it was to change, with the blank lines that follow.
    private func reach(
        _ entry: Mapping.Entry, _ span: Range<Int>, _ frontMatter: FrontMatter
    ) -> Range<Int> {
        guard let block = frontMatter.block, hasTarget(below: FieldPath([.key(entry.key)])) else {
            return span
        }
        let rest = frontMatter.document.bytes[
            span.upperBound..<max(span.upperBound, block.content.upperBound)]
        let blanks = rest.prefix { " \t\r\n".utf8.contains($0) }
        let end = blanks.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? span.upperBound
        return span.lowerBound..<end
    }

    private func hasTarget(below path: FieldPath) -> Bool {
        targets.contains { path.contains($0) && $0 != path }
    }

    /// What stands between keys: blank lines, and comments that belong to none.
    private func between(_ spans: [Range<Int>], _ frontMatter: FrontMatter) -> [UInt8] {
        guard let block = frontMatter.block else { return [] }
        var bytes: [UInt8] = []
        var offset = block.content.lowerBound
        for span in spans {
            if span.lowerBound > offset {
                bytes += frontMatter.document.bytes[offset..<span.lowerBound]
            }
            offset = max(offset, span.upperBound)
        }
        bytes += frontMatter.document.bytes[offset..<max(offset, block.content.upperBound)]
        return bytes
    }
}

extension Mapping {
    /// Where the key stands that as many of the same name stand before.
    fileprivate func position(of key: Text, after earlier: Int) -> Int? {
        guard !duplicates.isEmpty else { return earlier == 0 ? position(of: key) : nil }
        return entries.indices.filter { entries[$0].key == key && !entries[$0].isComplex }
            .dropFirst(earlier).first
    }
}
