import Cposix
import Glibc
public import SystemPackage

/// A folder whose files are reached without following a link on the way.
///
/// A work tree may come from anybody, and a folder in it may become a link at any time, also
/// between a look and a write. So the folder that a name is in is opened first, refusing links,
/// and the call is made on the name in it (openat2(2), RESOLVE_NO_SYMLINKS).
public struct Confinement: Sendable {
    private let top: String
    private let except: [String]

    /// Confines what is below `top`, but for what is below `except`: Git's own folders, which no
    /// clone fills. The path of `top` itself must be without links.
    public init(to top: FilePath, except: [FilePath]) {
        self.top = top.string + "/"
        self.except = except.map { $0.string + "/" }
    }

    /// Whether the path is below the folder. It compares bytes: this is asked before every call.
    func holds(_ path: UnsafePointer<CChar>) -> Bool {
        func begins(_ prefix: String) -> Bool { strncmp(path, prefix, prefix.utf8.count) == 0 }
        return begins(top) && !except.contains { begins($0) }
    }
}

/// Where a call is made: a folder and a name in it, or the current folder and a path.
struct Place: ~Copyable {
    let folder: Int32
    private let path: FilePath
    /// Where in the path the name begins.
    private let start: Int

    /// Whether the folder was opened for this call, without following links.
    var isConfined: Bool { folder != AT_FDCWD }

    /// Finds the place of `path`; throws where a link is on the way to one that is confined.
    init(_ path: FilePath, _ confinement: Confinement?, _ call: FileCall) throws(FileError) {
        let parts = path.withPlatformString { raw in
            confinement?.holds(raw) ?? false ? Place.parts(of: raw) : []
        }
        guard let last = parts.last else {
            (folder, start) = (AT_FDCWD, 0)
            self.path = path
            return
        }
        guard !parts.contains(where: \.isDots) else { throw FileError(call, path, .improperLink) }
        let name = last.range.lowerBound
        let pinned = path.withPlatformString { raw in
            Place.pin(UnsafeBufferPointer(start: raw, count: name - 1) + [0])
        }
        guard pinned >= 0 else { throw FileError(call, path, .current) }
        (folder, start) = (pinned, name)
        self.path = path
    }

    deinit { if isConfined { close(folder) } }

    /// Calls `body` with the name, to be looked up in `folder`.
    func withName<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
        path.withPlatformString { body($0 + start) }
    }

    /// The names in a path, and whether each is `.` or `..`.
    private static func parts(
        of path: UnsafePointer<CChar>
    ) -> [(range: Range<Int>, isDots: Bool)] {
        let bytes = UnsafeBufferPointer(start: path, count: strlen(path))
        return bytes.split(separator: CChar(UInt8(ascii: "/"))).map { name in
            let isDots = name.count < 3 && name.allSatisfy { $0 == CChar(UInt8(ascii: ".")) }
            return (name.startIndex..<name.endIndex, isDots)
        }
    }

    /// The descriptor of the folder at `path`, of which no part is a link; -1 where it fails.
    private static func pin(_ path: [CChar]) -> Int32 {
        let pinned = docvc_pin_at_once(path)
        guard pinned < 0, errno == ENOSYS || errno == EPERM else { return pinned }
        return docvc_pin_by_steps(path)
    }

    /// What `pin` does where the kernel cannot do it at once; for tests.
    static func pinBySteps(_ path: FilePath) -> Int32 {
        path.withPlatformString { docvc_pin_by_steps($0) }
    }
}
