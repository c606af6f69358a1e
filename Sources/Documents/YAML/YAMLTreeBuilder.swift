/// Builds the tree of nodes from libyaml's events, without recursion.
struct YAMLTreeBuilder {
    struct Failure: Error {
        let reason: ParseError.Reason
        let message: String
        let offset: Int

        init(_ reason: ParseError.Reason, _ message: String, at offset: Int) {
            self.reason = reason
            self.message = message
            self.offset = offset
        }
    }

    /// A collection whose end has not come yet.
    private struct Frame {
        let isMapping: Bool
        let isFlow: Bool
        let start: Int
        let properties: Node.Properties?
        var key: Node?
        var entries: [Mapping.Entry] = []
        var items: [Node] = []
        /// Where the last finished child ends.
        var lastEnd: Int
    }

    let bytes: [UInt8]
    let content: Range<Int>
    private(set) var root: Node?
    private(set) var usedAnchors: Set<Text> = []
    private var anchors: Set<Text> = []
    private var stack: [Frame] = []
    private var documents = 0

    init(bytes: [UInt8], content: Range<Int>) {
        self.bytes = bytes
        self.content = content
    }

    mutating func build(_ events: inout YAMLEvents) throws(Failure) {
        while true {
            let event: YAMLEvent
            do {
                event = try events.next()
            } catch {
                throw Failure(
                    error.isEncoding ? .encoding : .syntax, error.message, at: error.offset)
            }
            if case .streamEnd = event.kind { return }
            try take(event)
        }
    }

    private mutating func take(_ event: YAMLEvent) throws(Failure) {
        switch event.kind {
        case .documentStart:
            documents += 1
            if documents > 1 {
                throw Failure(
                    .severalDocuments, "a second YAML document starts here", at: event.start)
            }
        case .scalar(let text, let style):
            let properties = note(event)
            let start = properties.map { valueStart(after: $0) } ?? event.start
            let end =
                style == .literal || style == .folded
                ? blockScalarEnd(start, event.end) : event.end
            let isMissing = style == .plain && text.isEmpty && start >= end
            let range = isMissing ? missing(event, properties) : start..<max(start, end)
            let type =
                event.tag.flatMap { YAMLTag.type(of: $0) }
                ?? (style == .plain ? CoreSchema.type(of: text) : .string)
            add(
                Node(
                    content: .scalar(.init(type: type, text: text)), style: style, range: range,
                    properties: properties))
        case .alias(let name):
            guard anchors.contains(name) else {
                throw Failure(
                    .undefinedAlias, "the alias '*\(name)' names no anchor before it",
                    at: event.start)
            }
            usedAnchors.insert(name)
            add(
                Node(
                    content: .alias(name), style: .plain, range: event.start..<event.end,
                    properties: nil))
        case .sequenceStart(let isFlow): try open(event, isMapping: false, isFlow: isFlow)
        case .mappingStart(let isFlow): try open(event, isMapping: true, isFlow: isFlow)
        case .sequenceEnd, .mappingEnd: close(end: event.end)
        case .documentEnd, .streamEnd, .other: break
        }
    }

    /// Registers a node's anchor, and finds the bytes of its anchor and tag.
    private mutating func note(_ event: YAMLEvent) -> Node.Properties? {
        guard event.anchor != nil || event.tag != nil else { return nil }
        if let anchor = event.anchor { anchors.insert(anchor) }
        // libyaml's event starts with them; each runs up to white space. What follows may be the
        // next key's, where there is no value.
        var left = (event.anchor == nil ? 0 : 1) + (event.tag == nil ? 0 : 1)
        var end = event.start
        var offset = event.start
        while left > 0, offset < content.upperBound {
            switch bytes[offset] {
            case ASCII.hash: offset = lineEnd(offset)
            case let byte where byte.isWhiteSpace: offset += 1
            default:
                offset = propertyEnd(offset)
                end = offset
                left -= 1
            }
        }
        return .init(anchor: event.anchor, tag: event.tag, range: event.start..<end)
    }

    /// Where libyaml ends the anchor or tag that starts there. A tag in angle brackets,
    /// `!<tag:a,b>`, may hold what ends others in a flow collection.
    private func propertyEnd(_ start: Int) -> Int {
        let rest = bytes[start..<content.upperBound]
        if rest.first == UInt8(ascii: "&") {
            return rest.dropFirst().firstIndex {
                !$0.isLetter && !$0.isDigit && $0 != UInt8(ascii: "_") && $0 != ASCII.dash
            } ?? rest.endIndex
        }
        if rest.starts(with: "!<".utf8) {
            return (rest.firstIndex(of: UInt8(ascii: ">")) ?? rest.endIndex - 1) + 1
        }
        let ends = [ASCII.comma, ASCII.closeBracket, ASCII.closeBrace]
        return rest.firstIndex { $0.isWhiteSpace || isInFlow && ends.contains($0) }
            ?? rest.endIndex
    }

