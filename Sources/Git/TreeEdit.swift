/// Changes to a tree, folder by folder.
///
/// Works on the bytes of tree objects (gitformat: each entry is its mode in octal, a space,
/// the name, a zero byte and 20 bytes of id), so that what is not changed stays as it is,
/// names and modes of other tools included.
struct TreeEdit {
    /// What each name in this folder becomes; nil where it is removed.
    private(set) var files: [String: Repository.TreeEntry?] = [:]
    /// The changes below this folder.
    private(set) var folders: [String: TreeEdit] = [:]

    /// Sets `path`, or removes it where `entry` is nil.
    mutating func set(_ path: ArraySlice<Substring>, to entry: Repository.TreeEntry?) {
        guard let first = path.first else { return }
        if path.count == 1 {
            files[String(first)] = .some(entry)
        } else {
            folders[String(first), default: TreeEdit()].set(path.dropFirst(), to: entry)
        }
    }

    /// One entry in a tree's bytes.
    private struct Raw {
        let name: ArraySlice<UInt8>
        let isTree: Bool
        let id: Int
        let range: Range<Int>
    }

    /// The tree that the folder `name` of the tree `bytes` is; nil where it is none.
    static func subtree(_ name: [UInt8], of bytes: [UInt8]) throws(RepositoryError) -> ObjectID? {
        var offset = 0
        while let entry = try next(in: bytes, &offset) {
            if entry.name.elementsEqual(name) {
                return entry.isTree ? ObjectID(bytes, at: entry.id) : nil
            }
        }
        return nil
    }

    /// The tree `bytes` with each name set to its entry, or removed where that is nil.
    static func replacing(
        _ entries: [String: Repository.TreeEntry?], in bytes: [UInt8]
    ) throws(RepositoryError) -> [UInt8] {
        var added: [(key: [UInt8], bytes: [UInt8])] = []
        for case (let name, let entry?) in entries {
            let text = String(entry.mode.rawValue, radix: 8)
            let isTree = entry.mode == .tree
            added.append(
                (
                    Array(name.utf8) + (isTree ? [UInt8(ascii: "/")] : []),
                    Array("\(text) \(name)\0".utf8) + entry.id.rawBytes
                ))
        }
        // Git sorts a folder as if its name ended with a slash.
        added.sort { $0.key.lexicographicallyPrecedes($1.key) }
        let replaced = Set(entries.keys.map { Array($0.utf8)[...] })
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + added.reduce(0) { $0 + $1.bytes.count })
        var pending = added[...]
        var offset = 0
        while let old = try next(in: bytes, &offset) {
            if replaced.contains(old.name) { continue }
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
        offset = zero + 21
        return Raw(
            name: bytes[(space + 1)..<zero], isTree: bytes[start] == UInt8(ascii: "4"),
            id: zero + 1, range: start..<offset)
    }
}
