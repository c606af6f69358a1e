import Glibc
import History
import SystemPackage

/// Where a command's answers go: text for people or JSON on standard output, warnings and
/// errors on standard error.
public struct Output: Sendable {
    /// Whether answers are JSON.
    var isJSON = false
    /// Whether text for people is left out.
    var isQuiet = false
    /// Whether text for people is colored.
    var isColored = false
    /// Whether standard output is a terminal.
    let isTerminal: Bool
    /// Standard output, where it is one; -1 otherwise.
    private(set) var descriptor: Int32 = -1
    private let write: @Sendable ([UInt8], Stream) throws -> Void

    /// The two streams.
    public enum Stream: Sendable { case output, error }

    /// An output that hands what is written to `write`.
    public init(
        isTerminal: Bool = false, write: @escaping @Sendable ([UInt8], Stream) throws -> Void
    ) {
        self.isTerminal = isTerminal
        self.write = write
    }

    private init(
        descriptor: Int32, write: @escaping @Sendable ([UInt8], Stream) throws -> Void
    ) {
        self.init(isTerminal: isatty(descriptor) == 1, write: write)
        self.descriptor = descriptor
    }

    /// This process's streams.
    public static let standard = Output(descriptor: STDOUT_FILENO) { bytes, stream in
        let descriptor: FileDescriptor = stream == .output ? .standardOutput : .standardError
        do {
            try descriptor.writeAll(bytes)
        } catch Errno.brokenPipe {
            throw BrokenPipe()
        } catch {
            guard stream == .output else { return }
            throw OutputError(errno: error as? Errno ?? .ioError)
        }
    }

    /// A line for people; none where the answer is JSON.
    func line(_ text: String) throws {
        if !isJSON && !isQuiet { try write(Array((printable(text) + "\n").utf8), .output) }
    }

    /// A warning, whatever the answer's form.
    func warning(_ text: String) throws {
        if !isQuiet {
            try write(
                Array(("docvc: " + printable(text, keepingColors: false) + "\n").utf8), .error)
        }
    }

    /// What must be said, `--quiet` or not.
    func notice(_ text: String) throws {
        try write(Array(("docvc: " + printable(text, keepingColors: false) + "\n").utf8), .error)
    }

    /// The JSON answer; none where the answer is for people.
    func json(_ value: some Encodable) throws {
        if isJSON { try write(AnswerJSON.bytes(of: value) + [UInt8(ascii: "\n")], .output) }
    }

    /// An answer in a format of its own, whatever the answer's form.
    func raw(_ value: some Encodable) throws {
        try write(JSON.bytes(of: value) + [UInt8(ascii: "\n")], .output)
    }

    /// The parser's help, whatever the answer's form.
    func help(_ text: String) throws { try write(Array((text + "\n").utf8), .output) }

    /// A document's text or a difference: exactly as it is, but that a terminal gets no
    /// control characters from it.
    func text(_ bytes: [UInt8]) throws {
        if isTerminal {
            let text = printable(String(decoding: bytes, as: UTF8.self), keepingColors: false)
            try write(Array(text.utf8), .output)
        } else {
            try write(bytes, .output)
        }
    }

    /// An error, in the answer's form.
    func error(_ report: ErrorReport) throws {
        if isJSON {
            try write(JSON.bytes(of: report) + [UInt8(ascii: "\n")], .output)
        } else {
            try write(Array(printable(report.text, keepingColors: false).utf8), .error)
        }
    }

    /// What was done about an interrupted save.
    func tell(_ recovered: [Recovered]) throws {
        for event in recovered {
            switch event {
            case .finished(let revision):
                try warning("finished the interrupted save \(revision)")
            case .rolledBack(let paths):
                try warning(
                    "took back an interrupted save of \(paths.joined(separator: ", "));"
                        + " nothing of it was committed")
            case .unlocked(let path):
                try warning("removed \(path), which an interrupted save had left")
            case .waiting(let path):
                try warning(
                    "an interrupted save waits to be finished: another process holds \(path)")
            }
        }
    }

    /// `text` with a color, where colors are wanted.
    func colored(_ text: String, _ color: Color) -> String {
        guard isColored else { return text }
        return "\u{1b}[\(color.rawValue)m\(printable(text, keepingColors: false))\u{1b}[0m"
    }

    enum Color: Int { case red = 31, green = 32, yellow = 33, cyan = 36 }

    /// `text` without characters that would command the terminal.
    func harmless(_ text: String) -> String { printable(text, keepingColors: false) }

    /// `text` without characters that would command the terminal: names and messages come
    /// from the repository, which is not to be trusted with that. docvc's own colors stay,
    /// where `text` may have any.
    private func printable(_ text: String, keepingColors: Bool = true) -> String {
        guard text.unicodeScalars.contains(where: Output.isControl) else { return text }
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if !Output.isControl(scalar) {
                result.append(scalar)
            } else if isColored, keepingColors, scalar == "\u{1b}", let end = Output.colorEnd(rest)
            {
                result.append(scalar)
                result += rest[..<end]
                rest = rest[end...]
            } else {
                let hex = String(scalar.value, radix: 16)
                result += "\\x\(hex.count < 2 ? "0" : "")\(hex)".unicodeScalars
            }
        }
        return String(result)
    }

    private static func isControl(_ scalar: UnicodeScalar) -> Bool {
        scalar.value < 32 && scalar != "\n" && scalar != "\t" || (127..<160).contains(scalar.value)
    }

    /// The end of a color sequence of docvc's own, whose escape character was just read.
    private static func colorEnd(_ rest: Substring.UnicodeScalarView) -> String.Index? {
        for sequence in ["[0m", "[31m", "[32m", "[33m", "[36m"]
        where rest.starts(with: sequence.unicodeScalars) {
            return rest.index(rest.startIndex, offsetBy: sequence.unicodeScalars.count)
        }
        return nil
    }
}

/// Nobody reads standard output any more.
struct BrokenPipe: Error {}

/// Standard output could not be written.
struct OutputError: Error {
    let errno: Errno
}
