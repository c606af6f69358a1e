import Documents

/// Compares numbers and versions.
enum Magnitude {
    /// Whether the first is greater; `nil` where they cannot be compared, or where they compare
    /// one way as numbers and the other way as versions (1.10 and 1.9).
    static func isGreater(_ left: Value, than right: Value) -> Bool? {
        guard case .scalar(let leftType, let left) = left,
            case .scalar(let rightType, let right) = right
        else { return nil }
        let numeric: Set<ScalarType> = [.integer, .float]
        if leftType == .integer, rightType == .integer, let first = integer(left),
            let second = integer(right)
        {
            return first == second ? nil : first > second
        }
        let asVersion = compare(version(left), version(right))
        if numeric.contains(leftType), numeric.contains(rightType) {
            guard let first = Double(left.string), let second = Double(right.string),
                first != second
            else { return nil }
            if leftType == .integer, rightType == .integer { return first > second }
            return asVersion == (first > second) ? first > second : nil
        }
        return asVersion
    }

    /// The number that an integer's text stands for; `nil` where readers do not agree, as about
    /// leading zeros (octal in YAML 1.1), or where it is too large.
    static func integer(_ text: Text) -> Int? {
        let digits = text.string.filter { $0 != "_" }
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            return Int(digits.dropFirst(2), radix: radix)
        }
        let unsigned = digits.drop { $0 == "+" || $0 == "-" }
        return unsigned.count > 1 && unsigned.hasPrefix("0") ? nil : Int(digits)
    }

    private static func compare(_ left: [Int]?, _ right: [Int]?) -> Bool? {
        guard let left, let right, left != right else { return nil }
        return right.lexicographicallyPrecedes(left)
    }

    /// The parts of `1.10.2` or `v1.10.2`.
    private static func version(_ text: Text) -> [Int]? {
        var string = text.string
        if string.hasPrefix("v") { string.removeFirst() }
        let parts = string.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        let numbers = parts.compactMap { $0 }
        return numbers.count == parts.count && numbers.allSatisfy { $0 >= 0 } ? numbers : nil
    }
}
