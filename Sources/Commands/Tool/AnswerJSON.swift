import FoundationEssentials

/// Answers as JSON in which a document's numbers keep their spelling.
///
/// The encoder would write `1.10` as `1.1`. So a number is encoded as a string that begins with
/// a mark, and the marked strings are made numbers afterwards.
enum AnswerJSON {
    /// Where the encoder finds the mark.
    static let numberMark = CodingUserInfoKey(rawValue: "docvc.numberMark")

    /// The JSON text of an answer, its keys in order.
    static func bytes(of answer: some Encodable) throws -> [UInt8] {
        var mark = "docvc number "
        while true {
            let marked = try encode(answer, mark: mark)
            let places = marked.ranges(of: Array(mark.utf8))
            guard !places.isEmpty else { return marked }
            // A mark that a document's own text has would make its text a number.
            if try encode(answer, mark: "").ranges(of: Array(mark.utf8)).isEmpty {
                return unquoted(marked, places)
            }
            mark += "-"
        }
    }

    private static func encode(_ answer: some Encodable, mark: String) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if let numberMark { encoder.userInfo[numberMark] = mark }
        return try Array(encoder.encode(answer))
    }

    /// The marks with the quotation mark before each, and the one after its number, taken out.
    private static func unquoted(_ marked: [UInt8], _ places: [Range<Int>]) -> [UInt8] {
        var bytes: [UInt8] = []
        var position = 0
        for place in places {
            bytes += marked[position..<(place.lowerBound - 1)]
            let number = marked[place.upperBound...].prefix { $0 != UInt8(ascii: "\"") }
            bytes += number
            position = number.endIndex + 1
        }
        return bytes + marked[position...]
    }
}
