import Documents
import Merging

@testable import History

/// What a session is to a user: texts, a cursor among them, and the document as it was last seen.
///
/// It keeps whole texts where the journal keeps splices, and knows no journal, lock or Git.
struct SessionModel: Equatable {
    /// How much is kept.
    struct Bounds: Equatable {
        let operations: Int
        let bytes: Int
    }

    /// An operation that is kept.
    struct Step: Equatable {
        let text: [UInt8]?
        let size: Int
        let sequence: Int
        let kind: Operation.Kind
        /// What the document was seen as before and after it, where it changed that.
        var seenBefore, seenAfter: Seen?
    }

    /// The document, on disk and in HEAD.
    struct Seen: Equatable {
        var disk, head: [UInt8]?
    }

    let bounds: Bounds
    var base: [UInt8]?
    var steps: [Step] = []
    var cursor = 0
    var seen: Seen
    var sequence = 0
    var savedSequence = 0
    /// How many undone operations were dropped in this command.
    var dropped = 0
    /// Whether one of them led to a text, which is to be kept then.
    var dropsText = false

    /// A session that begins with HEAD's text, or the disk's where HEAD has none.
    init(_ now: Seen, _ bounds: Bounds) {
        base = now.head ?? now.disk
        seen = Seen(disk: base, head: now.head)
        self.bounds = bounds
    }

    var draft: [UInt8]? { cursor == 0 ? base : steps[cursor - 1].text }
    var isUnsaved: Bool { draft != seen.disk }

    /// The applied operations since the last save.
    var unsaved: [Step] { steps[..<cursor].filter { $0.sequence > savedSequence } }

    /// The texts whose spelling is taken up again.
    var earlierTexts: [[UInt8]] {
        let earlier = (0..<min(cursor, 16)).map {
            let index = cursor - 2 - $0
            return index < 0 ? base : steps[index].text
        }
        return ([seen.disk, base] + earlier).compactMap { $0 }
    }

    mutating func perform(_ kind: Operation.Kind, _ text: [UInt8]?, size: Int? = nil) {
        let size =
            size
            ?? Splice.between(draft ?? [], text ?? []).reduce(0) {
                $0 + $1.removed.count + $1.inserted.count
            }
        dropped += steps.count - cursor
        if steps[cursor...].contains(where: { $0.text != nil }) { dropsText = true }
        steps.removeSubrange(cursor...)
        sequence += 1
        steps.append(Step(text: text, size: size, sequence: sequence, kind: kind))
        cursor += 1
        while steps.count > 1,
            steps.count > bounds.operations || steps.reduce(0, { $0 + $1.size }) > bounds.bytes
        {
            base = steps.removeFirst().text
            cursor -= 1
        }
    }

    mutating func move(by count: Int) {
        let target = cursor + count
        sequence += 1
        while cursor > target {
            cursor -= 1
            seen = steps[cursor].seenBefore ?? seen
        }
        while cursor < target {
            seen = steps[cursor].seenAfter ?? seen
            cursor += 1
        }
    }

    /// The draft is what is on disk.
    mutating func settle(head: [UInt8]?) {
        seen = Seen(disk: draft, head: head)
        forgetMerges()
    }

    /// The draft stands against another document now.
    mutating func stand(against now: Seen) {
        if cursor > 0, steps[cursor - 1].kind == .merge {
            steps[cursor - 1].seenBefore = steps[cursor - 1].seenBefore ?? seen
            steps[cursor - 1].seenAfter = now
        }
        seen = now
    }

    /// The draft was committed.
    mutating func commit() {
        seen = Seen(disk: draft, head: draft)
        savedSequence = sequence
        forgetMerges()
    }

    private mutating func forgetMerges() {
        for index in steps.indices {
            (steps[index].seenBefore, steps[index].seenAfter) = (nil, nil)
        }
    }

    /// What every command does first: what others did to a document without unsaved work is an
    /// operation.
    mutating func follow(_ now: Seen) {
        dropped = 0
        dropsText = false
        if now.disk == seen.disk {
            guard now.head != seen.head else { return }
            if !isUnsaved {
                settle(head: now.head)
            } else if now.disk != nil, now.disk == now.head {
                stand(against: now)
            }
        } else if !isUnsaved {
            perform(.external, now.disk)
            settle(head: now.head)
        } else if now.disk == draft {
            settle(head: now.head)
        }
    }

    // MARK: Saving

    /// How a save ends.
    enum End: Equatable {
        /// Nothing was changed.
        case refused(Divergence.Kind?)
        case draftIsGone, missing, unchanged
        /// The draft holds conflicts, and is as it was where `isKept` is false.
        case conflicts(isKept: Bool)
        /// The disk's text became the draft.
        case left
        /// The draft was put on disk; HEAD has it.
        case written
        case committed
    }

    typealias Merge = (
        _ base: [UInt8], _ ours: [UInt8], _ theirs: [UInt8], _ theirName: String
    ) throws -> MergedText

    /// Saves after `follow`; `ofDraft` tells a change with `--save` from a plain save.
    mutating func save(
        _ choice: ConflictChoice, _ now: inout Seen, ofDraft: Bool, by merge: Merge
    ) throws -> End {
        var isMerged = false
        while true {
            let isOfDraft = isUnsaved || ofDraft
            if isOfDraft {
                guard let draft else { return .draftIsGone }
                if unsaved.contains(where: { $0.kind == .merge }),
                    !ConflictMarkers.conflicts(in: draft).isEmpty
                {
                    return .conflicts(isKept: isMerged)
                }
                if let kind = divergence(of: draft, now, overwrites: choice == .overwrite) {
                    switch choice {
                    case .reload where kind != .deletedOnDisk:
                        if now.disk != draft { perform(.external, now.disk) }
                        settle(head: now.head)
                        return .left
                    case .merge where kind != .deletedOnDisk && now.disk != nil:
                        if try take(now, merge) > 0 { return .conflicts(isKept: true) }
                        isMerged = true
                        continue
                    default:
                        return .refused(kind)
                    }
                }
            } else if draft == nil && now.head == nil {
                return .missing
            }
            if draft == now.head && draft == now.disk { return .unchanged }
            now.disk = draft
            guard draft != now.head else {
                settle(head: now.head)
                return .written
            }
            now.head = draft
            commit()
            return .committed
        }
    }

    /// What keeps `draft` from being saved.
    private func divergence(
        of draft: [UInt8], _ now: Seen, overwrites: Bool
    ) -> Divergence.Kind? {
        if overwrites { return nil }
        if now.disk == nil, seen.disk != nil { return .deletedOnDisk }
        if now.head != seen.head, now.head != draft, seen.disk == nil || seen.disk != now.head {
            return .headMoved
        }
        let expected = seen.disk ?? now.head
        return now.disk == nil || now.disk == draft || now.disk == expected ? nil : .modifiedOnDisk
    }

    /// Merges with what others wrote; returns the number of conflicts.
    private mutating func take(_ now: Seen, _ merge: Merge) throws -> Int {
        guard let draft, let disk = now.disk else { return 0 }
        var merged = MergedText(bytes: draft, conflicts: 0)
        if disk != seen.disk { merged = try merge(seen.disk ?? [], draft, disk, "disk") }
        if merged.conflicts == 0, let head = now.head, head != seen.head, head != disk {
            merged = try merge(seen.head ?? [], merged.bytes, head, "HEAD")
        }
        if merged.bytes != draft { perform(.merge, merged.bytes) }
        stand(against: now)
        return merged.conflicts
    }
}
