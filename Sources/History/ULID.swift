public import Platform

/// A universally unique identifier that sorts by time: 48 bits of milliseconds and 80 random
/// ones in Crockford's base 32 (github.com/ulid/spec).
public struct ULID: Hashable, Comparable, Sendable {
    /// The 26 letters and digits.
    public let text: String

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// A new identifier, from the clock and chance of `world`.
    public init(in world: World) {
        let now = world.now()
        var digits: [UInt8] = []
        let milliseconds = UInt64(max(0, now.seconds)) * 1_000 + UInt64(now.milliseconds)
        for shift in stride(from: 45, through: 0, by: -5) {
            digits.append(ULID.alphabet[Int(milliseconds >> UInt64(shift) & 31)])
        }
        for byte in world.random(16) { digits.append(ULID.alphabet[Int(byte & 31)]) }
        text = String(decoding: digits, as: UTF8.self)
    }

    /// Reads 26 letters and digits; nil where `text` is something else.
    public init?(_ text: some StringProtocol) {
        let digits = Array(text.utf8)
        guard digits.count == 26, digits[0] <= UInt8(ascii: "7"),
            digits.allSatisfy({ ULID.alphabet.contains($0) })
        else { return nil }
        self.text = String(text)
    }

    /// When it was made, in seconds since the epoch.
    public var seconds: Int64 {
        let milliseconds = text.utf8.prefix(10).reduce(Int64(0)) { total, digit in
            total << 5 | Int64(ULID.alphabet.firstIndex(of: digit) ?? 0)
        }
        return milliseconds / 1_000
    }

    /// Whether `one` was made before `other`.
    public static func < (one: ULID, other: ULID) -> Bool { one.text < other.text }
}

extension ULID: CustomStringConvertible {
    /// The 26 letters and digits.
    public var description: String { text }
}

extension ULID: Codable {
    /// Reads the text; throws where it is no identifier.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = try ULID(container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not an identifier of 26 letters and digits")
        }
        self = value
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
