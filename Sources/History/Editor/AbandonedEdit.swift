import Git
import Platform
import SystemPackage

/// What an editor wrote whose `docvc edit` died before it could take it.
public struct AbandonedEdit: Sendable {
    /// The document.
    public let path: String
    /// The document's session, which does not have the text.
    public let session: ULID
    /// The text.
    public let text: [UInt8]
    /// The process that had it in an editor, and since when; empty where that is unknown.
    public let holder: String
}

extension Workspace {
    /// The texts that editors wrote and that no draft has, because the `docvc edit` that was to
    /// take them is dead. It reads one folder a session.
    public func abandonedEdits() throws(HistoryError) -> [AbandonedEdit] {
        var found: [AbandonedEdit] = []
        let names = try lifting { try files.names(in: state.appending("sessions")) }
        for id in names.sorted().compactMap({ ULID($0) }) {
            if let edit = try abandonedEdit(in: id) { found.append(edit) }
        }
        return found
    }

    /// What an editor wrote in the session `id` and nobody took; nil where there is nothing.
    public func abandonedEdit(in id: ULID) throws(HistoryError) -> AbandonedEdit? {
        let folder = sessionFolder(id).appending("edit")
        guard try lifting({ try files.status(of: folder) }) != nil,
            let session = try Session.load(id, in: self),
            let text = try abandonedText(
                at: editorCopy(of: id, session.path), draft: session.draft)
        else { return nil }
        let mark = editorMark(id)
        let holder = try lifting { try files.readIfPresent(mark) } ?? []
        do throws(HistoryError) {
            _ = try editorLock(id, session.path)
        } catch {
            // It is in an editor now.
            if case .beingEdited = error { return nil }
            throw error
        }
        return AbandonedEdit(
            path: session.path, session: id, text: text,
            holder: String(decoding: holder.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }

    /// Removes what an editor left in the session `id`: it was taken, or is not wanted.
    public func removeAbandonedEdit(in id: ULID) throws(HistoryError) {
        let access = try ExclusiveAccess(to: self)
        defer { _ = access.recovered }
        guard let edit = try abandonedEdit(in: id) else { return }
        let lock = try editorLock(id, edit.path)
        let folder = sessionFolder(id).appending("edit")
        try lifting { try files.removeTree(folder) }
        _ = consume lock
    }

    /// Where an editor has the document of a session.
    func editorCopy(of id: ULID, _ path: String) -> FilePath {
        let name = FilePath(path).lastComponent?.string ?? "document"
        return sessionFolder(id).appending("edit").appending(name)
    }

    /// The file whose lock says that the document is in an editor.
    private func editorMark(_ id: ULID) -> FilePath { sessionFolder(id).appending("edit-lock") }

    /// The lock of the document's editor; throws `beingEdited` where another process has it.
    func editorLock(_ id: ULID, _ path: String) throws(HistoryError) -> KernelLock {
        do throws(KernelLock.Failure) {
            return try KernelLock(
                editorMark(id),
                holder: "process \(World.processID), since \(world.now().rfc3339)",
                timeout: .milliseconds(100), world: world)
        } catch {
            switch error {
            case .held(let holder): throw .beingEdited(path, by: holder)
            case .file(let error): throw .file(error)
            }
        }
    }

    /// The text that an editor left at `location`; nil where the draft has it, or it is empty,
    /// as a file is for a moment that is written in place.
    func abandonedText(
        at location: FilePath, draft: [UInt8]?
    ) throws(HistoryError) -> [UInt8]? {
        let text = try lifting { try files.readIfPresent(location) }
        guard let text, !text.isEmpty, text != draft else { return nil }
        return text
    }
}