    private var isInFlow: Bool { stack.last?.isFlow ?? false }

    private func valueStart(after properties: Node.Properties) -> Int {
        var offset = properties.range.upperBound
        while offset < content.upperBound {
            if bytes[offset] == ASCII.hash {
                offset = lineEnd(offset)
            } else if bytes[offset].isWhiteSpace {
                offset += 1
            } else {
                break
            }
        }
        return offset
    }

    private func lineEnd(_ offset: Int) -> Int {
        var offset = offset
        while offset < content.upperBound, bytes[offset] != ASCII.newline { offset += 1 }
        return offset
    }

    /// The place of a value that is not there: after its anchor and tag, or where libyaml
    /// says, which is right after the `:` or the `-`. After an explicit key without a `:`
    /// libyaml says the next token, which may be lines below; there it is the key's end.
    private func missing(_ event: YAMLEvent, _ properties: Node.Properties?) -> Range<Int> {
        var offset = properties?.range.upperBound ?? event.start
        if properties == nil, let key = stack.last?.key, offset > key.outerEnd,
            bytes[offset - 1] != ASCII.colon
        {
            offset = key.outerEnd
        }
        return offset..<offset
    }

    /// libyaml ends a block scalar after the blank lines below it; they belong to the value
    /// only when it keeps them (`+`), and the last line's ending never does.
    private func blockScalarEnd(_ start: Int, _ end: Int) -> Int {
        let header = bytes[start..<lineEnd(start)].prefix { !$0.isWhiteSpace }
        var end = end
        func lineStart(_ offset: Int) -> Int {
            var offset = offset
            while offset > start, bytes[offset - 1] != ASCII.newline { offset -= 1 }
            return offset
        }
        // To the start of the line that libyaml stopped in, if that holds nothing of the value.
        let stopped = lineStart(end)
        if stopped > start, bytes[stopped..<end].allSatisfy({ $0.isBlank }) { end = stopped }
        if !header.contains(ASCII.plus) {
            while end > start {
                let line = lineStart(end - 1)
                guard line > start, bytes[line..<end].allSatisfy({ $0.isWhiteSpace }) else { break }
                end = line
            }
        }
        if end > start, bytes[end - 1] == ASCII.newline {
            end -= 1
            if end > start, bytes[end - 1] == ASCII.carriageReturn { end -= 1 }
        }
        return end
    }

    private mutating func open(
        _ event: YAMLEvent, isMapping: Bool, isFlow: Bool
    ) throws(Failure) {
        guard stack.count < FrontMatter.depthLimit else {
            throw Failure(
                .tooDeep, "values are nested deeper than \(FrontMatter.depthLimit)",
                at: event.start)
        }
        let properties = note(event)
        let start = properties.map { valueStart(after: $0) } ?? event.start
        stack.append(
            Frame(
                isMapping: isMapping, isFlow: isFlow, start: start, properties: properties,
                lastEnd: start))
    }

    private mutating func close(end: Int) {
        guard let frame = stack.popLast() else { return }
        let content: Node.Content =
            frame.isMapping ? .mapping(Mapping(frame.entries)) : .sequence(frame.items)
        // A block collection's end event comes at the next token; it ends with its last child.
        // A pair in a flow list (`[a: b]`) has no bracket of its own either.
        let isBracketed =
            frame.isFlow
            && (bytes[frame.start] == ASCII.openBrace || bytes[frame.start] == ASCII.openBracket)
            && end > frame.lastEnd
        add(
            Node(
                content: content, style: frame.isFlow ? .flow : .block,
                range: frame.start..<(isBracketed ? end : max(frame.start, frame.lastEnd)),
                properties: frame.properties))
    }

    private mutating func add(_ node: Node) {
        guard var frame = stack.popLast() else {
            root = node
            return
        }
        frame.lastEnd = max(frame.lastEnd, node.outerEnd)
        if !frame.isMapping {
            frame.items.append(node)
        } else if let key = frame.key {
            frame.key = nil
            frame.entries.append(entry(key, node, in: frame))
        } else {
            frame.key = node
        }
        stack.append(frame)
    }

    private func entry(_ key: Node, _ value: Node, in frame: Frame) -> Mapping.Entry {
        let isComplex = key.scalar == nil || key.properties != nil
        let text = isComplex ? Text(utf8: bytes[key.outerStart..<key.outerEnd]) : key.scalar?.text
        var start = key.outerStart
        // An explicit key's `?` stands before it, white space and comments apart.
        var before = start
        let floor = frame.entries.last?.end ?? frame.start
        while before > floor, bytes[before - 1].isWhiteSpace { before -= 1 }
        if before > floor, bytes[before - 1] == ASCII.question { start = before - 1 }
        if frame.entries.isEmpty, !frame.isFlow { start = min(start, frame.start) }
        return Mapping.Entry(
            key: text ?? "", keyRange: key.range, keyStyle: key.style, isComplex: isComplex,
            start: start, value: value)
    }
}
