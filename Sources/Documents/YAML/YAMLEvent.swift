/// One of libyaml's events, with byte offsets for marks.
struct YAMLEvent {
    enum Kind {
        case documentStart
        case documentEnd
        case streamEnd
        case scalar(Text, Node.Style)
        case sequenceStart(isFlow: Bool)
        case sequenceEnd
        case mappingStart(isFlow: Bool)
        case mappingEnd
        case alias(Text)
        /// Stream starts, of which nothing is to be known.
        case other
    }

    let kind: Kind
    let start: Int
    let end: Int
    let anchor: Text?
    let tag: Text?
}
