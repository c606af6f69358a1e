/// Splits text into lines.
enum TextLines {
    /// The lines of text, each with its line ending; the last may have none.
    static func split(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        for offset in bytes.indices where bytes[offset] == ASCII.newline {
            lines.append(bytes[start...offset])
            start = offset + 1
        }
        if start < bytes.endIndex { lines.append(bytes[start...]) }
        return lines
    }
}
