import History
import Platform
import SystemPackage

/// A file whose content a command takes, named on the command line.
struct InputFile {
    /// The name as it was typed; `-` for standard input.
    let name: String

    /// The content. A link is followed, but only a plain file is read, as a device might never
    /// end; and what this process was given open, as the shell's `<(…)` is.
    func bytes(_ world: World) throws -> [UInt8] {
        if name == "-" || name == "/dev/stdin" { return try world.input() }
        if name.hasPrefix("/dev/fd/"), let number = Int32(name.dropFirst(8)) {
            return try World.bytes(from: FileDescriptor(rawValue: number), named: FilePath(name))
        }
        let named = world.currentFolder.pushing(FilePath(name))
        guard let path = try world.files.realPath(of: named) else {
            throw CommandError.badInput(name: name, why: "does not exist")
        }
        guard let status = try world.files.status(of: path), status.kind == .file else {
            throw CommandError.badInput(name: name, why: "is not a plain file")
        }
        guard status.size <= Workspace.largestDocument else {
            throw CommandError.badInput(
                name: name, why: "is larger than a document may be (256 MiB)")
        }
        return try world.files.read(path)
    }
}
