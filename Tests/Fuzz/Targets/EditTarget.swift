import Documents

/// Edits of any document: bytes and values that were not edited stay, and undo is exact.
enum EditTarget {
    static func check(_ input: [UInt8]) throws {
        var input = FuzzInput(input, texts: 1)
        try checkEdits(Document(input.texts[0]), &input.choices)
    }

    private static func checkEdits(_ document: Document, _ choices: inout FuzzInput.Choices) throws
    {
        guard let frontMatter = try? document.readFrontMatter() else { return }
        let paths = frontMatter.paths
        try check([edit(path(paths, &choices), &choices)], document)
        try check((0..<3).map { _ in edit(path(paths, &choices), &choices) }, document)
        guard !paths.isEmpty else { return }
        try checkMemory(paths[choices(paths.count)], frontMatter, &choices)
    }

    /// A path that is there, below one that is, or made up.
    private static func path(_ paths: [FieldPath], _ choices: inout FuzzInput.Choices) -> FieldPath
    {
        let known = paths.isEmpty ? FieldPath([]) : paths[choices(paths.count)]
        switch choices(8) {
        case 0: return known.appending(.key("new"))
        case 1: return known.appending(.index(choices(3)))
        case 2: return FieldPath(key: Text(texts[choices(texts.count)]))
        case 3: return known.parent ?? known
        default: return known
        }
    }

    private static let texts = [
        "x", "no", "a: b", "", "[a, b]", "line\nbreak", "\u{2028}", "2024-01-02", "{a: 1}",
        "text\n\n", " lead", "# hash", "1.10", "12:30", "null", "it's \"so\"",
    ]

    private static func edit(_ path: FieldPath, _ choices: inout FuzzInput.Choices) -> Edit {
        let text = texts[choices(texts.count)]
        switch choices(10) {
        case 0, 1: return .set(path, .guess(text))
        case 2: return .set(path, .typed(text, .string))
        case 3: return .unset(path)
        case 4: return .rename(path, to: Text(text))
        case 5: return .append(path, .guess(text))
        case 6: return .remove(path, .guess(text))
        case 7: return .reorder(path.parent ?? path, [Text(text)])
        case 8: return .set(path, .source(text))
        default:
            return .set(path, .value(.list([.string(text), .map([.init("k", .string(text))])])))
        }
    }

    /// Edits and then the old value again, remembering the start: the value is the old one, and
    /// where only that key was edited all front matter is read as at the start.
    private static func checkMemory(
        _ path: FieldPath, _ start: FrontMatter, _ choices: inout FuzzInput.Choices
    ) throws {
        guard let old = start.node(at: path)?.value else { return }
        let change: Edit =
            choices(2) == 0
            ? .unset(path) : .set(path, .typed(texts[choices(texts.count)], .string))
        guard let changed = try? Edit.apply([change], to: start) else { return }
        let others = choices(2) == 0
        var between = changed.document
        if others,
            let more = try? edit(self.path(start.paths, &choices), &choices).apply(to: between)
        {
            between = more.document
        }
        let edit = Edit.set(path, .value(old))
        guard let back = try? edit.apply(to: between, remembering: [start.document]) else { return }
        try check(back, between, keepsBody: true)
        guard let after = try? back.document.readFrontMatter() else {
            throw Broken("what was proven cannot be read")
        }
        guard case .key? = path.steps.last else { return }
        try hold(after.node(at: path)?.value.isEquivalent(to: old) == true, "not the value")
        if !others { try hold(after.value.isEquivalent(to: start.value), "not the start") }
    }

    // MARK: What always holds

    private static func check(_ edits: [Edit], _ document: Document) throws {
        guard let result = try? Edit.apply(edits, to: document) else { return }
        try check(result, document, keepsBody: true)
    }

    /// Throws unless the splices are the whole change, and can be taken back.
    static func check(_ result: EditResult, _ before: Document, keepsBody: Bool) throws {
        try hold(
            (try? result.splices.applied(to: before.bytes)) == result.document.bytes,
            "the splices make another document")
        let undone = try? result.splices.inverted().applied(to: result.document.bytes)
        try hold(undone == before.bytes, "undo is not exact")
        let (old, new) = (before.bytes, result.document.bytes)
        if keepsBody {
            try hold(result.document.bodyBytes.elementsEqual(before.bodyBytes), "the body changed")
        } else {
            try hold(new.starts(with: old[..<before.body.lowerBound]), "the front matter changed")
        }
        _ = DocumentDiff(from: before, to: result.document)
    }
}
