import Cposix
import Glibc

/// A point in time with the offset of the clock that told it, as Git keeps them.
public struct Timestamp: Equatable, Sendable {
    /// Seconds since the epoch.
    public let seconds: Int64
    /// Milliseconds within the second; Git keeps none, identifiers do.
    public let milliseconds: Int
    /// Minutes east of UTC.
    public let offset: Int

    /// The time `seconds` after the epoch, told by a clock `offset` minutes east of UTC.
    public init(seconds: Int64, milliseconds: Int = 0, offset: Int = 0) {
        self.seconds = seconds
        self.milliseconds = milliseconds
        self.offset = offset
    }

    /// The time of this machine's clock, in its zone.
    public static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            seconds: Int64(time.tv_sec), milliseconds: time.tv_nsec / 1_000_000,
            offset: localOffset(at: time.tv_sec))
    }

    /// The offset of this machine's zone at a time, in minutes.
    public static func localOffset(at seconds: Int) -> Int {
        var time = time_t(seconds)
        var local = tm()
        localtime_r(&time, &local)
        return local.tm_gmtoff / 60
    }

    /// RFC 3339 with offset, to the second: `2026-11-23T09:30:00+01:00`.
    public var rfc3339: String {
        let sign = offset < 0 ? "-" : "+"
        let minutes = Int(clamping: offset.magnitude)
        return "\(local("T"))\(sign)\(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// For people: `2026-11-23 09:30:00 +0100`.
    public var display: String {
        let sign = offset < 0 ? "-" : "+"
        let minutes = Int(clamping: offset.magnitude)
        return "\(local(" ")) \(sign)\(two(minutes / 60))\(two(minutes % 60))"
    }

    /// Reads RFC 3339 (`2026-11-23T09:30:00+01:00`, `Z`, a space for the `T`, no colon in
    /// the offset), or nil where `text` is something else.
    public init?(rfc3339 text: String) {
        var digits = text.utf8[...]
        func number(_ count: Int) -> Int? {
            let part = digits.prefix(count)
            guard part.count == count, part.allSatisfy({ (48...57).contains($0) }) else {
                return nil
            }
            digits = digits.dropFirst(count)
            return part.reduce(0) { $0 * 10 + Int($1 - 48) }
        }
        func skip(_ accepted: String) -> Character? {
            guard let next = digits.first else { return nil }
            let character = Character(UnicodeScalar(next))
            guard accepted.contains(character) else { return nil }
            digits = digits.dropFirst()
            return character
        }
        guard let year = number(4), skip("-") != nil, let month = number(2), skip("-") != nil,
            let day = number(2), skip("Tt ") != nil, let hour = number(2), skip(":") != nil,
            let minute = number(2), skip(":") != nil, let second = number(2),
            (1...12).contains(month), hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = Timestamp.days(year: year, month: month, day: day)
        guard Timestamp.date(days: days) == (year, month, day) else { return nil }
        if skip(".") != nil { digits = digits.drop { (48...57).contains($0) } }
        while skip(" ") != nil {}
        var offset = 0
        if skip("Zz") == nil {
            guard let sign = skip("+-"), let hours = number(2) else { return nil }
            _ = skip(":")
            guard let minutes = number(2), hours < 24, minutes < 60 else { return nil }
            offset = (hours * 60 + minutes) * (sign == "-" ? -1 : 1)
        }
        guard digits.isEmpty else { return nil }
        self.init(
            seconds: Int64(((days * 24 + hour) * 60 + minute) * 60 + second) - Int64(offset * 60),
            offset: offset)
    }

    private func local(_ separator: String) -> String {
        // Commits hold what other programs wrote, a time too far to show at its offset too.
        let east = offset.multipliedReportingOverflow(by: 60)
        let sum = Int(seconds).addingReportingOverflow(east.partialValue)
        let total = east.overflow || sum.overflow ? Int(seconds) : sum.partialValue
        let rest = (total % 86_400 + 86_400) % 86_400
        let days = total / 86_400 - (total % 86_400 < 0 ? 1 : 0)
        let (year, month, day) = Timestamp.date(days: days)
        let padded = String(repeating: "0", count: max(0, 4 - String(year).count)) + String(year)
        return "\(padded)-\(two(month))-\(two(day))\(separator)"
            + "\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Days from 1970-01-01 to a date of the Gregorian calendar (Howard Hinnant,
    /// "chrono-Compatible Low-Level Date Algorithms").
    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The date that lies `days` after 1970-01-01; the inverse of `days(year:month:day:)`.
    static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}
