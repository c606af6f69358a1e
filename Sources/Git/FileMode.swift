/// The modes that Git keeps of a tree's entries.
public enum FileMode: UInt32, Sendable {
    case regular = 0o100644
    case executable = 0o100755
    case link = 0o120000
    case tree = 0o040000
    case submodule = 0o160000

    /// The mode that `raw` stands for; old tools wrote others, such as 0100664.
    init(raw: UInt32) {
        self =
            switch raw & 0o170000 {
            case 0o040000: .tree
            case 0o120000: .link
            case 0o160000: .submodule
            default: raw & 0o100 != 0 ? .executable : .regular
            }
    }

    /// Whether an entry with this mode is a file with content.
    public var isFile: Bool { self == .regular || self == .executable }
}
