public import Documents

/// A document with a migration taken back.
public struct Reversal: Sendable {
    /// A key that was changed since, and stays as it is.
    public struct Kept: Sendable, Hashable {
        /// The key.
        public let key: String
        /// Why it was not taken back.
        public let reason: String
    }

    /// The document without the migration.
    public private(set) var document: Document
    /// What stays as it is.
    public private(set) var kept: [Kept] = []

    /// Takes back what a record says of a document.
    ///
    /// - Parameter isAsLeft: whether the document is byte for byte as the migration left it.
    public init(of record: MigrationRecord.Document, on document: Document, isAsLeft: Bool) {
        self.document = document
        if isAsLeft, let bytes = try? record.splices.map(\.splice).applied(to: document.bytes) {
            self.document = Document(bytes)
            return
        }
        for step in record.steps.reversed() {
            do throws(EditError) {
                try undo(step)
            } catch {
                keep(step.key, "cannot be taken back: \(error.description)")
            }
        }
    }

    private mutating func keep(_ key: String, _ reason: String) {
        kept.append(Kept(key: key.isEmpty ? "the front matter" : key, reason: reason))
    }

    private mutating func undo(_ step: UndoStep) throws(EditError) {
        let frontMatter: FrontMatter
        do {
            frontMatter = try document.readFrontMatter()
        } catch {
            throw .unparsable(error)
        }
        switch step {
        case .moved(let from, let to, let maps, let old, let value):
            let move = Move(from: try path(from), to: try path(to), maps: maps)
            try undoMove(move, old, value, frontMatter)
        case .filled(let key, let source):
            guard frontMatter.node(at: try path(key))?.value == .map([]) else { return }
            try apply([.set(path(key), .source(source))])
        case .added(let key, let value, let maps):
            guard let node = frontMatter.node(at: try path(key)) else { return }
            guard node.value.fingerprint == value else {
                return keep(key, "was changed since")
            }
            try takeOut(path(key), frontMatter)
            try prune(path(key), maps)
        case .changed(let key, let value, let old, let source, let before):
            try checked(path(key), readAs: before) { reversal throws(EditError) in
                try reversal.undoChange(reversal.path(key), value, old, source, frontMatter)
            }
        case .removed(let key, let old, let value):
            guard frontMatter.node(at: try path(key)) == nil else {
                if frontMatter.entrySource(at: try path(key))?.value != old.value {
                    keep(key, "is there again, with another value")
                }
                return
            }
            try checked(path(key), readAs: value) { reversal throws(EditError) in
                try reversal.apply([.insert(old, at: reversal.path(key))])
                try reversal.putInPlace(reversal.path(key), after: old)
            }
        case .reordered(let map, let keys):
            let map = try FieldPath(optional: map)
            guard frontMatter.node(at: map)?.mapping != nil else { return }
            try apply([.reorder(map, keys.map { Text($0) })])
        case .rewritten(let text, let value): try undoRewriting(text, value, frontMatter)
        }
    }

    private func path(_ text: String) throws(EditError) -> FieldPath {
        try FieldPath(optional: text)
    }

    private mutating func apply(_ edits: [Edit]) throws(EditError) {
        document = try Edit.apply(edits, to: document).document
    }

    /// Takes a step back only where the key then has the value that it had: what its text means
    /// may depend on what is around it now, as that of a block scalar with `+` does.
    private mutating func checked(
        _ key: FieldPath, readAs value: String?,
        _ undo: (inout Reversal) throws(EditError) -> Void
    ) throws(EditError) {
        var attempt = self
        try undo(&attempt)
        // A record of an earlier docvc does not tell; what was kept has no value to compare.
        if let value, attempt.kept.count == kept.count,
            let node = try? attempt.document.readFrontMatter().node(at: key),
            node.value.fingerprint != value
        {
            return keep(key.description, "would have another value than it had")
        }
        self = attempt
    }

    /// A key that went from one path to another.
    private struct Move {
        let from: FieldPath
        let to: FieldPath
        let maps: Int
        var isNested: Bool { from.meets(to) }
        /// The key where what came of it stands: where one lies in the other, the outer one.
        var outer: FieldPath { from.contains(to) ? from : to }
    }

    private mutating func undoMove(
        _ move: Move, _ old: EntrySource?, _ value: String?, _ frontMatter: FrontMatter
    ) throws(EditError) {
        let (from, to) = (move.from, move.to)
        guard let node = frontMatter.node(at: to) else {
            if frontMatter.node(at: from) == nil { keep(to.description, "was removed since") }
            return
        }
        if !move.isNested, frontMatter.node(at: from) != nil {
            return keep(to.description, "stays: \(from) is there again")
        }
        if from.parent == to.parent, case .key(let name)? = from.steps.last {
            return try apply([.rename(to, to: name)])
        }
        if let old, value == node.value.fingerprint, frontMatter.holdsOnly(to, in: move.outer),
            frontMatter.entrySource(at: move.outer)?.addsNoComment(to: old) ?? false,
            (try? putBack(old, after: move, value, frontMatter)) != nil
        {
            return
        }
        try apply([.move(to, to: from)])
        try prune(to, move.maps)
        if let old, !move.isNested { try putInPlace(from, after: old) }
    }

    /// Puts a key's own text back from where it went.
    private mutating func putBack(
        _ old: EntrySource, after move: Move, _ value: String?, _ frontMatter: FrontMatter
    ) throws(EditError) {
        var attempt = self
        if move.isNested {
            try attempt.putBack(old, at: move.outer, frontMatter)
        } else {
            try attempt.apply([.unset(move.to)])
            try attempt.prune(move.to, move.maps)
            try attempt.apply([.insert(old, at: move.from)])
        }
        let node = try? attempt.document.readFrontMatter().node(at: move.from)
        guard node?.value.fingerprint == value else {
            throw .unprovable("a value would read differently afterwards")
        }
        if !move.isNested { try attempt.putInPlace(move.from, after: old) }
        self = attempt
    }

