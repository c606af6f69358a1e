/// A string that is equal only to a string of the same bytes.
///
/// Swift's `String` takes `é` in its two Unicode spellings for equal; in a document they are
/// two different keys. Everything that is compared, hashed or looked up uses this type.
public struct Text: Sendable, Hashable, Comparable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The string, for output and for everything but comparison.
    public let string: String

    /// Wraps a string; its bytes are its UTF-8 form.
    public init(_ string: String) { self.string = string }

    /// Wraps a literal.
    public init(stringLiteral value: String) { string = value }

    /// Decodes UTF-8; bytes that are not valid become replacement characters.
    public init(utf8 bytes: some Collection<UInt8>) {
        string = String(decoding: bytes, as: UTF8.self)
    }

    /// The UTF-8 bytes.
    public var utf8: String.UTF8View { string.utf8 }

    /// The UTF-8 bytes as an array.
    public var bytes: [UInt8] { Array(string.utf8) }

    /// Whether there is no byte.
    public var isEmpty: Bool { string.isEmpty }

    /// The string itself.
    public var description: String { string }

    /// Equal when every byte is.
    public static func == (left: Text, right: Text) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        // `String`'s own comparison is the faster one, and says no to most.
        guard left.string == right.string else { return false }
        return left.utf8.withContiguousStorageIfAvailable { left in
            right.utf8.withContiguousStorageIfAvailable { right in
                sameBytes(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
            }
        }.flatMap { $0 } ?? left.utf8.elementsEqual(right.utf8)
    }

    /// Whether two buffers of one length are equal, eight bytes at a time.
    private static func sameBytes(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
    ) -> Bool {
        var offset = 0
        while offset + 8 <= left.count {
            guard
                left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            else { return false }
            offset += 8
        }
        while offset < left.count {
            guard left[offset] == right[offset] else { return false }
            offset += 1
        }
        return true
    }

    /// Ordered by bytes.
    public static func < (left: Text, right: Text) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    /// Hashes the bytes, in keeping with `==`.
    public func hash(into hasher: inout Hasher) {
        let contiguous: Void? = string.utf8.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if contiguous == nil { for byte in string.utf8 { hasher.combine(byte) } }
    }

    /// Whether both read the same to a person, whatever their Unicode normal form.
    public func looksLike(_ other: Text) -> Bool { string == other.string }
}
