import Documents
import FoundationEssentials

/// The 300 real documents beside the project, where they are there.
enum Corpus {
    struct File: Sendable {
        let name: String
        let document: Document
    }

    /// The project's root, from this file's own place.
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Where the environment's DOCVC_CORPUS says, or beside the project.
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["DOCVC_CORPUS"].map { [URL(filePath: $0)] }
        let candidates =
            named ?? [root.appending(path: "../shared/data/documents").standardized]
        return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    static let files: [File] = {
        guard let folder,
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
        else { return [] }
        return names.sorted().compactMap { name in
            guard let data = try? Data(contentsOf: folder.appending(path: name)) else { return nil }
            return File(name: name, document: Document(Array(data)))
        }
    }()
}
