/// The statements of a TOML text.
struct TOMLLayout: Sendable {}
