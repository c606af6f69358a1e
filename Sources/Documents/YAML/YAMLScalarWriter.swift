/// Writes single scalars so that they read back with the same type and text.
struct YAMLScalarWriter {
    let style: YAMLStyle

    /// A scalar in one line.
    ///
    /// - Parameters:
    ///   - found: the value that stood there, whose style is kept where it can be.
    func inline(
        _ type: ScalarType, _ text: Text, found: Node? = nil, inFlow: Bool
    ) throws(EditError) -> [UInt8] {
        guard type == .string else { return try plain(type, text) }
        switch found?.style {
        case .singleQuoted?: return quoted(text, .singleQuoted)
        case .doubleQuoted?: return quoted(text, .doubleQuoted)
        default: break
        }
        let isSafe =
            YAMLCharacters.canBePlain(text, inFlow: inFlow)
            && CoreSchema.type(of: text) == .string
            && (!OlderYAML.mistypes(text) || isPlainForYAML12(found))
        return isSafe ? text.bytes : quoted(text, style.quotes)
    }

    /// Whether a string stood there that only YAML 1.2 reads as one (`12:30`, `no`): its writer
    /// means other such strings to be read so too.
    private func isPlainForYAML12(_ found: Node?) -> Bool {
        guard let found, found.style == .plain, let scalar = found.scalar else { return false }
        return scalar.type == .string && OlderYAML.mistypes(scalar.text)
    }

    /// A key.
    func key(_ text: Text, found: Node.Style? = nil, inFlow: Bool) -> [UInt8] {
        if let found, found != .plain { return quoted(text, found) }
        let isSafe =
            YAMLCharacters.canBePlain(text, inFlow: inFlow)
            && CoreSchema.type(of: text) == .string
            && !OlderYAML.mistypes(text)
        return isSafe ? text.bytes : quoted(text, style.quotes)
    }

    private func plain(_ type: ScalarType, _ text: Text) throws(EditError) -> [UInt8] {
        if CoreSchema.type(of: text) == type { return text.bytes }
        // From other syntaxes: TOML writes `inf`, `nan`, `1_000` and `0b1`.
        let digits = text.string.filter { $0 != "_" }
        let candidates = [digits, digits.replacingSign(with: "."), binaryAsDecimal(digits)]
        for candidate in candidates where CoreSchema.type(of: Text(candidate)) == type {
            return Array(candidate.utf8)
        }
        throw .invalidValue(text.string, reason: "cannot be written as a YAML \(type.rawValue)")
    }

    private func binaryAsDecimal(_ text: String) -> String {
        guard text.hasPrefix("0b"), let number = UInt64(text.dropFirst(2), radix: 2) else {
            return text
        }
        return String(number)
    }

    /// Text in quotes, in one line; in double quotes where single ones cannot hold it.
    func quoted(_ text: Text, _ style: Node.Style) -> [UInt8] {
        if style == .singleQuoted, YAMLCharacters.isPrintable(text, tabs: false, newlines: false) {
            var bytes: [UInt8] = [ASCII.singleQuote]
            for byte in text.utf8 {
                bytes.append(byte)
                if byte == ASCII.singleQuote { bytes.append(byte) }
            }
            return bytes + [ASCII.singleQuote]
        }
        var bytes: [UInt8] = [ASCII.doubleQuote]
        for scalar in text.string.unicodeScalars { append(scalar, to: &bytes) }
        return bytes + [ASCII.doubleQuote]
    }

    private func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar {
        case "\"", "\\": bytes += [ASCII.backslash, UInt8(scalar.value)]
        case "\n": bytes += Array("\\n".utf8)
        case "\t": bytes += Array("\\t".utf8)
        case "\r": bytes += Array("\\r".utf8)
        case "\0": bytes += Array("\\0".utf8)
        case let scalar where YAMLCharacters.isPrintable(scalar):
            bytes += Array(String(Character(scalar)).utf8)
        default:
            let hex = String(scalar.value, radix: 16, uppercase: true)
            let (mark, width) =
                scalar.value <= 0xFF ? ("x", 2) : scalar.value <= 0xFFFF ? ("u", 4) : ("U", 8)
            let zeros = String(repeating: "0", count: width - hex.count)
            bytes += Array(("\\" + mark + zeros + hex).utf8)
        }
    }

    /// A block scalar's header and lines, or `nil` when none can hold the text.
    ///
    /// - Parameters:
    ///   - indent: the spaces before each line.
    ///   - keepsBreaks: whether the value that stood there had `+` and so owns the blank lines
    ///     below it.
    func block(
        _ text: Text, folded: Bool, indent: Int, keepsBreaks: Bool
    ) -> (header: [UInt8], lines: [[UInt8]])? {
        guard indent > 0, let first = text.utf8.first, !first.isWhiteSpace,
            YAMLCharacters.isPrintable(text, tabs: true, newlines: true)
        else { return nil }
        var lines = text.bytes.split(
            separator: ASCII.newline, omittingEmptySubsequences: false)[...]
        var breaks = 0
        while lines.count > 1, lines.last?.isEmpty == true {
            breaks += 1
            lines = lines.dropLast()
        }
        guard breaks <= 1 || keepsBreaks else { return nil }
        var isFolded = folded
        // A folded line that starts with white space folds otherwise.
        if lines.contains(where: { $0.first?.isBlank == true }) { isFolded = false }
        // A line of white space alone would be taken for an empty one.
        if lines.contains(where: { !$0.isEmpty && $0.allSatisfy(\.isBlank) }) { return nil }
        let space = [UInt8](repeating: ASCII.space, count: indent)
        var written: [[UInt8]] = []
        for (number, line) in lines.enumerated() {
            // One break more than the text has: folding takes one away.
            if isFolded, number > 0 { written.append([]) }
            if !line.isEmpty {
                written.append(space + line)
            } else if !isFolded {
                written.append([])
            }
        }
        var header: [UInt8] = [UInt8(ascii: isFolded ? ">" : "|")]
        if breaks == 0 { header.append(ASCII.dash) }
        if breaks > 0, keepsBreaks {
            header.append(ASCII.plus)
            written += [[UInt8]](repeating: [], count: breaks - 1)
        }
        return (header, written)
    }
}

extension String {
    /// `-inf` as `-.inf`: the mark put after the sign.
    fileprivate func replacingSign(with mark: String) -> String {
        guard let first, first == "-" || first == "+" else { return mark + self }
        return String(first) + mark + dropFirst()
    }
}
