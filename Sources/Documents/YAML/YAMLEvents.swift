internal import Clibyaml

/// Reads libyaml's events one at a time; the only user of libyaml.
struct YAMLEvents: ~Copyable {
    /// What libyaml could not read, and where.
    struct Failure: Error {
        let isEncoding: Bool
        let message: String
        let offset: Int
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let offsets: CharacterOffsets
    private let start: Int

    /// Starts a parser, or returns `nil` when there is no memory for one.
    ///
    /// `input` must hold what `content` holds, and outlive the parser.
    init?(content: ArraySlice<UInt8>, input: UnsafeBufferPointer<UInt8>) {
        parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        offsets = CharacterOffsets(content)
        start = content.startIndex
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            return nil
        }
        // Without this, libyaml would guess UTF-16 from the first bytes.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    mutating func next() throws(Failure) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return convert(event)
    }

    private func convert(_ event: yaml_event_t) -> YAMLEvent {
        var anchor: Text?
        var tag: Text?
        let kind: YAMLEvent.Kind
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
        case YAML_STREAM_END_EVENT: kind = .streamEnd
        case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
        case YAML_MAPPING_END_EVENT: kind = .mappingEnd
        case YAML_ALIAS_EVENT:
            kind = .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            anchor = text(scalar.anchor)
            tag = text(scalar.tag)
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            kind = .scalar(Text(utf8: bytes), style(scalar.style))
        case YAML_SEQUENCE_START_EVENT:
            let sequence = event.data.sequence_start
            anchor = text(sequence.anchor)
            tag = text(sequence.tag)
            kind = .sequenceStart(isFlow: sequence.style == YAML_FLOW_SEQUENCE_STYLE)
        case YAML_MAPPING_START_EVENT:
            let mapping = event.data.mapping_start
            anchor = text(mapping.anchor)
            tag = text(mapping.tag)
            kind = .mappingStart(isFlow: mapping.style == YAML_FLOW_MAPPING_STYLE)
        default: kind = .other
        }
        return YAMLEvent(
            kind: kind, start: offsets.byteOffset(ofCharacter: event.start_mark.index),
            end: offsets.byteOffset(ofCharacter: event.end_mark.index), anchor: anchor, tag: tag)
    }

    private func style(_ style: yaml_scalar_style_t) -> Node.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> Text? {
        guard let pointer else { return nil }
        return Text(String(cString: pointer))
    }

    private func failure() -> Failure {
        let problem = parser.pointee.problem.map { String(cString: $0) }
        switch parser.pointee.error {
        case YAML_READER_ERROR:
            return Failure(
                isEncoding: true, message: problem ?? "unreadable bytes",
                offset: start + parser.pointee.problem_offset)
        case YAML_MEMORY_ERROR:
            return Failure(isEncoding: false, message: "out of memory", offset: start)
        default:
            return Failure(
                isEncoding: false, message: problem ?? "not valid YAML",
                offset: offsets.byteOffset(ofCharacter: parser.pointee.problem_mark.index))
        }
    }
}
