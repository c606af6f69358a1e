/// Recognises dates and times by their text; nothing is converted.
///
/// The forms are those of the YAML timestamp type and RFC 3339, with the zones that site
/// generators write (`-0500`, `-05`).
enum DateText {
    /// `2024-01-02`, alone or with a time and a zone.
    static func isDate(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 8, bytes[4] == ASCII.dash else { return false }
        var scan = Scan(bytes[...])
        guard scan.number(digits: 4...4) != nil, scan.take(ASCII.dash),
            let month = scan.number(digits: 1...2), (1...12).contains(month),
            scan.take(ASCII.dash), let day = scan.number(digits: 1...2), (1...31).contains(day)
        else { return false }
        if scan.isAtEnd { return true }
        let separated = scan.take(UInt8(ascii: "T")) || scan.take(UInt8(ascii: "t"))
        guard separated || scan.skipBlanks() else { return false }
        guard scan.time() else { return false }
        _ = scan.skipBlanks()
        return scan.isAtEnd || scan.zone() && scan.isAtEnd
    }

    /// What TOML 1.0 takes for a date, a time or both, with fixed widths (RFC 3339).
    static func isTOMLDate(_ bytes: [UInt8]) -> Bool {
        var scan = Scan(bytes[...])
        if bytes.count > 2, bytes[2] == ASCII.colon { return scan.strictTime() && scan.isAtEnd }
        guard bytes.count >= 10, scan.number(digits: 4...4) != nil, scan.take(ASCII.dash),
            let month = scan.number(digits: 2...2), (1...12).contains(month),
            scan.take(ASCII.dash), let day = scan.number(digits: 2...2), (1...31).contains(day)
        else { return false }
        if scan.isAtEnd { return true }
        guard
            scan.take(UInt8(ascii: "T")) || scan.take(UInt8(ascii: "t")) || scan.take(ASCII.space),
            scan.strictTime()
        else { return false }
        return scan.isAtEnd || scan.strictZone() && scan.isAtEnd
    }

    private struct Scan {
        var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        var isAtEnd: Bool { rest.isEmpty }

        mutating func take(_ byte: UInt8) -> Bool {
            guard rest.first == byte else { return false }
            rest = rest.dropFirst()
            return true
        }

        mutating func skipBlanks() -> Bool {
            let blanks = rest.prefix(while: \.isBlank).count
            rest = rest.dropFirst(blanks)
            return blanks > 0
        }

        mutating func number(digits: ClosedRange<Int>) -> Int? {
            let text = rest.prefix(while: \.isDigit)
            guard digits.contains(text.count) else { return nil }
            rest = rest.dropFirst(text.count)
            return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }

        mutating func fraction() -> Bool {
            guard take(ASCII.dot) else { return true }
            let digits = rest.prefix(while: \.isDigit).count
            rest = rest.dropFirst(digits)
            return digits > 0
        }

        mutating func time() -> Bool {
            guard let hour = number(digits: 1...2), hour < 24, take(ASCII.colon),
                let minute = number(digits: 2...2), minute < 60
            else { return false }
            guard take(ASCII.colon) else { return true }
            guard let second = number(digits: 2...2), second <= 60 else { return false }
            return fraction()
        }

        mutating func zone() -> Bool {
            if take(UInt8(ascii: "Z")) || take(UInt8(ascii: "z")) { return true }
            guard take(ASCII.plus) || take(ASCII.dash) else { return false }
            if number(digits: 4...4) != nil { return true }
            guard number(digits: 1...2) != nil else { return false }
            return take(ASCII.colon) ? number(digits: 2...2) != nil : true
        }

        mutating func strictTime() -> Bool {
            guard let hour = number(digits: 2...2), hour < 24, take(ASCII.colon),
                let minute = number(digits: 2...2), minute < 60, take(ASCII.colon),
                let second = number(digits: 2...2), second < 60
            else { return false }
            return fraction()
        }

        mutating func strictZone() -> Bool {
            if take(UInt8(ascii: "Z")) || take(UInt8(ascii: "z")) { return true }
            guard take(ASCII.plus) || take(ASCII.dash), let hour = number(digits: 2...2),
                hour < 24, take(ASCII.colon), let minute = number(digits: 2...2), minute < 60
            else { return false }
            return true
        }
    }
}
