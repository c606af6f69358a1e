/// Changes to a tree, folder by folder.
///
/// Works on the bytes of tree objects (gitformat: each entry is its mode in octal, a space,
/// the name, a zero byte and 20 bytes of id), so that what is not changed stays as it is,
/// names and modes of other tools included.
struct TreeEdit {
    /// A name as its bytes: two names that print alike may be different files to Git.
    typealias Name = ArraySlice<UInt8>

    /// What a name in a folder becomes.
    enum Change {
        case entry(Repository.TreeEntry)
        /// A file goes; a folder of this name stays.
        case withoutFile
        /// A folder goes; a file of this name stays.
        case withoutFolder
    }

    /// What each name in this folder becomes; nil where the file is removed.
    private(set) var files: [Name: Repository.TreeEntry?] = [:]
    /// The changes below this folder.
    private(set) var folders: [Name: TreeEdit] = [:]
    /// Whether what this folder held before is gone.
    private(set) var isFresh = false

    /// Sets `path`, or removes it where `entry` is nil; of two changes the later one counts.
    mutating func set(_ path: String, to entry: Repository.TreeEntry?) {
        set(Array(path.utf8).split(separator: UInt8(ascii: "/"))[...], to: entry)
    }

    private mutating func set(_ path: ArraySlice<Name>, to entry: Repository.TreeEntry?) {
        guard let first = path.first else { return }
        var isFile = false
        if case .some(.some) = files[first] { isFile = true }
        if path.count == 1 {
            files[first] = .some(entry)
            // What was in a folder of this name gave way to the file.
            if entry != nil {
                folders[first] = nil
            } else if isFile {
                folders[first] = TreeEdit(isFresh: true)
            }
        } else if entry != nil || !isFile {
            if isFile {
                files[first] = .some(nil)
                folders[first] = TreeEdit(isFresh: true)
            }
            folders[first, default: TreeEdit()].set(path.dropFirst(), to: entry)
        }
    }

    /// One entry in a tree's bytes.
    private struct Raw {
        let name: Name
        let isTree: Bool
        let id: Int
        let range: Range<Int>
    }

    /// The tree that the folder `name` of the tree `bytes` is; nil where it is none.
    static func subtree(_ name: Name, of bytes: [UInt8]) throws(RepositoryError) -> ObjectID? {
        var offset = 0
        while let entry = try next(in: bytes, &offset) {
            if entry.name == name {
                return entry.isTree ? ObjectID(bytes, at: entry.id) : nil
            }
        }
        return nil
    }

    /// The tree `bytes` with each change made.
    static func replacing(
        _ changes: [Name: Change], in bytes: [UInt8]
    ) throws(RepositoryError) -> [UInt8] {
        var added: [(key: [UInt8], bytes: [UInt8])] = []
        for case (let name, .entry(let entry)) in changes {
            let mode = String(entry.mode.rawValue, radix: 8)
            added.append(
                (
                    name + (entry.mode == .tree ? [UInt8(ascii: "/")] : []),
                    Array("\(mode) ".utf8) + name + [0] + entry.id.rawBytes
                ))
        }
        // Git sorts a folder as if its name ended with a slash.
        added.sort { $0.key.lexicographicallyPrecedes($1.key) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + added.reduce(0) { $0 + $1.bytes.count })
        var pending = added[...]
        var offset = 0
        while let old = try next(in: bytes, &offset) {
            switch changes[old.name] {
            case .entry: continue
            case .withoutFile: if !old.isTree { continue }
            case .withoutFolder: if old.isTree { continue }
            case nil: break
            }
            while let first = pending.first, precedes(first.key, old) {
                result += first.bytes
                pending.removeFirst()
            }
            result += bytes[old.range]
        }
        for rest in pending { result += rest.bytes }
        return result
    }

    private static func precedes(_ key: [UInt8], _ entry: Raw) -> Bool {
        let slash: [UInt8] = entry.isTree ? [UInt8(ascii: "/")] : []
        for (one, other) in zip(key, entry.name) where one != other { return one < other }
        if key.count < entry.name.count { return true }
        return key.dropFirst(entry.name.count).lexicographicallyPrecedes(slash)
    }

    private static func next(
        in bytes: [UInt8], _ offset: inout Int
    ) throws(RepositoryError) -> Raw? {
        guard offset < bytes.count else { return nil }
        guard let space = bytes[offset...].firstIndex(of: UInt8(ascii: " ")),
            let zero = bytes[space...].firstIndex(of: 0), zero + 20 < bytes.count
        else { throw .badObject("a tree is cut short") }
        let start = offset
        // Some old tools wrote 040000.
        let mode = bytes[start..<space].drop { $0 == UInt8(ascii: "0") }
        offset = zero + 21
        return Raw(
            name: bytes[(space + 1)..<zero], isTree: mode.first == UInt8(ascii: "4"), id: zero + 1,
            range: start..<offset)
    }
}
