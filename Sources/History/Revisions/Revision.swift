public import Git

/// The name of a revision: its session, and its number in it, counting up from 1.
public struct RevisionID: Hashable, Sendable {
    /// The session.
    public let session: ULID
    /// The number, from 1.
    public let number: Int

    /// The highest number that counts as one: readers of JSON keep it exact, and what comes with
    /// a fetched commit can be counted on from.
    static let highestNumber = 1 << 53

    /// Revision `number` of `session`.
    public init(session: ULID, number: Int) {
        self.session = session
        self.number = number
    }

    /// Reads `<session>-<number>`; nil where `text` is something else.
    public init?(_ text: some StringProtocol) {
        guard let dash = text.lastIndex(of: "-"), let session = ULID(text[..<dash]),
            let number = Int(text[text.index(after: dash)...]),
            (1...RevisionID.highestNumber).contains(number),
            !text[text.index(after: dash)...].hasPrefix("0")
        else { return nil }
        self.init(session: session, number: number)
    }
}

extension RevisionID: CustomStringConvertible {
    /// `<session>-<number>`
    public var description: String { "\(session)-\(number)" }
}

extension RevisionID: Codable {
    /// Reads the text; throws where it names no revision.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = try RevisionID(container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a revision")
        }
        self = value
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Who did it: `human:ann@example.org`, `agent:name/version`, `ci:job`.
public struct Actor: Hashable, Sendable {
    /// The text.
    public let text: String

    /// Reads `kind:name`; nil where `text` is something else.
    public init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex,
            text[..<colon].allSatisfy({ $0.isASCII && $0.isLowercase }),
            text.index(after: colon) != text.endIndex,
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }),
            text.unicodeScalars.last != " ",
            text.unicodeScalars[text.unicodeScalars.index(after: colon)] != " "
        else { return nil }
        self.text = text
    }
}

/// By what way a revision came to be.
public enum Source: String, Sendable, CaseIterable, Codable {
    case cli, edit, watch, merge, migrate, recover, api
}

/// What one save made: a commit, with an id and what docvc says of it.
public struct Revision: Sendable {
    /// A document in a revision.
    public struct Document: Equatable, Sendable {
        /// The path from the work tree's top.
        public let path: String
        /// The blob; nil where the revision deleted the document.
        public let blob: ObjectID?

        /// The document at `path` with the content `blob`.
        public init(path: String, blob: ObjectID?) {
            self.path = path
            self.blob = blob
        }
    }

    /// The revision's id.
    public let id: RevisionID
    /// The documents that it saved; when there are more than 16, none are listed here.
    public let documents: [Document]
    /// How many documents it saved.
    public let documentCount: Int
    /// Who saved.
    public let actor: String
    /// By what way.
    public let source: String
    /// The document's revision before this one; nil for its first, and for several documents.
    public let previous: RevisionID?

    /// A revision of `documents`.
    public init(
        id: RevisionID, documents: [Document], actor: Actor, source: Source, previous: RevisionID?
    ) {
        self.id = id
        self.documents = documents
        documentCount = documents.count
        self.actor = actor.text
        self.source = source.rawValue
        self.previous = previous
    }
}

extension Revision {
    /// The trailers' names, in the order in which they are written.
    enum Trailer: String, CaseIterable {
        case revision = "Docvc-Revision"
        case document = "Docvc-Document"
        case documents = "Docvc-Documents"
        case actor = "Docvc-Actor"
        case source = "Docvc-Source"
        case session = "Docvc-Session"
        case previous = "Docvc-Previous"
    }

    /// Above this many documents a revision gives their number, not their names.
    static let listedDocuments = 16

    /// The trailers that a commit message carries for this revision.
    var trailers: [(key: String, value: String)] {
        var lines: [(Trailer, String)] = [(.revision, id.description)]
        if documentCount > Revision.listedDocuments {
            lines.append((.documents, String(documentCount)))
        } else {
            for document in documents {
                let path = QuotedPath.quote(document.path)
                lines.append((.document, "\(path) \(document.blob ?? .zero)"))
            }
        }
        lines += [(.actor, actor), (.source, source), (.session, id.session.text)]
        if let previous { lines.append((.previous, previous.description)) }
        return lines.map { ($0.rawValue, $1) }
    }

    /// Whether `message` holds this revision's trailers as they are written, byte for byte, and
    /// no others of docvc's from there on.
    func isWritten(in message: String) -> Bool {
        func isOf(_ trailer: Trailer, _ line: Substring) -> Bool {
            line.utf8.drop { " \t".utf8.contains($0) }.starts(with: "\(trailer.rawValue):".utf8)
        }
        let lines = Trailers.lines(message).drop { !isOf(.revision, $0) }
        let found = lines.filter { line in Trailer.allCases.contains { isOf($0, line) } }
        return found.map { Array($0.utf8) } == trailers.map { Array("\($0): \($1)".utf8) }
    }

    /// The revisions that a commit message tells of.
    ///
    /// Usually one, at its end; after a squash merge several, in the middle and indented.
    /// A block starts at each `Docvc-Revision` and ends before the next. Lines that are
    /// malformed are left out; `verify` names them.
    public static func read(_ message: String) -> [Revision] {
        guard message.contains("Docvc-Revision: ") else { return [] }
        var blocks: [[(Trailer, Substring)]] = []
        for line in Trailers.lines(message) {
            guard let (name, value) = Trailers.pair(line), let key = Trailer(rawValue: name) else {
                continue
            }
            if key == .revision { blocks.append([]) }
            guard !blocks.isEmpty else { continue }
            blocks[blocks.count - 1].append((key, value))
        }
        return blocks.compactMap { Revision(block: $0) }
    }

    private init?(block: [(Trailer, Substring)]) {
        func first(_ key: Trailer) -> Substring? { block.first { $0.0 == key }?.1 }
        guard let id = first(.revision).flatMap({ RevisionID($0) }), let actor = first(.actor),
            let source = first(.source)
        else { return nil }
        self.id = id
        self.actor = String(actor)
        self.source = String(source)
        previous = first(.previous).flatMap { RevisionID($0) }
        documents = block.filter { $0.0 == .document }.compactMap { Document(trailer: $0.1) }
        documentCount = first(.documents).flatMap { Int($0) } ?? documents.count
        guard documentCount > 0 else { return nil }
    }
}

extension Revision.Document {
    /// Reads `<path> <blob>`; nil where `text` is something else.
    init?(trailer text: Substring) {
        guard let space = text.lastIndex(of: " "),
            let blob = ObjectID(hex: text[text.index(after: space)...]),
            let path = QuotedPath.unquote(String(text[..<space]))
        else { return nil }
        self.init(path: path, blob: blob == .zero ? nil : blob)
    }
}
