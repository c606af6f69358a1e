/// Proves an edit of keys by reading the result.
struct EditProof {
    let before: FrontMatter
    let splices: [Splice]
    let changes: [ValueChange]

    /// What the proof leaves: the new document, read.
    func prove() throws(EditError) -> FrontMatter {
        let old = before.document
        let bytes: [UInt8]
        do {
            bytes = try splices.applied(to: old.bytes)
        } catch {
            throw .unprovable(error.description)
        }
        let document = Document(bytes)
        // No splice reaches the body, so its bytes are the same if the fences still end there.
        guard splices.last.map({ $0.range.upperBound <= old.body.lowerBound }) ?? true,
            document.body.count == old.body.count
        else { throw .unprovable("the body would change") }
        try proveFences(document)
        let after: FrontMatter
        do {
            after = try document.readFrontMatter()
        } catch {
            throw invalidValue(at: error.position.offset)
                ?? .unprovable("the result could not be read: \(error)")
        }
        var expected = before.value
        for change in changes {
            guard change.apply(to: &expected, result: after) else {
                throw .unprovable("the result lacks what was set")
            }
        }
        guard expected.isEquivalent(to: after.value) else {
            throw .unprovable("a value would read differently afterwards")
        }
        return after
    }

    /// Why the result cannot be read, where that is for the value that was put in.
    private func invalidValue(at offset: Int) -> EditError? {
        let areValues = changes.allSatisfy { change in
            switch change {
            case .set, .setToResult, .append: true
            case .remove, .rename, .reorder: false
            }
        }
        guard areValues else { return nil }
        // In the result, what was put in is what taking the splices back would remove.
        let culprit = splices.inverted().first {
            ($0.offset...$0.range.upperBound).contains(offset) && !$0.removed.isEmpty
        }
        guard let culprit else { return nil }
        let text = String(decoding: culprit.removed, as: UTF8.self)
        return .invalidValue(
            text.split(whereSeparator: \.isNewline).joined(separator: " "),
            reason: "cannot be written: the syntax of the front matter has no such value")
    }

    private func proveFences(_ document: Document) throws(EditError) {
        guard document.byteOrderMark == before.document.byteOrderMark else {
            throw .unprovable("the byte order mark would change")
        }
        guard let old = before.block else { return }
        guard let new = document.frontMatter, new.syntax == old.syntax, new.fence == old.fence,
            document.bytes[new.opening].elementsEqual(before.document.bytes[old.opening]),
            document.bytes[new.closing].elementsEqual(before.document.bytes[old.closing])
        else { throw .unprovable("the fences would change") }
    }
}
