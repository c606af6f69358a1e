/// Reads unified diffs.
struct UnifiedDiffParser {
    private let lines: [ArraySlice<UInt8>]
    private var number = 0

    init(_ bytes: [UInt8]) { lines = TextLines.split(bytes[...]) }

    mutating func parse() throws(UnifiedDiff.SyntaxError) -> [UnifiedDiff.Hunk] {
        var hunks: [UnifiedDiff.Hunk] = []
        var files = 0
        while number < lines.count {
            let line = lines[number]
            if line.starts(with: Array("@@ -".utf8)) {
                hunks.append(try hunk())
                continue
            }
            if line.starts(with: Array("--- ".utf8)), number + 1 < lines.count,
                lines[number + 1].starts(with: Array("+++ ".utf8))
            {
                files += 1
                if files > 1 { throw error("a second file begins here; one is expected") }
                number += 1
            }
            number += 1
        }
        guard !hunks.isEmpty else { throw error("there is no hunk") }
        return hunks
    }

    private func error(_ message: String) -> UnifiedDiff.SyntaxError {
        UnifiedDiff.SyntaxError(line: min(number + 1, max(lines.count, 1)), message: message)
    }

    private mutating func hunk() throws(UnifiedDiff.SyntaxError) -> UnifiedDiff.Hunk {
        guard let header = Header(lines[number]) else { throw error("not a hunk's header") }
        number += 1
        var hunk = UnifiedDiff.Hunk(
            oldStart: header.oldStart, old: [], new: [], leadingContext: 0, trailingContext: 0)
        var isOnlyContext = true
        var isLastOld = false
        var isLastNew = false
        while hunk.old.count < header.oldCount || hunk.new.count < header.newCount {
            guard number < lines.count else { throw error("the hunk is shorter than it says") }
            let line = lines[number]
            // Editors and mailers strip the space of an empty context line.
            let mark = line.first.map { $0.isBreak ? ASCII.space : $0 } ?? ASCII.space
            let text = Array(line.first?.isBreak == true ? line : line.dropFirst())
            switch mark {
            case ASCII.space:
                hunk.old.append(text)
                hunk.new.append(text)
                if isOnlyContext { hunk.leadingContext += 1 }
                hunk.trailingContext += 1
                (isLastOld, isLastNew) = (true, true)
            case ASCII.dash:
                hunk.old.append(text)
                (isLastOld, isLastNew) = (true, false)
            case ASCII.plus:
                hunk.new.append(text)
                (isLastOld, isLastNew) = (false, true)
            case ASCII.backslash: stripEnd(&hunk, line, old: isLastOld, new: isLastNew)
            default: throw error("a line of a hunk begins with ' ', '+', '-' or '\\'")
            }
            if mark == ASCII.dash || mark == ASCII.plus {
                isOnlyContext = false
                hunk.trailingContext = 0
            }
            number += 1
        }
        if number < lines.count, lines[number].first == ASCII.backslash {
            stripEnd(&hunk, lines[number], old: isLastOld, new: isLastNew)
            number += 1
        }
        guard hunk.old.count == header.oldCount, hunk.new.count == header.newCount else {
            throw error("the hunk's lines are not as many as it says")
        }
        if isOnlyContext { hunk.trailingContext = 0 }
        return hunk
    }

    /// `\ No newline at end of file`: the line before has no line ending.
    ///
    /// A carriage return before it is text, unless the whole patch was given such endings.
    private func stripEnd(
        _ hunk: inout UnifiedDiff.Hunk, _ marker: ArraySlice<UInt8>, old: Bool, new: Bool
    ) {
        let isPatchCRLF = marker.dropLast().last == ASCII.carriageReturn
        func strip(_ lines: inout [[UInt8]]) {
            guard var last = lines.popLast() else { return }
            if last.last == ASCII.newline { last.removeLast() }
            if isPatchCRLF, last.last == ASCII.carriageReturn { last.removeLast() }
            lines.append(last)
        }
        if old { strip(&hunk.old) }
        if new { strip(&hunk.new) }
    }

    /// `@@ -start,count +start,count @@`; a count of 1 may be left out.
    private struct Header {
        var oldStart = 0
        var oldCount = 1
        var newCount = 1

        init?(_ line: ArraySlice<UInt8>) {
            var rest = line.dropFirst(4)
            guard let start = Header.number(&rest) else { return nil }
            oldStart = start
            guard let oldCount = Header.count(&rest), rest.starts(with: Array(" +".utf8)) else {
                return nil
            }
            rest = rest.dropFirst(2)
            guard Header.number(&rest) != nil, let newCount = Header.count(&rest),
                rest.starts(with: Array(" @@".utf8))
            else { return nil }
            self.oldCount = oldCount
            self.newCount = newCount
        }

        static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
            let digits = rest.prefix(while: \.isDigit)
            // More digits than any file has lines would only overflow.
            guard !digits.isEmpty, digits.count <= 12 else { return nil }
            rest = rest.dropFirst(digits.count)
            return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }

        static func count(_ rest: inout ArraySlice<UInt8>) -> Int? {
            guard rest.first == ASCII.comma else { return 1 }
            rest = rest.dropFirst()
            return number(&rest)
        }
    }
}
