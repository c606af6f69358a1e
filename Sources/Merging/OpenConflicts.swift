/// Conflicts that nobody has settled yet, in either of the forms that a merge leaves.
public enum OpenConflicts {
    /// Where they lie in `text`: between markers, or in comments of front matter that can still
    /// be read.
    ///
    /// - Parameter markerSize: how many characters a marker has.
    public static func ranges(
        in text: [UInt8], markerSize: Int = ConflictMarkers.size
    ) -> [Range<Int>] {
        (ConflictMarkers.conflicts(in: text, size: markerSize) + ParseableConflict.conflicts(in: text))
            .sorted { $0.lowerBound < $1.lowerBound }
    }
}
