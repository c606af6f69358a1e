public import Documents
public import Git
public import Platform

/// Edits of one document, and what is to become of them.
public struct EditRequest: Sendable {
    /// The document, by its path from the work tree's top.
    public let path: String
    /// The edits, made one after the other.
    public let edits: [Edit]
    /// What to do where another writer changes the document meanwhile.
    public var onConflict = ConflictChoice.reject
    /// Whether the document is saved too.
    public var isSaved = false
    /// The subject and body of the commit message; nil for `Update <path>`.
    public var message: String?
    /// Whether the hooks `pre-commit` and `commit-msg` run.
    public var runsHooks = true

    /// A request to make `edits` of the document `path` on disk.
    public init(_ path: String, _ edits: [Edit]) {
        self.path = path
        self.edits = edits
    }
}

/// One reversible edit: what it was meant to do, by whom, and when.
public struct Operation: Sendable {
    /// What kind of edit it is, in the words of the command line: `set`, `body`.
    public let kind: String
    /// What it was meant to do, in a few words: `set title`.
    public let intent: String
    /// Who made it; nil where nobody is named.
    public let actor: Actor?
    /// By what way.
    public let source: Source
    /// When.
    public let time: Timestamp
}

/// What an edit did.
public struct EditReport: Sendable {
    /// The document.
    public let path: String
    /// The operation; nil where the document on disk is as it was.
    public let operation: Operation?
    /// The blob that the document on disk is now, or would be.
    public let blob: ObjectID
    /// The size of the document on disk now, in bytes.
    public let size: Int
    /// How many occurrences of a text in the body were replaced.
    public let replacements: Int
    /// What was written or saved, and what was kept.
    public let save: SaveReport
}

extension Workspace {
    /// Makes edits of the document on disk, which may hold unsaved changes, and saves it where
    /// the request says so.
    ///
    /// The new text takes the old one's place at one instant, durably. Throws `refusedEdit`
    /// where an edit cannot be made or proven, and `diverged` where another writer changes the
    /// document between reading and writing, unless the request says what to do then. Whatever
    /// is thrown, nothing was changed.
    public func edit(_ request: EditRequest) throws(HistoryError) -> EditReport {
        var made: EditedText?
        var report: SaveReport
        if request.isSaved {
            report = try save { (workspace) throws(HistoryError) in
                let text = try EditedText(request, in: workspace)
                made = text
                return text.request
            }
        } else {
            let access = try ExclusiveAccess(to: self)
            let text = try EditedText(request, in: self)
            made = text
            var transaction = SaveTransaction(text.request, author: writer(), committer: writer())
            report = try transaction.writeToDisk(in: self)
            report.recovered = access.recovered
        }
        guard let made else { throw .nothingNamed }
        report.displaced += made.kept
        return try self.report(on: made, report)
    }

    private func report(
        on made: EditedText, _ report: SaveReport
    ) throws(HistoryError) -> EditReport {
        let path = made.path
        let wasLeft = report.left.contains(path)
        let bytes = wasLeft ? try textOnDisk(path) : made.result.document.bytes
        return EditReport(
            path: path, operation: wasLeft || made.isSame ? nil : made.operation,
            blob: try lifting { try Repository.blobID(of: bytes) }, size: bytes.count,
            replacements: made.result.replacements, save: report)
    }
}

/// A document on disk with edits made of it, not written yet. Only under the docvc lock.
private struct EditedText {
    let path: String
    let result: EditResult
    let operation: Operation
    /// What is to be written or saved.
    let request: SaveRequest
    /// The unsaved text, where a whole part of it gives way to another.
    private(set) var kept: [SaveReport.Displaced] = []
    /// Whether the document is as it was.
    let isSame: Bool

    init(_ asked: EditRequest, in workspace: borrowing Workspace) throws(HistoryError) {
        path = asked.path
        let text = try workspace.textOnDisk(path)
        let document = Document(text)
        do throws(EditError) {
            result = try Edit.apply(asked.edits, to: document)
        } catch {
            throw .refusedEdit(
                path: asked.path, error, near: EditedText.nearMisses(error, document))
        }
        operation = Operation(
            kind: asked.edits.first?.kind ?? "set",
            intent: asked.edits.map(\.intent).joined(separator: ", "),
            actor: workspace.settings.actor, source: workspace.settings.source,
            time: workspace.world.now())
        var request = SaveRequest([path])
        request.message = asked.message
        request.onConflict = asked.onConflict
        request.runsHooks = asked.runsHooks
        request.texts[path] = (result.document.bytes, .regular)
        request.expected[path] = text
        self.request = request
        isSame = text == result.document.bytes
        if !isSame, asked.edits.contains(where: \.replacesWholePart),
            try !workspace.isInHead(text, path)
        {
            kept = [
                SaveReport.Displaced(
                    path: path, choice: .overwrite,
                    kept: try workspace.keep(text, of: path, because: operation.intent))
            ]
        }
        workspace.atStep(.edited)
    }

    private static func nearMisses(_ error: EditError, _ document: Document) -> [FieldPath] {
        guard case .missing(let key) = error else { return [] }
        return (try? document.readFrontMatter())?.nearMisses(to: key) ?? []
    }
}

extension Workspace {
    /// Whether HEAD has `text` as its version of the document `path`.
    fileprivate func isInHead(_ text: [UInt8], _ path: String) throws(HistoryError) -> Bool {
        try lifting {
            guard let commit = try repository.head().commit,
                let entry = try repository.entry(path, in: repository.commit(commit).tree)
            else { return false }
            let index = try IndexFile(of: repository).entries(for: Repository.indexPaths(for: path))
            let content = try repository.clean(text, path: path, index: index)
            return try Repository.blobID(of: content) == entry.id
        }
    }
}

extension Edit {
    /// What kind of edit it is, in the words of the command line.
    var kind: String {
        switch self {
        case .set, .append, .remove, .reorder, .insert: "set"
        case .unset: "unset"
        case .rename, .move: "rename"
        case .replaceFrontMatter: "front-matter"
        case .replaceBody, .replaceText, .patchBody: "body"
        }
    }

    /// What it is meant to do, in a few words.
    var intent: String {
        switch self {
        case .set(let path, _): "set \(path)"
        case .append(let path, _): "add to \(path)"
        case .remove(let path, _): "remove from \(path)"
        case .unset(let path): "unset \(path)"
        case .rename(let path, let name): "rename \(path) to \(FieldPath(key: name))"
        case .reorder(let path, _): path.steps.isEmpty ? "reorder keys" : "reorder \(path)"
        case .move(let path, let target): "move \(path) to \(target)"
        case .insert(_, let path): "set \(path)"
        case .replaceFrontMatter: "replace front matter"
        case .replaceBody: "replace body"
        case .replaceText: "replace text in body"
        case .patchBody: "patch body"
        }
    }

    /// Whether text gives way that the edit does not name.
    fileprivate var replacesWholePart: Bool {
        switch self {
        case .replaceFrontMatter, .replaceBody: true
        default: false
        }
    }
}
