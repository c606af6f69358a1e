import ArgumentParser
import Documents

/// `KEY=VALUE`, `KEY+=VALUE` or `KEY-=VALUE`, as it was typed.
struct Assignment {
    private enum Operator { case set, add, remove }

    private let key: FieldPath
    private let `operator`: Operator
    private let text: String

    /// The text before and after the first `=` outside double quotes.
    static func parts(_ word: String) throws -> (String, String) {
        var isQuoted = false
        var isEscaped = false
        let equals = word.unicodeScalars.firstIndex { scalar in
            if isEscaped {
                isEscaped = false
            } else if isQuoted && scalar == "\\" {
                isEscaped = true
            } else if scalar == "\"" {
                isQuoted.toggle()
            }
            return scalar == "=" && !isQuoted
        }
        guard let equals else {
            throw ValidationError(
                "'\(word)' is none of KEY=VALUE, KEY+=VALUE and KEY-=VALUE")
        }
        return (
            String(word[..<equals]), String(word[word.unicodeScalars.index(after: equals)...])
        )
    }

    /// Reads `word`; the first `=` outside double quotes ends the key.
    init(_ word: String) throws {
        var (name, text) = try Assignment.parts(word)
        switch name.last {
        case "+": `operator` = .add
        case "-": `operator` = .remove
        default: `operator` = .set
        }
        if `operator` != .set { name.removeLast() }
        key = try KeyArgument.path(name)
        self.text = text
    }

    /// The edit that is meant, the value being of the type `kind` or what it looks like.
    func edit(_ kind: NewValue.Kind?) -> Edit {
        let value: NewValue = kind.map { .typed(text, $0) } ?? .guess(text)
        return switch `operator` {
        case .set: .set(key, value)
        case .add: .append(key, value)
        case .remove: .remove(key, value)
        }
    }
}

/// A key as it is named on the command line.
enum KeyArgument {
    /// The path that `text` names.
    static func path(_ text: String) throws -> FieldPath {
        do {
            return try FieldPath(parsing: text)
        } catch {
            throw ValidationError("'\(text)' names no key: \(error.description)")
        }
    }
}
