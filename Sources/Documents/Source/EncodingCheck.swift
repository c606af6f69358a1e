/// Tells a text that can be given front matter from one in another encoding, and from what is no
/// text.
enum EncodingCheck {
    /// The byte order marks of other encodings. That of UTF-32, little-endian, begins as UTF-16's.
    private static let marks: [(bytes: [UInt8], name: String)] = [
        ([0xFF, 0xFE], "UTF-16 or UTF-32"), ([0xFE, 0xFF], "UTF-16"),
        ([0x00, 0x00, 0xFE, 0xFF], "UTF-32"),
    ]

    /// Throws where a document without front matter begins with another encoding's byte order
    /// mark, or holds a NUL, which UTF-16 without a mark does, and anything that is no text.
    static func check(_ document: Document) throws(ParseError) {
        if let mark = marks.first(where: { document.bytes.starts(with: $0.bytes) }) {
            throw ParseError(
                .encoding, "the document is in \(mark.name), not in UTF-8",
                at: document.position(at: 0))
        }
        guard let nul = document.bytes.firstIndex(of: 0) else { return }
        throw ParseError(
            .encoding, "there is none, and the document holds a NUL, which is no text in UTF-8",
            at: document.position(at: nul))
    }
}
