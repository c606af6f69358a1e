import Documents

/// A value of front matter as JSON.
///
/// Numbers keep their spelling (`1.10`); those that JSON cannot write (`0x1F`), and dates, are
/// strings of it.
struct ValueAnswer: Encodable {
    let value: Value

    init(_ value: Value) { self.value = value }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
        switch value {
        case .scalar(let type, let text):
            try encode(type, text.string, to: encoder)
        case .list(let items):
            var container = encoder.unkeyedContainer()
            for item in items { try container.encode(ValueAnswer(item)) }
        case .map(let members):
            var container = encoder.container(keyedBy: Key.self)
            for member in members {
                try container.encode(
                    ValueAnswer(member.value), forKey: Key(stringValue: member.key.string))
            }
        case .alias(let name):
            var container = encoder.singleValueContainer()
            try container.encode("*" + name.string)
        case .tagged(_, let value):
            try ValueAnswer(value).encode(to: encoder)
        }
    }

    private func encode(_ type: ScalarType, _ text: String, to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch type {
        case .null: try container.encodeNil()
        case .boolean: try container.encode(text.lowercased() == "true")
        case .integer, .float:
            let isNumber = value.jsonText == text
            let mark = AnswerJSON.numberMark.flatMap { encoder.userInfo[$0] as? String }
            try container.encode(isNumber ? (mark ?? "") + text : text)
        case .date, .string: try container.encode(text)
        }
    }
}

extension Value {
    /// The kind of the value, in the words of the answers.
    var typeName: String {
        switch self {
        case .scalar(let type, _): type.rawValue
        case .list: "list"
        case .map: "map"
        case .alias: "alias"
        case .tagged(_, let value): value.typeName
        }
    }
}
