/// Conflicts that nobody has settled yet, in either of the forms that a merge leaves.
public enum OpenConflicts {
    /// Where they lie in `text`: between markers, or in comments of front matter that can still
    /// be read.
    ///
    /// - Parameter markerSize: how many characters a marker has.
    public static func ranges(
        in text: [UInt8], markerSize: Int = ConflictMarkers.size
    ) -> [Range<Int>] {
        let marked = ConflictMarkers.conflicts(in: text, size: markerSize)
        let parseable = ParseableConflict.conflicts(in: text)
        return (marked + parseable).sorted { $0.lowerBound < $1.lowerBound }
    }
}
