/// What Git counts in a file to tell text from binary (convert.c, `gather_stats`).
struct LineStatistics {
    private var pairs = 0
    private var loneReturns = 0
    private var zeros = 0
    private var printable = 0
    private var unprintable = 0

    init(_ bytes: [UInt8]) {
        var isAfterReturn = false
        for byte in bytes {
            if isAfterReturn {
                if byte == UInt8(ascii: "\n") { pairs += 1 } else { loneReturns += 1 }
            }
            let endsPair = isAfterReturn && byte == UInt8(ascii: "\n")
            isAfterReturn = byte == UInt8(ascii: "\r")
            if isAfterReturn || endsPair { continue }
            switch byte {
            case UInt8(ascii: "\n"): continue
            case 8, 9, 12, 27, 32..<127, 128...: printable += 1
            case 0:
                zeros += 1
                unprintable += 1
            default: unprintable += 1
            }
        }
        if isAfterReturn { loneReturns += 1 }
        // The end-of-file character of DOS.
        if bytes.last == 26 { unprintable -= 1 }
    }

    /// Whether lines of a text end with CR LF: binary is what has a lone CR, a zero byte, or more
    /// than one in 128 bytes that cannot be printed.
    var isTextWithCRLF: Bool {
        pairs > 0 && loneReturns == 0 && zeros == 0 && printable >> 7 >= unprintable
    }
}
