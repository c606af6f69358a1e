import Platform
import SystemPackage

/// The texts that corpora are made of.
struct FuzzSeeds {
    /// Documents.
    private(set) var documents: [[UInt8]] = []
    /// Base, ours and theirs of merges.
    private(set) var merges: [[[UInt8]]] = []

    /// What is in the folder `fixtures`, and some of the Markdown files below `documents`.
    init(_ fixtures: FilePath, documents folder: FilePath?, files: FileSystem) throws {
        let own = fixtures.appending("documents")
        for name in try files.names(in: own).sorted() {
            documents.append(try files.read(own.appending(name)))
        }
        for name in try files.names(in: fixtures.appending("merge")).sorted() {
            let texts = try ["base", "ours", "theirs"].map {
                try files.readIfPresent(fixtures.appending("merge/\(name)/\($0).md")) ?? []
            }
            merges.append(texts)
            documents.append(texts[1])
        }
        if let folder { try addDocuments(in: folder, files) }
    }

    /// A corpus of large files is a slow one, and of many alike.
    private static let largest = 4_096
    private static let most = 400

    private mutating func addDocuments(in folder: FilePath, _ files: FileSystem) throws {
        for name in try files.names(in: folder).sorted() where documents.count < FuzzSeeds.most {
            let path = folder.appending(name)
            guard let status = try files.status(of: path) else { continue }
            if status.kind == .folder {
                try addDocuments(in: path, files)
            } else if status.kind == .file, name.hasSuffix(".md"),
                status.size <= FuzzSeeds.largest
            {
                documents.append(try files.read(path))
            }
        }
    }
}
