/// The `TREE` extension: which folders of the index are known as which tree objects.
struct CacheTree {
    /// The extension's bytes.
    private(set) var bytes: [UInt8]

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

    /// Forgets the trees of the folders that hold `path`: their content changed.
    ///
    /// A folder is its name, a zero byte, the number of its entries or -1, a space, the
    /// number of folders in it, a line feed, and 20 bytes of id unless the count is -1.
    mutating func invalidate(_ path: [UInt8]) {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var offset = 0
        guard
            copy(
                &offset, path.split(separator: UInt8(ascii: "/"))[...], isRoot: true, to: &result)
        else {
            // Not as the format says: an empty extension is always right.
            bytes = []
            return
        }
        bytes = result
    }

    /// Copies the folder at `offset` and those in it, forgetting those on `path`, which
    /// starts with this folder's own name unless this is the root; nil is a path elsewhere.
    private func copy(
        _ offset: inout Int, _ path: ArraySlice<ArraySlice<UInt8>>?, isRoot: Bool,
        to result: inout [UInt8]
    ) -> Bool {
        guard let nameEnd = bytes[offset...].firstIndex(of: 0),
            let lineEnd = bytes[nameEnd...].firstIndex(of: UInt8(ascii: "\n"))
        else { return false }
        let name = bytes[offset..<nameEnd]
        let numbers = bytes[(nameEnd + 1)..<lineEnd].split(separator: UInt8(ascii: " "))
        guard numbers.count == 2,
            let entries = Int(String(decoding: numbers[0], as: UTF8.self)),
            let folders = Int(String(decoding: numbers[1], as: UTF8.self)), folders >= 0
        else { return false }
        var rest = path
        if !isRoot {
            rest = path?.first.map { $0.elementsEqual(name) } ?? false ? path?.dropFirst() : nil
        }
        let idEnd = lineEnd + 1 + (entries >= 0 ? 20 : 0)
        guard idEnd <= bytes.count else { return false }
        if rest == nil {
            result += bytes[offset..<idEnd]
        } else {
            result += name + [0] + Array("-1 \(folders)\n".utf8)
        }
        offset = idEnd
        for _ in 0..<folders {
            guard offset < bytes.count, copy(&offset, rest, isRoot: false, to: &result) else {
                return false
            }
        }
        return true
    }
}
