internal import Ctomlpp

/// The values that toml++ finds in a text, in order; the only user of toml++.
struct TOMLValues {
    struct Found {
        let type: ScalarType?
        /// The content of a string.
        let text: Text?
        /// Its first byte.
        let start: Int
    }

    struct Failure: Error {
        let message: String
        let offset: Int
    }

    /// Parses a range of bytes; places are offsets in the whole bytes.
    static func read(_ bytes: [UInt8], _ content: Range<Int>) throws(Failure) -> [Found] {
        let parsed = bytes[content].withUnsafeBytes {
            ctomlpp_parse($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
        guard let parsed else {
            throw Failure(message: "out of memory", offset: content.lowerBound)
        }
        defer { ctomlpp_free(parsed) }
        if let message = ctomlpp_error(parsed) {
            throw Failure(
                message: String(cString: message),
                offset: content.lowerBound + ctomlpp_error_offset(parsed))
        }
        return (0..<ctomlpp_count(parsed)).map {
            found(ctomlpp_value_at(parsed, $0), base: content.lowerBound)
        }
    }

    private static func found(_ value: ctomlpp_value, base: Int) -> Found {
        let type: ScalarType? =
            switch value.kind {
            case CTOMLPP_STRING: .string
            case CTOMLPP_INTEGER: .integer
            case CTOMLPP_FLOAT: .float
            case CTOMLPP_BOOLEAN: .boolean
            case CTOMLPP_DATE: .date
            default: nil
            }
        let text = value.text.map {
            $0.withMemoryRebound(to: UInt8.self, capacity: value.length) {
                Text(utf8: UnsafeBufferPointer(start: $0, count: value.length))
            }
        }
        return Found(type: type, text: text, start: base + value.start)
    }
}
