/// What a scalar's text stands for.
public enum ScalarType: String, Sendable, Hashable, CaseIterable {
    /// No value: YAML's `null`, `~` and nothing at all; JSON's `null`.
    case null
    /// True or false.
    case boolean
    /// A whole number of any size; its text is kept as written (`010`, `0x1F`).
    case integer
    /// Any other number, `.inf` and `.nan`; its text is kept as written (`1.10`).
    case float
    /// A date, a time or both, kept as written; YAML and TOML only.
    case date
    /// Text.
    case string
}
