import Documents
import Git
import Platform

/// A session as its journal tells it: the texts, the operations, and the cursor among them.
///
/// It is a value without input or output: each record of the journal changes it, and the same
/// records make the same state.
struct SessionState: Equatable {
    let id: ULID
    let path: String
    let opened: Timestamp
    /// The text before the oldest operation that is kept; nil: no document.
    private(set) var base: [UInt8]?
    /// The operations that are kept, oldest first; those from the cursor on are undone.
    private(set) var operations: [Operation] = []
    /// How many of them are applied.
    private(set) var cursor = 0
    /// The draft: the base with the operations up to the cursor; nil: no document.
    private(set) var text: [UInt8]?
    /// The document as the session last knew it on disk and in HEAD.
    private(set) var baseline: SessionRecord.Baseline
    /// The last save.
    private(set) var last: SessionRecord.Saved?
    /// The last number that an operation had.
    private(set) var sequence: Int
    /// The baselines that merges and recoveries changed, by the operations' numbers: undone,
    /// the draft stands against the one before again.
    private var rebases: [Int: Rebase] = [:]
    /// When the last checkpoint was taken, and what has happened since.
    private(set) var sinceCheckpoint = SinceCheckpoint()

    private struct Rebase: Equatable {
        let before, after: SessionRecord.Baseline
    }

    /// What has happened since the last checkpoint, or since there was nothing unsaved.
    struct SinceCheckpoint: Equatable {
        /// When the last checkpoint was taken; nil where none was since the last save.
        var taken: Timestamp?
        /// When the first operation after it was made.
        var first: Timestamp?
        /// How many operations, undos and redos were made.
        var operations = 0
        /// How many bytes they changed.
        var bytes = 0
    }

    /// A session that begins with a record.
    init(_ opened: SessionRecord.Opened) {
        id = opened.id
        path = opened.path
        self.opened = opened.time
        base = opened.base
        text = opened.base
        baseline = opened.baseline
        last = opened.last
        sequence = opened.sequence
    }

    /// Whether the draft holds what the disk, as last known, does not.
    var isUnsaved: Bool { text != baseline.text }

    /// How many operations are undone.
    var redoDepth: Int { operations.count - cursor }

    /// The applied operations since the last save.
    var unsavedOperations: ArraySlice<Operation> {
        let applied = operations[..<cursor]
        let saved = last?.sequence ?? 0
        return applied[(applied.firstIndex { $0.sequence > saved } ?? applied.endIndex)...]
    }

    /// The last merge that is applied and not saved: what the document was before, our text, and
    /// what the document had become.
    var merge: (base: SessionRecord.Baseline, ours: [UInt8]?, theirs: SessionRecord.Baseline)? {
        guard let operation = unsavedOperations.last(where: { $0.kind == .merge }),
            let rebase = rebases[operation.sequence],
            let place = operations.firstIndex(where: { $0.sequence == operation.sequence })
        else { return nil }
        var before = self
        guard (try? before.move(to: place)) != nil else { return nil }
        return (rebase.before, before.text, rebase.after)
    }

    /// Texts that the draft had before, what was on disk first and then the last ones: a key
    /// that is set back takes up its spelling again.
    var earlierTexts: [[UInt8]] {
        var texts = [baseline.text, base].compactMap { $0 }
        var earlier = self
        for _ in 0..<min(cursor, SessionState.remembered) {
            guard (try? earlier.move(to: earlier.cursor - 1)) != nil else { break }
            if let text = earlier.text { texts.append(text) }
        }
        return texts
    }

    private static let remembered = 16

    /// The number of the revision to come.
    var nextNumber: Int { (last?.number ?? 0) + 1 }

    /// Whether `snapshot` tells it all.
    var canBeSnapshot: Bool { rebases.isEmpty }

    /// What a new journal that holds this state and nothing else starts with.
    var snapshot: [SessionRecord] {
        let first = operations.first?.sequence ?? sequence + 1
        var records: [SessionRecord] = [
            .opened(
                .init(
                    id: id, path: path, time: opened, base: base, baseline: baseline, last: last,
                    sequence: first - 1))
        ]
        records += operations.map { .operation($0, forgets: 0) }
        records.append(
            .moved(
                sequence: sequence, cursor: cursor,
                Authorship(actor: nil, source: .api, time: opened)))
        return records
    }

