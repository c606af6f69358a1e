import Platform
import SystemPackage

/// Which documents a watcher is to watch.
struct WatchScope {
    /// Documents that were named, whatever their names end with.
    private var documents: Set<String> = []
    /// Folders whose Markdown documents count; the top of the work tree is "".
    private var folders: [String] = []

    /// Of the paths given, and of all there is where none is given.
    init(_ paths: [String], in workspace: borrowing Workspace) throws(HistoryError) {
        if paths.isEmpty { folders = [""] }
        for path in paths {
            let location = workspace.location(of: path)
            switch try lifting({ try workspace.files.status(of: location) })?.kind {
            case .folder: folders.append(path)
            case .file, nil: documents.insert(path)
            default: throw .badPath(path, .device)
            }
        }
    }

    /// Whether the document `path` is watched, by its name alone.
    func contains(_ path: String) -> Bool {
        documents.contains(path)
            || isDocument(path) && folders.contains { path.isBelow($0) }
    }

    /// Whether the document `path` was named: then it counts though it is ignored.
    func names(_ path: String) -> Bool { documents.contains(path) }

    /// Whether watched documents may be in the folder `path`, or below it.
    func reaches(_ path: String) -> Bool {
        path.isEmpty || folders.contains { path == $0 || path.isBelow($0) || $0.isBelow(path) }
            || documents.contains { $0.isBelow(path) }
    }

    /// Whether the folder `path` leads to a document or folder that was named.
    func leads(_ path: String) -> Bool {
        documents.contains { $0.isBelow(path) }
            || folders.contains { $0 == path || $0.isBelow(path) }
    }
}

extension String {
    /// Whether this path lies below `folder`, the top being "".
    func isBelow(_ folder: String) -> Bool {
        folder.isEmpty
            || utf8.starts(with: folder.utf8)
                && utf8.dropFirst(folder.utf8.count).first == UInt8(ascii: "/")
    }
}
