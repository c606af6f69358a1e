import Glibc
import Merging
import Testing

/// Small documents that once took long.
@Suite struct HostileTests {
    /// What a document has very many of.
    enum Shape: CaseIterable, Sendable {
        case aliasesOfALargeValue, keysBelowOne, itemsInAnotherOrder, containersInALine

        /// Fewer keys than this are compared each with all others.
        var size: Int {
            switch self {
            case .aliasesOfALargeValue, .keysBelowOne: 2500
            case .itemsInAnotherOrder, .containersInALine: 1000
            }
        }

        /// A version, which others differ from in its first part or its last one.
        func text(_ size: Int, _ first: Int, _ last: Int) -> [UInt8] {
            func lines(_ line: (Int) -> String) -> [String] { (0..<size).map(line) }
            let text =
                switch self {
                case .aliasesOfALargeValue:
                    "---\nx: \(first)\nd: &d\n" + lines { "  k\($0): \($0)\n" }.joined() + "l:\n"
                        + lines { _ in "  - *d\n" }.joined() + "y: \(last)\n---\n"
                case .keysBelowOne:
                    "---\nm:\n  a: \(first)\n" + lines { "  k\($0): 0\n" }.joined()
                        + "  z: \(last)\n---\n"
                case .itemsInAnotherOrder:
                    "---\ntags:\n"
                        + lines { "  - i\(first == 1 ? $0 : size - $0)\n" }.joined()
                        + "  - t\(last)\n---\n"
                case .containersInALine:
                    lines { _ in "* " }.joined() + "\(first) a b c d e f \(last)\n"
                        + lines { _ in "\n" }.joined()
                }
            return Array(text.utf8)
        }
    }

    /// Anything quadratic would take sixteen times as long.
    @Test("Four times as much takes at most nine times as long", arguments: Shape.allCases)
    func linear(shape: Shape) {
        func time(_ size: Int) -> Double {
            let (base, ours) = (shape.text(size, 1, 1), shape.text(size, 2, 1))
            let theirs = shape.text(size, 1, 2)
            let start = processorTime()
            _ = DocumentMerge().merge(base: base, ours: ours, theirs: theirs)
            return processorTime() - start
        }
        var (one, four) = (time(shape.size), time(4 * shape.size))
        // The least of several: a busy machine spoils caches, and makes nothing faster.
        for _ in 0..<4 where four / one > 9 {
            (one, four) = (min(one, time(shape.size)), min(four, time(4 * shape.size)))
        }
        #expect(four / one <= 9)
    }
}

/// The seconds that this thread has had a processor: other processes take none of them.
private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