    // MARK: What the records do

    /// Does what a record says; throws where it cannot follow on what came before.
    mutating func apply(_ record: SessionRecord) throws {
        switch record {
        case .opened:
            throw BadRecord()
        case .operation(let operation, let forgets):
            try add(operation, forgetting: forgets)
        case .moved(let sequence, let cursor, let authorship):
            try move(to: cursor)
            self.sequence = max(self.sequence, sequence)
            count(0, at: authorship.time)
        case .saved(let saved, let head):
            last = saved
            baseline = .init(text: text, head: head)
            rebases = [:]
            sinceCheckpoint = SinceCheckpoint()
        case .based(let head):
            baseline = .init(text: text, head: head)
            rebases = [:]
        case .rebased(let baseline):
            if cursor > 0, [.merge, .recover].contains(operations[cursor - 1].kind) {
                let number = operations[cursor - 1].sequence
                rebases[number] = Rebase(
                    before: rebases[number]?.before ?? self.baseline, after: baseline)
            }
            self.baseline = baseline
        case .checkpointed(let time):
            sinceCheckpoint = SinceCheckpoint(taken: time)
        }
    }

    private mutating func add(_ operation: Operation, forgetting count: Int) throws {
        guard operation.sequence > sequence, count >= 0, count <= cursor else {
            throw BadRecord()
        }
        try replaceText(operation.splices, isGone: operation.after == nil)
        operations.removeSubrange(cursor...)
        operations.append(operation)
        cursor += 1
        sequence = operation.sequence
        self.count(operation.size, at: operation.time)
        try forget(count)
    }

    private mutating func forget(_ count: Int) throws {
        for operation in operations[..<count] {
            base = try SessionState.text(
                base, operation.splices, isGone: operation.after == nil)
        }
        operations.removeFirst(count)
        cursor -= count
    }

    private mutating func move(to target: Int) throws {
        guard (0...operations.count).contains(target) else { throw BadRecord() }
        while cursor > target {
            cursor -= 1
            let operation = operations[cursor]
            try replaceText(operation.splices.inverted(), isGone: operation.before == nil)
            if let rebase = rebases[operation.sequence] { baseline = rebase.before }
        }
        while cursor < target {
            let operation = operations[cursor]
            try replaceText(operation.splices, isGone: operation.after == nil)
            if let rebase = rebases[operation.sequence] { baseline = rebase.after }
            cursor += 1
        }
    }

    private mutating func replaceText(_ splices: [Splice], isGone: Bool) throws {
        text = try SessionState.text(text, splices, isGone: isGone)
    }

    private static func text(
        _ text: [UInt8]?, _ splices: [Splice], isGone: Bool
    ) throws -> [UInt8]? {
        let result = try splices.applied(to: text ?? [])
        if !isGone { return result }
        guard result.isEmpty else { throw BadRecord() }
        return nil
    }

    private mutating func count(_ bytes: Int, at time: Timestamp) {
        sinceCheckpoint.operations += 1
        sinceCheckpoint.bytes += bytes
        if sinceCheckpoint.first == nil { sinceCheckpoint.first = time }
    }
}

/// How much of a session's past is kept for undo.
struct HistoryBounds: Equatable {
    /// How many operations.
    var operations = 200
    /// How many bytes they may remove and insert together.
    var bytes = 8 << 20

    /// How many of the oldest of `kept` operations must be forgotten, so that they and one of
    /// `size` bytes are within the bounds. The new one itself is always kept.
    func excess(of kept: ArraySlice<Operation>, with size: Int) -> Int {
        var (count, bytes) = (kept.count + 1, kept.reduce(size) { $0 + $1.size })
        var forgotten = 0
        for operation in kept where count > operations || bytes > self.bytes {
            count -= 1
            bytes -= operation.size
            forgotten += 1
        }
        return forgotten
    }
}
