/// Makes edits one after the other, and several at once where they do not touch each other.
struct EditSequence {
    private let original: Document
    private var document: Document
    private var splices: [Splice] = []
    private var replacements = 0
    private var frontMatter: FrontMatter?
    private var pending = PendingPlans()
    private let memory: SpellingMemory

    init(
        _ document: Document, _ frontMatter: FrontMatter? = nil, remembering: [Document]
    ) {
        original = document
        self.document = document
        self.frontMatter = frontMatter
        memory = SpellingMemory(remembering, for: document)
    }

    func applying(_ edits: [Edit]) throws(EditError) -> EditResult {
        var sequence = self
        for edit in edits { try sequence.take(edit) }
        try sequence.flush()
        return EditResult(
            document: sequence.document, splices: sequence.splices,
            frontMatter: sequence.frontMatter, replacements: sequence.replacements)
    }

    private mutating func take(_ edit: Edit) throws(EditError) {
        switch edit {
        case .set(let path, let value):
            if try takeRemembered(path, value) { return }
            if try takeInParts(path, value) { return }
            try takeKeyEdit(edit)
        case .append, .unset, .rename, .reorder, .move, .insert: try takeKeyEdit(edit)
        case .remove(let path, let value):
            try flush()
            let removals = try KeyEditPlanner(readFrontMatter()).removals(path, value)
            for removal in removals { try takeKeyEdit(removal) }
        case .replaceFrontMatter(let bytes):
            try flush()
            try accept(FrontMatterReplacement(document: document).splices(bytes))
        case .replaceBody(let bytes):
            try flush()
            try accept(BodyEdit(document: document).replace(with: bytes))
        case .replaceText(let find, let new, let all):
            try flush()
            let made = try BodyEdit(document: document).replace(find, with: new, all: all)
            replacements += made.count
            try accept(made)
        case .patchBody(let patch):
            try flush()
            try accept(BodyEdit(document: document).apply(patch))
        }
    }

    /// Gives a key a value as an earlier text writes it; false when none has it there, or when
    /// its spelling does not do here.
    private mutating func takeRemembered(
        _ path: FieldPath, _ value: NewValue
    ) throws(EditError) -> Bool {
        guard !memory.isEmpty else { return false }
        if let planner = pending.planner, pending.admits([planner.touched(path)]) {
            // Most often nothing is remembered, and then edits stay together.
            guard !planner.remembered(path, value, in: memory).isEmpty else { return false }
        }
        try flush()
        let planner = KeyEditPlanner(try readFrontMatter())
        for plan in planner.remembered(path, value, in: memory) {
            do {
                try prove(planner.frontMatter, plan.splices, plan.changes)
                return true
            } catch {
                continue
            }
        }
        return false
    }

    /// Sets a list or map where one stands by edits of what differs, so that comments and
    /// style in it stay; false when that is not possible and the whole is to be replaced.
    private mutating func takeInParts(
        _ path: FieldPath, _ value: NewValue
    ) throws(EditError) -> Bool {
        guard value.mayBeCollection else { return false }
        try flush()
        let refinement = CollectionRefinement(frontMatter: try readFrontMatter())
        guard let parts = refinement.parts(of: path, value) else { return false }
        var attempt = self
        do {
            for part in parts { try attempt.take(part) }
            try attempt.flush()
        } catch {
            // What cannot be changed in parts may still be replaced as a whole, with proof.
            return false
        }
        self = attempt
        return true
    }

    private mutating func takeKeyEdit(_ edit: Edit) throws(EditError) {
        if case .move(let path, let target) = edit, try takeOutOfTable(path, target) { return }
        if let planner = pending.planner, let plan = try? planner.plan(edit),
            pending.admits(plan.touched), !plan.splices.overlap
        {
            pending.add(edit, plan)
            return
        }
        try flush()
        let frontMatter = try readFrontMatter()
        let planner = KeyEditPlanner(frontMatter)
        guard let plan = try planner.plan(edit) else { return }
        if case .move(let path, let target) = edit,
            plan.splices.overlap || frontMatter.isAloneInBraces(path) && path.isBeside(target)
        {
            return try takeInPlace(path, target)
        }
        pending = PendingPlans(planner: planner)
        pending.add(edit, plan)
    }

    /// Moves the only key of a TOML table into the table's place: it goes among the keys above, with
    /// its comments, while the table has another name; false where that is no such move.
    private mutating func takeOutOfTable(
        _ path: FieldPath, _ target: FieldPath
    ) throws(EditError) -> Bool {
        guard path != target, target.contains(path), let parent = target.parent else {
            return false
        }
        try flush()
        let frontMatter = try readFrontMatter()
        let planner = KeyEditPlanner(frontMatter)
        guard frontMatter.block?.syntax == .toml, let slot = planner.slot(at: path),
            slot.node.style != .block, slot.collection.style == .block,
            planner.splicer.renest(slot, to: target) == nil,
            // Whether it may go at all.
            let _ = try planner.plan(.move(path, to: target))
        else { return false }
        var name = "moved"
        while frontMatter.node(at: parent.appending(.key(Text(name)))) != nil { name += "_" }
        let table = parent.appending(.key(Text(name)))
        let inner = FieldPath(table.steps + path.steps.dropFirst(target.steps.count))
        var attempt = self
        do {
            for edit in [Edit.rename(target, to: Text(name)), .move(inner, to: target)] {
                try attempt.takeKeyEdit(edit)
                try attempt.flush()
            }
            if try attempt.readFrontMatter().node(at: table) != nil {
                try attempt.takeKeyEdit(.unset(table))
                try attempt.flush()
            }
        } catch {
            return false
        }
        self = attempt
        return true
    }

