public import Documents

/// Why a migration cannot be applied to a document.
public struct MigrationFailure: Sendable, Hashable {
    /// The kinds (the words of the answers).
    public enum Kind: String, Sendable {
        /// The front matter cannot be read.
        case unparsable
        /// The new key is there already.
        case collision
        /// A value cannot be made into what the operation wants.
        case value
        /// An assertion does not hold.
        case assertion
        /// The document cannot be edited so without touching other bytes.
        case edit
        /// Nobody can tell afterwards which migrations the document has been through.
        case uncertain
    }

    /// The kind.
    public let kind: Kind
    /// The place in the document as it is now, or in the migration's file, where that is known.
    public let position: Position
    /// The path of the migration's file, where the fault is there and not in the document.
    public let file: String?
    /// What is wrong there, with the value.
    public let message: String
    /// The operation; nil where the document cannot be read at all.
    public let operation: String?

    init(
        _ kind: Kind, _ message: String, at position: Position, _ operation: String? = nil,
        in file: String? = nil
    ) {
        self.kind = kind
        self.file = file
        self.message = message
        self.position = position
        self.operation = operation
    }
}

/// What one operation did to a value.
struct Effect: Sendable, Hashable {
    /// What it says of the operation.
    enum Kind: Sendable, Hashable {
        /// Something changed.
        case changed
        /// A value became another; whether something of it is lost by that.
        case replaced(before: String, after: String, loses: Bool)
        /// A value is already what others become: then nobody can tell them apart.
        case alreadyThere(String)
        /// A key was removed with its value.
        case dropped(String)
        /// The value was a list before, so that a list does not tell that it was wrapped.
        case wasList
        /// The key that was to be copied to has another value, which stays.
        case kept
        /// Comments that the new syntax cannot hold.
        case commentsLost(Int)
    }

    /// The migration and the operation in it, by position.
    let migration: Int
    let operation: Int
    let kind: Kind
}
