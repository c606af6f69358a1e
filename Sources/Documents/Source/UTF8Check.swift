/// Finds bytes that are not UTF-8.
enum UTF8Check {
    /// The offset, in the slice's own indices, of the first byte that is not part of valid
    /// UTF-8 (the Unicode Standard, table 3-7), or `nil`.
    static func firstInvalid(in bytes: ArraySlice<UInt8>) -> Int? {
        var offset = bytes.startIndex
        while offset < bytes.endIndex {
            let lead = bytes[offset]
            if lead < 0x80 {
                offset += 1
                continue
            }
            let length: Int
            var second: ClosedRange<UInt8> = 0x80...0xBF
            switch lead {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            case 0xF1...0xF3: length = 4
            default: return offset
            }
            guard offset + length <= bytes.endIndex, second.contains(bytes[offset + 1]),
                bytes[(offset + 1)..<(offset + length)].allSatisfy(\.isContinuation)
            else { return offset }
            offset += length
        }
        return nil
    }
}
