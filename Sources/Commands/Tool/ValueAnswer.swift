import Documents
import FoundationEssentials

/// A value of front matter as JSON.
///
/// Numbers that JSON cannot write exactly, and dates, are strings of their own spelling.
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
            if let number = ValueAnswer.number(value.jsonText) {
                try container.encode(number)
            } else {
                try container.encode(text)
            }
        case .date, .string: try container.encode(text)
        }
    }

    /// The number that the JSON text `text` is; nil where it is none, or has more digits than
    /// can be kept.
    private static func number(_ text: String) -> Decimal? {
        guard !text.hasPrefix("\""), text.utf8.count <= 38, let number = Decimal(string: text),
            !number.isNaN
        else { return nil }
        return number
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
