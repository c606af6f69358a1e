/// Plans and proves edits of the body.
struct BodyEdit {
    let document: Document

    /// Replaces the whole body; bytes at both ends that stay are not touched.
    func replace(with bytes: [UInt8]) throws(EditError) -> [Splice] {
        let whole = Splice(replacing: document.body, of: document.bytes, with: bytes)
        return try proven(whole.trimmed().map { [$0] } ?? [])
    }

    /// Replaces the only occurrence of text, or all of them.
    func replace(_ find: [UInt8], with new: [UInt8], all: Bool) throws(EditError) -> [Splice] {
        let places = ByteSearch.occurrences(of: find, in: document.bytes, document.body)
        guard !places.isEmpty else { throw .textNotFound }
        guard all || places.count == 1 else { throw .textAmbiguous(count: places.count) }
        return try proven(places.map { Splice(offset: $0, removed: find, inserted: new) })
    }

    /// Applies a patch.
    func apply(_ patch: UnifiedDiff) throws(EditError) -> [Splice] {
        try proven(PatchApplier(document).splices(patch))
    }

    /// Checks that nothing before the body changes, and that the body stays the body.
    private func proven(_ splices: [Splice]) throws(EditError) -> [Splice] {
        let bytes: [UInt8]
        do {
            bytes = try splices.applied(to: document.bytes)
        } catch {
            throw .unprovable(error.description)
        }
        let result = Document(bytes)
        guard result.frontMatter == document.frontMatter,
            result.unclosedFence == document.unclosedFence,
            result.body.lowerBound == document.body.lowerBound
        else { throw .unprovable("the body would be read as front matter") }
        guard splices.allSatisfy({ $0.offset >= document.body.lowerBound }) else {
            throw .unprovable("the front matter would change")
        }
        return splices
    }
}
