import Documents

/// Makes values of another type.
enum Coercion {
    /// A value of the wanted type, and whether something of the old one is lost by it.
    struct Result {
        let value: Value
        let loses: Bool
    }

    /// The value as `kind`, or `nil` where it cannot be one. One that is already stays; so does
    /// null.
    static func coerce(_ value: Value, to kind: MigrationOperation.ValueKind) -> Result? {
        if value.isA(kind) { return Result(value: value, loses: false) }
        switch (value, kind) {
        case (.list(let items), .string) where items.count == 1,
            (.list(let items), .integer) where items.count == 1,
            (.list(let items), .float) where items.count == 1,
            (.list(let items), .boolean) where items.count == 1,
            (.list(let items), .date) where items.count == 1:
            return coerce(items[0], to: kind)
        case (.scalar, .list), (.map, .list): return Result(value: .list([value]), loses: false)
        case (.scalar(let type, let text), _): return scalar(type, text, kind)
        default: return nil
        }
    }

    private static func scalar(
        _ type: ScalarType, _ text: Text, _ kind: MigrationOperation.ValueKind
    ) -> Result? {
        switch kind {
        case .string: return Result(value: .scalar(.string, text), loses: false)
        case .integer: return integer(type, text)
        case .float: return float(type, text)
        case .boolean: return boolean(text)
        case .date:
            guard type == .string || type == .date, let date = DateReading.date(text.string) else {
                return nil
            }
            return Result(value: .scalar(.date, Text(date)), loses: false)
        case .list, .map: return nil
        }
    }

    private static func integer(_ type: ScalarType, _ text: Text) -> Result? {
        if type == .boolean { return nil }
        var digits = text.string[...]
        var sign = ""
        if digits.first == "-" || digits.first == "+" {
            sign = digits.removeFirst() == "-" ? "-" : ""
        }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = parts.first, !whole.isEmpty,
            whole.utf8.count <= 100, parts.allSatisfy({ $0.utf8.allSatisfy(\.isDecimal) })
        else { return nil }
        let trimmed = whole.drop { $0 == "0" }
        let number = (trimmed.isEmpty ? "" : sign) + (trimmed.isEmpty ? "0" : trimmed)
        // Leading zeros may be part of a name (`007`), and a fraction of a number.
        let fraction = parts.count == 2 ? parts[1] : ""
        let loses =
            whole.count > 1 && trimmed.count < whole.count || fraction.contains { $0 != "0" }
        return Result(value: .scalar(.integer, Text(number)), loses: loses)
    }

    private static func float(_ type: ScalarType, _ text: Text) -> Result? {
        if type == .boolean || type == .date { return nil }
        let string = text.string
        guard isNumber(string.utf8[...]) else { return nil }
        let isWhole = string.utf8.allSatisfy { $0.isDecimal || $0 == 43 || $0 == 45 }
        return Result(value: .scalar(.float, Text(isWhole ? string + ".0" : string)), loses: false)
    }

    /// `[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?`: what every language takes for a number.
    private static func isNumber(_ bytes: Substring.UTF8View) -> Bool {
        func digits(_ rest: inout Substring.UTF8View) -> Int {
            let count = rest.prefix(while: \.isDecimal).count
            rest = rest.dropFirst(count)
            return count
        }
        func sign(_ rest: inout Substring.UTF8View) {
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
                rest.removeFirst()
            }
        }
        var rest = bytes
        sign(&rest)
        guard digits(&rest) > 0 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard digits(&rest) > 0 else { return false }
        }
        guard let mark = rest.first else { return true }
        guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return false }
        rest.removeFirst()
        sign(&rest)
        return digits(&rest) > 0 && rest.isEmpty
    }

    private static func boolean(_ text: Text) -> Result? {
        switch text.string.lowercased() {
        case "true", "yes", "on", "y", "1": Result(value: .scalar(.boolean, "true"), loses: false)
        case "false", "no", "off", "n", "0": Result(value: .scalar(.boolean, "false"), loses: false)
        default: nil
        }
    }
}

/// Reads dates as people write them, where they can mean only one day.
enum DateReading {
    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ]

    /// The date as YAML and TOML have it; `nil` for text that is none, or could be two
    /// (`03/04/2024`).
    ///
    /// `2024-01-02` with or without a time and a zone, `2024/1/2`, `2 January 2024`,
    /// `Jan 2, 2024`.
    static func date(_ text: String) -> String? {
        let words = text.split { $0 == " " || $0 == "," }.map { $0.lowercased() }
        if words.count == 3, let year = year(words[2]) {
            if let month = month(words[0]), let day = day(words[1], year, month) {
                return written(year, month, day)
            }
            if let month = month(words[1]), let day = day(words[0], year, month) {
                return written(year, month, day)
            }
        }
        let isISO = text.contains("-")
        let end = text.firstIndex { $0 == "T" || $0 == "t" || $0 == " " } ?? text.endIndex
        let parts = text[..<end].split(
            separator: isISO ? "-" : "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = year(parts[0]), let month = number(parts[1], 1...2),
            (1...12).contains(month), let day = day(parts[2], year, month)
        else { return nil }
        let rest = String(text[end...])
        guard rest.isEmpty || isISO else { return nil }
        guard !rest.isEmpty else { return written(year, month, day) }
        let whole = written(year, month, day) + rest
        // What the readers of front matter take for a date and time.
        let probe = try? Document("---\nd: \(whole)\n---\n").readFrontMatter()
        guard !whole.contains("\n"), !whole.contains("#"),
            probe?.entries.first?.value.scalar?.type == .date
        else { return nil }
        return whole
    }

    private static func written(_ year: Int, _ month: Int, _ day: Int) -> String {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    private static func number(_ text: some StringProtocol, _ digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy(\.isDecimal) else {
            return nil
        }
        return Int(text)
    }

    private static func year(_ text: some StringProtocol) -> Int? { number(text, 4...4) }

    private static func month(_ text: String) -> Int? {
        let name = text.hasSuffix(".") ? String(text.dropLast()) : text
        guard name.count >= 3 else { return nil }
        return months.firstIndex {
            $0 == name || $0.prefix(3) == name || name == "sept" && $0.hasPrefix(name)
        }
        .map { $0 + 1 }
    }

    private static func day(_ text: some StringProtocol, _ year: Int, _ month: Int) -> Int? {
        guard let day = number(text, 1...2), day >= 1 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return day <= lengths[month - 1] ? day : nil
    }
}

extension UInt8 {
    /// Whether this is one of `0` to `9`.
    fileprivate var isDecimal: Bool { (48...57).contains(self) }
}

extension Value {
    /// Whether the value is of a kind; null is of each.
    func isA(_ kind: MigrationOperation.ValueKind) -> Bool {
        switch (self, kind) {
        case (.scalar(.null, _), _): true
        case (.scalar(.string, _), .string), (.scalar(.integer, _), .integer),
            (.scalar(.float, _), .float), (.scalar(.boolean, _), .boolean),
            (.scalar(.date, _), .date), (.list, .list), (.map, .map):
            true
        case (.tagged(_, let value), _): value.isA(kind)
        default: false
        }
    }
}
