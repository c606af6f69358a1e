/// Conflicts that nobody has settled yet, in either of the forms that a merge leaves.
public enum OpenConflicts {
    /// Where they lie in `text`: between markers, or in comments of front matter that can still
    /// be read.
    public static func ranges(in text: [UInt8]) -> [Range<Int>] {
        (ConflictMarkers.conflicts(in: text) + ParseableConflict.conflicts(in: text))
            .sorted { $0.lowerBound < $1.lowerBound }
    }
}
