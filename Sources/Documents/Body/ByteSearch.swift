/// Finds text in bytes.
enum ByteSearch {
    /// Where text occurs in a range, from the first byte on, without overlaps.
    ///
    /// Linear for any text (Knuth, Morris and Pratt 1977).
    static func occurrences(of text: [UInt8], in bytes: [UInt8], _ range: Range<Int>) -> [Int] {
        guard !text.isEmpty else { return [] }
        var fallback = [Int](repeating: 0, count: text.count)
        var matched = 0
        for index in text.indices.dropFirst() {
            while matched > 0, text[index] != text[matched] { matched = fallback[matched - 1] }
            if text[index] == text[matched] { matched += 1 }
            fallback[index] = matched
        }
        var places: [Int] = []
        matched = 0
        for offset in range {
            while matched > 0, bytes[offset] != text[matched] { matched = fallback[matched - 1] }
            if bytes[offset] == text[matched] { matched += 1 }
            if matched == text.count {
                places.append(offset - text.count + 1)
                matched = 0
            }
        }
        return places
    }
}
