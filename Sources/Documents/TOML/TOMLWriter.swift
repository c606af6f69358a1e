/// Writes TOML keys and values, in one line.
struct TOMLWriter {
    /// A value.
    ///
    /// - Parameters:
    ///   - found: the source of the string that stood there, whose quotes are kept.
    func inline(_ value: Value, found: ArraySlice<UInt8>? = nil) throws(EditError) -> [UInt8] {
        switch value {
        case .scalar(.string, let text): return string(text, found: found)
        case .scalar(let type, let text): return try scalar(type, text)
        case .list(let items):
            var bytes: [UInt8] = [ASCII.openBracket]
            for (index, item) in items.enumerated() {
                if index > 0 { bytes += [ASCII.comma, ASCII.space] }
                bytes += try inline(item)
            }
            return bytes + [ASCII.closeBracket]
        case .map(let members):
            guard !members.isEmpty else { return [ASCII.openBrace, ASCII.closeBrace] }
            var bytes: [UInt8] = [ASCII.openBrace]
            for (index, member) in members.enumerated() {
                bytes += index > 0 ? [ASCII.comma, ASCII.space] : [ASCII.space]
                bytes += key(member.key) + [ASCII.space, ASCII.equals, ASCII.space]
                bytes += try inline(member.value)
            }
            return bytes + [ASCII.space, ASCII.closeBrace]
        case .alias, .tagged:
            throw .invalidValue("\(value)", reason: "cannot be written as TOML")
        }
    }

    /// A key, bare where it can be.
    func key(_ text: Text, found: Node.Style = .plain) -> [UInt8] {
        let isBare = !text.isEmpty && text.utf8.allSatisfy { TOMLKey.isBare($0) }
        switch found {
        case .plain where isBare: return text.bytes
        case .singleQuoted: return string(text, found: [ASCII.singleQuote][...])
        default: return basic(text)
        }
    }

    private func scalar(_ type: ScalarType, _ text: Text) throws(EditError) -> [UInt8] {
        switch type {
        case .boolean: return text.bytes.map(\.lowercased)
        case .integer where TOMLNumber.type(of: text.bytes) == .integer: return text.bytes
        case .float:
            // YAML writes `.inf` and `.nan`.
            let word = Text(text.string.lowercased().filter { $0 != "." })
            if ["inf", "+inf", "-inf", "nan"].contains(word) { return word.bytes }
            if TOMLNumber.type(of: text.bytes) == .float { return text.bytes }
        case .date where DateText.isTOMLDate(text.bytes): return text.bytes
        case .null, .string, .integer, .date: break
        }
        throw .invalidValue(text.string, reason: "cannot be written as a \(type.rawValue) in TOML")
    }

    private func string(_ text: Text, found: ArraySlice<UInt8>?) -> [UInt8] {
        guard let found, let quote = found.first else { return basic(text) }
        let isMultiline = found.count >= 6 && found.prefix(3).allSatisfy { $0 == quote }
        if quote == ASCII.singleQuote, isLiteral(text, breaks: isMultiline) {
            let marks = [UInt8](repeating: quote, count: isMultiline ? 3 : 1)
            return marks + opening(found, isMultiline, text) + text.bytes + marks
        }
        guard isMultiline, quote == ASCII.doubleQuote, !text.utf8.contains(ASCII.carriageReturn)
        else { return basic(text) }
        let marks: [UInt8] = [quote, quote, quote]
        let escaped = basic(text, breaks: true).dropFirst().dropLast()
        return marks + opening(found, isMultiline, text) + escaped + marks
    }

    /// The line break after `"""` that is not part of the string.
    private func opening(
        _ found: ArraySlice<UInt8>, _ isMultiline: Bool, _ text: Text
    ) -> ArraySlice<UInt8> {
        guard isMultiline else { return [] }
        let opening = found.dropFirst(3)
        if opening.first == ASCII.newline { return opening.prefix(1) }
        if opening.starts(with: LineEnding.crlf.bytes) { return opening.prefix(2) }
        // Without one, the text's own first line break would be taken for it.
        return text.utf8.first == ASCII.newline ? [ASCII.newline] : []
    }

    private func isLiteral(_ text: Text, breaks: Bool) -> Bool {
        text.string.unicodeScalars.allSatisfy {
            $0 != "'" && ($0 == "\t" || (breaks && $0 == "\n") || YAMLCharacters.isPrintable($0))
        }
    }

    private func basic(_ text: Text, breaks: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = [ASCII.doubleQuote]
        for scalar in text.string.unicodeScalars {
            switch scalar {
            case "\"", "\\": bytes += [ASCII.backslash, UInt8(scalar.value)]
            case "\n": bytes += breaks ? [ASCII.newline] : Array("\\n".utf8)
            case "\r": bytes += Array("\\r".utf8)
            case "\t": bytes += Array("\\t".utf8)
            case let scalar where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16, uppercase: true)
                let zeros = String(repeating: "0", count: 4 - hex.count)
                bytes += Array(("\\u" + zeros + hex).utf8)
            default: bytes += Array(String(Character(scalar)).utf8)
            }
        }
        return bytes + [ASCII.doubleQuote]
    }
}
