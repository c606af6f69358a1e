import Documents

/// What a repository declares about merging its documents: the section `merge` of
/// `.docvc/policy.yaml`.
public struct MergePolicy: Sendable, Hashable {
    /// What becomes of a key that both sides changed differently.
    public enum Choice: String, Sendable, CaseIterable {
        /// Our value.
        case ours
        /// Their value.
        case theirs
        /// The greater number or version.
        case max
        /// The smaller number or version.
        case min
        /// The later date.
        case newest
        /// The lists' union, less what either side removed.
        case set
        /// As ``set``.
        case union
        /// What the hook says.
        case hook
    }

    /// How the body is merged.
    public enum Body: String, Sendable, CaseIterable {
        /// By lines, and by words where both sides changed one paragraph.
        case words
        /// By lines only.
        case lines
    }

    /// How a conflict is written.
    public enum Conflicts: String, Sendable, CaseIterable {
        /// Between markers.
        case markers
        /// In front matter as comments beside our value, so that it can still be read.
        case parseable
    }

    /// Lists that are sets: by the key's name, wherever it stands, or by its path.
    public var sets: Set<String> = ["tags", "categories", "keywords", "aliases"]
    /// Dates of which the later one counts: by name or path; never `date`.
    public var newest: Set<String> = [
        "updated", "lastmod", "modified", "last_modified", "updatedOn",
    ]
    /// Keys with a choice of their own, by path.
    public var keys: [String: Choice] = [:]
    /// Lists of maps, by path, with the key that tells their items apart.
    public var lists: [String: String] = [:]
    /// How the body is merged.
    public var body = Body.words
    /// How conflicts are written.
    public var conflicts = Conflicts.markers
    /// The program that is asked last, from the work tree's root; counts only where the user's
    /// own configuration allows it.
    public var hook: String?

    /// The policy of a repository that declares none.
    public init() {}

    func choice(for path: FieldPath) -> Choice? {
        let name = path.description
        if let choice = keys[name] { return choice }
        guard case .key(let key)? = path.steps.last else { return nil }
        if sets.contains(name) || sets.contains(key.string) { return .set }
        if key != "date", newest.contains(name) || newest.contains(key.string) { return .newest }
        return nil
    }
}
