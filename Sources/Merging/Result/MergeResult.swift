public import Documents

/// What a merge made of three documents.
public struct MergeResult: Sendable {
    /// The merged document; with conflict markers where ``conflicts`` are.
    public let bytes: [UInt8]
    /// The places that a person has to settle, in order; empty for a clean merge.
    public let conflicts: [Conflict]
    /// Where each byte of ``bytes`` comes from: the entries tile it.
    public let account: [AccountEntry]
    /// What is worth saying besides.
    public let diagnostics: [MergeDiagnostic]

    /// Whether nothing is left to settle.
    public var isClean: Bool { conflicts.isEmpty }
}

/// Something that the merge left open.
public struct Conflict: Sendable, Hashable {
    /// What it is about.
    public let subject: ConflictSubject
    /// Why the rules could not settle it.
    public let reason: ConflictReason
    /// The lines of the output that it takes, from 1, markers included; empty where the
    /// output has no line for it.
    public let lines: Range<Int>
}

/// What a conflict is about.
public enum ConflictSubject: Sendable, Hashable {
    /// A key of the front matter.
    case key(FieldPath)
    /// A comment in the front matter that belongs to no key.
    case comment
    /// The front matter as a whole.
    case frontMatter
    /// A place in the body.
    case body
    /// The document as a whole, binary for example.
    case document

    var isKey: Bool { if case .key = self { true } else { false } }

    /// The subject in words.
    public var description: String {
        switch self {
        case .key(let path): path.description
        case .comment: "a comment in the front matter"
        case .frontMatter: "the front matter"
        case .body: "the body"
        case .document: "the document"
        }
    }
}

/// Why the rules could not settle something.
public enum ConflictReason: String, Sendable, Hashable {
    /// Both sides changed it, differently.
    case bothChanged = "both-changed"
    /// Both sides added it, differently.
    case bothAdded = "both-added"
    /// One side removed what the other changed.
    case deletedAndChanged = "deleted-and-changed"
    /// Both sides gave a key a new name, or one that is taken.
    case renamed
    /// Both sides changed a comment that belongs to it.
    case commentChanged = "comment-changed"
    /// Both sides wrote it in lines that cannot be told apart.
    case layout
    /// The textual merge is clean, but its front matter cannot be read.
    case unreadable = "gate-unreadable"
    /// The textual merge is clean, but has a key twice.
    case duplicateKey = "gate-duplicate-key"
    /// The textual merge is clean, but lost or changed a key that neither side meant to.
    case lostKey = "gate-lost-key"
    /// The textual merge is clean, but an alias in it stands for another value.
    case strayAlias = "gate-stray-alias"
    /// A side is binary.
    case binary

    /// Whether the lines of a textual merge are right one by one, and wrong together.
    var isGate: Bool {
        switch self {
        case .unreadable, .duplicateKey, .lostKey, .strayAlias: true
        default: false
        }
    }

    /// The reason in words.
    public var description: String {
        switch self {
        case .bothChanged: "both sides changed it"
        case .bothAdded: "both sides added it"
        case .deletedAndChanged: "one side removed what the other changed"
        case .renamed: "it got two names, or one that is taken"
        case .commentChanged: "both sides changed its comment"
        case .layout: "the sides write it in different ways"
        case .unreadable: "gate: the merged front matter could not be read"
        case .duplicateKey: "gate: the merged front matter had a key twice"
        case .lostKey: "gate: the merged front matter lost a key or a value"
        case .strayAlias: "gate: an alias in the merged front matter stood for another value"
        case .binary: "a side is binary"
        }
    }
}

/// Where some bytes of the output come from.
public struct AccountEntry: Sendable, Hashable {
    /// The bytes of the output.
    public let output: Range<Int>
    /// The side they are copied from, or `nil` when a rule made them.
    public let side: MergeSide?
    /// The bytes of that side; empty when a rule made them.
    public let source: Range<Int>
    /// Why they are there.
    public let rule: MergeRule

    /// Makes an entry.
    public init(output: Range<Int>, side: MergeSide?, source: Range<Int>, rule: MergeRule) {
        self.output = output
        self.side = side
        self.source = source
        self.rule = rule
    }
}

/// Something worth saying about a merge.
public enum MergeDiagnostic: Sendable, Hashable {
    /// A side's front matter could not be read, so the merge is textual.
    case unreadable(MergeSide, ParseError)
    /// A side holds conflict markers, so the merge is textual.
    case conflictMarkers(MergeSide)
    /// A side is too large to be read as a document, so the merge is textual.
    case tooLarge(MergeSide)
    /// A side has a key twice, so the merge is textual.
    case duplicateKey(MergeSide, FieldPath)
    /// The front matter cannot be merged by key, for this reason, so the merge is textual.
    case notByKey(String)
    /// The structured merge did not pass a gate, so the merge is textual.
    case gate(Int, String)
    /// An edit followed a key to its new name.
    case renamed(FieldPath, to: Text)
    /// A conflict lies in a fenced block, and its sides open or close a fence.
    case fenceParity
    /// The preferred side, or the union of both, was not taken for conflicts.
    case favorRefused(String)
    /// The hook's answer for a conflict was not taken.
    case hookRefused(ConflictSubject, String)

    /// The diagnostic in words.
    public var description: String {
        switch self {
        case .unreadable(let side, let error):
            "the front matter of \(side.rawValue) cannot be read (\(error)): merged as text"
        case .conflictMarkers(let side): "\(side.rawValue) holds conflict markers: merged as text"
        case .tooLarge(let side):
            "\(side.rawValue) is larger than \(MergePlan.sizeLimit >> 20) MiB: merged as text"
        case .duplicateKey(let side, let path):
            "\(side.rawValue) has the key \(path) twice: merged as text"
        case .notByKey(let reason):
            "the front matter cannot be merged by key (\(reason)): merged as text"
        case .gate(let number, let reason):
            "the merge by structure did not pass gate \(number) (\(reason)): merged as text"
        case .renamed(let path, let name): "the edit of \(path) went to its new name \(name)"
        case .fenceParity:
            "a conflict opens or closes a code fence: text below it may read as code"
        case .favorRefused(let reason): "no side could be preferred: \(reason)"
        case .hookRefused(let subject, let reason):
            "the hook's answer for \(subject.description) was not taken: \(reason)"
        }
    }
}
