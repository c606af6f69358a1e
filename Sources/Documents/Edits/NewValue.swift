/// A value to be put into a document, as it was given.
public enum NewValue: Sendable, Hashable {
    /// What an explicit type may be.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Text, whatever it looks like.
        case string
        /// A whole number.
        case integer
        /// Any number.
        case float
        /// `true` or `false`.
        case boolean
        /// A date, with or without a time.
        case date
        /// A JSON text: a scalar, list or object.
        case json
    }

    /// Text whose type is guessed as YAML does.
    ///
    /// `true`, `12`, `1.10`, `2024-01-02` and `~` are what they look like; text in quotes is
    /// the string in them; `[a, b]` and `{a: 1}` are collections; everything else is a string,
    /// `[[wikilink]]` and `{{ template }}` too. Where a string in quotes or in a block stands
    /// now, any text is a string, written in the same style.
    case guess(String)
    /// Text of a given type.
    case typed(String, Kind)
    /// A value; comments and style are the editor's choice.
    case value(Value)
    /// Source text in the document's syntax, put in as it is where the value's bytes stand or
    /// would stand. It must be one value; lines after its first keep their indent.
    case source(String)
}
