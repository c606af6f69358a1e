extension FrontMatter {
    /// The paths that somebody who wrote this one may have meant, the likeliest first.
    ///
    /// Those that differ in case, in the use of dots (`a.b` and `"a.b"`), or by at most two
    /// letters. At most three.
    public func nearMisses(to path: FieldPath) -> [FieldPath] {
        let wanted = NearMiss.bare(path)
        guard wanted.count <= NearMiss.limit else { return [] }
        return paths.compactMap { candidate -> (distance: Int, path: FieldPath)? in
            guard candidate != path else { return nil }
            return NearMiss.distance(from: wanted, to: NearMiss.bare(candidate))
                .map { ($0, candidate) }
        }
        .sorted { ($0.distance, $0.path.description) < ($1.distance, $1.path.description) }
        .prefix(3).map(\.path)
    }
}

/// Words that somebody may have meant.
public enum NearMiss {
    /// Those of `words` that differ from `word` in case or by at most two letters, the likeliest
    /// first, at most three.
    public static func of(_ word: String, among words: [String]) -> [String] {
        let wanted = Array(word.lowercased())
        guard wanted.count <= limit else { return [] }
        return words.compactMap { candidate -> (distance: Int, word: String)? in
            distance(from: wanted, to: Array(candidate.lowercased())).map { ($0, candidate) }
        }
        .sorted { ($0.distance, $0.word) < ($1.distance, $1.word) }
        .prefix(3).map(\.word)
    }

    /// A question to be put behind an error; empty where nothing is near.
    public static func hint(_ word: String, among words: [String]) -> String {
        let near = of(word, among: words)
        return near.isEmpty ? "" : "; did you mean \(near.joined(separator: " or "))?"
    }

    /// Longer than any key that somebody types; the comparison's cost grows with its square.
    fileprivate static let limit = 64

    /// A path's letters in lower case, quotation marks apart.
    fileprivate static func bare(_ path: FieldPath) -> [Character] {
        Array(path.description.lowercased().filter { $0 != "\"" })
    }

    /// How far apart two words are; nil where it is too far for a mistake in typing.
    fileprivate static func distance(from wanted: [Character], to other: [Character]) -> Int? {
        guard abs(other.count - wanted.count) <= 2 else { return nil }
        let distance = letters(wanted, other)
        return distance <= min(2, (wanted.count + 1) / 3) ? distance : nil
    }

    /// How many letters must be put in, taken out or changed (Levenshtein 1965).
    private static func letters(_ left: [Character], _ right: [Character]) -> Int {
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
