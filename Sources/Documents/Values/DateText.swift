/// Recognises dates and times by their text; nothing is converted.
///
/// The forms are those of the YAML timestamp type and RFC 3339, with the zones that site
/// generators write (`-0500`, `-05`).
enum DateText {
    /// `2024-01-02`, alone or with a time and a zone; only what stands for a day and a moment that
    /// there are, as other readers fail on a 30 February.
    static func isDate(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 8, bytes[4] == ASCII.dash else { return false }
        var scan = Scan(bytes[...])
        guard scan.day(digits: 1...2) else { return false }
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
        guard bytes.count >= 10, scan.day(digits: 2...2) else { return false }
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

        /// A year from 1 on, a month and a day that it has.
        mutating func day(digits: ClosedRange<Int>) -> Bool {
            guard let year = number(digits: 4...4), year > 0, take(ASCII.dash),
                let month = number(digits: digits), (1...12).contains(month),
                take(ASCII.dash), let day = number(digits: digits), day > 0
            else { return false }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            return day <= days[month - 1]
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
            guard let second = number(digits: 2...2), second < 60 else { return false }
            return fraction()
        }

        mutating func zone() -> Bool {
            if take(UInt8(ascii: "Z")) || take(UInt8(ascii: "z")) { return true }
            guard take(ASCII.plus) || take(ASCII.dash) else { return false }
            if let both = number(digits: 4...4) { return both / 100 < 24 && both % 100 < 60 }
            guard let hour = number(digits: 1...2), hour < 24 else { return false }
            guard take(ASCII.colon) else { return true }
            guard let minute = number(digits: 2...2) else { return false }
            return minute < 60
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
