extension Value {
    /// The value as JSON text in one line, for output.
    ///
    /// Numbers that JSON cannot write (`010`, `0x1F`, `.inf`) and dates are strings of their
    /// own spelling; an alias is the string `*name`, and a tag is left out.
    public var jsonText: String {
        switch self {
        case .scalar(let type, let text):
            switch type {
            case .null: return "null"
            case .boolean: return text.string.lowercased()
            case .integer, .float:
                return JSONNumber.type(of: text.bytes) == nil
                    ? Value.quoted(text) : text.string
            case .string, .date: return Value.quoted(text)
            }
        case .list(let items): return "[" + items.map(\.jsonText).joined(separator: ", ") + "]"
        case .map(let members):
            let pairs = members.map { Value.quoted($0.key) + ": " + $0.value.jsonText }
            return "{" + pairs.joined(separator: ", ") + "}"
        case .alias(let name): return Value.quoted(Text("*" + name.string))
        case .tagged(_, let value): return value.jsonText
        }
    }

    private static func quoted(_ text: Text) -> String {
        String(decoding: JSONWriter.string(text), as: UTF8.self)
    }
}
