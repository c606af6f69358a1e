import Cposix
import Glibc
import SystemPackage

extension File {
    /// Gives this file the mode, owner, extended attributes and access control lists of
    /// `original`.
    ///
    /// Linux keeps POSIX access control lists as extended attributes, so one copy serves
    /// both; what the original does not have of them goes. Throws, naming the original, where
    /// the owner or group may not be given, or where an attribute that a program set (`user.*`,
    /// an access control list) cannot be; attributes that belong to the system's security
    /// labels are set where the system lets us.
    public func copyMetadata(from original: borrowing File) throws(FileError) {
        let place = original.path
        if let errno = fault?(.copyMetadata, path) { throw FileError(.copyMetadata, place, errno) }
        let wanted = try original.status()
        let present = try status()
        if present.user != wanted.user || present.group != wanted.group {
            guard fchown(descriptor.rawValue, wanted.user, wanted.group) == 0 else {
                throw FileError(.copyMetadata, place, .current)
            }
        }
        let wantedNames = try original.attributeNames()
        for name in try attributeNames() where !wantedNames.contains(name) {
            // The folder gave it to a new file: an access list would let in others.
            let result = fremovexattr(descriptor.rawValue, name)
            if result != 0 && !isLabel(name) { throw FileError(.copyMetadata, place, .current) }
        }
        for name in wantedNames {
            guard let value = try original.attribute(name) else { continue }
            let result = value.withUnsafeBytes {
                fsetxattr(descriptor.rawValue, name, $0.baseAddress, $0.count, 0)
            }
            if result != 0 && !isLabel(name) { throw FileError(.copyMetadata, place, .current) }
        }
        // Last: a change of owner clears the set-user-id bit, and an access control list
        // rewrites the group bits.
        try setPermissions(wanted.permissions)
    }

    private func isLabel(_ name: String) -> Bool {
        name.hasPrefix("security.") || name.hasPrefix("trusted.")
    }

    private func attributeNames() throws(FileError) -> [String] {
        let size = flistxattr(descriptor.rawValue, nil, 0)
        if size <= 0 { return try none(size) }
        var list = [CChar](repeating: 0, count: size)
        let count = flistxattr(descriptor.rawValue, &list, size)
        if count <= 0 { return try none(count) }
        return list[..<count].split(separator: 0).map { name in
            String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    private func none(_ result: Int) throws(FileError) -> [String] {
        // A file system without attributes has none to copy.
        if result == 0 || Errno.current == .notSupported { return [] }
        throw FileError(.copyMetadata, path, .current)
    }

    private func attribute(_ name: String) throws(FileError) -> [UInt8]? {
        let size = fgetxattr(descriptor.rawValue, name, nil, 0)
        if size < 0 {
            // It went away since it was listed.
            if Errno.current == .noData { return nil }
            throw FileError(.copyMetadata, path, .current)
        }
        var value = [UInt8](repeating: 0, count: size)
        let count = fgetxattr(descriptor.rawValue, name, &value, size)
        guard count == size else { throw FileError(.copyMetadata, path, .current) }
        return value
    }

    /// Whether no other descriptor in the system is open on this file.
    ///
    /// Asks for a write lease and gives it back (fcntl(2), F_SETLEASE). Nil where leases
    /// are not to be had: another owner's file, or a file system without them.
    public func isOpenHereOnly() -> Bool? { isOpenHereOnly {} }

    /// What `isOpenHereOnly` says; where it is so, `body` is called while the lease is had.
    func isOpenHereOnly(_ body: () -> Void) -> Bool? {
        if docvc_lease(descriptor.rawValue, Int32(F_WRLCK)) == 0 {
            body()
            _ = docvc_lease(descriptor.rawValue, Int32(F_UNLCK))
            return true
        }
        return Errno.current == .resourceTemporarilyUnavailable ? false : nil
    }
}
