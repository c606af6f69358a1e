import Documents
public import Git

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
    /// What goes on from there.
    public internal(set) var fix: Fix

    /// What goes on from a finding.
    public enum Fix: Sendable, Hashable {
        /// To change the file at this path, by hand; and what to write, where that is known.
        case edit(String, writing: String? = nil)
        /// To change the document at this path, by hand, or to say in the policy that it is none,
        /// as a template is none.
        case editOrLeaveOut(String)
        /// To put another kind of file at the finding's path, in these words.
        case replace(String)
        /// To tell Git that the merge of the file at this path is finished.
        case add(String)
        /// To take the file at this path back from a commit.
        case checkOut(String, from: ObjectID)
        /// To apply a migration; a document that is not saved as it is must be saved first, past
        /// the hook that refuses it.
        case apply(String, saving: String? = nil)
    }

    init(
        _ rule: Rule, _ path: String, _ position: Position?, _ message: String, fix: Fix
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