    /// Takes out a key that was added; comments above it, which were there before or came since,
    /// stay.
    private mutating func takeOut(
        _ key: FieldPath, _ frontMatter: FrontMatter
    ) throws(EditError) {
        guard let span = frontMatter.ownedSpan(at: key) else { return try apply([.unset(key)]) }
        guard span.trailingComment.isEmpty else {
            return keep(key.description, "has a comment behind it, which would go too")
        }
        let without = try Edit.apply([.unset(key)], to: document).document
        guard !span.leadingComments.isEmpty else { return document = without }
        let own = span.leadingComments.upperBound..<span.whole.upperBound
        let splice = Splice(replacing: own, of: document.bytes, with: [])
        guard let rest = try? Document([splice].applied(to: document.bytes)),
            let value = try? rest.readFrontMatter().value,
            value == (try? without.readFrontMatter().value)
        else { return keep(key.description, "has a comment above it, which would go too") }
        document = rest
    }

    /// Takes out the maps that were made for a key and hold nothing now.
    private mutating func prune(_ key: FieldPath, _ maps: Int) throws(EditError) {
        var path = key.parent
        for _ in 0..<maps {
            guard let map = path, !map.steps.isEmpty,
                let node = try? document.readFrontMatter().node(at: map),
                node.value == .map([])
            else { return }
            try apply([.unset(map)])
            path = map.parent
        }
    }

    private mutating func undoChange(
        _ key: FieldPath, _ value: String, _ old: EntrySource?, _ source: String,
        _ frontMatter: FrontMatter
    ) throws(EditError) {
        guard let node = frontMatter.node(at: key) else {
            return keep(key.description, "was removed since")
        }
        guard node.value.fingerprint == value else {
            if frontMatter.source(of: node) != source { keep(key.description, "was changed since") }
            return
        }
        // What stands on lines goes back as a whole, with the comments in it.
        if let old, let present = frontMatter.entrySource(at: key),
            old.isTable || old.hasLines || present.hasLines
        {
            let addsNoComment = present.addsNoComment(to: old)
            if addsNoComment, (try? putBack(old, at: key, frontMatter)) != nil { return }
            if old.isTable || !addsNoComment && old.hasLines {
                return keep(key.description, "has other comments than before")
            }
        }
        try apply([.set(key, .source(source))])
    }

    /// Puts a key's own text in the place of what stands there now.
    private mutating func putBack(
        _ old: EntrySource, at key: FieldPath, _ frontMatter: FrontMatter
    ) throws(EditError) {
        try apply([.unset(key), .insert(old, at: key)])
        // A TOML table stands elsewhere than what was put in its place.
        guard !old.isTable, let parent = key.parent,
            let order = frontMatter.node(at: parent)?.mapping?.keys
        else { return }
        // Where it cannot be moved it stays, with its value.
        try? apply([.reorder(parent, order)])
    }

    /// A key that came back at the end of its map goes to its place by the order of keys.
    private mutating func putInPlace(
        _ key: FieldPath, after old: EntrySource
    ) throws(EditError) {
        guard case .key(let name)? = key.steps.last, let parent = key.parent,
            let mapping = try? document.readFrontMatter().node(at: parent)?.mapping,
            let order = old.order(of: name, among: mapping.keys)
        else { return }
        try apply([.reorder(parent, order)])
    }

    /// The text before comes back; what was changed since in the new language is done again.
    private mutating func undoRewriting(
        _ text: String, _ value: String, _ frontMatter: FrontMatter
    ) throws(EditError) {
        let isUnchanged = frontMatter.value.fingerprint == value
        let now = document
        try apply([.replaceFrontMatter(Array(text.utf8))])
        guard !isUnchanged else { return }
        let before = Document(text)
        for change in DocumentDiff(from: before, to: now).keys {
            do throws(EditError) {
                switch change {
                case .added(let key, let value), .changed(let key, _, let value):
                    try apply([.set(key, .value(value))])
                case .removed(let key, _): try apply([.unset(key)])
                case .renamed(let key, let name, _): try apply([.rename(key, to: name)])
                case .reordered(let map, let keys): try apply([.reorder(map, keys)])
                }
            } catch {
                document = now
                throw error
            }
        }
    }
}

extension FieldPath {
    /// Reads a path that was recorded; no text is the root.
    fileprivate init(optional text: String) throws(EditError) {
        guard !text.isEmpty else {
            self.init([])
            return
        }
        do {
            try self.init(parsing: text)
        } catch {
            throw .invalidValue(text, reason: "names no key")
        }
    }
}

extension FrontMatter {
    /// Whether a key that contains another holds nothing else, nor do the maps between them.
    fileprivate func holdsOnly(_ key: FieldPath, in outer: FieldPath) -> Bool {
        var path = key
        while path != outer, let parent = path.parent {
            guard node(at: parent)?.mapping?.entries.count == 1 else { return false }
            path = parent
        }
        return true
    }

    /// The span of the key that a path names.
    fileprivate func ownedSpan(at key: FieldPath) -> OwnedSpan? {
        guard case .key(let name)? = key.steps.last, let map = key.parent.flatMap({ node(at: $0) }),
            let position = map.mapping?.position(of: name)
        else { return nil }
        return ownedSpans(of: map)[position]
    }
}

extension Mapping {
    /// The keys, in order.
    fileprivate var keys: [Text] { entries.map(\.key) }
}
