import Documents

/// A date or time as a point on the time line, with how precisely it is known.
struct Instant: Hashable {
    /// How precisely it is known.
    enum Precision: Hashable {
        case day, minute, second
        /// Digits after the second's point.
        case fraction(Int)
    }

    /// Seconds since 0000-03-01, in UTC where there is a zone.
    let seconds: Int
    /// The digits after the second's point.
    let fraction: String
    let precision: Precision
    /// Whether a zone says which instant it is.
    let isZoned: Bool

    /// Reads the forms that YAML, TOML and site generators use; `nil` for any other text.
    init?(_ text: Text) {
        var scan = Scan(rest: text.bytes[...])
        guard let year = scan.number(4...4), scan.take("-"), let month = scan.number(1...2),
            scan.take("-"), let day = scan.number(1...2), (1...12).contains(month),
            (1...31).contains(day)
        else { return nil }
        var seconds = Instant.days(year, month, day) * 86_400
        var precision = Precision.day
        var fraction = ""
        var isZoned = false
        if !scan.rest.isEmpty {
            guard scan.take("T") || scan.take("t") || scan.take(" "), let hour = scan.number(1...2),
                scan.take(":"), let minute = scan.number(2...2)
            else { return nil }
            seconds += hour * 3600 + minute * 60
            precision = .minute
            if scan.take(":") {
                guard let second = scan.number(2...2) else { return nil }
                seconds += second
                precision = .second
                if scan.take(".") {
                    fraction = scan.digits()
                    precision = .fraction(fraction.utf8.count)
                }
            }
            while scan.take(" ") {}
            if !scan.rest.isEmpty {
                guard let offset = scan.zone() else { return nil }
                seconds -= offset
                isZoned = true
            }
        }
        self.seconds = seconds
        self.fraction = fraction
        self.precision = precision
        self.isZoned = isZoned
    }

    /// Whether both are the same instant at the same precision.
    func isSame(as other: Instant) -> Bool { self == other }

    /// Whether this is later; `nil` where that cannot be told: with a zone and without, or at
    /// one instant in two precisions.
    func isLater(than other: Instant) -> Bool? {
        guard isZoned == other.isZoned else { return nil }
        guard (precision == .day) == (other.precision == .day) || dayDiffers(from: other) else {
            return nil
        }
        if seconds != other.seconds { return seconds > other.seconds }
        guard precision == other.precision else { return nil }
        return fraction > other.fraction
    }

    private func dayDiffers(from other: Instant) -> Bool {
        Instant.day(seconds) != Instant.day(other.seconds)
    }

    private static func day(_ seconds: Int) -> Int {
        (seconds - (seconds % 86_400 + 86_400) % 86_400)
    }

    /// Days since 0000-03-01 in the Gregorian calendar (Hinnant, "days_from_civil").
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let month = month <= 2 ? month + 9 : month - 3
        return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1
    }

    private struct Scan {
        var rest: ArraySlice<UInt8>

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard rest.first == UInt8(ascii: character) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func digits() -> String {
            let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
            rest = rest.dropFirst(digits.count)
            return String(decoding: digits, as: UTF8.self)
        }

        mutating func number(_ length: ClosedRange<Int>) -> Int? {
            let text = digits()
            return length.contains(text.utf8.count) ? Int(text) : nil
        }

        /// The offset from UTC in seconds.
        mutating func zone() -> Int? {
            if take("Z") || take("z") { return rest.isEmpty ? 0 : nil }
            let isWest = rest.first == UInt8(ascii: "-")
            guard take("+") || take("-") else { return nil }
            let text = digits()
            guard let value = Int(text) else { return nil }
            var (hours, minutes) = (value, 0)
            if text.utf8.count == 4 {
                (hours, minutes) = (value / 100, value % 100)
            } else if take(":") {
                guard let rest = number(2...2) else { return nil }
                minutes = rest
            }
            guard rest.isEmpty, hours < 24, minutes < 60 else { return nil }
            return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
        }
    }
}