    /// Moves a key into a new map that is to stand where it stands itself: it gets the map's name,
    /// and then goes into a map of its own.
    private mutating func takeInPlace(
        _ path: FieldPath, _ target: FieldPath
    ) throws(EditError) {
        guard path.isBeside(target), let parent = path.parent,
            case .key(let name) = target.steps[path.steps.count - 1]
        else { throw .unprovable("\(path) would be put where it is taken out") }
        for edit in [Edit.rename(path, to: name), .move(parent.appending(.key(name)), to: target)] {
            try takeKeyEdit(edit)
            try flush()
        }
    }

    private mutating func readFrontMatter() throws(EditError) -> FrontMatter {
        if let frontMatter { return frontMatter }
        do {
            let read = try document.readFrontMatter()
            frontMatter = read
            return read
        } catch {
            throw .unparsable(error)
        }
    }

    private mutating func flush() throws(EditError) {
        guard let planner = pending.planner else { return }
        let plans = pending
        pending = PendingPlans()
        guard !plans.splices.isEmpty else { return }
        do {
            try prove(planner.frontMatter, plans.splices, plans.changes)
        } catch {
            guard plans.edits.count > 1 else { throw error }
            // Edits that were planned apart may meet after all; one by one each sees the last.
            for edit in plans.edits {
                try takeKeyEdit(edit)
                try flush()
            }
        }
    }

    private mutating func prove(
        _ before: FrontMatter, _ new: [Splice], _ changes: [ValueChange]
    ) throws(EditError) {
        guard !new.isEmpty else { return }
        let proof = EditProof(before: before, splices: new.merged(), changes: changes)
        let after = try proof.prove()
        splices = splices.followed(by: proof.splices, on: original.bytes)
        document = after.document
        frontMatter = after
    }

    /// Takes splices that are proven already.
    private mutating func accept(_ new: [Splice]) throws(EditError) {
        guard !new.isEmpty else { return }
        do {
            document = Document(try new.applied(to: document.bytes))
        } catch {
            throw .unprovable(error.description)
        }
        splices = splices.followed(by: new, on: original.bytes)
        frontMatter = nil
    }
}

/// Plans made on the same front matter that do not touch each other.
private struct PendingPlans {
    let planner: KeyEditPlanner?
    private(set) var edits: [Edit] = []
    private(set) var changes: [ValueChange] = []
    private(set) var splices: [Splice] = []
    private var touched: Set<FieldPath> = []
    private var above: Set<FieldPath> = []

    init(planner: KeyEditPlanner? = nil) { self.planner = planner }

    /// Whether no path is, contains or lies in one that is touched already.
    func admits(_ paths: [FieldPath]) -> Bool {
        paths.allSatisfy { path in
            !above.contains(path)
                && path.steps.indices.allSatisfy {
                    !touched.contains(FieldPath(Array(path.steps[...$0])))
                }
        }
    }

    mutating func add(_ edit: Edit, _ plan: EditPlan) {
        edits.append(edit)
        changes += plan.changes
        splices += plan.splices
        for path in plan.touched {
            touched.insert(path)
            for count in 0...path.steps.count {
                above.insert(FieldPath(Array(path.steps.prefix(count))))
            }
        }
    }
}

extension FieldPath {
    /// Whether `target` is in a map beside this key.
    fileprivate func isBeside(_ target: FieldPath) -> Bool {
        target.steps.count > steps.count && !contains(target) && parent?.contains(target) ?? false
    }
}

extension FrontMatter {
    /// Whether a key is the only one of a map in braces, which would be empty without it.
    fileprivate func isAloneInBraces(_ path: FieldPath) -> Bool {
        guard let map = path.parent.flatMap({ node(at: $0) }), map.style != .block else {
            return false
        }
        return map.mapping?.entries.count == 1
    }
}

extension [Splice] {
    /// The same in order of offset, at one offset in order of the edits.
    private var inOrder: [Splice] {
        enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }
            .map(\.element)
    }

    /// Whether one is about bytes of another.
    fileprivate var overlap: Bool {
        let ordered = inOrder
        return zip(ordered, ordered.dropFirst()).contains { $0.range.upperBound > $1.offset }
    }

    /// The same change with splices that touch each other made one, in order.
    fileprivate func merged() -> [Splice] {
        var merged: [Splice] = []
        for splice in inOrder {
            guard let last = merged.last, last.range.upperBound == splice.offset else {
                merged.append(splice)
                continue
            }
            merged[merged.count - 1] = Splice(
                offset: last.offset, removed: last.removed + splice.removed,
                inserted: last.inserted + splice.inserted)
        }
        return merged
    }
}
