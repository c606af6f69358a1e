/// What is fuzzed: each target reads bytes from outside, and has properties that hold for all.
enum FuzzTarget: String, CaseIterable {
    case frontMatter = "front-matter"
    case edit, patch, merge, journal, checkpoint, trailers, notes, migration

    /// All names, for the usage.
    static var names: String { allCases.map(\.rawValue).joined(separator: " ") }

    /// Throws `Broken` where a property does not hold.
    func check(_ input: [UInt8]) throws {
        switch self {
        case .frontMatter: try FrontMatterTarget.check(input)
        case .edit: try EditTarget.check(input)
        case .patch: try PatchTarget.check(input)
        case .merge: try MergeTarget.check(input)
        case .journal: try JournalTarget.check(input)
        case .checkpoint: try CheckpointTarget.check(input)
        case .trailers: try TrailersTarget.check(input)
        case .notes: try NotesTarget.check(input)
        case .migration: try MigrationTarget.check(input)
        }
    }

    /// What the corpus starts with.
    func seeds(_ seeds: FuzzSeeds) -> [[UInt8]] {
        switch self {
        case .frontMatter, .edit: seeds.documents
        case .patch: seeds.merges.flatMap { [FuzzInput.joined([$0[0], $0[1]])] }
        case .merge: seeds.merges.map { FuzzInput.joined($0) }
        case .journal: JournalTarget.seeds
        case .checkpoint: CheckpointTarget.seeds
        case .trailers: TrailersTarget.seeds
        case .notes: NotesTarget.seeds
        case .migration: MigrationTarget.seeds(seeds.documents)
        }
    }
}

/// A property that does not hold.
struct Broken: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Throws `Broken` unless `condition` holds.
func hold(_ condition: Bool, _ property: @autoclosure () -> String) throws {
    if !condition { throw Broken(property()) }
}
