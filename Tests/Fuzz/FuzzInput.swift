/// An input cut into texts, with choices that follow from its last bytes.
struct FuzzInput {
    /// What is between two texts: ASCII's record separator, so that an input can be read.
    private static let separator: UInt8 = 0x1E

    /// The texts, as many as were asked for; those that are not there are empty.
    let texts: [[UInt8]]
    /// Choices that the last text's last four bytes make.
    var choices: Choices

    init(_ bytes: [UInt8], texts count: Int) {
        let parts = bytes.split(
            separator: FuzzInput.separator, maxSplits: count - 1, omittingEmptySubsequences: false)
        texts = (0..<count).map { $0 < parts.count ? Array(parts[$0]) : [] }
        choices = Choices(bytes.suffix(4))
    }

    /// An input of these texts.
    static func joined(_ texts: [[UInt8]]) -> [UInt8] {
        Array(texts.joined(separator: [separator]))
    }

    /// Choices that the input makes.
    struct Choices {
        private var state: UInt64

        init(_ bytes: ArraySlice<UInt8>) {
            state = bytes.reduce(0x9E37_79B9) { $0 &* 257 &+ UInt64($1) }
        }

        /// A number below `count`, or 0.
        mutating func callAsFunction(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(max(1, count)))
        }

        /// One of `items`, which must not be empty.
        mutating func callAsFunction<Item>(of items: [Item]) -> Item { items[self(items.count)] }
    }
}
