/// Paths out of few names, so that they share folders and prefixes and sort unlike text.
struct RandomPaths {
    private(set) var paths: Set<String> = []
    private static let names = [
        "a", "a.b", "a-", "a0", "ab", "abc", "b", "B", "é", "文",
        "long-name-\(String(repeating: "x", count: 150))",
    ]

    /// A path that is there.
    func existing(_ random: inout Seeded) -> String? {
        paths.sorted().randomElement(using: &random)
    }

    /// A path that is new, and neither a folder above nor a file below one that is there.
    mutating func fresh(_ random: inout Seeded) -> String {
        while true {
            let depth = Int.random(in: 1...4, using: &random)
            let path = (0..<depth)
                .compactMap { _ in RandomPaths.names.randomElement(using: &random) }
                .joined(separator: "/")
            let isFree = !paths.contains {
                $0 == path || $0.hasPrefix(path + "/") || path.hasPrefix($0 + "/")
            }
            guard isFree else { continue }
            paths.insert(path)
            return path
        }
    }

    mutating func remove(_ path: String) { paths.remove(path) }
}
