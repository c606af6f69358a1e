internal import Clibgit2

/// The name of an object: the SHA-1 of its kind, size and content.
public struct ObjectID: Hashable, Sendable {
    private var bytes: InlineArray<20, UInt8>

    /// The id of no object: 40 zeros.
    public static let zero = ObjectID(bytes: InlineArray(repeating: 0))

    private init(bytes: InlineArray<20, UInt8>) { self.bytes = bytes }

    /// The id whose 20 bytes start at `offset` of `source`; nil where they end too soon.
    public init?(_ source: [UInt8], at offset: Int) {
        guard offset >= 0, offset + 20 <= source.count else { return nil }
        bytes = InlineArray { source[offset + $0] }
    }

    /// Reads 40 hexadecimal digits, or nil where `hex` is something else.
    public init?(hex: some StringProtocol) {
        let digits = Array(hex.utf8)
        guard digits.count == 40 else { return nil }
        var bytes = InlineArray<20, UInt8>(repeating: 0)
        for index in 0..<20 {
            guard let high = ObjectID.value(digits[2 * index]),
                let low = ObjectID.value(digits[2 * index + 1])
            else { return nil }
            bytes[index] = high << 4 | low
        }
        self.bytes = bytes
    }

    /// The 40 hexadecimal digits.
    public var hex: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(40)
        for index in 0..<20 {
            digits.append(ObjectID.digit(bytes[index] >> 4))
            digits.append(ObjectID.digit(bytes[index] & 15))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The first ten digits, for people.
    public var short: String { String(hex.prefix(10)) }

    /// The 20 bytes.
    public var rawBytes: [UInt8] { (0..<20).map { bytes[$0] } }

    /// Whether two ids have the same bytes.
    public static func == (one: ObjectID, other: ObjectID) -> Bool {
        for index in 0..<20 where one.bytes[index] != other.bytes[index] { return false }
        return true
    }

    /// Feeds the id to `hasher`; its first eight bytes are as random as all of it.
    public func hash(into hasher: inout Hasher) {
        for index in 0..<8 { hasher.combine(bytes[index]) }
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 97...102: digit - 87
        case 65...70: digit - 55
        default: nil
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? value + 48 : value + 87 }
}

extension ObjectID: CustomStringConvertible {
    /// The 40 hexadecimal digits.
    public var description: String { hex }
}

extension ObjectID {
    init(_ oid: git_oid) {
        var oid = oid
        bytes = unsafe withUnsafeBytes(of: &oid) { raw in InlineArray { unsafe raw[$0] } }
    }

    /// The id as libgit2 keeps it.
    var oid: git_oid {
        var oid = git_oid()
        unsafe withUnsafeMutableBytes(of: &oid) { raw in
            for index in 0..<20 { unsafe raw[index] = bytes[index] }
        }
        return oid
    }
}
