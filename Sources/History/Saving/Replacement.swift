import Git
import Platform
import SystemPackage

/// The replacement of one document's text on disk, which loses no other writer's text.
///
/// The new text is written to a temporary file beside the document, and the two files are
/// exchanged at one instant. Only then is it certain what was displaced: if that is not the
/// text expected, another writer came between, and the files are exchanged back.
struct Replacement {
    /// The document's path from the work tree's top.
    let path: String
    /// Where the document is.
    let location: FilePath
    /// Where the temporary file is.
    let temporary: FilePath
    /// The text that is expected to be displaced; nil where no file is expected.
    let old: [UInt8]?
    /// The new text.
    let new: [UInt8]

    /// How long to wait for a writer that has the displaced file open to finish.
    private static let patience = 25

    init(
        _ path: String, from old: [UInt8]?, to new: [UInt8], id: ULID,
        in workspace: borrowing Workspace
    ) {
        self.path = path
        location = workspace.location(of: path)
        temporary = Replacement.temporary(for: location, id)
        self.old = old
        self.new = new
    }

    /// The temporary file beside the document at `location`.
    static func temporary(for location: FilePath, _ id: ULID) -> FilePath {
        location.removingLastComponent().appending(".docvc-\(id).tmp")
    }

    /// Writes the temporary file, durably, with the document's mode, owner, attributes and
    /// access control lists; a new document is executable where `executable` says so.
    func prepare(executable: Bool, files: FileSystem) throws(FileError) {
        try writeTemporary(new, executable: executable, files)
    }

    private func writeTemporary(
        _ text: [UInt8], executable: Bool, _ files: FileSystem
    ) throws(FileError) {
        // What is there has its own permissions, and may be for nobody else to read.
        let file = try files.create(
            temporary, permissions: old != nil ? 0o600 : executable ? 0o777 : 0o666)
        do throws(FileError) {
            try file.write(text)
            if old != nil { try file.copyMetadata(from: files.open(location)) }
            try file.sync()
        } catch {
            _ = try? files.remove(temporary)
            throw error
        }
    }

    /// Puts the new text in place, and makes the folder durable.
    ///
    /// Returns false where the document was not as expected: then it is as another writer
    /// left it, and the temporary file holds nothing but the new text.
    func exchange(in workspace: borrowing Workspace) throws(HistoryError) -> Bool {
        let files = workspace.files
        guard old != nil else { return try place(files) }
        do throws(FileError) {
            try files.exchange(temporary, location)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return false }
            guard error.errno.meansPlainRenamesOnly else { throw .file(error) }
            return try replaceWithoutExchange(files)
        }
        let displaced = try lifting { try settledText(files) }
        if displaced == old {
            try lifting { try files.syncFolder(location.removingLastComponent()) }
            return true
        }
        try undo(in: workspace)
        return false
    }

    /// Exchanges back: the displaced file takes its place again.
    ///
    /// What comes out must be the new text. If it is not, yet another writer has written over
    /// it in the meantime: theirs is the latest, so it goes back on disk and the text that it
    /// overtook is kept under a rescue id.
    func undo(in workspace: borrowing Workspace) throws(HistoryError) {
        let files = workspace.files
        guard let old else {
            return try lifting { try takeBack(files) }
        }
        do {
            try exchangeBack(in: workspace)
        } catch let error as FileError
            where error.errno.meansPlainRenamesOnly || error.errno == .noSuchFileOrDirectory
        {
            // There was no exchange, and the text that was expected is all that is known.
            try lifting { try putBack(old, files) }
        } catch {
            try lifting { throw error }
        }
    }

    private func exchangeBack(in workspace: borrowing Workspace) throws {
        let files = workspace.files
        for _ in 0..<8 {
            try files.exchange(temporary, location)
            let out = try settledText(files)
            if out == new { break }
            let overtaken = try files.read(location)
            if overtaken != old {
                _ = try workspace.keep(overtaken, of: path, because: "overtaken by a writer")
            }
        }
        try files.syncFolder(location.removingLastComponent())
    }

    /// Removes the temporary file; a text in it that nobody else has is kept first.
    func finish(in workspace: borrowing Workspace) throws(HistoryError) {
        let files = workspace.files
        guard let text = try lifting({ try files.readIfPresent(temporary) }) else { return }
        // The start of the new text is a temporary file that a kill cut short.
        if text != old, !new.starts(with: text) {
            _ = try workspace.keep(text, of: path, because: "written while it was replaced")
        }
        try lifting { try files.remove(temporary) }
    }

    /// The text of the displaced file, once no writer has it open any more.
    private func settledText(_ files: FileSystem) throws -> [UInt8]? {
        guard try files.status(of: temporary)?.kind == .file else { return nil }
        let file = try files.open(temporary)
        for _ in 0..<Replacement.patience where file.isOpenHereOnly() == false {
            World.sleep(.milliseconds(2))
        }
        return try file.readAll()
    }

    /// Gives a new document its name, unless another file has taken it.
    private func place(_ files: FileSystem) throws(HistoryError) -> Bool {
        do throws(FileError) {
            try files.renameToNew(temporary, to: location)
        } catch {
            if error.errno == .fileExists { return false }
            guard error.errno.meansPlainRenamesOnly else { throw .file(error) }
            guard try lifting({ try files.status(of: location) }) == nil else { return false }
            try lifting { try files.rename(temporary, to: location) }
        }
        try lifting { try files.syncFolder(location.removingLastComponent()) }
        return true
    }

    private func takeBack(_ files: FileSystem) throws(FileError) {
        guard try files.readIfPresent(location) == new else { return }
        try files.rename(location, to: temporary)
        try files.syncFolder(location.removingLastComponent())
    }

    /// For a file system that cannot exchange: the check comes just before the rename, which
    /// leaves a writer in between unseen for that long.
    private func replaceWithoutExchange(_ files: FileSystem) throws(HistoryError) -> Bool {
        try lifting {
            guard try files.readIfPresent(location) == old else { return false }
            try files.rename(temporary, to: location)
            try files.syncFolder(location.removingLastComponent())
            return true
        }
    }

    /// Takes back what `replaceWithoutExchange` did.
    private func putBack(_ old: [UInt8], _ files: FileSystem) throws(FileError) {
        guard try files.readIfPresent(location) == new else { return }
        // It may be there in part, from when this was killed.
        try files.remove(temporary)
        try writeTemporary(old, executable: false, files)
        try files.rename(temporary, to: location)
        try files.syncFolder(location.removingLastComponent())
    }
}

extension Errno {
    /// Whether the file system, or the kernel, renames only by replacing what is there.
    fileprivate var meansPlainRenamesOnly: Bool {
        [.invalidArgument, .noFunction, .notSupported].contains(self)
    }
}
