internal import Glibc
private import Synchronization

/// A POSIX extended regular expression (regex(7)), which may match anywhere in a text.
///
/// Back references, which POSIX does not have either, are refused, and so are repetitions that
/// multiply: what is left is matched without backtracking, so a pattern from a repository that
/// is not trusted cannot keep docvc busy.
public struct Pattern: Sendable {
    /// Why a text is not a pattern.
    struct SyntaxError: Error {
        let message: String
    }

    /// How long a text is looked at, in bytes.
    private static let textLimit = 65_536
    /// The greatest product of all repetition counts.
    private static let repetitionLimit = 1_000

    /// The pattern as it was written.
    public let text: String
    private let compiled: Compiled

    init(_ text: String) throws(SyntaxError) {
        guard text.utf8.count <= 1_000 else {
            throw SyntaxError(message: "is longer than 1,000 bytes")
        }
        try Pattern.refuseCostly(Array(text.utf8))
        self.text = text
        compiled = try Compiled(text)
    }

    /// Whether it matches somewhere in a text.
    func matches(_ text: String) -> Bool {
        guard text.utf8.count <= Pattern.textLimit, !text.utf8.contains(0) else { return false }
        return compiled.matches(text)
    }

    private static func refuseCostly(_ bytes: [UInt8]) throws(SyntaxError) {
        var product = 1
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == UInt8(ascii: "\\"), offset < bytes.count {
                if (48...57).contains(bytes[offset]) {
                    throw SyntaxError(message: "has a back reference, which is not supported")
                }
                offset += 1
            } else if byte == UInt8(ascii: "{") {
                let inside = bytes[offset...].prefix { $0 != UInt8(ascii: "}") }
                let counts = inside.split(separator: UInt8(ascii: ",")).compactMap {
                    Int(String(decoding: $0, as: UTF8.self))
                }
                let (result, overflows) = product.multipliedReportingOverflow(
                    by: max(1, counts.max() ?? 1))
                guard !overflows, result <= repetitionLimit else {
                    throw SyntaxError(
                        message: "repeats more than \(repetitionLimit) times in all")
                }
                product = result
            }
        }
    }

    /// What the C library makes of a pattern, shared by copies of it. One thread at a time is
    /// served, which costs nothing: `regexec` locks it, too.
    private final class Compiled: Sendable {
        private let expression: Mutex<Expression>

        init(_ text: String) throws(SyntaxError) { expression = Mutex(try Expression(text)) }

        func matches(_ text: String) -> Bool { expression.withLock { $0.matches(text) } }
    }

    /// A compiled regular expression of the C library's.
    private struct Expression: ~Copyable {
        private let pointer: UnsafeMutablePointer<regex_t>

        init(_ text: String) throws(SyntaxError) {
            let pointer = UnsafeMutablePointer<regex_t>.allocate(capacity: 1)
            pointer.initialize(to: regex_t())
            let status = regcomp(pointer, text, REG_EXTENDED | REG_NOSUB)
            guard status == 0 else {
                var message = [CChar](repeating: 0, count: 128)
                regerror(status, pointer, &message, message.count)
                pointer.deallocate()
                let words = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                throw SyntaxError(
                    message: "is no regular expression: " + String(decoding: words, as: UTF8.self))
            }
            self.pointer = pointer
        }

        deinit {
            regfree(pointer)
            pointer.deallocate()
        }

        func matches(_ text: String) -> Bool { regexec(pointer, text, 0, nil, 0) == 0 }
    }
}
