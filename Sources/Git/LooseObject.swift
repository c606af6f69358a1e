internal import Clibgit2
internal import Clibz

/// An object and the content of the file that Git keeps it in.
struct LooseObject {
    let id: ObjectID
    private let kind: String
    private let bytes: [UInt8]

    init(_ kind: git_object_t, _ bytes: [UInt8]) throws(RepositoryError) {
        id = try ObjectID(of: bytes, as: kind)
        self.kind = unsafe String(cString: git_object_type2string(kind))
        self.bytes = bytes
    }

    /// The kind, the size and the content, deflated as fast as it goes: Git's own choice for an
    /// object in a file of its own.
    func file() throws(RepositoryError) -> [UInt8] {
        let plain = Array("\(kind) \(bytes.count)\0".utf8) + bytes
        var status = Z_OK
        let deflated = unsafe [UInt8](
            unsafeUninitializedCapacity: Int(compressBound(uLong(plain.count)))
        ) { buffer, count in
            var size = uLongf(buffer.count)
            status = unsafe compress2(
                buffer.baseAddress, &size, plain, uLong(plain.count), Z_BEST_SPEED)
            count = status == Z_OK ? Int(size) : 0
        }
        guard status == Z_OK else {
            throw .badObject("object \(id) cannot be deflated: zlib says \(status)")
        }
        return deflated
    }
}

extension ObjectID {
    /// The id that an object of `kind` with the content `bytes` has; nothing is written.
    init(of bytes: [UInt8], as kind: git_object_t) throws(RepositoryError) {
        LibGit2.start
        var oid = git_oid()
        let result = unsafe bytes.withUnsafeBytes {
            unsafe git_odb_hash(
                &oid, $0.baseAddress ?? UnsafeRawPointer(bitPattern: 1), $0.count, kind)
        }
        try lifting { try LibGit2.check("git_odb_hash", result) }
        self.init(oid)
    }
}
