public import Platform
internal import SystemPackage

/// The index as its file's bytes, of which single entries are read and changed.
///
/// A library that reads 100,000 entries into memory to change one takes 90 ms to read and
/// 48 ms to write them; walking the bytes takes 1 ms. The format is gitformat-index's,
/// versions 2, 3 and 4. What the change does not concern stays as it is, extensions
/// included, but for those that the change would make wrong.
public struct IndexFile {
    /// One entry of the index.
    public struct Entry: Equatable, Sendable {
        /// The path from the work tree's top.
        public let path: String
        /// 0, or during a conflict 1 for the base, 2 for ours, 3 for theirs.
        public let stage: Int
        /// The mode.
        public let mode: FileMode
        /// The blob, or a submodule's commit.
        public let id: ObjectID
        /// Whether the file is left out of the work tree (sparse checkout).
        public let skipsWorkTree: Bool
        /// Whether Git is told to take the file for unchanged (`update-index --assume-unchanged`).
        public let isAssumedUnchanged: Bool
        /// Whether only the path was added so far, no content (`git add -N`).
        public let isIntentToAdd: Bool
        /// What the file's status was when the entry was made.
        let stat: Stat
    }

    /// What an entry keeps of the status of its file, each number cut to 32 bits.
    struct Stat: Equatable, Sendable {
        var changed: [UInt32] = [0, 0]
        var modified: [UInt32] = [0, 0]
        var device: UInt32 = 0
        var inode: UInt32 = 0
        var user: UInt32 = 0
        var group: UInt32 = 0
        var size: UInt32 = 0

        init(_ status: FileStatus) {
            changed = [
                UInt32(truncatingIfNeeded: status.changed.seconds), status.changed.nanoseconds,
            ]
            modified = [
                UInt32(truncatingIfNeeded: status.modified.seconds), status.modified.nanoseconds,
            ]
            device = UInt32(truncatingIfNeeded: status.device)
            inode = UInt32(truncatingIfNeeded: status.inode)
            user = status.user
            group = status.group
            size = UInt32(truncatingIfNeeded: status.size)
        }

        init() {}
    }

    /// Where an entry lies in the bytes.
    struct Place {
        var range: Range<Int>
        /// How many bytes of the name before it the name shares, and how many bytes of that
        /// it drops; only in version 4.
        var shared = 0
        var dropped = 0
    }

    let bytes: [UInt8]
    let version: UInt32
    let count: Int
    /// When the file was written: entries as new as this may be "racily clean".
    let written: FileStatus.Time
    /// The status of the file that it was read from.
    private var file: FileStatus?

    /// Reads the index from `bytes`, written at `written`; throws `badIndex` where they are
    /// not an index, and `unsupported` for a split or sparse one.
    public init(_ bytes: [UInt8], written: FileStatus.Time) throws(RepositoryError) {
        self.bytes = bytes
        self.written = written
        guard !bytes.isEmpty else {
            version = 2
            count = 0
            return
        }
        guard bytes.count >= 12 + 20, bytes.starts(with: Array("DIRC".utf8)) else {
            throw .badIndex("it does not start as an index does")
        }
        version = IndexFile.number(bytes, 4)
        count = Int(IndexFile.number(bytes, 8))
        guard (2...4).contains(version) else {
            throw .badIndex("its version \(version) is not known")
        }
    }

    /// The index of `repository`; an empty one where there is no file yet.
    ///
    /// `known` is one that was read before: if the file is still the same, it is not read
    /// again. The file is never written in place, so that a new one is another inode.
    public init(
        of repository: borrowing Repository, unlessStill known: IndexFile? = nil
    ) throws(RepositoryError) {
        let path = repository.indexPath
        let files = repository.world.files
        let read = try lifting { () -> ([UInt8], FileStatus)? in
            do throws(FileError) {
                let file = try files.open(path)
                let status = try file.status()
                if let known, known.file == status { return (known.bytes, status) }
                return (try file.readAll(), status)
            } catch {
                guard error.errno == .noSuchFileOrDirectory else { throw error }
                return nil
            }
        }
        try self.init(
            read?.0 ?? [], written: read?.1.modified ?? .init(seconds: 0, nanoseconds: 0))
        file = read?.1
    }

    /// Whether both were read from one file, which is never written in place.
    public func isSameFile(as other: IndexFile) -> Bool { file == other.file }

    // MARK: Reading

