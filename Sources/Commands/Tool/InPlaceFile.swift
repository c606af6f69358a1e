import Glibc
import Platform
import SystemPackage

/// A file that a command rewrites where it is.
struct InPlaceFile {
    /// The name as it was typed.
    let name: String

    /// Puts new content in the file's place: after a kill it is the old one or the new one.
    /// Mode, owner, attributes and access control lists stay; a link is followed.
    func write(_ bytes: [UInt8], _ world: World) throws {
        let named = world.currentFolder.pushing(FilePath(name))
        guard let path = try world.files.realPath(of: named) else {
            throw CommandError.badInput(name: name, why: "does not exist")
        }
        let temporary = path.appendingToName(".docvc-\(getpid())")
        do {
            let file = try world.files.create(temporary)
            try file.write(bytes)
            try file.copyMetadata(from: world.files.open(path))
            try file.sync()
            try world.files.rename(temporary, to: path)
        } catch {
            _ = try? world.files.remove(temporary)
            throw error
        }
        // The content is in place; a power cut may bring the old one back where this fails.
        _ = try? world.files.syncFolder(path.removingLastComponent())
    }
}
