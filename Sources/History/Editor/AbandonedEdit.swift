import Git
import Platform
import SystemPackage

/// What docvc knows of a copy that an editor has, on disk so that others know it too: a mark for
/// each session, so that finding what a dead `docvc edit` left costs with their number.
struct EditorMark {
    /// The document.
    let path: String
    /// The blob of the text that was last put into the copy, or taken from it.
    let blob: ObjectID

    init(_ path: String, _ text: [UInt8]) throws(HistoryError) {
        self.path = path
        blob = try lifting { try Repository.blobID(of: text) }
    }

    /// Nil where a power cut tore it: then there was no copy yet.
    init?(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard parts.count == 2, bytes.last == UInt8(ascii: "\n"),
            let blob = ObjectID(hex: String(decoding: parts[0], as: UTF8.self))
        else { return nil }
        self.blob = blob
        path = String(decoding: parts[1].dropLast(), as: UTF8.self)
        guard TreePath.isValid(path) else { return nil }
    }

    var bytes: [UInt8] { Array("\(blob.hex) \(path)\n".utf8) }
}

extension Workspace {
    // MARK: Places

    private var editors: FilePath { state.appending("editors") }

    /// Where an editor has the document of a session.
    func editorCopy(of id: ULID, _ path: String) -> FilePath {
        let name = FilePath(path).lastComponent?.string ?? "document"
        return sessionFolder(id).appending("edit").appending(name)
    }

    /// The lock of the document's editor, which keeps it when this process dies; throws
    /// `beingEdited` where another process has it.
    func editorLock(
        _ id: ULID, _ path: String, isInheritable: Bool = true,
        timeout: Duration = .milliseconds(100)
    ) throws(HistoryError) -> KernelLock {
        do throws(KernelLock.Failure) {
            return try KernelLock(
                sessionFolder(id).appending("edit-lock"),
                holder: "process \(World.processID), since \(world.now().rfc3339)",
                isInheritable: isInheritable, timeout: timeout, world: world)
        } catch {
            switch error {
            case .held(let holder): throw .beingEdited(path, by: holder)
            case .file(let error): throw .file(error)
            }
        }
    }

    // MARK: Marks

    /// Notes, durably, that an editor has `text` of the session `id`. Only under the docvc lock.
    func markEdit(_ id: ULID, _ path: String, _ text: [UInt8]) throws(HistoryError) {
        let mark = try EditorMark(path, text)
        try lifting {
            try files.makeFolders(editors)
            try files.put(mark.bytes, at: editors.appending(id.text), by: scratch("editor-mark"))
        }
    }

    /// Removes the copy of the session `id`, and its mark. What else lies beside it is the
    /// editor's, such as a swap file that may hold what was never written; then the mark stays,
    /// because an editor that detached itself may write once more.
    func removeEditorCopy(_ location: FilePath, of id: ULID) throws(FileError) {
        let folder = location.removingLastComponent()
        try files.remove(location)
        try files.removeFolderIfEmpty(folder)
        if try files.status(of: folder) == nil { try files.remove(editors.appending(id.text)) }
    }

    // MARK: What the dead left

    /// Whether there is a copy that no living process has: only what holds the docvc lock may
    /// do more about it.
    func hasAbandonedEdit() throws(HistoryError) -> Bool {
        for (id, mark) in try markedEdits() {
            let location = editorCopy(of: id, mark.path)
            if try lifting({ try files.status(of: location) }) != nil,
                try abandonedLock(id, mark.path) != nil
            {
                return true
            }
        }
        return false
    }

    /// Makes what editors wrote whose `docvc edit` is dead operations of their drafts. Only under
    /// the docvc lock.
    ///
    /// The draft may have changed since; an editor that wrote nothing since docvc last looked
    /// does not take that back.
    func adoptAbandonedEdits() throws(HistoryError) -> [Recovered] {
        var recovered: [Recovered] = []
        for (id, mark) in try markedEdits() {
            let location = editorCopy(of: id, mark.path)
            guard try lifting({ try files.status(of: location) }) != nil,
                let lock = try abandonedLock(id, mark.path)
            else { continue }
            if let place = try setAside(location, of: id) {
                recovered.append(.setAside(mark.path, in: place))
            } else if let text = try abandonedText(at: location, mark) {
                do throws(HistoryError) {
                    recovered += try adopt(text, of: id, mark.path)
                } catch {
                    // A newer version's session is left to that.
                    if case .badState = error { continue }
                    throw error
                }
            }
            try lifting { try removeEditorCopy(location, of: id) }
            _ = consume lock
        }
        return recovered
    }

    /// The text that an editor left at `location`; nil where it is the one that docvc knows, or
    /// empty, as a file is for a moment that is written in place.
    private func abandonedText(
        at location: FilePath, _ mark: EditorMark
    ) throws(HistoryError) -> [UInt8]? {
        try lifting {
            guard let text = try files.readIfPresent(location), !text.isEmpty,
                try Repository.blobID(of: text) != mark.blob
            else { return nil }
            return text
        }
    }

    /// Makes `text` the draft of the session `id`, as an operation; without a session that can
    /// be read it is kept.
    private func adopt(
        _ text: [UInt8], of id: ULID, _ path: String
    ) throws(HistoryError) -> [Recovered] {
        guard var session = try Session.load(id, isNamed: true, in: self), session.path == path
        else {
            let kept = try keep(text, of: path, because: "edit that was interrupted")
            return [.adopted(path, kept: [kept.id])]
        }
        guard session.draft != text else { return [] }
        try session.perform(
            .recover, "edit that was interrupted", text, Authorship(in: self, source: .recover))
        try session.write(in: self)
        return [.adopted(path, kept: session.kept.map(\.id))]
    }

    /// Puts what an editor made of its copy out of the way where that is no file: a link or a
    /// folder, which is not followed. Returns where it is then; nil where it is a file, or nothing.
    func setAside(_ location: FilePath, of id: ULID) throws(HistoryError) -> FilePath? {
        try lifting {
            guard let status = try files.status(of: location), status.kind != .file else {
                return nil
            }
            var number = 0
            while true {
                number += 1
                let place = sessionFolder(id).appending("edit-aside-\(number)")
                if try files.status(of: place) != nil { continue }
                try files.renameToNew(location, to: place)
                return place
            }
        }
    }

    /// The lock of an editor whose process is dead; nil where it lives.
    private func abandonedLock(_ id: ULID, _ path: String) throws(HistoryError) -> KernelLock? {
        do throws(HistoryError) {
            // No editor is to have it: a child that another thread is starting would hold it
            // over its end, and the next look would take the editor to be alive.
            return try editorLock(id, path, isInheritable: false, timeout: .zero)
        } catch {
            if case .beingEdited = error { return nil }
            throw error
        }
    }

    private func markedEdits() throws(HistoryError) -> [(ULID, EditorMark)] {
        var found: [(ULID, EditorMark)] = []
        for name in try lifting({ try files.names(in: editors) }).sorted() {
            let file = editors.appending(name)
            guard let id = ULID(name), let bytes = try lifting({ try files.readIfPresent(file) }),
                let mark = EditorMark(bytes)
            else { continue }
            found.append((id, mark))
        }
        return found
    }
}
