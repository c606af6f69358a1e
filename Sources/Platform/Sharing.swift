import Glibc
public import SystemPackage

/// Folders in which new files and folders get certain permissions, whatever the process's mask:
/// a repository that several users write to (`core.sharedRepository`).
public struct Sharing: Sendable {
    private let folders: [String]
    private let permissions: UInt32
    private let isWhole: Bool

    /// Shares what is below `folders`: it gets the bits `permissions` of read and write besides
    /// its own, or where that `isWhole` nothing else.
    public init(below folders: [FilePath], permissions: UInt32, isWhole: Bool) {
        self.folders = folders.map { $0.string + "/" }
        self.permissions = permissions
        self.isWhole = isWhole
    }

    /// Gives `file` its permissions, where it lies in a shared folder and is this user's.
    ///
    /// A file that nobody may write stays so; what its owner may execute, or enter, those may
    /// too who may read it; a folder gives its group to what is made in it (Git's path.c,
    /// `calc_shared_perm`).
    func apply(to file: borrowing File) throws(FileError) {
        let path = file.path.string
        guard folders.contains(where: { path.hasPrefix($0) }) else { return }
        let status = try file.status()
        guard status.user == geteuid() else { return }
        var wanted = status.permissions & 0o200 == 0 ? permissions & 0o444 : permissions
        if status.permissions & 0o100 != 0 { wanted |= (wanted & 0o444) >> 2 }
        if status.kind == .folder { wanted |= 0o2000 }
        if !isWhole { wanted |= status.permissions }
        if wanted != status.permissions { try file.setPermissions(wanted) }
    }
}
