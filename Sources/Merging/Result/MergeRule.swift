/// Why a byte is in the output.
public enum MergeRule: Sendable, Hashable {
    /// It is so on all sides.
    case unchanged
    /// Only ours changed here.
    case ours
    /// Only theirs changed here.
    case theirs
    /// Both changed to the same.
    case same
    /// Both changed to the same value, written in two ways.
    case style
    /// Both changed other words of one paragraph.
    case words
    /// A list declared a set: ours without what theirs removed, then what theirs added.
    case set
    /// A list, merged item by item.
    case list
    /// The newer of two dates.
    case newest
    /// What the policy says for the key: `ours`, `theirs`, `max`, `min`.
    case policy(String)
    /// An edit that follows a key to its new name.
    case rename
    /// An edit made again in another place or syntax.
    case replayed
    /// The line ending of the lines around.
    case lineEnding
    /// The final newline, or the byte order mark.
    case boolean
    /// A side of a conflict.
    case conflict
    /// A line that marks a conflict.
    case marker
    /// A side that the caller prefers, or the base in a virtual base.
    case favor
    /// What the merge hook answered.
    case hook

    /// Whether words of a side may be missing where it decided.
    public var givesUpWords: Bool {
        switch self {
        case .newest, .policy, .favor, .hook: true
        default: false
        }
    }

    /// The rule's name.
    public var name: String {
        switch self {
        case .unchanged: "unchanged"
        case .ours: "ours"
        case .theirs: "theirs"
        case .same: "same change"
        case .style: "same value"
        case .words: "words apart"
        case .set: "set"
        case .list: "list"
        case .newest: "newest"
        case .policy(let choice): "policy \(choice)"
        case .rename: "rename"
        case .replayed: "edit made again"
        case .lineEnding: "line ending"
        case .boolean: "file start and end"
        case .conflict: "conflict"
        case .marker: "conflict marker"
        case .favor: "favored side"
        case .hook: "hook"
        }
    }
}
