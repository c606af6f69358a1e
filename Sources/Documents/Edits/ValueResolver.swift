/// Decides what a value that was given as text is, in the place where it will stand.
struct ValueResolver {
    let syntax: Syntax

    /// The value that text stands for.
    ///
    /// - Parameter found: what stands there now, or the last item of a list that gets one more.
    func resolve(_ new: NewValue, found: Node?) throws(EditError) -> Value {
        switch new {
        case .value(let value): return value
        case .guess(let text): return guess(text, found: found)
        case .typed(let text, let kind): return try typed(text, kind)
        case .source(let text):
            throw .invalidValue(text, reason: "is source text, which is not added to a list")
        }
    }

    private func guess(_ text: String, found: Node?) -> Value {
        if let found, let scalar = found.scalar, scalar.type == .string, found.style != .plain {
            return .string(normalised(text, like: found))
        }
        if syntax == .toml, found?.scalar?.type == .date, DateText.isTOMLDate(Array(text.utf8)) {
            return .scalar(.date, Text(text))
        }
        let value = YAMLGuess.value(of: text)
        guard case .scalar(let type, let text) = value else { return value }
        return isWritable(type, text) ? value : .scalar(.string, text)
    }

    /// A block scalar's text ends with as many line breaks as its header says.
    private func normalised(_ text: String, like found: Node) -> String {
        guard syntax == .yaml, found.style == .literal || found.style == .folded,
            let old = found.scalar?.text
        else { return text }
        var bytes = Array(text.utf8)
        let breaks = bytes.reversed().prefix { $0 == ASCII.newline }.count
        bytes.removeLast(breaks)
        guard !bytes.isEmpty else { return text }
        let oldBreaks = old.bytes.reversed().prefix { $0 == ASCII.newline }.count
        switch oldBreaks {
        case 0: break
        case 1: bytes.append(ASCII.newline)
        default: bytes += [UInt8](repeating: ASCII.newline, count: max(1, breaks))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the syntax can write this text as this type.
    private func isWritable(_ type: ScalarType, _ text: Text) -> Bool {
        switch syntax {
        case .yaml: return true
        case .json:
            switch type {
            case .integer, .float: return JSONNumber.type(of: text.bytes) == type
            case .date: return false
            case .boolean, .null, .string: return true
            }
        case .toml:
            switch type {
            case .integer: return TOMLNumber.type(of: text.bytes) == type
            case .float:
                // One beyond the largest (1e400) is none for readers of TOML.
                let isInfinite = Double(text.string.filter { $0 != "_" })?.isInfinite ?? false
                return TOMLNumber.type(of: text.bytes) == type
                    && (!isInfinite || text.string.hasSuffix("inf"))
            case .date: return DateText.isTOMLDate(text.bytes)
            case .null: return false
            case .boolean, .string: return true
            }
        }
    }

    private func typed(_ text: String, _ kind: NewValue.Kind) throws(EditError) -> Value {
        let bytes = Array(text.utf8)
        let type: ScalarType
        let isValid: Bool
        switch kind {
        case .string: return .string(text)
        case .json:
            do {
                let node = try JSONReader.parse(bytes, 0..<bytes.count) {
                    LineIndex(bytes).position(at: $0)
                }
                return node.value
            } catch {
                throw .invalidValue(text, reason: "is not JSON: \(error)")
            }
        case .integer:
            type = .integer
            isValid = CoreSchema.isInteger(bytes) || TOMLNumber.type(of: bytes) == .integer
        case .float:
            type = CoreSchema.isInteger(bytes) ? .integer : .float
            isValid =
                type == .integer || CoreSchema.isFloat(bytes) || TOMLNumber.type(of: bytes) == type
        case .boolean:
            type = .boolean
            isValid = CoreSchema.isBoolean(Text(text))
        case .date:
            type = .date
            isValid = DateText.isDate(bytes) || (syntax == .toml && DateText.isTOMLDate(bytes))
        }
        guard isValid else {
            let article = kind == .integer ? "an" : "a"
            throw .invalidValue(text, reason: "is not \(article) \(kind.rawValue)")
        }
        if kind == .date, syntax == .json { return .string(text) }
        guard isWritable(type, Text(text)) else {
            throw .invalidValue(
                text, reason: "cannot be written as \(kind.rawValue) in \(syntax.rawValue)")
        }
        return .scalar(type, Text(text))
    }
}

/// What YAML would make of a value's text on a command line.
enum YAMLGuess {
    static func value(of text: String) -> Value {
        let type = CoreSchema.type(of: Text(text))
        guard type == .string, let first = text.utf8.first else { return .scalar(type, Text(text)) }
        let isBracketed = first == ASCII.openBracket || first == ASCII.openBrace
        let isQuoted = first == ASCII.doubleQuote || first == ASCII.singleQuote
        guard isBracketed || isQuoted, !isWikilink(text) else { return .string(text) }
        let bytes = Array(text.utf8)
        let parsed = try? YAMLReader.parse(bytes, 0..<bytes.count) {
            Position(offset: $0, line: 1, column: 1)
        }
        guard let root = parsed?.root, root.range == 0..<bytes.count, root.properties == nil,
            root.style != .block, root.isPlainData
        else { return .string(text) }
        return root.value
    }

    /// `[[A note]]` is a link in the notes of Obsidian and others, and no list in a list.
    private static func isWikilink(_ text: String) -> Bool {
        guard text.hasPrefix("[["), text.hasSuffix("]]") else { return false }
        return !text.dropFirst(2).dropLast(2).contains { $0 == "[" || $0 == "]" }
    }
}

extension Node {
    /// Whether there is nothing in it that JSON has not: no alias, anchor, tag or complex key.
    fileprivate var isPlainData: Bool {
        guard properties == nil else { return false }
        switch content {
        case .scalar: return true
        case .alias: return false
        case .sequence(let items): return items.allSatisfy(\.isPlainData)
        case .mapping(let mapping):
            return mapping.duplicates.isEmpty
                && mapping.entries.allSatisfy { !$0.isComplex && $0.value.isPlainData }
        }
    }
}
