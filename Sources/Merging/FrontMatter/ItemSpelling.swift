import Documents

/// How the items of lists in brackets are spelt: an item that a list gets is written as it
/// stands in the text it comes from.
struct ItemSpelling {
    /// The text that is edited, and the other side's.
    let texts: [FrontMatter]
    /// Whether a list's items are written in our style instead, as those of a set are.
    var isRestyled: (FieldPath) -> Bool = { _ in false }

    /// The source text of an item, or `nil` where no text has it in brackets.
    func source(of item: Value, at path: FieldPath) -> String? {
        guard !isRestyled(path), texts.first?.node(at: path)?.style == .flow else { return nil }
        for text in texts {
            guard let list = text.node(at: path), list.style == .flow,
                let node = list.items?.first(where: { $0.value == item })
            else { continue }
            return node.properties == nil ? text.source(node.range) : nil
        }
        return nil
    }

    /// Whether comments may stand between a list's items, where they would stay when items move.
    func mayHaveComments(at path: FieldPath) -> Bool {
        guard let text = texts.first, let list = text.node(at: path) else { return true }
        return text.block?.syntax != .json && text.document.bytes[list.range].contains(0x23)
    }
}
