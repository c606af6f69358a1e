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
            throw .unprovable("the result could not be read: \(error)")
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
