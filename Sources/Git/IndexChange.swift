public import Platform

extension IndexFile {
    /// What a path's entry becomes.
    public enum Change: Sendable {
        /// Content `id` with `mode`; `status` is the file's, where it lies on disk as such.
        case set(FileMode, ObjectID, FileStatus?)
        case remove

        fileprivate var isSetting: Bool {
            if case .set = self { true } else { false }
        }

        /// Whether what the path becomes is what lies on disk.
        fileprivate var isOnDisk: Bool {
            if case .set(_, _, nil) = self { false } else { true }
        }
    }

    /// The entries that cannot stay beside new ones: a path is a file or a folder, not both.
    ///
    /// It is asked for names in their order, so that each answer takes a step or two.
    private struct Displaced {
        private var above: ArraySlice<[UInt8]>
        private var below: ArraySlice<[UInt8]>

        init(by names: [[UInt8]]) {
            let slash = UInt8(ascii: "/")
            var folders: Set<[UInt8]> = []
            for name in names {
                for place in name.indices where name[place] == slash {
                    folders.insert(Array(name[..<place]))
                }
            }
            above = folders.sorted { $0.lexicographicallyPrecedes($1) }[...]
            below = names.map { $0 + [slash] }.sorted { $0.lexicographicallyPrecedes($1) }[...]
        }

        mutating func contains(_ name: [UInt8]) -> Bool {
            while let first = above.first, first.lexicographicallyPrecedes(name) {
                above.removeFirst()
            }
            while let first = below.first, !name.starts(with: first),
                first.lexicographicallyPrecedes(name)
            {
                below.removeFirst()
            }
            return above.first == name || below.first.map { name.starts(with: $0) } ?? false
        }
    }

    /// The bytes of an index in which each path has its one new entry, or none.
    ///
    /// Conflict entries of the paths go, and so do a file where a path needs a folder and what
    /// is below a path that becomes a file.
    ///
    /// A file as new as the index ("racily clean") may have changed since without its times
    /// or size telling. As long as the index is no newer, Git compares its content; a new
    /// index would end that. So the entry of such a file loses its size, which makes Git
    /// compare again, unless its `status` shows that it is as it was, or that it is not there.
    /// (Git itself does so when it writes the index.) `status` is asked by the name's bytes,
    /// which need not be UTF-8.
    public func bytes(
        applying changes: [String: Change],
        status: ([UInt8]) throws(FileError) -> FileStatus?
    ) throws(RepositoryError) -> [UInt8] {
        var writer = Writer(from: self, capacity: bytes.count + 128 * changes.count)
        let sorted = changes.map { (name: Array($0.key.utf8), change: $0.value) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
        var pending = sorted[...]
        var before: [[UInt8]: Entry] = [:]
        var displaced = Displaced(by: sorted.filter { $0.change.isSetting }.map(\.name))
        var gone: [[UInt8]] = []
        let extensions = try walk { (place, name) throws(RepositoryError) in
            while let first = pending.first, first.name.lexicographicallyPrecedes(name) {
                writer.append(first.name, first.change, marked: before[first.name])
                pending.removeFirst()
            }
            if let first = pending.first, first.name == name {
                before[name] = try entry(place, name)
                if bytes[place.range.lowerBound + 60] & 0x30 != 0 { gone.append(name) }
                return
            }
            if displaced.contains(name) {
                gone.append(name)
                return
            }
            let withoutSize = try isInDoubt(place, name, status)
            writer.copy(place, name, withoutSize: withoutSize)
        }
        for rest in pending {
            writer.append(rest.name, rest.change, marked: before[rest.name])
        }
        let isSameList =
            gone.isEmpty && sorted.allSatisfy { $0.change.isSetting == (before[$0.name] != nil) }
        let isOnDisk = sorted.allSatisfy { $0.change.isOnDisk }
        try copyExtensions(
            from: extensions, paths: sorted.map(\.name) + gone, isSameList: isSameList,
            isOnDisk: isOnDisk, to: &writer)
        return writer.finish(isHashed: !endsWithZeros)
    }

    /// Whether the entry's file may have changed since, unseen.
    private func isInDoubt(
        _ place: Place, _ name: [UInt8],
        _ status: ([UInt8]) throws(FileError) -> FileStatus?
    ) throws(RepositoryError) -> Bool {
        // Most builds of Git compare times by the second.
        let modified = IndexFile.number(bytes, place.range.lowerBound + 8)
        guard modified >= UInt32(truncatingIfNeeded: written.seconds) else { return false }
        let entry = try entry(place, name)
        guard entry.mode.isFile else { return false }
        do throws(FileError) {
            guard let status = try status(name) else { return false }
            return !isUnchanged(entry, status)
        } catch {
            // It may be there all the same.
            return true
        }
    }

    /// `index.skipHash` (Git 2.40) leaves the checksum zero.
    private var endsWithZeros: Bool {
        !bytes.isEmpty && bytes.suffix(20).allSatisfy { $0 == 0 }
    }

    private func copyExtensions(
        from start: Int, paths: [[UInt8]], isSameList: Bool, isOnDisk: Bool, to writer: inout Writer
    ) throws(RepositoryError) {
        try visitExtensions(from: start) { (signature, data) throws(RepositoryError) in
            switch signature {
            case "TREE":
                var tree = CacheTree(bytes[data])
                for path in paths { tree.invalidate(path) }
                writer.appendExtension(signature, tree.bytes)
            case "EOIE", "IEOT":
                // They hold offsets into the file, for reading with several threads; Git
                // writes them anew.
                break
            case "UNTR":
                // It speaks of files that have no entry.
                if isSameList { writer.appendExtension(signature, Array(bytes[data])) }
            case "FSMN":
                // It vouches for entries, by number, that their files are as they say.
                if isSameList && isOnDisk { writer.appendExtension(signature, Array(bytes[data])) }
            default:
                writer.appendExtension(signature, Array(bytes[data]))
            }
        }
    }

}
