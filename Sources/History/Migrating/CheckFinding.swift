import Documents

/// Something that the check found.
public struct CheckFinding: Sendable, Hashable {
    /// The rules (the words of the answers).
    public enum Rule: String, Sendable, CaseIterable {
        case pendingMigration = "pending-migration"
        case cannotMigrate = "cannot-migrate"
        case nameCollision = "name-collision"
        case brokenAssertion = "broken-assertion"
        case unparsable = "unparsable-front-matter"
        case duplicateKey = "duplicate-key"
        case conflictMarkers = "conflict-markers"
        case unmerged
        case malformedPolicy = "malformed-policy"
        case malformedMigration = "malformed-migration"
        case twoHeads = "two-heads"
        case missingPredecessor = "missing-predecessor"
        case migrationCycle = "migration-cycle"
        case changedMigration = "changed-migration"
        case missingReason = "missing-reason"
        case likelyRename = "likely-rename"
        case notIdempotent = "not-idempotent"

        /// What the rule is about, in a sentence.
        public var purpose: String {
            switch self {
            case .pendingMigration: "A migration would change the document."
            case .cannotMigrate: "A pending migration cannot be applied to the document."
            case .nameCollision: "A migration would give a key a name that is taken."
            case .brokenAssertion: "An assertion of a migration does not hold."
            case .unparsable: "The front matter cannot be read."
            case .duplicateKey: "A key is there more than once."
            case .conflictMarkers: "The document holds an unresolved conflict."
            case .unmerged: "The index has conflict entries of the document."
            case .malformedPolicy: "The policy cannot be read."
            case .malformedMigration: "A migration cannot be read."
            case .twoHeads: "Two migrations follow the same one."
            case .missingPredecessor: "The migration before one is not there."
            case .migrationCycle: "Migrations follow each other in a circle."
            case .changedMigration: "A migration was changed after it was applied."
            case .missingReason: "A migration loses values and gives no reason."
            case .likelyRename: "A key is dropped and another added that looks like its new name."
            case .notIdempotent: "A migration would change its own result."
            }
        }
    }

    /// The file, from the work tree's top.
    public let path: String
    /// The place in it.
    public let line: Int
    /// The place in the line.
    public let column: Int
    /// The rule.
    public let rule: Rule
    /// What is wrong.
    public let message: String
    /// The command of docvc's, or Git's, that goes on from there.
    public let fix: String

    init(
        _ rule: Rule, _ path: String, _ position: Position?, _ message: String, fix: String
    ) {
        self.rule = rule
        self.path = path
        line = position?.line ?? 1
        column = position?.column ?? 1
        self.message = message
        self.fix = fix
    }

    /// What makes it the same finding in another version of the file, where lines differ.
    var identity: [String] { [path, rule.rawValue, message] }
}
