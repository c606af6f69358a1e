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
    /// The folder that `-C` named, for the commands that are suggested.
    var folder: String?
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
    func line(_ text: String) throws { try line(ColoredText(text)) }

    /// A line for people with colors of docvc's own; none where the answer is JSON.
    func line(_ text: ColoredText) throws {
        if !isJSON && !isQuiet { try write(Array((text.escaped + "\n").utf8), .output) }
    }

    /// A text of several lines for people; none where the answer is JSON.
    func lines(_ text: String) throws {
        if !isJSON && !isQuiet {
            try write(Array((TerminalText.harmless(text) + "\n").utf8), .output)
        }
    }

    /// A command of docvc's to go on with.
    func docvc(_ words: String) -> String {
        CommandPlace.command("docvc", words, in: folder)
    }

    /// A warning, whatever the answer's form.
    func warning(_ text: String) throws {
        if !isQuiet {
            try notice(text)
        }
    }

    /// What must be said, `--quiet` or not.
    func notice(_ text: String) throws {
        try write(Array("docvc: \(TerminalText.line(text))\n".utf8), .error)
    }

    /// The JSON answer; none where the answer is for people.
    func json(_ value: some Encodable) throws {
        if isJSON { try write(json: AnswerJSON.bytes(of: value)) }
    }

    /// An answer in a format of its own, whatever the answer's form.
    func raw(_ value: some Encodable) throws {
        try write(json: JSON.bytes(of: value))
    }

    /// A line of JSON. It holds no control character but those above U+007E, which a terminal
    /// gets escaped too.
    private func write(json bytes: [UInt8]) throws {
        let line = isTerminal ? TerminalText.harmlessJSON(bytes) : bytes
        try write(line + [UInt8(ascii: "\n")], .output)
    }

    /// The parser's help, whatever the answer's form.
    func help(_ text: String) throws { try write(Array((text + "\n").utf8), .output) }

    /// A document's text or a difference: exactly as it is, but that a terminal gets no
    /// control characters from it.
    func text(_ bytes: [UInt8]) throws {
        if isTerminal {
            let text = TerminalText.harmless(String(decoding: bytes, as: UTF8.self))
            try write(Array(text.utf8), .output)
        } else {
            try write(bytes, .output)
        }
    }

    /// An error, in the answer's form.
    func error(_ report: ErrorReport) throws {
        if isJSON {
            try write(json: JSON.bytes(of: report))
        } else {
            try write(Array(report.text.utf8), .error)
        }
    }

    /// What was done about an interrupted save or edit.
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
            case .adopted(let path, let kept):
                try warning(
                    "took over what an interrupted edit of \(path) had left; docvc undo takes it"
                        + " back")
                for id in kept {
                    try notice(
                        "kept a text of \(path); to read it: \(docvc("recover show \(id)"))")
                }
            case .setAside(let path, let place):
                try warning("the editor of \(path) left no file, but what lies in \(place) now")
            }
        }
    }

    /// `text` with a color, where colors are wanted.
    func colored(_ text: String, _ color: ColoredText.Color) -> ColoredText {
        isColored ? ColoredText(text, color) : ColoredText(text)
    }
}

/// Nobody reads standard output any more.
struct BrokenPipe: Error {}

/// Standard output could not be written.
struct OutputError: Error {
    let errno: Errno
}
