/// The statements of a TOML text, in order.
struct TOMLLayout: Sendable {
    /// One part of a dotted key.
    struct Segment: Sendable {
        let text: Text
        let range: Range<Int>
        let style: Node.Style
    }

    enum Kind: Sendable {
        /// `[a.b]`.
        case table
        /// `[[a.b]]`.
        case arrayTable
        /// `a.b = 1`.
        case pair
    }

    struct Statement: Sendable {
        let kind: Kind
        /// The key as it is written, within its table for a pair.
        let segments: [Segment]
        /// What it defines, from the root.
        var path = FieldPath([])
        /// The position of the header it stands under, if any.
        let header: Int?
        /// Its bytes: brackets or key to value.
        let range: Range<Int>
        /// A pair's value.
        let value: Node?
    }

    var statements: [Statement]
}
