/// The language that front matter is written in.
public enum Syntax: String, Sendable, Hashable, CaseIterable {
    /// YAML 1.2 with the core schema, as libyaml reads it.
    case yaml
    /// TOML 1.0.
    case toml
    /// JSON, RFC 8259.
    case json
}
