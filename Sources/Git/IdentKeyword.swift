/// The keyword `$Id$`, which the attribute `ident` lets a checkout expand (gitattributes).
///
/// libgit2 heeds the first of a file only.
enum IdentKeyword {
    private static let dollar = UInt8(ascii: "$")
    private static let lineFeed = UInt8(ascii: "\n")

    /// `bytes` with each `$Id: … $` made `$Id$` again.
    static func collapsed(_ bytes: [UInt8]) -> [UInt8] {
        replacing(in: bytes, withoutValue: false) { _ in Array("Id$".utf8) }
    }

    /// `bytes` with each `$Id$` naming the blob `id`; one that another system of versions
    /// wrote, with spaces inside, stays.
    static func expanded(_ bytes: [UInt8], id: ObjectID) -> [UInt8] {
        let value = Array("Id: \(id) $".utf8)
        return replacing(in: bytes, withoutValue: true) { inner in
            guard let space = inner.dropFirst().firstIndex(of: UInt8(ascii: " ")),
                space < inner.endIndex - 1
            else { return value }
            return nil
        }
    }

    /// Replaces what follows a dollar sign, up to the next one: `Id:…$`, and `Id$` where
    /// `withoutValue`. `replacement` is given what stands after the colon.
    private static func replacing(
        in bytes: [UInt8], withoutValue: Bool, _ replacement: (ArraySlice<UInt8>) -> [UInt8]?
    ) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while let start = rest.firstIndex(of: dollar) {
            result += rest[...start]
            rest = rest[(start + 1)...]
            if withoutValue, rest.starts(with: "Id$".utf8) {
                result += replacement([]) ?? []
                rest = rest.dropFirst(3)
            } else if rest.starts(with: "Id:".utf8) {
                let value = rest.dropFirst(3)
                guard let end = value.firstIndex(of: dollar) else { break }
                guard !value[..<end].contains(lineFeed), let new = replacement(value[..<end])
                else { continue }
                result += new
                rest = rest[(end + 1)...]
            }
        }
        return result + rest
    }
}
