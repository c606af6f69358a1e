/// Gives equal byte strings equal numbers, so that a diff compares integers.
struct Interner {
    private struct Key: Hashable {
        let bytes: ArraySlice<UInt8>

        static func == (left: Key, right: Key) -> Bool {
            left.bytes.count == right.bytes.count && left.bytes.elementsEqual(right.bytes)
        }

        func hash(into hasher: inout Hasher) {
            bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }

    private var numbers: [Key: Int] = [:]

    /// The number of these bytes.
    mutating func number(of bytes: ArraySlice<UInt8>) -> Int {
        let key = Key(bytes: bytes)
        if let number = numbers[key] { return number }
        let number = numbers.count
        numbers[key] = number
        return number
    }

    mutating func numbers(of units: [Range<Int>], in bytes: [UInt8]) -> [Int] {
        units.map { number(of: bytes[$0]) }
    }
}
