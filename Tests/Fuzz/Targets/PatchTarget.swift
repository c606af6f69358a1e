import Documents
import Git

/// Patches: Git's own lead from one text to the other and back; any other text does no harm.
enum PatchTarget {
    static func check(_ input: [UInt8]) throws {
        var input = FuzzInput(input, texts: 2)
        try checkAny(Document(input.texts[0]), input.texts[1])
        try checkGits(input.texts[0], input.texts[1], contextLines: input.choices(4))
    }

    /// The second text as a patch of the first.
    private static func checkAny(_ document: Document, _ text: [UInt8]) throws {
        guard let patch = try? UnifiedDiff(parsing: text) else { return }
        for hunk in patch.hunks {
            try hold(
                hunk.leadingContext <= min(hunk.old.count, hunk.new.count),
                "more context than lines")
        }
        guard let result = try? Edit.patchBody(patch).apply(to: document) else { return }
        try EditTarget.check(result, document, keepsBody: false)
    }

    /// The difference of two texts, as libgit2 prints it.
    private static func checkGits(_ one: [UInt8], _ two: [UInt8], contextLines: Int) throws {
        // Behind front matter, both are bodies whatever they start with.
        let head = Array("---\n---\n".utf8)
        let (one, two) = (head + one, head + two)
        guard one != two, !one.contains(0), !two.contains(0),
            let text = try? Patch.text(
                from: one, named: "a", to: two, named: "a", contextLines: contextLines)
        else { return }
        let patch = try UnifiedDiff(parsing: text)
        let forth = try Edit.patchBody(patch).apply(to: Document(one))
        try hold(forth.document.bytes == two, "a patch makes another text")
        let back = try Edit.patchBody(reversed(patch)).apply(to: forth.document)
        try hold(back.document.bytes == one, "a patch cannot be taken back")
    }

    private static func reversed(_ patch: UnifiedDiff) -> UnifiedDiff {
        var shift = 0
        return UnifiedDiff(
            hunks: patch.hunks.map { hunk in
                var back = hunk
                // An empty side names the line before it.
                let first = hunk.oldStart + (hunk.old.isEmpty ? 1 : 0)
                back.oldStart = first + shift - (hunk.new.isEmpty ? 1 : 0)
                (back.old, back.new) = (hunk.new, hunk.old)
                shift += hunk.new.count - hunk.old.count
                return back
            })
    }
}
