/// Why an edit was refused; the document is as it was.
public enum EditError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The front matter cannot be read, so its keys cannot be edited.
    case unparsable(ParseError)
    /// The path names nothing.
    case missing(FieldPath)
    /// The path's key is there more than once; the places.
    case duplicateKey(FieldPath, [Position])
    /// The path goes on below a value that is not a map, or a list as needed.
    case wrongKind(FieldPath, expected: String, at: Position)
    /// The path leads through an alias, which is never expanded.
    case alias(FieldPath, at: Position)
    /// The value has an anchor that an alias elsewhere names.
    case anchored(FieldPath, at: Position)
    /// Another key has the new name, or one that differs only in its Unicode normal form.
    case occupied(FieldPath, at: Position)
    /// The path's list has no item of the value.
    case noItem(FieldPath)
    /// The text is not a value of the type, or the syntax has no such value.
    case invalidValue(String, reason: String)
    /// The syntax has this construct, but docvc cannot edit it without touching other bytes.
    case unsupported(FieldPath, reason: String, at: Position)
    /// The new front matter cannot be read; the position is in the document as it would be.
    case unparsableReplacement(ParseError)
    /// The text to be replaced does not occur in the body.
    case textNotFound
    /// The text to be replaced occurs this often, and not all were asked for.
    case textAmbiguous(count: Int)
    /// A hunk of a patch does not apply.
    case hunkFailed(number: Int, reason: String)
    /// The result would change more than was asked for; what would be changed.
    case unprovable(String)

    /// The reason in words.
    public var description: String {
        switch self {
        case .unparsable(let error): "the front matter cannot be read: \(error)"
        case .missing(let path): "there is no \(path)"
        case .duplicateKey(let path, let positions):
            "\(path) is there more than once, at "
                + positions.map(\.description).joined(separator: " and ")
        case .wrongKind(let path, let expected, let position):
            "\(path) at \(position) is not \(expected)"
        case .alias(let path, let position):
            "\(path) at \(position) is an alias, which is edited where its anchor is"
        case .anchored(let path, let position):
            "\(path) at \(position) has an anchor that other keys refer to"
        case .occupied(let path, let position): "\(path) is there already, at \(position)"
        case .noItem(let path): "\(path) has no such item"
        case .invalidValue(let text, let reason): "'\(text)' \(reason)"
        case .unsupported(let path, let reason, let position): "\(path) at \(position): \(reason)"
        case .unparsableReplacement(let error): "the new front matter cannot be read: \(error)"
        case .textNotFound: "the text to be replaced is not in the body"
        case .textAmbiguous(let count): "the text to be replaced is in the body \(count) times"
        case .hunkFailed(let number, let reason): "hunk \(number) does not apply: \(reason)"
        case .unprovable(let reason): "the edit would change more than was asked for: \(reason)"
        }
    }
}
