import FoundationEssentials
internal import Git
import Platform

/// What the note on a revision's commit says: the facts of its trailers, and more.
///
/// One JSON object in `refs/notes/docvc`. The trailers are authoritative: a note can be lost
/// and rebuilt from them.
struct RevisionNote: Codable, Equatable {
    /// A document in the revision.
    struct Document: Codable, Equatable {
        let path: String
        /// The blob in hex; nil where the revision deleted the document.
        let blob: String?
        /// The document's own session, and its revision before this one.
        let session: String?
        let previous: RevisionID?
        /// The operations that it holds; none for a text that was saved as it was on disk.
        let operations: [Operation]?
    }

    /// One operation that a revision holds.
    struct Operation: Codable, Equatable {
        let sequence: Int
        let kind: String
        let intent: String
        let actor: String?
        let source: String
        let time: String

        init(_ operation: History.Operation) {
            sequence = operation.sequence
            kind = operation.kind.rawValue
            intent = operation.intent
            actor = operation.actor
            source = operation.source.rawValue
            time = operation.time.rfc3339
        }
    }

    /// How a divergence was settled.
    struct Resolution: Codable, Equatable {
        let path: String
        let kind: String
        let choice: String
        /// The rescue id of the text that gave way.
        let kept: String?
    }

    static let schema = "docvc.revision/1"
    static let reference = "refs/notes/docvc"

    let schema: String
    let revision: RevisionID
    let documents: [Document]
    let actor: String
    let source: String
    let session: ULID
    let previous: RevisionID?
    let time: String
    let resolutions: [Resolution]?

    init(
        _ revision: Revision, documents: [Document], time: Timestamp, resolutions: [Resolution] = []
    ) {
        schema = RevisionNote.schema
        self.revision = revision.id
        self.documents = documents
        actor = revision.actor
        source = revision.source
        session = revision.id.session
        previous = revision.previous
        self.time = time.rfc3339
        self.resolutions = resolutions.isEmpty ? nil : resolutions
    }

    /// The note's bytes: one line, the keys sorted.
    func bytes() throws -> [UInt8] { try JSON.bytes(of: self) + [UInt8(ascii: "\n")] }
}

/// JSON as docvc writes it everywhere: keys sorted, slashes as they are, no white space.
public enum JSON {
    /// The bytes of `value`.
    public static func bytes(of value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(value))
    }

    /// The value that `bytes` hold; throws where they are not JSON or not a `Value`.
    static func value<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
