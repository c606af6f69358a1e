internal import Platform
internal import SystemPackage

extension Repository {
    /// The references directly in `folder` (`refs/docvc/kept/`), by the last part of their
    /// names, with what they name; sorted. One that cannot be read has its reason instead, and
    /// files whose names no reference has are passed over.
    ///
    /// Costs with the folder and not with all references: loose ones are its files, and packed
    /// ones are found by bisection, since Git keeps them sorted.
    public func references(
        in folder: String
    ) throws(RepositoryError) -> [(name: String, id: Result<ObjectID, RepositoryError>)] {
        try lifting {
            var found: [String: Result<ObjectID, RepositoryError>] = [:]
            // The loose ones first: one that `git pack-refs` moves meanwhile is seen twice then,
            // the other way round not at all.
            let loose = try world.files.names(in: commonFolder.appending(folder))
            let packed = try world.files.readIfPresent(packedReferencesFile)
            if let packed {
                for (name, id) in PackedReferences(packed).references(in: folder) {
                    found[name] = .success(id)
                }
            }
            for name in loose where Repository.isReferenceName(folder + name) {
                do throws(RepositoryError) {
                    if let id = try target(of: folder + name) { found[name] = .success(id) }
                } catch {
                    found[name] = .failure(error)
                }
            }
            return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
    }
}

/// The file `packed-refs`: a line for each reference, its id before its name, and after a tag's
/// a line with `^` and the id of what the tag names.
struct PackedReferences {
    private let bytes: [UInt8]
    private let isSorted: Bool

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let header = bytes.prefix { $0 != UInt8(ascii: "\n") }
        isSorted =
            header.first == UInt8(ascii: "#")
            && String(decoding: header, as: UTF8.self).split(separator: " ").contains("sorted")
    }

    /// The references whose names are `folder` and one part more, by that part.
    func references(in folder: String) -> [(String, ObjectID)] {
        let prefix = Array(folder.utf8)
        var found: [(String, ObjectID)] = []
        var start = isSorted ? firstLine(notBefore: prefix) : 0
        while start < bytes.count {
            let end = lineEnd(start)
            let line = bytes[start..<end]
            start = end + 1
            guard line.count > 41, line.first != UInt8(ascii: "#") else { continue }
            let name = line.dropFirst(41)
            if name.starts(with: prefix) {
                let last = String(decoding: name.dropFirst(prefix.count), as: UTF8.self)
                let hex = String(decoding: line.prefix(40), as: UTF8.self)
                if !last.contains("/"), let id = ObjectID(hex: hex) { found.append((last, id)) }
            } else if isSorted, prefix.lexicographicallyPrecedes(name) {
                break
            }
        }
        return found
    }

    private func lineEnd(_ start: Int) -> Int {
        bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    }

    /// The start of the first line whose name does not come before `prefix`.
    private func firstLine(notBefore prefix: [UInt8]) -> Int {
        var (low, high) = (0, bytes.count)
        while low < high {
            let middle = (low + high) / 2
            var start = middle
            while start > low, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
            var line = start
            // A peeled line or the header has no name: the next one tells.
            while line < high, [UInt8(ascii: "^"), UInt8(ascii: "#")].contains(bytes[line]) {
                line = min(lineEnd(line) + 1, high)
            }
            guard line < high else {
                high = start
                continue
            }
            let name = bytes[line..<lineEnd(line)].dropFirst(41)
            if name.lexicographicallyPrecedes(prefix) {
                low = min(lineEnd(line) + 1, high)
            } else {
                high = start
            }
        }
        return low
    }
}
