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
