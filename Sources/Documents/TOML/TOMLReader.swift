/// Reads TOML front matter into a tree.
enum TOMLReader {
    static func read(
        _ document: Document, _ block: FrontMatterBlock
    ) throws(ParseError) -> FrontMatter {
        throw ParseError(.syntax, "TOML", at: document.position(at: 0))
    }
}