    /// The entries for each of `paths`: one of stage 0, or several of a conflict, or none.
    public func entries(for paths: Set<String>) throws(RepositoryError) -> [String: [Entry]] {
        // Both lists are sorted, so that most entries cost one comparison.
        var wanted = paths.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }[...]
        var found: [String: [Entry]] = [:]
        let extensions = try walk { (entry, name) throws(RepositoryError) in
            while let first = wanted.first, first.lexicographicallyPrecedes(name) {
                wanted.removeFirst()
            }
            guard wanted.first == name else { return }
            let read = try self.entry(entry, name)
            found[read.path, default: []].append(read)
        }
        try visitExtensions(from: extensions) { (_, _) throws(RepositoryError) in }
        return found
    }

    /// Every entry, in order.
    public func allEntries() throws(RepositoryError) -> [Entry] {
        var entries: [Entry] = []
        // The number is the file's word; a damaged one may be any.
        entries.reserveCapacity(min(count, bytes.count / 62))
        let extensions = try walk { (place, name) throws(RepositoryError) in
            entries.append(try self.entry(place, name))
        }
        try visitExtensions(from: extensions) { (_, _) throws(RepositoryError) in }
        return entries
    }

    /// Calls `body` with each extension's name and the place of its data; throws for those
    /// without which the entries cannot be understood.
    func visitExtensions(
        from start: Int, _ body: (String, Range<Int>) throws(RepositoryError) -> Void
    ) throws(RepositoryError) {
        guard !bytes.isEmpty else { return }
        var offset = start
        while offset + 8 <= bytes.count - 20 {
            let signature = String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self)
            let size = Int(IndexFile.number(bytes, offset + 4))
            let data = (offset + 8)..<(offset + 8 + size)
            guard data.upperBound <= bytes.count - 20 else { throw cut }
            offset = data.upperBound
            switch signature {
            case "link":
                throw .unsupported(
                    "a split index", remedy: "git update-index --no-split-index")
            case "sdir":
                throw .unsupported(
                    "a sparse index", remedy: "git sparse-checkout init --no-sparse-index")
            default:
                // A small first letter says that the extension must be understood.
                guard signature.utf8.first.map({ (65...90).contains($0) }) ?? false else {
                    throw .unsupported("an index with the extension '\(signature)'", remedy: nil)
                }
                try body(signature, data)
            }
        }
    }

    /// Whether `status` shows that the file has not changed since `entry` was made.
    ///
    /// Compares everything that Git keeps, the change time included, which no program can
    /// set back; and answers no for a file as new as the index itself, whose time says
    /// nothing ("racily clean").
    public func isUnchanged(_ entry: Entry, _ status: FileStatus) -> Bool {
        entry.stat == Stat(status) && entry.stat.size != 0
            && max(status.modified, status.changed) < written
    }

    func entry(_ place: Place, _ name: [UInt8]) throws(RepositoryError) -> Entry {
        let start = place.range.lowerBound
        guard let id = ObjectID(bytes, at: start + 40) else { throw cut }
        func field(_ index: Int) -> UInt32 { IndexFile.number(bytes, start + 4 * index) }
        var stat = Stat()
        stat.changed = [field(0), field(1)]
        stat.modified = [field(2), field(3)]
        stat.device = field(4)
        stat.inode = field(5)
        stat.user = field(7)
        stat.group = field(8)
        stat.size = field(9)
        let flags = UInt16(bytes[start + 60]) << 8 | UInt16(bytes[start + 61])
        let extended: UInt16 =
            flags & 0x4000 == 0 ? 0 : UInt16(bytes[start + 62]) << 8 | UInt16(bytes[start + 63])
        return Entry(
            path: String(decoding: name, as: UTF8.self), stage: Int(flags >> 12 & 3),
            mode: FileMode(raw: field(6)), id: id, skipsWorkTree: extended & 0x4000 != 0,
            isAssumedUnchanged: flags & 0x8000 != 0, isIntentToAdd: extended & 0x2000 != 0,
            stat: stat)
    }

    /// Calls `body` with each entry and its name; returns where the extensions start.
    @discardableResult
    func walk(
        _ body: (Place, [UInt8]) throws(RepositoryError) -> Void
    ) throws(RepositoryError) -> Int {
        var offset = 12
        var name: [UInt8] = []
        for _ in 0..<count {
            let start = offset
            guard start + 62 < bytes.count else { throw cut }
            let isExtended = bytes[start + 60] & 0x40 != 0
            offset += isExtended ? 64 : 62
            var place = Place(range: start..<offset)
            if version == 4 {
                // The length of what is dropped from the name before, as an offset of
                // gitformat-pack is written.
                guard offset < bytes.count else { throw cut }
                var byte = bytes[offset]
                var dropped = Int(byte & 127)
                while byte & 128 != 0 {
                    offset += 1
                    guard offset < bytes.count, dropped < 1 << 40 else { throw cut }
                    byte = bytes[offset]
                    dropped = (dropped + 1) << 7 | Int(byte & 127)
                }
                offset += 1
                guard dropped <= name.count else { throw cut }
                name.removeLast(dropped)
                place.shared = name.count
                place.dropped = dropped
            } else {
                name.removeAll(keepingCapacity: true)
            }
            guard offset < bytes.count, let end = bytes[offset...].firstIndex(of: 0) else {
                throw cut
            }
            name += bytes[offset..<end]
            offset = end + 1
            if version != 4 { offset = start + (offset - start + 7) / 8 * 8 }
            guard offset <= bytes.count - 20 else { throw cut }
            place.range = start..<offset
            try body(place, name)
        }
        return offset
    }

    var cut: RepositoryError { .badIndex("it is cut short") }

    static func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }
}
