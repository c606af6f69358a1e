extension FrontMatter {
    /// The paths that somebody who wrote this one may have meant, the likeliest first.
    ///
    /// Those that differ in case, in the use of dots (`a.b` and `"a.b"`), or by at most two
    /// letters. At most three.
    public func nearMisses(to path: FieldPath) -> [FieldPath] {
        let wanted = NearMiss.bare(path)
        // Longer than any key that somebody types; the comparison's cost grows with its square.
        guard wanted.count <= 64 else { return [] }
        return paths.compactMap { candidate -> (distance: Int, path: FieldPath)? in
            guard candidate != path else { return nil }
            let bare = NearMiss.bare(candidate)
            guard abs(bare.count - wanted.count) <= 2 else { return nil }
            let distance = NearMiss.distance(wanted, bare)
            return distance <= min(2, (wanted.count + 1) / 3) ? (distance, candidate) : nil
        }
        .sorted { ($0.distance, $0.path.description) < ($1.distance, $1.path.description) }
        .prefix(3).map(\.path)
    }
}

private enum NearMiss {
    /// A path's letters in lower case, quotation marks apart.
    static func bare(_ path: FieldPath) -> [Character] {
        Array(path.description.lowercased().filter { $0 != "\"" })
    }

    /// How many letters must be put in, taken out or changed (Levenshtein 1965).
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (position, other) in right.enumerated() {
                let changed = diagonal + (letter == other ? 0 : 1)
                diagonal = row[position + 1]
                row[position + 1] = min(changed, diagonal + 1, row[position] + 1)
            }
        }
        return row[right.count]
    }
}
